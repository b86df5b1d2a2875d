/** Kinds with behaviour of their own; every other kind is served from the API's facts alone. */
import { apiService } from "./apiregistration/api-service.ts";
import { customResourceDefinition } from "./apiextensions/custom-resource-definition.ts";
import { mutatingAdmissionPolicyBinding } from "./admissionregistration/mutating-admission-policy-binding.ts";
import { mutatingAdmissionPolicy } from "./admissionregistration/mutating-admission-policy.ts";
import { mutatingWebhookConfiguration } from "./admissionregistration/mutating-webhook-configuration.ts";
import { validatingAdmissionPolicyBinding } from "./admissionregistration/validating-admission-policy-binding.ts";
import { validatingAdmissionPolicy } from "./admissionregistration/validating-admission-policy.ts";
import { validatingWebhookConfiguration } from "./admissionregistration/validating-webhook-configuration.ts";
import { daemonSet } from "./apps/daemon-set.ts";
import { deployment } from "./apps/deployment.ts";
import { controllerRevision } from "./apps/controller-revision.ts";
import { replicaSet } from "./apps/replica-set.ts";
import { statefulSet } from "./apps/stateful-set.ts";
import { horizontalPodAutoscaler } from "./autoscaling/horizontal-pod-autoscaler.ts";
import { cronJob } from "./batch/cron-job.ts";
import { job } from "./batch/job.ts";
import { certificateSigningRequest } from "./certificates/certificate-signing-request.ts";
import { lease } from "./coordination/lease.ts";
import { componentStatus } from "./core/component-status.ts";
import { configMap } from "./core/config-map.ts";
import { endpoints } from "./core/endpoints.ts";
import { event } from "./core/event.ts";
import { limitRange } from "./core/limit-range.ts";
import { namespace } from "./core/namespace.ts";
import { node } from "./core/node.ts";
import { persistentVolumeClaim } from "./core/persistent-volume-claim.ts";
import { persistentVolume } from "./core/persistent-volume.ts";
import { podTemplate } from "./core/pod-template.ts";
import { pod } from "./core/pod.ts";
import { replicationController } from "./core/replication-controller.ts";
import { resourceQuota } from "./core/resource-quota.ts";
import { secret } from "./core/secret.ts";
import { serviceAccount } from "./core/service-account.ts";
import { service } from "./core/service.ts";
import { endpointSlice } from "./discovery/endpoint-slice.ts";
import { flowSchema } from "./flowcontrol/flow-schema.ts";
import { priorityLevelConfiguration } from "./flowcontrol/priority-level-configuration.ts";
import type { Kind } from "./kind.ts";
import { ingressClass } from "./networking/ingress-class.ts";
import { ingress } from "./networking/ingress.ts";
import { ipAddress } from "./networking/ip-address.ts";
import { networkPolicy } from "./networking/network-policy.ts";
import { serviceCidr } from "./networking/service-cidr.ts";
import { runtimeClass } from "./node/runtime-class.ts";
import { podDisruptionBudget } from "./policy/pod-disruption-budget.ts";
import { clusterRoleBinding } from "./rbac/cluster-role-binding.ts";
import { clusterRole } from "./rbac/cluster-role.ts";
import { roleBinding } from "./rbac/role-binding.ts";
import { role } from "./rbac/role.ts";
import { deviceClass } from "./resource/device-class.ts";
import { resourceClaimTemplate } from "./resource/resource-claim-template.ts";
import { resourceClaim } from "./resource/resource-claim.ts";
import { resourceSlice } from "./resource/resource-slice.ts";
import { priorityClass } from "./scheduling/priority-class.ts";
import { csiDriver } from "./storage/csi-driver.ts";
import { csiNode } from "./storage/csi-node.ts";
import { csiStorageCapacity } from "./storage/csi-storage-capacity.ts";
import { storageClass } from "./storage/storage-class.ts";
import { volumeAttachment } from "./storage/volume-attachment.ts";
import { volumeAttributesClass } from "./storage/volume-attributes-class.ts";

export const kinds: readonly Kind[] = [
  pod,
  service,
  endpoints,
  namespace,
  node,
  event,
  configMap,
  secret,
  serviceAccount,
  podTemplate,
  replicationController,
  limitRange,
  resourceQuota,
  componentStatus,
  persistentVolume,
  persistentVolumeClaim,
  deployment,
  replicaSet,
  daemonSet,
  statefulSet,
  controllerRevision,
  job,
  horizontalPodAutoscaler,
  podDisruptionBudget,
  cronJob,
  endpointSlice,
  lease,
  priorityClass,
  role,
  clusterRole,
  roleBinding,
  clusterRoleBinding,
  storageClass,
  certificateSigningRequest,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  volumeAttachment,
  volumeAttributesClass,
  ingress,
  ingressClass,
  ipAddress,
  networkPolicy,
  customResourceDefinition,
  apiService,
  serviceCidr,
  runtimeClass,
  flowSchema,
  priorityLevelConfiguration,
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
];
