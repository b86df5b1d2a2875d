/** What a person may ask of the clock: `mode`, `speed`, `step`, `until`, `skip`, `component`. */
import { type StatusCause, unprocessable } from "#apimachinery/status.ts";
import { type ClockMode, clockModes } from "#apiserver/rpc.ts";
import { speedRange } from "#cluster/clock.ts";

/** `pods=3`: so many Pods outside kube-system exist, have a node, are Ready. */
export interface Until {
  readonly what: "pods" | "bound" | "ready";
  readonly count: number;
}
export interface ClockOrder {
  readonly mode: ClockMode | undefined;
  readonly speed: number | undefined;
  /** Visible steps to take, 1 to 10,000. */
  readonly step: number | undefined;
  /** Take only steps of this component. */
  readonly component: string | undefined;
  readonly until: Until | undefined;
  readonly skipMs: number | undefined;
}

export const mostSteps = 10_000;
/** A year: what may be skipped at once. */
const longestSkipMs = 365 * 24 * 3_600_000;
const known = ["mode", "speed", "step", "until", "skip", "component"];
const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `6m`, `1h30m`, `90s`, `500ms`; a bare number is seconds. Undefined: not a duration. */
export function durationMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (units[unit ?? ""] ?? 0);
  }
  return total;
}

/** Throws a 422 Status that names every field that is wrong. */
export function clockOrder(asked: Readonly<Record<string, unknown>>): ClockOrder {
  const causes: StatusCause[] = [];
  const wrong = (field: string, message: string): undefined => {
    causes.push({ reason: "FieldValueInvalid", field, message });
    return undefined;
  };
  const text = (field: string): string | undefined => {
    const value = asked[field];
    return value === undefined || value === null || value === "" ? undefined : String(value);
  };
  for (const field of Object.keys(asked)) {
    if (!known.includes(field)) wrong(field, `unknown; the clock takes ${known.join(", ")}`);
  }
  const number = (field: string, low: number, high: number, whole: boolean): number | undefined => {
    const value = text(field);
    if (value === undefined) return undefined;
    const parsed = Number(value);
    const fine = parsed >= low && parsed <= high && (!whole || Number.isInteger(parsed));
    return fine
      ? parsed
      : wrong(field, `must be ${whole ? "a whole number" : "a number"} from ${low} to ${high}`);
  };
  const mode = text("mode");
  const until = text("until");
  const skip = text("skip");
  const order: ClockOrder = {
    mode:
      mode === undefined || (clockModes as readonly string[]).includes(mode)
        ? (mode as ClockMode | undefined)
        : wrong("mode", `must be one of ${clockModes.join(", ")}`),
    speed: number("speed", speedRange[0], speedRange[1], false),
    step: number("step", 1, mostSteps, true),
    component: text("component"),
    until:
      until === undefined
        ? undefined
        : (untilOf(until) ?? wrong("until", "must be pods=N, bound=N or ready=N")),
    skipMs:
      skip === undefined
        ? undefined
        : (skipOf(skip) ?? wrong("skip", "must be a duration like 90s, 6m or 1h30m, at most 365d")),
  };
  if (causes.length > 0) throw unprocessable("clock", causes);
  return order;
}

function untilOf(text: string): Until | undefined {
  const [, what, count] = /^(pods|bound|ready)=(\d{1,6})$/.exec(text) ?? [];
  return what === undefined ? undefined : { what: what as Until["what"], count: Number(count) };
}

function skipOf(text: string): number | undefined {
  const ms = durationMs(text);
  return ms !== undefined && ms > 0 && ms <= longestSkipMs ? ms : undefined;
}
