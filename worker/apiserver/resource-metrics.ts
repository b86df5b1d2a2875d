/**
 * metrics.k8s.io/v1beta1: what nodes and Pods use, asked of the kubelets when somebody wants to know.
 * Upstream: kubernetes-sigs/metrics-server pkg/api/pod.go, node.go.
 * Differs: it is served by the API server itself, because no metrics server is installed beside it.
 */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { notFound } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import { filterOf } from "#apiserver/filter.ts";
import type { Call } from "#apiserver/server.ts";

export const metricsGroup = "metrics.k8s.io";
const windowText = "15s";
/** What runs on a node beside its Pods: the kubelet, the runtime, the system. */
const system = { cpuNanos: 45_000_000, memoryBytes: 420 * 1024 * 1024 };

interface Usage {
  readonly cpu: string;
  readonly memory: string;
}
interface Used {
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

const usageText = ({ cpuNanos, memoryBytes }: Used): Usage => ({
  cpu: `${cpuNanos}n`,
  memory: `${Math.floor(memoryBytes / 1024)}Ki`,
});
const sum = (all: readonly Used[], first: Used): Used =>
  all.reduce<Used>(
    (total, { cpuNanos, memoryBytes }) => ({
      cpuNanos: total.cpuNanos + cpuNanos,
      memoryBytes: total.memoryBytes + memoryBytes,
    }),
    first,
  );

const pods = ({ server }: Call): readonly V1Pod[] => server.objects("v1/Pod") as readonly V1Pod[];
const containersOf = ({ world }: Call, pod: V1Pod): readonly (Used & { readonly name: string })[] =>
  world.kubelet?.usage?.(pod) ?? [];

function metricsOf(
  { resource, world }: Call,
  { metadata: { name, namespace, labels } }: KubeObject,
  used: object,
): KubeObject {
  const at = timeText(world.nowMs());
  return {
    kind: resource.kindName,
    apiVersion: resource.apiVersion,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: at,
      ...(labels === undefined ? {} : { labels }),
    },
    timestamp: at,
    window: windowText,
    ...used,
  } as KubeObject;
}

function podMetrics(call: Call): readonly KubeObject[] {
  const { namespace } = call.request.info;
  return pods(call).flatMap((pod) => {
    if (namespace !== "" && pod.metadata.namespace !== namespace) return [];
    const containers = containersOf(call, pod);
    if (containers.length === 0) return [];
    const usage = containers.map(({ name, ...used }) => ({ name, usage: usageText(used) }));
    return [metricsOf(call, pod, { containers: usage })];
  });
}

function nodeMetrics(call: Call): readonly KubeObject[] {
  const byNode = Map.groupBy(pods(call), ({ spec }) => spec?.nodeName ?? "");
  return (call.server.objects("v1/Node") as readonly V1Node[]).flatMap((node) => {
    const isReady = node.status?.conditions?.some(
      ({ type, status }) => type === "Ready" && status === "True",
    );
    if (isReady !== true) return [];
    const own = byNode.get(node.metadata.name ?? "") ?? [];
    const used = sum(
      own.flatMap((pod) => containersOf(call, pod)),
      system,
    );
    return [metricsOf(call, node, { usage: usageText(used) })];
  });
}

const sources: Readonly<Record<string, (call: Call) => readonly KubeObject[]>> = {
  nodes: nodeMetrics,
  pods: podMetrics,
};

/** GET of one or of all. */
export function resourceMetricsAnswer(call: Call): Answer {
  const { resource, request, world } = call;
  const { info, options } = request;
  const all = sources[resource.plural]?.(call) ?? [];
  if (info.verb === "get") {
    const found = all.find(({ metadata }) => metadata.name === info.name);
    const named = info.namespace === "" ? info.name : `${info.namespace}/${info.name}`;
    if (found === undefined)
      throw notFound(
        { group: resource.group, resource: `${resource.kindName.toLowerCase()}` },
        named,
      );
    return objectAnswer(found, false);
  }
  const filter = filterOf(resource, options, info.name);
  const items = filter === undefined ? all : all.filter(filter);
  const list = {
    kind: `${resource.kindName}List`,
    apiVersion: resource.apiVersion,
    metadata: { resourceVersion: String(world.store.revision) },
    items,
  };
  return { ...objectAnswer(list as unknown as KubeObject, false), items };
}
