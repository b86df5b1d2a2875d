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

const covers = ({ key, effect }: V1Toleration, taint: string | undefined): boolean =>
  (!key || key === taint) && (!effect || effect === "NoExecute");

export const defaultTolerationSeconds: Admission<V1Pod> = {
  name: "DefaultTolerationSeconds",
  on: { resources: ["pods"], operations: ["CREATE", "UPDATE"] },
  mutate({ object }) {
    const pod = object as V1Pod;
    const { spec } = pod;
    if (spec === undefined) return pod;
    const { tolerations = [] } = spec;
    const missing = defaults.filter(({ key }) => !tolerations.some((one) => covers(one, key)));
    return missing.length === 0
      ? pod
      : { ...pod, spec: { ...spec, tolerations: [...tolerations, ...missing] } };
  },
};
