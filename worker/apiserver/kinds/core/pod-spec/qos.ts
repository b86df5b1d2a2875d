/** Quality of service of a Pod. Upstream: pkg/apis/core/v1/helper/qos/qos.go ComputePodQOS. */
import type { V1PodSpec, V1ResourceRequirements } from "#apimachinery/api/core-v1.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";

const computed = ["cpu", "memory"];

/** `resources` of the Pod as a whole, when it has any, decide alone. */
export function qosClass({
  containers,
  initContainers = [],
  resources,
}: V1PodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
  const all: readonly V1ResourceRequirements[] =
    resources === undefined
      ? [...containers, ...initContainers].map((one) => one.resources ?? {})
      : [resources];
  const has = ({ limits, requests }: V1ResourceRequirements): boolean =>
    computed.some((name) =>
      [limits?.[name], requests?.[name]].some(
        (amount) => amount !== undefined && compareQuantities(amount, 0) > 0,
      ),
    );
  if (!all.some(has)) return "BestEffort";
  const isWhole = ({ limits, requests }: V1ResourceRequirements): boolean =>
    computed.every((name) => {
      const limit = limits?.[name];
      const request = requests?.[name] ?? limit;
      return (
        limit !== undefined &&
        request !== undefined &&
        compareQuantities(limit, 0) > 0 &&
        compareQuantities(limit, request) === 0
      );
    });
  return all.every(isWhole) ? "Guaranteed" : "Burstable";
}
