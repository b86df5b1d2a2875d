/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1CrossVersionObjectReference {
  readonly apiVersion?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

export interface V1HorizontalPodAutoscaler {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1HorizontalPodAutoscalerSpec;
  readonly status?: V1HorizontalPodAutoscalerStatus | undefined;
}

export interface V1HorizontalPodAutoscalerSpec {
  readonly maxReplicas: number;
  readonly minReplicas?: number | undefined;
  readonly scaleTargetRef: V1CrossVersionObjectReference;
  readonly targetCPUUtilizationPercentage?: number | undefined;
}

export interface V1HorizontalPodAutoscalerStatus {
  readonly currentCPUUtilizationPercentage?: number | undefined;
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly lastScaleTime?: string | undefined;
  readonly observedGeneration?: number | undefined;
}

export interface V1Scale {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly metadata?: V1ObjectMeta | undefined;
  readonly spec?: V1ScaleSpec | undefined;
  readonly status?: V1ScaleStatus | undefined;
}

export interface V1ScaleSpec {
  readonly replicas?: number | undefined;
}

export interface V1ScaleStatus {
  readonly replicas: number;
  readonly selector?: string | undefined;
}
