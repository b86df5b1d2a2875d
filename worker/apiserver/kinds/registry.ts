/** Kinds with behaviour of their own; every other kind is served from the API's facts alone. */
import { apiService } from "./apiregistration/api-service.ts";
import { customResourceDefinition } from "./apiextensions/custom-resource-definition.ts";
import { daemonSet } from "./apps/daemon-set.ts";
import { deployment } from "./apps/deployment.ts";
import { controllerRevision } from "./apps/controller-revision.ts";
import { replicaSet } from "./apps/replica-set.ts";
import { statefulSet } from "./apps/stateful-set.ts";
import { cronJob } from "./batch/cron-job.ts";
import { job } from "./batch/job.ts";
import { certificateSigningRequest } from "./certificates/certificate-signing-request.ts";
import { lease } from "./coordination/lease.ts";
import { configMap, secret, serviceAccount } from "./core/config.ts";
import { endpoints } from "./core/endpoints.ts";
import { event } from "./core/event.ts";
import { namespace } from "./core/namespace.ts";
import { node } from "./core/node.ts";
import { pod } from "./core/pod.ts";
import { service } from "./core/service.ts";
import { endpointSlice } from "./discovery/endpoint-slice.ts";
import type { Kind } from "./kind.ts";
import { ingress, networkPolicy } from "./networking/routes.ts";
import { clusterRole, clusterRoleBinding, role, roleBinding } from "./rbac/roles.ts";
import { priorityClass } from "./scheduling/priority-class.ts";
import { persistentVolume, persistentVolumeClaim, storageClass } from "./storage/volumes.ts";

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
  persistentVolume,
  persistentVolumeClaim,
  deployment,
  replicaSet,
  daemonSet,
  statefulSet,
  controllerRevision,
  job,
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
  ingress,
  networkPolicy,
  customResourceDefinition,
  apiService,
];
