/** Generated from types.json by generate.ts; do not edit. */
import type { V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V2ContainerResourceMetricSource {
  readonly container: string;
  readonly name: string;
  readonly target: V2MetricTarget;
}

export interface V2ContainerResourceMetricStatus {
  readonly container: string;
  readonly current: V2MetricValueStatus;
  readonly name: string;
}

export interface V2CrossVersionObjectReference {
  readonly apiVersion?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

export interface V2ExternalMetricSource {
  readonly metric: V2MetricIdentifier;
  readonly target: V2MetricTarget;
}

export interface V2ExternalMetricStatus {
  readonly current: V2MetricValueStatus;
  readonly metric: V2MetricIdentifier;
}

export interface V2HPAScalingPolicy {
  readonly periodSeconds: number;
  readonly type: string;
  readonly value: number;
}

export interface V2HPAScalingRules {
  readonly policies?: readonly V2HPAScalingPolicy[] | undefined;
  readonly selectPolicy?: string | undefined;
  readonly stabilizationWindowSeconds?: number | undefined;
  readonly tolerance?: string | undefined;
}

export interface V2HorizontalPodAutoscaler {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V2HorizontalPodAutoscalerSpec;
  readonly status?: V2HorizontalPodAutoscalerStatus | undefined;
}

export interface V2HorizontalPodAutoscalerBehavior {
  readonly scaleDown?: V2HPAScalingRules | undefined;
  readonly scaleUp?: V2HPAScalingRules | undefined;
}

export interface V2HorizontalPodAutoscalerCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V2HorizontalPodAutoscalerSpec {
  readonly behavior?: V2HorizontalPodAutoscalerBehavior | undefined;
  readonly maxReplicas: number;
  readonly metrics?: readonly V2MetricSpec[] | undefined;
  readonly minReplicas?: number | undefined;
  readonly scaleTargetRef: V2CrossVersionObjectReference;
}

export interface V2HorizontalPodAutoscalerStatus {
  readonly conditions?: readonly V2HorizontalPodAutoscalerCondition[] | undefined;
  readonly currentMetrics?: readonly V2MetricStatus[] | undefined;
  readonly currentReplicas?: number | undefined;
  readonly desiredReplicas: number;
  readonly lastScaleTime?: string | undefined;
  readonly observedGeneration?: number | undefined;
}

export interface V2MetricIdentifier {
  readonly name: string;
  readonly selector?: V1LabelSelector | undefined;
}

export interface V2MetricSpec {
  readonly containerResource?: V2ContainerResourceMetricSource | undefined;
  readonly external?: V2ExternalMetricSource | undefined;
  readonly object?: V2ObjectMetricSource | undefined;
  readonly pods?: V2PodsMetricSource | undefined;
  readonly resource?: V2ResourceMetricSource | undefined;
  readonly type: string;
}

export interface V2MetricStatus {
  readonly containerResource?: V2ContainerResourceMetricStatus | undefined;
  readonly external?: V2ExternalMetricStatus | undefined;
  readonly object?: V2ObjectMetricStatus | undefined;
  readonly pods?: V2PodsMetricStatus | undefined;
  readonly resource?: V2ResourceMetricStatus | undefined;
  readonly type: string;
}

export interface V2MetricTarget {
  readonly averageUtilization?: number | undefined;
  readonly averageValue?: string | undefined;
  readonly type: string;
  readonly value?: string | undefined;
}

export interface V2MetricValueStatus {
  readonly averageUtilization?: number | undefined;
  readonly averageValue?: string | undefined;
  readonly value?: string | undefined;
}

export interface V2ObjectMetricSource {
  readonly describedObject: V2CrossVersionObjectReference;
  readonly metric: V2MetricIdentifier;
  readonly target: V2MetricTarget;
}

export interface V2ObjectMetricStatus {
  readonly current: V2MetricValueStatus;
  readonly describedObject: V2CrossVersionObjectReference;
  readonly metric: V2MetricIdentifier;
}

export interface V2PodsMetricSource {
  readonly metric: V2MetricIdentifier;
  readonly target: V2MetricTarget;
}

export interface V2PodsMetricStatus {
  readonly current: V2MetricValueStatus;
  readonly metric: V2MetricIdentifier;
}

export interface V2ResourceMetricSource {
  readonly name: string;
  readonly target: V2MetricTarget;
}

export interface V2ResourceMetricStatus {
  readonly current: V2MetricValueStatus;
  readonly name: string;
}
