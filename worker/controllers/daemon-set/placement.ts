/** Which nodes a DaemonSet is for, and its Pod for one of them. Upstream: pkg/controller/daemon/util/daemonset_util.go, NodeShouldRunDaemonPod. */
import type { V1DaemonSet } from "#apimachinery/api/apps-v1.ts";
import type {
  V1Node,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Toleration,
} from "#apimachinery/api/core-v1.ts";
import { matchesNodeAffinity, untolerated } from "#apimachinery/node-fit.ts";
import { revisionHashLabel } from "#controllers/history.ts";

const generationLabel = "pod-template-generation";
const generationAnnotation = "deprecated.daemonset.template.generation";

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

/** Of equal key, effect, operator and value; the seconds do not count. Upstream: Toleration.MatchToleration. */
const alike = (a: V1Toleration, b: V1Toleration): boolean =>
  (a.key ?? "") === (b.key ?? "") &&
  (a.effect ?? "") === (b.effect ?? "") &&
  (a.operator ?? "") === (b.operator ?? "") &&
  (a.value ?? "") === (b.value ?? "");

const specs = new WeakMap<V1PodSpec, V1PodSpec>();
/** Upstream: AddOrUpdateDaemonPodTolerations. */
function tolerant(spec: V1PodSpec): V1PodSpec {
  const known = specs.get(spec);
  if (known !== undefined) return known;
  let tolerations: readonly V1Toleration[] = spec.tolerations ?? [];
  for (const one of added(spec)) {
    tolerations = tolerations.some((other) => alike(one, other))
      ? tolerations.map((other) => (alike(one, other) ? one : other))
      : [...tolerations, one];
  }
  const made = { ...spec, tolerations };
  specs.set(spec, made);
  return made;
}

/** The template for one node, by affinity to its name. */
export function templateFor(set: V1DaemonSet, node: string, hash: string): V1PodTemplateSpec {
  const template = set.spec?.template as V1PodTemplateSpec;
  const spec = tolerant(template.spec as V1PodSpec);
  const generation = generationOf(set);
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
    ...(generation === undefined ? {} : { [generationLabel]: generation }),
    [revisionHashLabel]: hash,
  };
  return {
    ...template,
    metadata: { ...template.metadata, labels },
    spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity } },
  };
}
/** Upstream: GetTemplateGeneration. */
function generationOf({ metadata }: V1DaemonSet): string | undefined {
  const text = metadata.annotations?.[generationAnnotation];
  return text !== undefined && /^[+-]?\d+$/.test(text) ? String(BigInt(text)) : undefined;
}

/** Is the Pod of the present template, by its hash or by the older count? Upstream: IsPodUpdated. */
export function isUpdated(set: V1DaemonSet, { metadata }: V1Pod, hash: string): boolean {
  if (hash !== "" && metadata.labels?.[revisionHashLabel] === hash) return true;
  const generation = generationOf(set);
  return generation !== undefined && metadata.labels?.[generationLabel] === generation;
}

/** Should it be there; may it stay there? Upstream: NodeShouldRunDaemonPod. */
export function fits(
  set: V1DaemonSet,
  node: V1Node,
): { readonly run: boolean; readonly stay: boolean } {
  const spec = tolerant(set.spec?.template.spec as V1PodSpec);
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return { run: false, stay: false };
  if (!matchesNodeAffinity(spec, node)) return { run: false, stay: false };
  const { taints } = node.spec ?? {};
  if (untolerated(taints, spec.tolerations, ["NoExecute"]) !== undefined)
    return { run: false, stay: false };
  return { run: untolerated(taints, spec.tolerations, ["NoSchedule"]) === undefined, stay: true };
}

/** The node a Pod is for, bound or not; "" of a Pod that says no node. Upstream: GetTargetNodeName. */
export function targetOf({ spec }: V1Pod): string {
  if (spec?.nodeName) return spec.nodeName;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields } of required?.nodeSelectorTerms ?? []) {
    const field = matchFields?.find(
      ({ key, operator }) => key === "metadata.name" && operator === "In",
    );
    if (field !== undefined) return field.values?.length === 1 ? (field.values[0] ?? "") : "";
  }
  return "";
}
