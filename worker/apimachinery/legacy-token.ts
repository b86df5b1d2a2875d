/**
 * A token that lies in a Secret: whose it is, and the labels and the ConfigMap that tell of its use, a day at a time.
 * Upstream: pkg/serviceaccount/legacy.go, pkg/controlplane/controller/legacytokentracking.
 */
import type { V1Secret } from "./api/core-v1.ts";

export const accountTokenType = "kubernetes.io/service-account-token";
export const accountNameAnnotation = "kubernetes.io/service-account.name";
export const accountUidAnnotation = "kubernetes.io/service-account.uid";
export const lastUsedLabel = "kubernetes.io/legacy-token-last-used";
export const invalidSinceLabel = "kubernetes.io/legacy-token-invalid-since";
/** In kube-system; `data.since` says from which day on uses are written down. */
export const trackingName = "kube-apiserver-legacy-service-account-token-tracking";

/** Key of the account that the Secret is to have a token of. */
export const accountKeyOf = ({ metadata, type }: V1Secret): string | undefined => {
  const name = metadata.annotations?.[accountNameAnnotation];
  return type === accountTokenType && name ? `${metadata.namespace}/${name}` : undefined;
};
