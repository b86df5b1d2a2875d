/** What discovery says of metrics.k8s.io, which is no part of the API's own facts: the metrics server brings it. Upstream: metrics/pkg/apis/metrics/v1beta1. */
import type { ResourceFacts } from "./schema.ts";

const group = "metrics.k8s.io";
const version = "v1beta1";
const verbs = ["get", "list"];

export const resourceMetrics: readonly ResourceFacts[] = [
  {
    group,
    version,
    plural: "nodes",
    kind: "NodeMetrics",
    namespaced: false,
    verbs,
    singular: "",
    type: "",
  },
  {
    group,
    version,
    plural: "pods",
    kind: "PodMetrics",
    namespaced: true,
    verbs,
    singular: "",
    type: "",
  },
];
