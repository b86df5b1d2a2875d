/** Has the node what a resized Pod asks for, beside what it gave the others? */
import type { V1Container, V1Pod, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import { podRequests, withOverhead } from "#apimachinery/pod-resources.ts";
import { milliValue, wholeValue } from "#apimachinery/quantity.ts";
import { rowOf } from "./node/node-state.ts";
import { staticUid } from "./node/static-pods.ts";
import type { PodRecord } from "./pod-record.ts";
import { isTerminal } from "./status/pod-status.ts";
import type { Worker } from "./worker.ts";

/** Why the node has not enough; undefined: it has. Upstream: pkg/kubelet/lifecycle/predicate.go. */
export function shortOf({ pod, node, others }: Worker): string | undefined {
  const allocatable = node.object?.status?.allocatable ?? {};
  const asked = withOverhead(podRequests(pod.spec as V1PodSpec), pod.spec as V1PodSpec, "requests");
  const used = (others?.() ?? [])
    .filter((one) => one.metadata.uid !== pod.metadata.uid && !isTerminal(one.status?.phase))
    .map((one) => {
      const spec = allocatedSpec(one, node);
      return withOverhead(podRequests(spec), spec, "requests");
    });
  for (const name of ["cpu", "memory"] as const) {
    const value = name === "cpu" ? milliValue : wholeValue;
    const [requested, capacity] = [value(asked[name]), value(allocatable[name])];
    const taken = used.reduce((sum, amounts) => sum + value(amounts[name]), 0);
    if (requested > 0 && requested > capacity - taken)
      return `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${taken}, capacity: ${capacity}`;
  }
  return undefined;
}

/** A Pod's spec with what its kubelet gave it. */
function allocatedSpec(pod: V1Pod, node: Worker["node"]): V1PodSpec {
  const spec = pod.spec as V1PodSpec;
  const { namespace, name, uid = "" } = pod.metadata;
  const row = rowOf(`${namespace}/${name}`, staticUid(pod) ?? uid);
  const record = node.state.disk.get<PodRecord>(row);
  if (record?.resize === undefined) return spec;
  const given = (container: V1Container): V1Container => {
    const allocated = record.containers.find((one) => one.name === container.name)?.allocated;
    return allocated === undefined ? container : { ...container, resources: allocated };
  };
  const { initContainers } = spec;
  return {
    ...spec,
    containers: spec.containers.map(given),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(given) }),
  };
}
