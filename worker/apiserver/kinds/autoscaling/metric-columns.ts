/** `cpu: 12%/80%` and the like. Upstream: pkg/printers/internalversion/printers.go formatHPAMetrics. */
import type {
  V2HorizontalPodAutoscaler,
  V2MetricSpec,
  V2MetricStatus,
  V2MetricTarget,
  V2MetricValueStatus,
} from "#apimachinery/api/autoscaling-v2.ts";
import { fieldOf, type Source } from "./metric-source.ts";

const unknown = "<unknown>";
const shown = 2;

interface Measured {
  readonly name?: string;
  readonly target?: V2MetricTarget;
  readonly current?: V2MetricValueStatus;
}
const part = (of: V2MetricSpec | V2MetricStatus | undefined, source: Source): Measured =>
  ((of as Readonly<Record<string, unknown>> | undefined)?.[source] ?? {}) as Measured;

function text(metric: V2MetricSpec, status: V2MetricStatus | undefined): string {
  const source = fieldOf[metric.type];
  if (source === undefined) return "<unknown type>";
  const { name = "", target } = part(metric, source);
  const { current } = part(status, source);
  const { averageValue, averageUtilization, value } = target ?? { type: "" };
  if (source === "resource" || source === "containerResource") {
    if (averageValue !== undefined)
      return `${name}: ${current?.averageValue ?? unknown}/${averageValue}`;
    const is =
      current?.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`;
    return `${name}: ${is}/${averageUtilization === undefined ? "<auto>" : `${averageUtilization}%`}`;
  }
  if (source === "pods" || averageValue !== undefined) {
    const suffix = source === "pods" ? "" : " (avg)";
    return `${current?.averageValue ?? unknown}/${averageValue ?? ""}${suffix}`;
  }
  return `${current?.value ?? unknown}/${value ?? ""}`;
}

export function targets({ spec, status }: V2HorizontalPodAutoscaler): string {
  const all = spec?.metrics ?? [];
  if (all.length === 0) return "<none>";
  const texts = all.slice(0, shown).map((one, i) => text(one, status?.currentMetrics?.[i]));
  const rest = all.length - texts.length;
  return texts.join(", ") + (rest > 0 ? ` + ${rest} more...` : "");
}
