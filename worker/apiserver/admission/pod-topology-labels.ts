/**
 * A Pod carries the zone and region of its node as labels, from its binding on, whatever it said before.
 * Upstream: plugin/pkg/admission/podtopologylabels/admission.go.
 */
import type { V1Binding, V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Admission } from "./admission.ts";

const copied = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

export const podTopologyLabels: Admission = {
  name: "PodTopologyLabels",
  on: { resources: ["pods", "pods/binding"], operations: ["CREATE"] },
  mutate({ object, info, context }) {
    const node =
      info.subresource === "binding"
        ? boundTo(object as unknown as V1Binding)
        : (object as V1Pod | undefined)?.spec?.nodeName;
    if (object === undefined || !node) return object;
    const labels = context.get<V1Node>("v1/Node", "", node)?.metadata.labels ?? {};
    const own = object.metadata?.labels ?? {};
    const other = copied.filter((key) => labels[key] !== undefined && own[key] !== labels[key]);
    if (other.length === 0) return object;
    const added = Object.fromEntries(other.map((key) => [key, labels[key] as string]));
    return {
      ...object,
      metadata: { ...object.metadata, labels: { ...own, ...added } },
    } as KubeObject;
  },
};

const boundTo = ({ target }: V1Binding): string | undefined =>
  target?.kind === "Node" ? target.name : undefined;
