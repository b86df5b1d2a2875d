/** A Pod does not grow beyond its node. Upstream: plugin/pkg/admission/podresize/admission.go. */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { podRequests, withOverhead } from "#apimachinery/pod-resources.ts";
import { compareQuantities, milliValue, wholeValue } from "#apimachinery/quantity.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { refusal } from "./refusal.ts";

const osLabel = "kubernetes.io/os";

function validate(request: AdmissionRequest<V1Pod>): void {
  const { object: pod, previous, context } = request;
  const nodeName = pod?.spec?.nodeName;
  if (pod?.spec === undefined || !nodeName) return;
  if (pod.metadata.generation === previous?.metadata.generation) return;
  const node = context.get<V1Node>("v1/Node", "", nodeName);
  if (node === undefined) throw refusal(request, `node ${JSON.stringify(nodeName)} not found`);
  const os = node.metadata.labels?.[osLabel] ?? "linux";
  if (os !== "linux") {
    const why = `pod resize is only supported on linux nodes, node ${JSON.stringify(nodeName)} is ${JSON.stringify(os)}`;
    throw refusal(request, why, [{ reason: "UnsupportedPlatform" }]);
  }
  const { cpu = 0, memory = 0 } = withOverhead(podRequests(pod.spec), pod.spec, "requests");
  const most = node.status?.allocatable ?? {};
  const over = [
    ...(compareQuantities(cpu, most["cpu"] ?? 0) > 0
      ? [`cpu, requested: ${milliValue(cpu)}, allocatable: ${milliValue(most["cpu"] ?? 0)}`]
      : []),
    ...(compareQuantities(memory, most["memory"] ?? 0) > 0
      ? [
          `memory, requested: ${wholeValue(memory)}, allocatable: ${wholeValue(most["memory"] ?? 0)}`,
        ]
      : []),
  ];
  if (over.length === 0) return;
  const why = `node didn't have enough allocatable resources: ${over.join("; ")}`;
  throw refusal(request, why, [{ reason: "NodeCapacity" }]);
}

export const podResizeValidator: Admission<V1Pod> = {
  name: "PodResizeValidator",
  on: { resources: ["pods/resize"], operations: ["UPDATE"] },
  validate,
};
