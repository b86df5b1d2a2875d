/**
 * The admission plugins that are on, in upstream's order.
 * Upstream: pkg/kubeapiserver/options/plugins.go AllOrderedPlugins, without DefaultOffAdmissionPlugins, with
 * NodeRestriction, which kubeadm adds.
 */
import type { Admission } from "./admission.ts";
import { certificateApproval } from "./certificate-approval.ts";
import { certificateSigning } from "./certificate-signing.ts";
import { certificateSubjectRestriction } from "./certificate-subject-restriction.ts";
import { defaultIngressClass } from "./default-ingress-class.ts";
import { defaultStorageClass } from "./default-storage-class.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { limitRanger, limitRangerOnClaims, limitRangerOnResize } from "./limit-ranger.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeDeclaredFeatureValidator } from "./node-declared-features.ts";
import { nodeRestriction } from "./node-restriction.ts";
import { persistentVolumeClaimResize } from "./persistent-volume-claim-resize.ts";
import { podResizeValidator } from "./pod-resize-validator.ts";
import { podSecurity } from "./pod-security/pod-security.ts";
import { podTopologyLabels } from "./pod-topology-labels.ts";
import { mutatingAdmissionPolicy } from "./policies/mutating.ts";
import { validatingAdmissionPolicy } from "./policies/validating.ts";
import { mutatingAdmissionWebhook } from "./webhooks/mutating.ts";
import { validatingAdmissionWebhook } from "./webhooks/validating.ts";
import { priority, priorityClasses } from "./priority.ts";
import { resourceQuota, resourceQuotaOnUpdates } from "./resource-quota/resource-quota.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccount, serviceAccountOnEphemeralContainers } from "./service-account.ts";
import { storageObjectInUseProtection } from "./storage-object-in-use-protection.ts";
import { taintNodesByCondition } from "./taint-nodes.ts";

export const admissions: readonly Admission[] = [
  namespaceLifecycle,
  limitRanger,
  limitRangerOnResize,
  limitRangerOnClaims,
  serviceAccount,
  serviceAccountOnEphemeralContainers,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  priorityClasses,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  podTopologyLabels,
  nodeDeclaredFeatureValidator,
  podResizeValidator,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
  resourceQuotaOnUpdates,
];
