/** Generated from types.json by generate.ts; do not edit. */
import type { V1Condition, V1DeleteOptions, V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1Eviction {
  readonly apiVersion?: string | undefined;
  readonly deleteOptions?: V1DeleteOptions | undefined;
  readonly kind?: string | undefined;
  readonly metadata?: V1ObjectMeta | undefined;
}

export interface V1PodDisruptionBudget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1PodDisruptionBudgetSpec | undefined;
  readonly status?: V1PodDisruptionBudgetStatus | undefined;
}

export interface V1PodDisruptionBudgetSpec {
  readonly maxUnavailable?: number | string | undefined;
  readonly minAvailable?: number | string | undefined;
  readonly selector?: V1LabelSelector | undefined;
  readonly unhealthyPodEvictionPolicy?: string | undefined;
}

export interface V1PodDisruptionBudgetStatus {
  readonly conditions?: readonly V1Condition[] | undefined;
  readonly currentHealthy?: number | undefined;
  readonly desiredHealthy?: number | undefined;
  readonly disruptedPods?: Readonly<Record<string, string>> | undefined;
  readonly disruptionsAllowed?: number | undefined;
  readonly expectedPods?: number | undefined;
  readonly observedGeneration?: number | undefined;
}
