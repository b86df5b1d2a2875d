/** The controllers of the controller manager. */
import { bootstrapSigner } from "./bootstrap-tokens/bootstrap-signer.ts";
import { tokenCleaner } from "./bootstrap-tokens/token-cleaner.ts";
import { certificateApproving } from "./certificates/approving.ts";
import { certificateCleaner } from "./certificates/cleaner.ts";
import { certificateSigning } from "./certificates/signing.ts";
import type { Controller } from "./controller.ts";
import { daemonSet } from "./daemon-set/daemon-set.ts";
import { deployment } from "./deployment/deployment.ts";
import { disruption } from "./disruption/disruption.ts";
import { stalePodDisruption } from "./disruption/stale-condition.ts";
import { endpointSlice } from "./endpoint-slice.ts";
import { endpointSliceMirroring } from "./endpoint-slice-mirroring/endpoint-slice-mirroring.ts";
import { endpoints } from "./endpoints.ts";
import { legacyTokenCleaner } from "./legacy-token-cleaner.ts";
import { namespace } from "./namespace.ts";
import { nodeLifecycle } from "./node-lifecycle.ts";
import { persistentVolumeClaimProtection } from "./protection/persistent-volume-claim.ts";
import { persistentVolumeProtection } from "./protection/persistent-volume.ts";
import { volumeAttributesClassProtection } from "./protection/volume-attributes-class.ts";
import { podGc } from "./pod-gc.ts";
import { replicaSet } from "./replica-set.ts";
import { replicationController } from "./replication-controller.ts";
import { resourceQuota } from "./resource-quota.ts";
import { roleAggregation } from "./role-aggregation.ts";
import { rootCa } from "./root-ca.ts";
import { serviceAccount } from "./service-account.ts";
import { serviceAccountToken } from "./service-account-token.ts";
import { taintEviction } from "./taint-eviction.ts";
import { serviceCidr } from "./service-cidrs/service-cidr.ts";

export const controllers: readonly Controller[] = [
  roleAggregation,
  serviceAccount,
  serviceAccountToken,
  legacyTokenCleaner,
  certificateSigning,
  certificateApproving,
  certificateCleaner,
  rootCa,
  namespace,
  nodeLifecycle(),
  taintEviction(),
  podGc(),
  daemonSet,
  deployment,
  disruption,
  stalePodDisruption,
  replicaSet,
  replicationController,
  endpointSlice,
  endpointSliceMirroring,
  endpoints,
  persistentVolumeClaimProtection,
  persistentVolumeProtection,
  volumeAttributesClassProtection,
  resourceQuota,
  serviceCidr,
  bootstrapSigner,
  tokenCleaner,
];
