/** Nothing new in a namespace that is missing or going. Upstream: apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go. */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import { notFound } from "#apimachinery/status.ts";
import type { Admission } from "./admission.ts";
import { refusal } from "./refusal.ts";

export const namespaceLifecycle: Admission = {
  name: "NamespaceLifecycle",
  on: { resources: ["*/*"], operations: ["CREATE"] },
  // Before the other plugins look for what a namespace holds.
  mutate(request) {
    const { object, context } = request;
    const { namespace, group, resource } = request.info;
    if (namespace === "") return object;
    // Whoever asks what is allowed there is not told whether it is there.
    if (resource === "localsubjectaccessreviews" && group === "authorization.k8s.io") return object;
    const found = context.get<V1Namespace>("v1/Namespace", "", namespace);
    if (found === undefined) throw notFound({ group: "", resource: "namespaces" }, namespace);
    if (found.metadata.deletionTimestamp === undefined) return object;
    const message = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const cause = {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    };
    throw refusal(request, message, [cause]);
  },
};
