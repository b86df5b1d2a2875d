/** How fast it scales, as upstream writes it into an annotation: its internal type, whose names begin with capitals. */
import type {
  V2HorizontalPodAutoscalerBehavior,
  V2HPAScalingRules,
} from "#apimachinery/api/autoscaling-v2.ts";
import { decodeObject } from "#apimachinery/api/decode.ts";

interface Rules {
  readonly StabilizationWindowSeconds: number | null;
  readonly SelectPolicy: string | null;
  readonly Policies:
    | readonly { readonly Type: string; readonly Value: number; readonly PeriodSeconds: number }[]
    | null;
  readonly Tolerance: string | null;
}
interface Behavior {
  readonly ScaleUp: Rules | null;
  readonly ScaleDown: Rules | null;
}

const written = (rules: V2HPAScalingRules | undefined): Rules | null =>
  rules === undefined
    ? null
    : {
        StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
        SelectPolicy: rules.selectPolicy ?? null,
        Policies:
          rules.policies?.map(({ type, value, periodSeconds }) => ({
            Type: type,
            Value: value,
            PeriodSeconds: periodSeconds,
          })) ?? null,
        Tolerance: rules.tolerance ?? null,
      };

export function behaviorText({ scaleUp, scaleDown }: V2HorizontalPodAutoscalerBehavior): string {
  const made: Behavior = { ScaleUp: written(scaleUp), ScaleDown: written(scaleDown) };
  return JSON.stringify(made);
}

/** Null is what was not set. */
const told = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );

function read(rules: Partial<Rules> | null | undefined): V2HPAScalingRules | undefined {
  if (rules === null || rules === undefined) return undefined;
  return told({
    stabilizationWindowSeconds: rules.StabilizationWindowSeconds,
    selectPolicy: rules.SelectPolicy,
    policies: rules.Policies?.map(({ Type, Value, PeriodSeconds }) => ({
      type: Type,
      value: Value,
      periodSeconds: PeriodSeconds,
    })),
    tolerance: rules.Tolerance,
  });
}

/** Undefined for what says nothing, or is not well formed. */
export function behaviorFrom(
  text: string | undefined,
): V2HorizontalPodAutoscalerBehavior | undefined {
  if (text === undefined) return undefined;
  try {
    const { ScaleUp, ScaleDown } = JSON.parse(text) as Partial<Behavior>;
    const scaleUp = read(ScaleUp);
    const scaleDown = read(ScaleDown);
    if (scaleUp === undefined && scaleDown === undefined) return undefined;
    const made = {
      ...(scaleUp === undefined ? {} : { scaleUp }),
      ...(scaleDown === undefined ? {} : { scaleDown }),
    };
    const { error } = decodeObject(made, "autoscaling.v2.HorizontalPodAutoscalerBehavior");
    return error === undefined ? made : undefined;
  } catch {
    return undefined;
  }
}
