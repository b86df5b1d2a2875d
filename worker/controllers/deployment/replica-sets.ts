/** A Deployment's ReplicaSets: which is the new one, and writing them. Upstream: pkg/controller/deployment/sync.go. */
import type { V1Deployment, V1ReplicaSet } from "#apimachinery/api/apps-v1.ts";
import type { V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { templateHash } from "#apimachinery/hash.ts";
import { isReason, StatusError } from "#apimachinery/status.ts";
import type { ControllerStep } from "#controllers/controller.ts";
import { controllerOf, controllerRef } from "#controllers/owner.ts";
import {
  hasReplicaAnnotations,
  maxRevision,
  newSetAnnotations,
  replicaAnnotations,
  revisionKey,
} from "./annotations.ts";
import { newSize, oldestFirst, sizeOf } from "./arithmetic.ts";
import { conditionOf, deadlineOf, newCondition, withCondition } from "./status.ts";

const hashLabel = "pod-template-hash";

/** The Deployment as last written, and its sets. */
export interface Rollout {
  deployment: V1Deployment;
  fresh: V1ReplicaSet | undefined;
  old: V1ReplicaSet[];
  readonly step: ControllerStep;
}
export const allOf = ({ fresh, old }: Rollout): readonly V1ReplicaSet[] =>
  fresh === undefined ? old : [...old, fresh];

/** Templates are shared and frozen: equal ones are found equal once. */
const bare = new WeakMap<V1PodTemplateSpec, V1PodTemplateSpec>();
function withoutHash(template: V1PodTemplateSpec): V1PodTemplateSpec {
  const known = bare.get(template);
  if (known !== undefined) return known;
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  const made = { ...template, metadata: { ...template.metadata, labels } };
  bare.set(template, made);
  return made;
}
const isSameTemplate = (
  a: V1PodTemplateSpec | undefined,
  b: V1PodTemplateSpec | undefined,
): boolean => a !== undefined && b !== undefined && equal(withoutHash(a), withoutHash(b));

/** The oldest set with the Deployment's template. */
export function newSetOf(
  deployment: V1Deployment,
  sets: readonly V1ReplicaSet[],
): V1ReplicaSet | undefined {
  return sets
    .toSorted(oldestFirst)
    .find(({ spec }) => isSameTemplate(spec?.template, deployment.spec?.template));
}

/** Makes or updates the new set and the Deployment's revision; with `create` false only what exists. */
export function syncNewSet(rollout: Rollout, create: boolean): void {
  const { deployment, fresh, old, step } = rollout;
  const revision = maxRevision(old) + 1n;
  if (fresh !== undefined) {
    const annotations = newSetAnnotations(deployment, fresh, revision, true);
    const minReadySeconds = deployment.spec?.minReadySeconds;
    if (
      annotations !== fresh.metadata.annotations ||
      (fresh.spec?.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)
    ) {
      const { minReadySeconds: _seconds, ...kept } = fresh.spec ?? {};
      const spec = {
        ...kept,
        ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      } as V1ReplicaSet["spec"];
      rollout.fresh = step.client.update<V1ReplicaSet>({
        ...fresh,
        metadata: { ...fresh.metadata, annotations },
        spec,
      });
    }
    const progressing = conditionOf(deployment.status?.conditions, "Progressing");
    const found = deadlineOf(deployment) !== undefined && progressing === undefined;
    const told = newCondition(
      "Progressing",
      "True",
      "FoundNewReplicaSet",
      `Found new replica set ${JSON.stringify(fresh.metadata.name)}`,
      step.nowMs,
    );
    stamp(
      rollout,
      rollout.fresh?.metadata.annotations?.[revisionKey] ?? String(revision),
      found ? told : undefined,
    );
    return;
  }
  if (create) createSet(rollout, revision);
}

/** The revision, and perhaps a condition, in one status write. */
function stamp(
  rollout: Rollout,
  revision: string,
  condition: ReturnType<typeof newCondition> | undefined,
): void {
  const { deployment, step } = rollout;
  const { metadata, status = {} } = deployment;
  const before = status.conditions ?? [];
  const conditions = condition === undefined ? before : withCondition(before, condition);
  if (metadata.annotations?.[revisionKey] === revision && conditions === before) return;
  const annotations = { ...metadata.annotations, [revisionKey]: revision };
  rollout.deployment = step.client.updateStatus<V1Deployment>({
    ...deployment,
    metadata: { ...metadata, annotations },
    status: conditions === before ? status : { ...status, conditions },
  });
}

function withHash(selector: V1LabelSelector | undefined, hash: string): V1LabelSelector {
  return { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } };
}

function wantedSet(rollout: Rollout, revision: bigint): V1ReplicaSet {
  const { deployment } = rollout;
  const { spec, metadata } = deployment;
  const template = spec?.template as V1PodTemplateSpec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const minReadySeconds = spec?.minReadySeconds;
  const bareSet: V1ReplicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels,
      ownerReferences: [controllerRef(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: withHash(spec?.selector, hash),
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  const replicas = newSize(deployment, rollout.old, undefined);
  const annotations = newSetAnnotations(deployment, bareSet, revision, false);
  return {
    ...bareSet,
    metadata: { ...bareSet.metadata, annotations },
    spec: { ...bareSet.spec, replicas } as V1ReplicaSet["spec"],
  };
}

function createSet(rollout: Rollout, revision: bigint): void {
  const { deployment, step } = rollout;
  const wanted = wantedSet(rollout, revision);
  const name = wanted.metadata.name ?? "";
  let made: V1ReplicaSet;
  let isOurs = false;
  try {
    made = step.client.create(wanted);
  } catch (error) {
    if (isReason(error, "AlreadyExists")) {
      made = existing(rollout, wanted);
      isOurs = true;
    } else if (error instanceof StatusError) throw notCreated(rollout, name, error);
    else throw error;
  }
  const replicas = sizeOf(made);
  if (replicas > 0 && !isOurs)
    step.recorder.event(
      deployment,
      "Normal",
      "ScalingReplicaSet",
      `Scaled up replica set ${name} from 0 to ${replicas}`,
    );
  rollout.fresh = made;
  const told = newCondition(
    "Progressing",
    "True",
    "NewReplicaSetCreated",
    `Created new replica set ${JSON.stringify(name)}`,
    step.nowMs,
  );
  const isNews = !isOurs && deadlineOf(deployment) !== undefined;
  stamp(rollout, String(revision), isNews ? told : undefined);
}

/** Ours and equal: it is the one. Else the hash collided, and the next try takes another. */
function existing({ deployment, step }: Rollout, wanted: V1ReplicaSet): V1ReplicaSet {
  const { name = "", namespace } = wanted.metadata;
  const found = step.client.get<V1ReplicaSet>({ kind: "apps/v1/ReplicaSet", namespace, name });
  if (
    controllerOf(found)?.uid === deployment.metadata.uid &&
    isSameTemplate(found.spec?.template, deployment.spec?.template)
  )
    return found;
  const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
  step.client.updateStatus<V1Deployment>({
    ...deployment,
    status: { ...deployment.status, collisionCount },
  });
  throw new HashCollision(
    `replica set ${name} exists and is not ours: collision ${collisionCount}`,
  );
}
export class HashCollision extends Error {}

function notCreated(rollout: Rollout, name: string, error: StatusError): StatusError {
  const { deployment, step } = rollout;
  // A namespace on its way out writes nothing more.
  if (error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating"))
    return error;
  const message = `Failed to create new replica set ${JSON.stringify(name)}: ${error.message}`;
  if (deadlineOf(deployment) !== undefined) {
    const told = newCondition("Progressing", "False", "ReplicaSetCreateError", message, step.nowMs);
    const conditions = withCondition(deployment.status?.conditions ?? [], told);
    if (conditions !== deployment.status?.conditions)
      rollout.deployment = step.client.updateStatus({
        ...deployment,
        status: { ...deployment.status, conditions },
      });
  }
  step.recorder.event(deployment, "Warning", "ReplicaSetCreateError", message);
  return error;
}

/** Writes a set's size and the annotations that go with it; true when the size changed. */
export function scale(rollout: Rollout, set: V1ReplicaSet, size: number): boolean {
  const { deployment, step } = rollout;
  const before = sizeOf(set);
  if (before === size && hasReplicaAnnotations(deployment, set)) return false;
  const annotations = { ...set.metadata.annotations, ...replicaAnnotations(deployment) };
  const written = step.client.update<V1ReplicaSet>({
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas: size } as V1ReplicaSet["spec"],
  });
  if (rollout.fresh?.metadata.uid === set.metadata.uid) rollout.fresh = written;
  rollout.old = rollout.old.map((one) => (one.metadata.uid === set.metadata.uid ? written : one));
  if (before === size) return false;
  const direction = before < size ? "up" : "down";
  step.recorder.event(
    deployment,
    "Normal",
    "ScalingReplicaSet",
    `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${size}`,
  );
  return true;
}
