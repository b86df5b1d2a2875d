/** Pods stay five minutes on a node that is lost. Upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go. */
import type { V1Pod, V1Toleration } from "#apimachinery/api/core-v1.ts";
import type { Admission } from "./admission.ts";

const seconds = 300;
const taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const defaults: readonly V1Toleration[] = taints.map((key) => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: seconds,
}));

const [notReady, unreachable] = taints as [string, string];
const covers = ({ key, effect }: V1Toleration, taint: string): boolean =>
  (!key || key === taint) && (!effect || effect === "NoExecute");

export const defaultTolerationSeconds: Admission<V1Pod> = {
  name: "DefaultTolerationSeconds",
  on: { resources: ["pods"], operations: ["CREATE", "UPDATE"] },
  mutate({ object }) {
    const pod = object as V1Pod;
    const { spec } = pod;
    if (spec === undefined) return pod;
    const { tolerations = none } = spec;
    let isReadyCovered = false;
    let isReachableCovered = false;
    for (const one of tolerations) {
      isReadyCovered ||= covers(one, notReady);
      isReachableCovered ||= covers(one, unreachable);
    }
    if (isReadyCovered && isReachableCovered) return pod;
    const missing = defaults.filter(({ key }) =>
      key === notReady ? !isReadyCovered : !isReachableCovered,
    );
    return { ...pod, spec: { ...spec, tolerations: [...tolerations, ...missing] } };
  },
};
const none: readonly V1Toleration[] = [];
