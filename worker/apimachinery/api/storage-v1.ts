/** Generated from types.json by generate.ts; do not edit. */
import type { V1PersistentVolumeSpec, V1TopologySelectorTerm } from "./core-v1.ts";
import type { V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1CSIDriver {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1CSIDriverSpec;
}

export interface V1CSIDriverSpec {
  readonly attachRequired?: boolean | undefined;
  readonly fsGroupPolicy?: string | undefined;
  readonly nodeAllocatableUpdatePeriodSeconds?: number | undefined;
  readonly podInfoOnMount?: boolean | undefined;
  readonly preventPodSchedulingIfMissing?: boolean | undefined;
  readonly requiresRepublish?: boolean | undefined;
  readonly seLinuxMount?: boolean | undefined;
  readonly serviceAccountTokenInSecrets?: boolean | undefined;
  readonly storageCapacity?: boolean | undefined;
  readonly tokenRequests?: readonly V1TokenRequest[] | undefined;
  readonly volumeLifecycleModes?: readonly string[] | undefined;
}

export interface V1CSINode {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1CSINodeSpec;
}

export interface V1CSINodeDriver {
  readonly allocatable?: V1VolumeNodeResources | undefined;
  readonly name: string;
  readonly nodeID: string;
  readonly topologyKeys?: readonly string[] | undefined;
}

export interface V1CSINodeSpec {
  readonly drivers: readonly V1CSINodeDriver[];
}

export interface V1CSIStorageCapacity {
  readonly apiVersion: string;
  readonly capacity?: string | undefined;
  readonly kind: string;
  readonly maximumVolumeSize?: string | undefined;
  readonly metadata: V1ObjectMeta;
  readonly nodeTopology?: V1LabelSelector | undefined;
  readonly storageClassName: string;
}

export interface V1StorageClass {
  readonly allowVolumeExpansion?: boolean | undefined;
  readonly allowedTopologies?: readonly V1TopologySelectorTerm[] | undefined;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly mountOptions?: readonly string[] | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly provisioner: string;
  readonly reclaimPolicy?: string | undefined;
  readonly volumeBindingMode?: string | undefined;
}

export interface V1TokenRequest {
  readonly audience: string;
  readonly expirationSeconds?: number | undefined;
}

export interface V1VolumeAttachment {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1VolumeAttachmentSpec;
  readonly status?: V1VolumeAttachmentStatus | undefined;
}

export interface V1VolumeAttachmentSource {
  readonly inlineVolumeSpec?: V1PersistentVolumeSpec | undefined;
  readonly persistentVolumeName?: string | undefined;
}

export interface V1VolumeAttachmentSpec {
  readonly attacher: string;
  readonly nodeName: string;
  readonly source: V1VolumeAttachmentSource;
}

export interface V1VolumeAttachmentStatus {
  readonly attachError?: V1VolumeError | undefined;
  readonly attached: boolean;
  readonly attachmentMetadata?: Readonly<Record<string, string>> | undefined;
  readonly detachError?: V1VolumeError | undefined;
}

export interface V1VolumeAttributesClass {
  readonly apiVersion: string;
  readonly driverName: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

export interface V1VolumeError {
  readonly errorCode?: number | undefined;
  readonly message?: string | undefined;
  readonly time?: string | undefined;
}

export interface V1VolumeNodeResources {
  readonly count?: number | undefined;
}
