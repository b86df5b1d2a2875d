/** The DaemonSet controller: one Pod on every node it is for. Upstream: pkg/controller/daemon/{daemon_controller,update}.go, util. */
import type {
  V1ControllerRevision,
  V1DaemonSet,
  V1DaemonSetStatus,
} from "#apimachinery/api/apps-v1.ts";
import type {
  V1Node,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Toleration,
} from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { templateHash } from "#apimachinery/hash.ts";
import { isReason } from "#apimachinery/status.ts";
import { keyOf } from "#client/client.ts";
import { done, requeueAt, type Result, sooner } from "#client/component.ts";
import { byOwner } from "#client/informer.ts";
import { slowStart } from "./batch.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { claim, controllerRef, orphanIndex, orphans } from "./owner.ts";
import { createPod, deletePod, isTerminating } from "./pod-control.ts";
import { availableAtMs, isReady } from "./pods.ts";
import { matchesNodeAffinity, untolerated } from "#apimachinery/node-fit.ts";

const kind = "apps/v1/DaemonSet";
const revisionKind = "apps/v1/ControllerRevision";
const hashLabel = "controller-revision-hash";
const generationLabel = "pod-template-generation";
const generationAnnotation = "deprecated.daemonset.template.generation";
const burst = 250;

/** Daemons stay where others must leave. */
const added = ({ hostNetwork }: V1PodSpec): readonly V1Toleration[] => [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
  ...(hostNetwork === true
    ? [{ key: "node.kubernetes.io/network-unavailable", operator: "Exists", effect: "NoSchedule" }]
    : []),
];

const specs = new WeakMap<V1PodSpec, V1PodSpec>();
function tolerant(spec: V1PodSpec): V1PodSpec {
  const known = specs.get(spec);
  if (known !== undefined) return known;
  const own = spec.tolerations ?? [];
  const missing = added(spec).filter((one) => !own.some((other) => equal(one, other)));
  const made = { ...spec, tolerations: [...own, ...missing] };
  specs.set(spec, made);
  return made;
}

/** For one node, by affinity to its name. */
function pinned(
  template: V1PodTemplateSpec,
  set: V1DaemonSet,
  node: string,
  hash: string,
): V1PodTemplateSpec {
  const spec = tolerant(template.spec as V1PodSpec);
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] },
      ],
    },
  };
  const labels = {
    ...template.metadata?.labels,
    [hashLabel]: hash,
    [generationLabel]: templateGeneration(set),
  };
  return {
    ...template,
    metadata: { ...template.metadata, labels },
    spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity } },
  };
}
const templateGeneration = ({ metadata }: V1DaemonSet): string =>
  metadata.annotations?.[generationAnnotation] ?? String(metadata.generation ?? 1);

/** Should it be there; may it stay there? Upstream: NodeShouldRunDaemonPod. */
function fits(set: V1DaemonSet, node: V1Node): { readonly run: boolean; readonly stay: boolean } {
  const spec = tolerant(set.spec?.template.spec as V1PodSpec);
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return { run: false, stay: false };
  if (!matchesNodeAffinity(spec, node)) return { run: false, stay: false };
  const { taints } = node.spec ?? {};
  if (untolerated(taints, spec.tolerations, ["NoExecute"]) !== undefined)
    return { run: false, stay: false };
  return { run: untolerated(taints, spec.tolerations, ["NoSchedule"]) === undefined, stay: true };
}

/** The node a Pod is for, bound or not. */
const targetOf = ({ spec }: V1Pod): string =>
  spec?.nodeName ||
  spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]
    ?.matchFields?.[0]?.values?.[0] ||
  "";

function reconcile(key: string, step: ControllerStep): Result {
  const set = step.lister<V1DaemonSet>(kind).get(key);
  if (set?.spec === undefined) return done;
  const pods = claim(set, set.spec.selector, step.lister<V1Pod>("v1/Pod"), step);
  if (set.metadata.deletionTimestamp !== undefined) return done;
  const hash = currentRevision(set, step);
  const nodes = step.lister<V1Node>("v1/Node").list();
  const perNode = Map.groupBy(pods, targetOf);
  const { missing, surplus } = plan(set, nodes, perNode, step);
  for (const pod of surplus) deletePod(set, pod, step);
  const { error } = slowStart(
    Math.min(missing.length, burst),
    nextOf(missing, (node) =>
      createPod(set, pinned(set.spec?.template as V1PodTemplateSpec, set, node, hash), step),
    ),
  );
  if (error !== undefined && !isTerminating(error)) throw error;
  if (
    missing.length === 0 &&
    surplus.length === 0 &&
    set.spec.updateStrategy?.type === "RollingUpdate"
  )
    replaceOld(set, perNode, hash, step);
  const after = Map.groupBy(
    step.lister<V1Pod>("v1/Pod").byIndex(byOwner, set.metadata.uid ?? ""),
    targetOf,
  );
  const { status, result } = statusOf(set, nodes, after, hash, step.nowMs);
  if (!equal(status, set.status)) step.client.updateStatus<V1DaemonSet>({ ...set, status });
  return missing.length > burst ? requeueAt(step.nowMs, "work") : result;
}
const nextOf = <T>(items: readonly T[], act: (item: T) => void): (() => void) => {
  let i = 0;
  return () => act(items[i++] as T);
};

/** Which nodes lack a Pod and which Pods are too many. */
function plan(
  set: V1DaemonSet,
  nodes: readonly V1Node[],
  perNode: ReadonlyMap<string, readonly V1Pod[]>,
  step: ControllerStep,
): { readonly missing: readonly string[]; readonly surplus: readonly V1Pod[] } {
  const missing: string[] = [];
  const surplus: V1Pod[] = [];
  const names = new Set(nodes.map(({ metadata }) => metadata.name ?? ""));
  for (const node of nodes) {
    const name = node.metadata.name ?? "";
    const here = perNode.get(name) ?? [];
    const { run, stay } = fits(set, node);
    const alive: V1Pod[] = [];
    for (const pod of here) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      const { phase } = pod.status ?? {};
      const of = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${name}`;
      if (phase === "Failed") {
        step.recorder.event(
          set,
          "Warning",
          "FailedDaemonPod",
          `Found failed ${of}, will try to kill it`,
        );
        surplus.push(pod);
      } else if (phase === "Succeeded") {
        step.recorder.event(
          set,
          "Normal",
          "SucceededDaemonPod",
          `Found succeeded ${of}, will try to delete it`,
        );
        surplus.push(pod);
      } else alive.push(pod);
    }
    if (run && here.length === 0) missing.push(name);
    if (!stay) surplus.push(...alive);
    else if (run && alive.length > 1) surplus.push(...alive.toSorted(byAge).slice(1));
  }
  for (const [name, pods] of perNode) {
    // Its node is gone and it was never bound: nobody else would take it away.
    if (!names.has(name))
      surplus.push(
        ...pods.filter(
          ({ spec, metadata }) => !spec?.nodeName && metadata.deletionTimestamp === undefined,
        ),
      );
  }
  return { missing, surplus };
}
const byAge = (a: V1Pod, b: V1Pod): number =>
  Number(Boolean(b.spec?.nodeName)) - Number(Boolean(a.spec?.nodeName)) ||
  ((a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? -1 : 1);

/** The old template's Pods go, a few at a time; the next step makes new ones. */
function replaceOld(
  set: V1DaemonSet,
  perNode: ReadonlyMap<string, readonly V1Pod[]>,
  hash: string,
  step: ControllerStep,
): void {
  const { maxUnavailable = 1 } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const most =
    typeof maxUnavailable === "number"
      ? maxUnavailable
      : Math.max(1, Math.ceil((Number.parseInt(maxUnavailable, 10) * perNode.size) / 100));
  const { minReadySeconds = 0 } = set.spec ?? {};
  const isAvailable = (pod: V1Pod): boolean =>
    (availableAtMs(pod, minReadySeconds) ?? Number.POSITIVE_INFINITY) <= step.nowMs &&
    pod.metadata.deletionTimestamp === undefined;
  let unavailable = 0;
  const candidates: V1Pod[] = [];
  for (const pods of perNode.values()) {
    const [pod] = pods;
    if (pod === undefined) continue;
    const isOld = pod.metadata.labels?.[hashLabel] !== hash;
    if (!isAvailable(pod)) {
      unavailable += 1;
      if (isOld && pod.metadata.deletionTimestamp === undefined) deletePod(set, pod, step);
    } else if (isOld) candidates.push(pod);
  }
  for (const pod of candidates.slice(0, Math.max(0, most - unavailable))) deletePod(set, pod, step);
}

/** The template's ControllerRevision; made when it is new. Upstream: constructHistory. */
function currentRevision(set: V1DaemonSet, step: ControllerStep): string {
  const template = set.spec?.template as V1PodTemplateSpec;
  const hash = templateHash(template);
  const { name = "", namespace } = set.metadata;
  const owned = step
    .lister<V1ControllerRevision>(revisionKind)
    .byIndex(byOwner, set.metadata.uid ?? "");
  const newest = Math.max(0, ...owned.map(({ revision }) => revision ?? 0));
  const present = owned.find(({ metadata }) => metadata.labels?.[hashLabel] === hash);
  if (present !== undefined) {
    if ((present.revision ?? 0) < newest)
      step.client.update<V1ControllerRevision>({ ...present, revision: newest + 1 });
    return hash;
  }
  try {
    step.client.create<V1ControllerRevision>({
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...template.metadata?.labels, [hashLabel]: hash },
        annotations: set.metadata.annotations,
        ownerReferences: [controllerRef(set)],
      },
      data: { spec: { template: { $patch: "replace", ...template } } },
      revision: newest + 1,
    } as V1ControllerRevision);
  } catch (error) {
    if (!isReason(error, "AlreadyExists")) throw error;
  }
  const { revisionHistoryLimit = 10 } = set.spec ?? {};
  for (const old of owned
    .toSorted((a, b) => (a.revision ?? 0) - (b.revision ?? 0))
    .slice(0, Math.max(0, owned.length - revisionHistoryLimit))) {
    step.client.delete({ kind: revisionKind, namespace, name: old.metadata.name ?? "" });
  }
  return hash;
}

function statusOf(
  set: V1DaemonSet,
  nodes: readonly V1Node[],
  perNode: ReadonlyMap<string, readonly V1Pod[]>,
  hash: string,
  nowMs: number,
): { readonly status: V1DaemonSetStatus; readonly result: Result } {
  const { minReadySeconds = 0 } = set.spec ?? {};
  const counts = { current: 0, mis: 0, desired: 0, ready: 0, updated: 0, available: 0 };
  let result: Result = done;
  for (const node of nodes) {
    const pods = (perNode.get(node.metadata.name ?? "") ?? []).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    if (!fits(set, node).run) {
      if (pods.length > 0) counts.mis += 1;
      continue;
    }
    counts.desired += 1;
    const [pod] = pods.toSorted(byAge);
    if (pod === undefined) continue;
    counts.current += 1;
    if (pod.metadata.labels?.[hashLabel] === hash) counts.updated += 1;
    if (!isReady(pod)) continue;
    counts.ready += 1;
    const atMs = availableAtMs(pod, minReadySeconds) ?? 0;
    if (atMs <= nowMs) counts.available += 1;
    else result = sooner(result, requeueAt(atMs));
  }
  const unavailable = counts.desired - counts.available;
  const status: V1DaemonSetStatus = {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.mis,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...(set.metadata.generation === undefined
      ? {}
      : { observedGeneration: set.metadata.generation }),
    ...(counts.updated === 0 ? {} : { updatedNumberScheduled: counts.updated }),
    ...(counts.available === 0 ? {} : { numberAvailable: counts.available }),
    ...(unavailable === 0 ? {} : { numberUnavailable: unavailable }),
  };
  return { status, result };
}

export const daemonSet: Controller = {
  name: "daemonset-controller",
  account: "daemon-set-controller",
  watches: kind,
  owns: ["v1/Pod", revisionKind],
  maps: {
    "v1/Node": ({ type, object, previous }, listers) => {
      const before = previous as V1Node | undefined;
      const isSame =
        type === "MODIFIED" &&
        before?.spec === (object as V1Node).spec &&
        before?.metadata.labels === object.metadata.labels;
      return isSame ? [] : listers.lister<V1DaemonSet>(kind).list().map(keyOf);
    },
  },
  indexes: { "v1/Pod": { [orphans]: orphanIndex } },
  reconcile,
};
