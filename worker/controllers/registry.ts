/** The controllers of the controller manager. */
import type { Controller } from "./controller.ts";
import { daemonSet } from "./daemon-set.ts";
import { deployment } from "./deployment/deployment.ts";
import { endpointSlice } from "./endpoint-slice.ts";
import { endpoints } from "./endpoints.ts";
import { namespace } from "./namespace.ts";
import { nodeLifecycle } from "./node-lifecycle.ts";
import { persistentVolumeClaimProtection } from "./protection/persistent-volume-claim.ts";
import { persistentVolumeProtection } from "./protection/persistent-volume.ts";
import { volumeAttributesClassProtection } from "./protection/volume-attributes-class.ts";
import { podGc } from "./pod-gc.ts";
import { replicaSet } from "./replica-set.ts";
import { resourceQuota } from "./resource-quota.ts";
import { roleAggregation } from "./role-aggregation.ts";
import { rootCa } from "./root-ca.ts";
import { serviceAccount } from "./service-account.ts";

export const controllers: readonly Controller[] = [
  roleAggregation,
  serviceAccount,
  rootCa,
  namespace,
  nodeLifecycle,
  podGc(),
  daemonSet,
  deployment,
  replicaSet,
  endpointSlice,
  endpoints,
  persistentVolumeClaimProtection,
  persistentVolumeProtection,
  volumeAttributesClassProtection,
  resourceQuota,
];
