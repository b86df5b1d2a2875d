/**
 * Schedules in cron's words: what is wrong with one, as upstream's parser says it.
 * Upstream: github.com/robfig/cron/v3 parser.go ParseStandard.
 */
import { Cron } from "croner";

interface Part {
  readonly least: number;
  readonly most: number;
  readonly names?: Readonly<Record<string, number>>;
}
const numbered = (names: readonly string[], from: number): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name, i) => [name, i + from]));
const parts: readonly Part[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  {
    least: 1,
    most: 12,
    names: numbered("jan feb mar apr may jun jul aug sep oct nov dec".split(" "), 1),
  },
  { least: 0, most: 6, names: numbered("sun mon tue wed thu fri sat".split(" "), 0) },
];
const descriptors = new Set(
  "@yearly @annually @monthly @weekly @daily @midnight @hourly".split(" "),
);

/** Nothing when it can be followed. */
export function scheduleProblem(text: string): string | undefined {
  const zone = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text);
  const rest = zone?.[2] ?? text;
  if (rest.startsWith("@")) return descriptorProblem(rest);
  const fields = rest.trim().split(/\s+/);
  if (rest.trim() === "" || fields.length !== parts.length) {
    const found = rest.trim() === "" ? [] : fields;
    return `expected exactly ${parts.length} fields, found ${found.length}: [${found.join(" ")}]`;
  }
  for (const [i, part] of parts.entries()) {
    const problem = fieldProblem(fields[i] ?? "", part);
    if (problem !== undefined) return problem;
  }
  return isFollowed(rest) ? undefined : `failed to parse ${rest}`;
}
/** What runs the Jobs must understand it as well. */
function isFollowed(text: string): boolean {
  try {
    return new Cron(text, { paused: true, mode: "5-part" }).getPattern() !== undefined;
  } catch {
    return false;
  }
}

function descriptorProblem(text: string): string | undefined {
  if (descriptors.has(text)) return undefined;
  const [, every] = /^@every (.*)$/.exec(text) ?? [];
  if (every === undefined) return `unrecognized descriptor: ${text}`;
  return /^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$/.test(every)
    ? undefined
    : `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(every)}`;
}

function fieldProblem(field: string, part: Part): string | undefined {
  for (const expression of field.split(",").filter((one) => one !== "")) {
    const problem = rangeProblem(expression, part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** `*`, `?`, `5`, `mon-fri`, any of them with a step. */
function rangeProblem(text: string, part: Part): string | undefined {
  const [range = "", step, ...moreSteps] = text.split("/");
  const [low = "", high, ...moreEnds] = range.split("-");
  let first = part.least;
  let last = part.most;
  if (low !== "*" && low !== "?") {
    if (moreEnds.length > 0) return `too many hyphens: ${text}`;
    const start = numberOf(low, part.names);
    if (typeof start === "string") return start;
    const end = high === undefined ? start : numberOf(high, part.names);
    if (typeof end === "string") return end;
    first = start;
    last = high === undefined && step !== undefined ? part.most : end;
  }
  if (moreSteps.length > 0) return `too many slashes: ${text}`;
  const by = step === undefined ? 1 : numberOf(step, undefined);
  if (typeof by === "string") return by;
  if (first < part.least)
    return `beginning of range (${first}) below minimum (${part.least}): ${text}`;
  if (last > part.most) return `end of range (${last}) above maximum (${part.most}): ${text}`;
  if (first > last) return `beginning of range (${first}) beyond end of range (${last}): ${text}`;
  return by === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

/** The number, or why it is none. */
function numberOf(text: string, names: Part["names"]): number | string {
  const named = names?.[text.toLowerCase()];
  if (named !== undefined) return named;
  if (/^[+]?\d+$/.test(text)) return Number(text);
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`;
  const quoted = JSON.stringify(text);
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${quoted}: invalid syntax`;
}
