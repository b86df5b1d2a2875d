/**
 * How many Pods a budget is about, and how many of them must stay healthy. Percentages and maxUnavailable count
 * what the Pods' controllers are scaled to, not the Pods there are.
 * Upstream: pkg/controller/disruption/disruption.go getExpectedPodCount, getExpectedScale.
 */
import type { V1Deployment, V1ReplicaSet } from "#apimachinery/api/apps-v1.ts";
import type { V1Scale } from "#apimachinery/api/autoscaling-v1.ts";
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1OwnerReference } from "#apimachinery/api/meta-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import { resources } from "#apimachinery/api/schema.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import type { ControllerStep } from "#controllers/controller.ts";
import { customKind, definitionKind } from "#controllers/custom-kinds.ts";
import { scaledValue } from "#controllers/int-or-percent.ts";
import { controllerOf } from "#controllers/owner.ts";

/** Kinds whose size a lister knows; all others are asked for their Scale. */
export const scaledKinds = [
  "v1/ReplicationController",
  "apps/v1/Deployment",
  "apps/v1/ReplicaSet",
  "apps/v1/StatefulSet",
] as const;
const deploymentKind = "apps/v1/Deployment";
const replicaSetKind = "apps/v1/ReplicaSet";

export interface Expected {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  /** Pods without a controller, where controllers are what counts. */
  readonly unmanaged: readonly V1Pod[];
}

interface Scaled {
  readonly uid: string;
  readonly replicas: number;
}

/** Why it cannot be told. */
export class Uncountable extends Error {}

/** Throws Uncountable. */
export function expected(
  { spec }: V1PodDisruptionBudget,
  pods: readonly V1Pod[],
  step: ControllerStep,
): Expected {
  const { minAvailable, maxUnavailable } = spec ?? {};
  if (maxUnavailable !== undefined) {
    const { expectedPods, unmanaged } = scaleOf(pods, step);
    const desired = expectedPods - share(maxUnavailable, expectedPods);
    return { expectedPods, desiredHealthy: Math.max(0, desired), unmanaged };
  }
  if (typeof minAvailable === "string") {
    const { expectedPods, unmanaged } = scaleOf(pods, step);
    return { expectedPods, desiredHealthy: share(minAvailable, expectedPods), unmanaged };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0, unmanaged: [] };
  return { expectedPods: pods.length, desiredHealthy: minAvailable, unmanaged: [] };
}

const share = (value: number | string, total: number): number =>
  scaledValue(value, total, Math.ceil);

function scaleOf(
  pods: readonly V1Pod[],
  step: ControllerStep,
): Pick<Expected, "expectedPods" | "unmanaged"> {
  const unmanaged: V1Pod[] = [];
  /** By the uid of what is scaled, and of what owns the Pod directly. */
  const scales = new Map<string, number>();
  const asked = new Set<string>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) {
      unmanaged.push(pod);
      continue;
    }
    if (asked.has(owner.uid)) continue;
    asked.add(owner.uid);
    const scaled = scaledOwner(owner, pod.metadata.namespace ?? "", step);
    if (scaled === undefined)
      throw new Uncountable(`found no controllers for pod ${JSON.stringify(pod.metadata.name)}`);
    scales.set(scaled.uid, scaled.replicas);
  }
  let expectedPods = 0;
  for (const replicas of scales.values()) expectedPods += replicas;
  return { expectedPods, unmanaged };
}

/** What is scaled: the Deployment behind a ReplicaSet, else the owner itself. */
function scaledOwner(
  reference: V1OwnerReference,
  namespace: string,
  step: ControllerStep,
): Scaled | undefined {
  const kind = `${reference.apiVersion}/${reference.kind}`;
  const known = scaledKinds.find((one) => one === kind);
  if (known === undefined) return askedScale(reference, namespace, step);
  const owner = listed<V1ReplicaSet>(known, reference, namespace, step);
  if (owner === undefined) return undefined;
  const above = known === replicaSetKind ? controllerOf(owner) : undefined;
  if (above?.kind !== "Deployment") return sized(owner);
  const deployment = listed<V1Deployment>(deploymentKind, above, namespace, step);
  return deployment === undefined ? undefined : sized(deployment);
}

const sized = ({ metadata, spec }: V1ReplicaSet | V1Deployment): Scaled => ({
  uid: metadata.uid ?? "",
  replicas: spec?.replicas ?? 0,
});

function listed<T extends KubeObject>(
  kind: string,
  { name, uid }: V1OwnerReference,
  namespace: string,
  step: ControllerStep,
): T | undefined {
  const found = step.lister<T>(kind).get(`${namespace}/${name}`);
  return found?.metadata.uid === uid ? found : undefined;
}

function askedScale(
  { apiVersion, kind, name, uid }: V1OwnerReference,
  namespace: string,
  step: ControllerStep,
): Scaled | undefined {
  const { text, scales } = resourceOf(apiVersion, kind, step);
  if (!scales) throw new Uncountable(`${text} does not implement the scale subresource`);
  try {
    const target = { kind: `${apiVersion}/${kind}`, namespace, name, subresource: "scale" };
    const { metadata, spec } = step.client.get<V1Scale & KubeObject>(target);
    return metadata.uid === uid ? { uid, replicas: spec?.replicas ?? 0 } : undefined;
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}

/** As the owner's kind is called in the API, and whether it has a size. Throws Uncountable. */
function resourceOf(
  apiVersion: string,
  kind: string,
  step: ControllerStep,
): { readonly text: string; readonly scales: boolean } {
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  const builtIn = resources.find(
    (one) => one.group === group && one.version === version && one.kind === kind,
  );
  if (builtIn !== undefined) {
    const text = group === "" ? builtIn.plural : `${builtIn.plural}.${group}`;
    return { text, scales: builtIn.subresources?.["scale"] !== undefined };
  }
  for (const definition of step.lister<V1CustomResourceDefinition>(definitionKind).list()) {
    const custom = customKind(definition);
    if (custom?.gvks.includes(`${apiVersion}/${kind}`) !== true) continue;
    const served = definition.spec.versions.find((one) => one.name === version);
    return { text: custom.text, scales: served?.subresources?.scale !== undefined };
  }
  throw new Uncountable(`no matches for kind ${JSON.stringify(kind)} in version "${apiVersion}"`);
}
