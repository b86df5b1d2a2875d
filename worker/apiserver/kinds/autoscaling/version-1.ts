/**
 * HorizontalPodAutoscaler as autoscaling/v1: one percentage of the cpu. All that v2 says beside it goes along in
 * annotations, so that whoever reads by v1 and writes back takes nothing away.
 * Upstream: pkg/apis/autoscaling/v1/conversion.go, pkg/apis/autoscaling/helpers.go.
 */
import type { V1HorizontalPodAutoscaler } from "#apimachinery/api/autoscaling-v1.ts";
import type {
  V2HorizontalPodAutoscaler,
  V2HorizontalPodAutoscalerCondition,
  V2HorizontalPodAutoscalerSpec,
  V2HorizontalPodAutoscalerStatus,
  V2MetricSpec,
  V2MetricStatus,
} from "#apimachinery/api/autoscaling-v2.ts";
import { decodeObject } from "#apimachinery/api/decode.ts";
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";
import { behaviorFrom, behaviorText } from "./version-1-behavior.ts";
import { metricOf, metricOfVersion1, statusOf, statusOfVersion1 } from "./version-1-metrics.ts";

const version2 = "autoscaling.v2";
const prefix = "autoscaling.alpha.kubernetes.io/";
const carried = {
  metrics: `${prefix}metrics`,
  statuses: `${prefix}current-metrics`,
  conditions: `${prefix}conditions`,
  behavior: `${prefix}behavior`,
} as const;
const names: readonly string[] = Object.values(carried);

type Annotations = Readonly<Record<string, string>>;
type Json = Record<string, unknown>;

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** The same metadata when there is nothing to carry and nothing is carried. */
function carrying(metadata: V1ObjectMeta, more: Annotations): V1ObjectMeta {
  const given = metadata.annotations;
  const isCarried = given !== undefined && names.some((name) => given[name] !== undefined);
  if (!isCarried && Object.keys(more).length === 0) return metadata;
  const kept = Object.entries(given ?? {}).filter(([name]) => !names.includes(name));
  const annotations = { ...Object.fromEntries(kept), ...more };
  const { annotations: _given, ...rest } = metadata;
  return Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
}

/** A percentage of the cpu is what v1 can say itself. */
const percentOf = ({ type, resource }: V2MetricSpec): number | undefined =>
  type === "Resource" && resource?.name === "cpu" ? resource.target.averageUtilization : undefined;

export function toVersion1(stored: V2HorizontalPodAutoscaler): V1HorizontalPodAutoscaler {
  const { metadata, spec, status } = stored;
  const { metrics = [], behavior } = spec ?? {};
  const others = metrics.filter((one) => percentOf(one) === undefined);
  const { currentMetrics = [], conditions = [] } = status ?? {};
  const text = (list: readonly unknown[]): string | undefined =>
    list.length === 0 ? undefined : JSON.stringify(list);
  const more = present({
    [carried.metrics]: text(others.map(metricOfVersion1)),
    [carried.statuses]: text(currentMetrics.map(statusOfVersion1)),
    [carried.conditions]: text(
      conditions.map(({ lastTransitionTime = null, ...one }) => ({ ...one, lastTransitionTime })),
    ),
    [carried.behavior]: behavior === undefined ? undefined : behaviorText(behavior),
  }) as Annotations;
  const { scaleTargetRef = { kind: "", name: "" }, minReplicas, maxReplicas = 0 } = spec ?? {};
  // Of several metrics of the cpu, the first speaks. Upstream: Convert_…Spec_To_v1_….
  const cpu = metrics.find(({ type, resource }) => type === "Resource" && resource?.name === "cpu");
  const current = currentMetrics.find(
    ({ type, resource }) => type === "Resource" && resource?.name === "cpu",
  );
  return {
    kind: "HorizontalPodAutoscaler",
    apiVersion: "autoscaling/v1",
    metadata: carrying(metadata, more),
    spec: present({
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      targetCPUUtilizationPercentage: cpu === undefined ? undefined : percentOf(cpu),
    }),
    status: present({
      observedGeneration: status?.observedGeneration,
      lastScaleTime: status?.lastScaleTime,
      currentReplicas: status?.currentReplicas ?? 0,
      desiredReplicas: status?.desiredReplicas ?? 0,
      currentCPUUtilizationPercentage: current?.resource?.current.averageUtilization,
    }),
  };
}

export function toVersion2(given: V1HorizontalPodAutoscaler): V2HorizontalPodAutoscaler {
  const { metadata, spec, status } = given;
  const { scaleTargetRef = { kind: "", name: "" }, minReplicas, maxReplicas = 0 } = spec ?? {};
  const annotations = metadata.annotations ?? {};
  const percent = spec?.targetCPUUtilizationPercentage;
  const cpu =
    percent === undefined
      ? []
      : [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percent } },
          },
        ];
  const metrics = [
    ...(listIn<V2MetricSpec>(annotations[carried.metrics], `${version2}.MetricSpec`, metricOf) ??
      []),
    ...cpu,
  ];
  const behavior = behaviorFrom(annotations[carried.behavior]);
  return present({
    kind: "HorizontalPodAutoscaler",
    apiVersion: "autoscaling/v2",
    metadata: carrying(metadata, {}),
    spec: present<V2HorizontalPodAutoscalerSpec>({
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      metrics: metrics.length === 0 ? undefined : (metrics as readonly V2MetricSpec[]),
      behavior,
    }),
    status: statusFrom(status, annotations),
  });
}

/** One that says nothing is none: it is shown to whoever reads the object, and comes back with it. */
function statusFrom(
  status: V1HorizontalPodAutoscaler["status"],
  annotations: Annotations,
): V2HorizontalPodAutoscalerStatus | undefined {
  const conditions = listIn<V2HorizontalPodAutoscalerCondition>(
    annotations[carried.conditions],
    `${version2}.HorizontalPodAutoscalerCondition`,
    (one) => one,
  );
  const percent = status?.currentCPUUtilizationPercentage;
  const cpu =
    percent === undefined
      ? undefined
      : [
          {
            type: "Resource",
            resource: { name: "cpu", current: { averageUtilization: percent } },
          } as V2MetricStatus,
        ];
  const made = present<V2HorizontalPodAutoscalerStatus>({
    observedGeneration: status?.observedGeneration,
    lastScaleTime: status?.lastScaleTime,
    currentReplicas: status?.currentReplicas || undefined,
    desiredReplicas: status?.desiredReplicas ?? 0,
    currentMetrics:
      listIn<V2MetricStatus>(annotations[carried.statuses], `${version2}.MetricStatus`, statusOf) ??
      cpu,
    conditions,
  });
  const says = Object.keys(made).length > 1 || made.desiredReplicas !== 0;
  return says ? made : undefined;
}

/** Read out of an annotation; what is not well formed says nothing. */
function listIn<T>(
  text: string | undefined,
  type: string,
  of: (one: Json) => unknown,
): readonly T[] | undefined {
  if (text === undefined) return undefined;
  try {
    const given = JSON.parse(text) as readonly Json[];
    if (given.some((one) => typeof one["type"] !== "string")) return undefined;
    const list = given.map(
      (one) => decodeObject(of(one), type) as { readonly value: unknown; readonly error?: string },
    );
    return list.some(({ error }) => error !== undefined)
      ? undefined
      : list.map(({ value }) => value as T);
  } catch {
    return undefined;
  }
}
