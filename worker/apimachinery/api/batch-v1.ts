/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectReference, V1PodTemplateSpec } from "./core-v1.ts";
import type { V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1CronJob {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1CronJobSpec;
  readonly status?: V1CronJobStatus | undefined;
}

export interface V1CronJobSpec {
  readonly concurrencyPolicy?: string | undefined;
  readonly failedJobsHistoryLimit?: number | undefined;
  readonly jobTemplate: V1JobTemplateSpec;
  readonly schedule: string;
  readonly startingDeadlineSeconds?: number | undefined;
  readonly successfulJobsHistoryLimit?: number | undefined;
  readonly suspend?: boolean | undefined;
  readonly timeZone?: string | undefined;
}

export interface V1CronJobStatus {
  readonly active?: readonly V1ObjectReference[] | undefined;
  readonly lastScheduleTime?: string | undefined;
  readonly lastSuccessfulTime?: string | undefined;
}

export interface V1Job {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1JobSpec | undefined;
  readonly status?: V1JobStatus | undefined;
}

export interface V1JobCondition {
  readonly lastProbeTime?: string | null | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1JobSpec {
  readonly activeDeadlineSeconds?: number | undefined;
  readonly backoffLimit?: number | undefined;
  readonly backoffLimitPerIndex?: number | undefined;
  readonly completionMode?: string | undefined;
  readonly completions?: number | undefined;
  readonly managedBy?: string | undefined;
  readonly manualSelector?: boolean | undefined;
  readonly maxFailedIndexes?: number | undefined;
  readonly parallelism?: number | undefined;
  readonly podFailurePolicy?: V1PodFailurePolicy | undefined;
  readonly podReplacementPolicy?: string | undefined;
  readonly selector?: V1LabelSelector | undefined;
  readonly successPolicy?: V1SuccessPolicy | undefined;
  readonly suspend?: boolean | undefined;
  readonly template: V1PodTemplateSpec;
  readonly ttlSecondsAfterFinished?: number | undefined;
}

export interface V1JobStatus {
  readonly active?: number | undefined;
  readonly completedIndexes?: string | undefined;
  readonly completionTime?: string | undefined;
  readonly conditions?: readonly V1JobCondition[] | undefined;
  readonly failed?: number | undefined;
  readonly failedIndexes?: string | undefined;
  readonly ready?: number | undefined;
  readonly startTime?: string | undefined;
  readonly succeeded?: number | undefined;
  readonly terminating?: number | undefined;
  readonly uncountedTerminatedPods?: V1UncountedTerminatedPods | undefined;
}

export interface V1JobTemplateSpec {
  readonly metadata?: V1ObjectMeta | undefined;
  readonly spec?: V1JobSpec | undefined;
}

export interface V1PodFailurePolicy {
  readonly rules: readonly V1PodFailurePolicyRule[];
}

export interface V1PodFailurePolicyOnExitCodesRequirement {
  readonly containerName?: string | undefined;
  readonly operator: string;
  readonly values: readonly number[];
}

export interface V1PodFailurePolicyOnPodConditionsPattern {
  readonly status?: string | undefined;
  readonly type: string;
}

export interface V1PodFailurePolicyRule {
  readonly action: string;
  readonly onExitCodes?: V1PodFailurePolicyOnExitCodesRequirement | undefined;
  readonly onPodConditions?: readonly V1PodFailurePolicyOnPodConditionsPattern[] | undefined;
}

export interface V1SuccessPolicy {
  readonly rules: readonly V1SuccessPolicyRule[];
}

export interface V1SuccessPolicyRule {
  readonly succeededCount?: number | undefined;
  readonly succeededIndexes?: string | undefined;
}

export interface V1UncountedTerminatedPods {
  readonly failed?: readonly string[] | undefined;
  readonly succeeded?: readonly string[] | undefined;
}
