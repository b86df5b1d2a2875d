/** A metric as autoscaling/v1 writes it into an annotation, and back. Upstream: pkg/apis/autoscaling/v1/conversion.go. */
import type {
  V2MetricIdentifier,
  V2MetricSpec,
  V2MetricStatus,
  V2MetricTarget,
  V2MetricValueStatus,
} from "#apimachinery/api/autoscaling-v2.ts";

type Json = Record<string, unknown>;
type Inner = Readonly<Record<string, never>>;

const present = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const identified = ({ name, selector }: V2MetricIdentifier, label: string): Json => ({
  metricName: name,
  [label]: selector,
});
const identifier = (one: Json, label: string): Json =>
  present({ name: one["metricName"] ?? "", selector: one[label] });

/** Of one sort of metric each way: what it is measured by, and how much is wanted or there. */
interface Sort {
  toVersion1(one: Inner, amount: Json): Json;
  fromVersion1(one: Json): { readonly of: Json; readonly amount: Json };
}

const ofResource = (more: (one: Json) => Json): Sort => ({
  toVersion1: (one: Json, amount) =>
    present({
      name: one["name"],
      averageUtilization: amount["averageUtilization"],
      averageValue: amount["averageValue"],
      ...more(one),
    }),
  fromVersion1: (one) => ({
    of: { name: one["name"] ?? "", ...more(one) },
    amount: { averageUtilization: one["averageUtilization"], averageValue: one["averageValue"] },
  }),
});

const sorts: Readonly<Record<string, Sort>> = {
  object: {
    toVersion1: (one, amount) =>
      present({
        target: one["describedObject"],
        ...identified(one["metric"] ?? { name: "" }, "selector"),
        value: amount["value"] ?? "0",
        ownAverage: amount["averageValue"],
      }),
    fromVersion1: (one) => ({
      of: { describedObject: one["target"], metric: identifier(one, "selector") },
      amount: {
        value: one["ownAverage"] === undefined ? one["value"] : undefined,
        averageValue: one["ownAverage"],
      },
    }),
  },
  pods: {
    toVersion1: (one, amount) =>
      present({
        ...identified(one["metric"] ?? { name: "" }, "selector"),
        averageValue: amount["averageValue"] ?? "0",
      }),
    fromVersion1: (one) => ({
      of: { metric: identifier(one, "selector") },
      amount: { averageValue: one["averageValue"] },
    }),
  },
  resource: ofResource(() => ({})),
  containerResource: ofResource((one) => ({ container: one["container"] ?? "" })),
  external: {
    toVersion1: (one, amount) =>
      present({
        ...identified(one["metric"] ?? { name: "" }, "metricSelector"),
        value: amount["value"],
        averageValue: amount["averageValue"],
      }),
    fromVersion1: (one) => ({
      of: { metric: identifier(one, "metricSelector") },
      amount: { value: one["value"], averageValue: one["averageValue"] },
    }),
  },
};

/** `averageValue` is `targetAverageValue` of what is wanted, `currentAverageValue` of what is there. */
const amountNames = ["value", "averageValue", "averageUtilization"];
const prefixed = (prefix: string, name: string): string =>
  prefix + name.charAt(0).toUpperCase() + name.slice(1);
function renamed(fields: Json, nameOf: (name: string) => string): Json {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [nameOf(name), value]));
}

/** `part`: where v2 keeps the amount. */
const converter =
  (part: "target" | "current", prefix: "target" | "current") =>
  (metric: V2MetricSpec | V2MetricStatus): Json => {
    const made: Json = { type: metric.type };
    for (const [name, sort] of Object.entries(sorts)) {
      const one = (metric as unknown as Record<string, Record<string, Json>>)[name];
      if (one === undefined) continue;
      const fields = sort.toVersion1(one as Inner, one[part] ?? {});
      made[name] = renamed(fields, (field) =>
        field === "ownAverage"
          ? "averageValue"
          : amountNames.includes(field)
            ? prefixed(prefix, field)
            : field,
      );
    }
    return made;
  };
export const metricOfVersion1: (metric: V2MetricSpec) => Json = converter("target", "target");
export const statusOfVersion1: (metric: V2MetricStatus) => Json = converter("current", "current");

const reader =
  (prefix: "target" | "current") =>
  (given: Json): { readonly type: string; readonly parts: readonly [string, Json, Json][] } => {
    const parts: [string, Json, Json][] = [];
    for (const [name, sort] of Object.entries(sorts)) {
      const one = given[name] as Json | undefined;
      if (one === undefined) continue;
      const plain = renamed(one, (field) => {
        if (field === "averageValue") return "ownAverage";
        return amountNames.find((amount) => prefixed(prefix, amount) === field) ?? field;
      });
      const { of, amount } = sort.fromVersion1(plain);
      parts.push([name, of, present(amount)]);
    }
    return { type: String(given["type"]), parts };
  };
const wanted = reader("target");
const there = reader("current");

const targetType = (amount: Json): string =>
  amount["averageUtilization"] !== undefined
    ? "Utilization"
    : amount["averageValue"] !== undefined
      ? "AverageValue"
      : "Value";

export function metricOf(given: Json): V2MetricSpec {
  const { type, parts } = wanted(given);
  const made = parts.map(([name, of, amount]) => {
    const target = { type: targetType(amount), ...amount } as V2MetricTarget;
    return [name, { ...of, target }];
  });
  return { type, ...Object.fromEntries(made) } as V2MetricSpec;
}
export function statusOf(given: Json): V2MetricStatus {
  const { type, parts } = there(given);
  const made = parts.map(([name, of, amount]) => [
    name,
    { ...of, current: amount as V2MetricValueStatus },
  ]);
  return { type, ...Object.fromEntries(made) } as V2MetricStatus;
}
