/** A Pod that runs is not changed in ways its node cannot follow. Upstream: plugin/pkg/admission/nodedeclaredfeatures/admission.go. */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { featuresForUpdate } from "#apimachinery/declared-features.ts";
import type { Admission } from "./admission.ts";
import { refusal } from "./refusal.ts";

export const nodeDeclaredFeatureValidator: Admission<V1Pod> = {
  name: "NodeDeclaredFeatureValidator",
  on: { resources: ["pods", "pods/resize"], operations: ["UPDATE"] },
  validate(request) {
    const { object: pod, previous, context } = request;
    if (pod?.metadata.generation === previous?.metadata.generation) return;
    const nodeName = pod?.spec?.nodeName;
    if (pod?.spec === undefined || previous?.spec === undefined || !nodeName) return;
    const wanted = featuresForUpdate(pod.spec, previous.spec);
    if (wanted.length === 0) return;
    const on = JSON.stringify(nodeName);
    const node = context.get<V1Node>("v1/Node", "", nodeName);
    if (node === undefined) throw refusal(request, `node ${on} not found`);
    const declared = node.status?.declaredFeatures ?? [];
    const missing = wanted.filter((name) => !declared.includes(name));
    if (missing.length > 0)
      throw refusal(
        request,
        `pod update requires features ${missing.join(", ")} which are not available on node ${on}`,
      );
  },
};
