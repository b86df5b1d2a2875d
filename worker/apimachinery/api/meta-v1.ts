/** Generated from types.json by generate.ts; do not edit. */
export interface V1APIGroup {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly name: string;
  readonly preferredVersion?: V1GroupVersionForDiscovery | undefined;
  readonly serverAddressByClientCIDRs?: readonly V1ServerAddressByClientCIDR[] | undefined;
  readonly versions: readonly V1GroupVersionForDiscovery[];
}

export interface V1APIGroupList {
  readonly apiVersion?: string | undefined;
  readonly groups: readonly V1APIGroup[];
  readonly kind?: string | undefined;
}

export interface V1APIResource {
  readonly categories?: readonly string[] | undefined;
  readonly group?: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[] | undefined;
  readonly singularName: string;
  readonly storageVersionHash?: string | undefined;
  readonly verbs: readonly string[];
  readonly version?: string | undefined;
}

export interface V1APIResourceList {
  readonly apiVersion?: string | undefined;
  readonly groupVersion: string;
  readonly kind?: string | undefined;
  readonly resources: readonly V1APIResource[];
}

export interface V1APIVersions {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly serverAddressByClientCIDRs: readonly V1ServerAddressByClientCIDR[];
  readonly versions: readonly string[];
}

export interface V1Condition {
  readonly lastTransitionTime: string;
  readonly message: string;
  readonly observedGeneration?: number | undefined;
  readonly reason: string;
  readonly status: string;
  readonly type: string;
}

export interface V1DeleteOptions {
  readonly apiVersion?: string | undefined;
  readonly dryRun?: readonly string[] | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly ignoreStoreReadErrorWithClusterBreakingPotential?: boolean | undefined;
  readonly kind?: string | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?: V1Preconditions | undefined;
  readonly propagationPolicy?: string | undefined;
}

export interface V1FieldSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export interface V1GroupResource {
  readonly group: string;
  readonly resource: string;
}

export interface V1GroupVersionForDiscovery {
  readonly groupVersion: string;
  readonly version: string;
}

export interface V1LabelSelector {
  readonly matchExpressions?: readonly V1LabelSelectorRequirement[] | undefined;
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
}

export interface V1LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export interface V1ListMeta {
  readonly continue?: string | undefined;
  readonly remainingItemCount?: number | undefined;
  readonly resourceVersion?: string | undefined;
  readonly selfLink?: string | undefined;
  readonly shardInfo?: V1ShardInfo | undefined;
}

export interface V1ManagedFieldsEntry {
  readonly apiVersion?: string | undefined;
  readonly fieldsType?: string | undefined;
  readonly fieldsV1?: unknown | undefined;
  readonly manager?: string | undefined;
  readonly operation?: string | undefined;
  readonly subresource?: string | undefined;
  readonly time?: string | undefined;
}

export interface V1ObjectMeta {
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly deletionGracePeriodSeconds?: number | undefined;
  readonly deletionTimestamp?: string | undefined;
  readonly finalizers?: readonly string[] | undefined;
  readonly generateName?: string | undefined;
  readonly generation?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly managedFields?: readonly V1ManagedFieldsEntry[] | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly ownerReferences?: readonly V1OwnerReference[] | undefined;
  readonly resourceVersion?: string | undefined;
  readonly selfLink?: string | undefined;
  readonly uid?: string | undefined;
}

export interface V1OwnerReference {
  readonly apiVersion: string;
  readonly blockOwnerDeletion?: boolean | undefined;
  readonly controller?: boolean | undefined;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface V1Preconditions {
  readonly resourceVersion?: string | undefined;
  readonly uid?: string | undefined;
}

export interface V1ServerAddressByClientCIDR {
  readonly clientCIDR: string;
  readonly serverAddress: string;
}

export interface V1ShardInfo {
  readonly selector: string;
}

export interface V1Status {
  readonly apiVersion?: string | undefined;
  readonly code?: number | undefined;
  readonly details?: V1StatusDetails | undefined;
  readonly kind?: string | undefined;
  readonly message?: string | undefined;
  readonly metadata?: V1ListMeta | undefined;
  readonly reason?: string | undefined;
  readonly status?: string | undefined;
}

export interface V1StatusCause {
  readonly field?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
}

export interface V1StatusDetails {
  readonly causes?: readonly V1StatusCause[] | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly uid?: string | undefined;
}

export interface V1WatchEvent {
  readonly object: unknown;
  readonly type: string;
}
