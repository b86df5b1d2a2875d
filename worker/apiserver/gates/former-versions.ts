/**
 * Versions that are read but served no more: who sends one is told the version that is expected. Each kind with the
 * group whose internal type it is. Upstream: k8s.io/api/<group>/<version>/register.go, pkg/apis/<group>/install.
 */

type Kinds = Readonly<Record<string, string>>;
const of = (group: string, ...kinds: readonly string[]): Kinds =>
  Object.fromEntries(kinds.map((kind) => [kind, group]));

const apps = ["Deployment", "StatefulSet", "ControllerRevision"];
const allApps = [...apps, "DaemonSet", "ReplicaSet"];
const rbac = ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"];
const flows = ["FlowSchema", "PriorityLevelConfiguration"];
const devices = ["ResourceClaim", "ResourceClaimTemplate", "DeviceClass", "ResourceSlice"];
const policies = [
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
];

/** By apiVersion. */
export const formerVersions: Readonly<Record<string, Kinds>> = {
  "extensions/v1beta1": {
    ...of("apps", "Deployment", "DaemonSet", "ReplicaSet"),
    ...of("networking.k8s.io", "Ingress", "NetworkPolicy"),
    ...of("autoscaling", "Scale"),
  },
  "apps/v1beta1": { ...of("apps", ...apps), ...of("autoscaling", "Scale") },
  "apps/v1beta2": { ...of("apps", ...allApps), ...of("autoscaling", "Scale") },
  "batch/v1beta1": of("batch", "CronJob"),
  "policy/v1beta1": of("policy", "PodDisruptionBudget", "Eviction"),
  "networking.k8s.io/v1beta1": of(
    "networking.k8s.io",
    "Ingress",
    "IngressClass",
    "IPAddress",
    "ServiceCIDR",
  ),
  "events.k8s.io/v1beta1": of("", "Event"),
  "coordination.k8s.io/v1beta1": of("coordination.k8s.io", "Lease"),
  "discovery.k8s.io/v1beta1": of("discovery.k8s.io", "EndpointSlice"),
  "certificates.k8s.io/v1beta1": of("certificates.k8s.io", "CertificateSigningRequest"),
  "scheduling.k8s.io/v1beta1": of("scheduling.k8s.io", "PriorityClass"),
  "node.k8s.io/v1alpha1": of("node.k8s.io", "RuntimeClass"),
  "node.k8s.io/v1beta1": of("node.k8s.io", "RuntimeClass"),
  "rbac.authorization.k8s.io/v1alpha1": of("rbac.authorization.k8s.io", ...rbac),
  "rbac.authorization.k8s.io/v1beta1": of("rbac.authorization.k8s.io", ...rbac),
  "storage.k8s.io/v1beta1": of(
    "storage.k8s.io",
    "StorageClass",
    "VolumeAttachment",
    "CSIDriver",
    "CSINode",
    "CSIStorageCapacity",
    "VolumeAttributesClass",
  ),
  "flowcontrol.apiserver.k8s.io/v1beta1": of("flowcontrol.apiserver.k8s.io", ...flows),
  "flowcontrol.apiserver.k8s.io/v1beta2": of("flowcontrol.apiserver.k8s.io", ...flows),
  "flowcontrol.apiserver.k8s.io/v1beta3": of("flowcontrol.apiserver.k8s.io", ...flows),
  "resource.k8s.io/v1beta1": of("resource.k8s.io", ...devices),
  "resource.k8s.io/v1beta2": of("resource.k8s.io", ...devices),
  "admissionregistration.k8s.io/v1alpha1": of("admissionregistration.k8s.io", ...policies),
  "admissionregistration.k8s.io/v1beta1": of(
    "admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
    ...policies,
  ),
  "apiextensions.k8s.io/v1beta1": of("apiextensions.k8s.io", "CustomResourceDefinition"),
  "apiregistration.k8s.io/v1beta1": of("apiregistration.k8s.io", "APIService"),
};
