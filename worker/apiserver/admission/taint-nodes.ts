/** A new Node is tainted until it is ready. Upstream: plugin/pkg/admission/nodetaint/admission.go. */
import type { V1Node } from "#apimachinery/api/core-v1.ts";
import type { Admission } from "./admission.ts";

const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

export const taintNodesByCondition: Admission<V1Node> = {
  name: "TaintNodesByCondition",
  on: { resources: ["nodes"], operations: ["CREATE"] },
  mutate({ object }) {
    const node = object as V1Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect))
      return node;
    return { ...node, spec: { ...node.spec, taints: [...taints, notReady] } };
  },
};
