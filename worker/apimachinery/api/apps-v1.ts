/** Generated from types.json by generate.ts; do not edit. */
import type { V1PersistentVolumeClaim, V1PodTemplateSpec } from "./core-v1.ts";
import type { V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1ControllerRevision {
  readonly apiVersion: string;
  readonly data?: unknown | undefined;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly revision: number;
}

export interface V1DaemonSet {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1DaemonSetSpec | undefined;
  readonly status?: V1DaemonSetStatus | undefined;
}

export interface V1DaemonSetCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1DaemonSetSpec {
  readonly minReadySeconds?: number | undefined;
  readonly revisionHistoryLimit?: number | undefined;
  readonly selector: V1LabelSelector;
  readonly template: V1PodTemplateSpec;
  readonly updateStrategy?: V1DaemonSetUpdateStrategy | undefined;
}

export interface V1DaemonSetStatus {
  readonly collisionCount?: number | undefined;
  readonly conditions?: readonly V1DaemonSetCondition[] | undefined;
  readonly currentNumberScheduled: number;
  readonly desiredNumberScheduled: number;
  readonly numberAvailable?: number | undefined;
  readonly numberMisscheduled: number;
  readonly numberReady: number;
  readonly numberUnavailable?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly updatedNumberScheduled?: number | undefined;
}

export interface V1DaemonSetUpdateStrategy {
  readonly rollingUpdate?: V1RollingUpdateDaemonSet | undefined;
  readonly type?: string | undefined;
}

export interface V1Deployment {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1DeploymentSpec | undefined;
  readonly status?: V1DeploymentStatus | undefined;
}

export interface V1DeploymentCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly lastUpdateTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1DeploymentSpec {
  readonly minReadySeconds?: number | undefined;
  readonly paused?: boolean | undefined;
  readonly progressDeadlineSeconds?: number | undefined;
  readonly replicas?: number | undefined;
  readonly revisionHistoryLimit?: number | undefined;
  readonly selector: V1LabelSelector;
  readonly strategy?: V1DeploymentStrategy | undefined;
  readonly template: V1PodTemplateSpec;
}

export interface V1DeploymentStatus {
  readonly availableReplicas?: number | undefined;
  readonly collisionCount?: number | undefined;
  readonly conditions?: readonly V1DeploymentCondition[] | undefined;
  readonly observedGeneration?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly replicas?: number | undefined;
  readonly terminatingReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
}

export interface V1DeploymentStrategy {
  readonly rollingUpdate?: V1RollingUpdateDeployment | undefined;
  readonly type?: string | undefined;
}

export interface V1ReplicaSet {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1ReplicaSetSpec | undefined;
  readonly status?: V1ReplicaSetStatus | undefined;
}

export interface V1ReplicaSetCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1ReplicaSetSpec {
  readonly minReadySeconds?: number | undefined;
  readonly replicas?: number | undefined;
  readonly selector: V1LabelSelector;
  readonly template?: V1PodTemplateSpec | undefined;
}

export interface V1ReplicaSetStatus {
  readonly availableReplicas?: number | undefined;
  readonly conditions?: readonly V1ReplicaSetCondition[] | undefined;
  readonly fullyLabeledReplicas?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly replicas: number;
  readonly terminatingReplicas?: number | undefined;
}

export interface V1RollingUpdateDaemonSet {
  readonly maxSurge?: number | string | undefined;
  readonly maxUnavailable?: number | string | undefined;
}

export interface V1RollingUpdateDeployment {
  readonly maxSurge?: number | string | undefined;
  readonly maxUnavailable?: number | string | undefined;
}

export interface V1RollingUpdateStatefulSetStrategy {
  readonly maxUnavailable?: number | string | undefined;
  readonly partition?: number | undefined;
}

export interface V1StatefulSet {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1StatefulSetSpec | undefined;
  readonly status?: V1StatefulSetStatus | undefined;
}

export interface V1StatefulSetCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1StatefulSetOrdinals {
  readonly start?: number | undefined;
}

export interface V1StatefulSetPersistentVolumeClaimRetentionPolicy {
  readonly whenDeleted?: string | undefined;
  readonly whenScaled?: string | undefined;
}

export interface V1StatefulSetSpec {
  readonly minReadySeconds?: number | undefined;
  readonly ordinals?: V1StatefulSetOrdinals | undefined;
  readonly persistentVolumeClaimRetentionPolicy?: V1StatefulSetPersistentVolumeClaimRetentionPolicy | undefined;
  readonly podManagementPolicy?: string | undefined;
  readonly replicas?: number | undefined;
  readonly revisionHistoryLimit?: number | undefined;
  readonly selector: V1LabelSelector;
  readonly serviceName?: string | undefined;
  readonly template: V1PodTemplateSpec;
  readonly updateStrategy?: V1StatefulSetUpdateStrategy | undefined;
  readonly volumeClaimTemplates?: readonly V1PersistentVolumeClaim[] | undefined;
}

export interface V1StatefulSetStatus {
  readonly availableReplicas?: number | undefined;
  readonly collisionCount?: number | undefined;
  readonly conditions?: readonly V1StatefulSetCondition[] | undefined;
  readonly currentReplicas?: number | undefined;
  readonly currentRevision?: string | undefined;
  readonly observedGeneration?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly replicas: number;
  readonly updateRevision?: string | undefined;
  readonly updatedReplicas?: number | undefined;
}

export interface V1StatefulSetUpdateStrategy {
  readonly rollingUpdate?: V1RollingUpdateStatefulSetStrategy | undefined;
  readonly type?: string | undefined;
}
