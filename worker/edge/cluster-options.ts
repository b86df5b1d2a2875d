/** `POST /clusters`: what may be asked for, and what the rest is when it is not. */
import { type StatusCause, unprocessable } from "#apimachinery/status.ts";
import { type ClusterOptions, clockModes } from "#apiserver/rpc.ts";

interface Preset {
  readonly workers: number;
  readonly zones: number;
  readonly controlPlane: 1 | 3;
}
const presets: Readonly<Record<ClusterOptions["preset"], Preset>> = {
  small: { workers: 2, zones: 1, controlPlane: 1 },
  zones: { workers: 3, zones: 3, controlPlane: 1 },
  ha: { workers: 3, zones: 3, controlPlane: 3 },
};
const known: readonly string[] = [
  "name",
  "preset",
  "workers",
  "zones",
  "controlPlane",
  "clock",
  "seed",
  "lesson",
  "o",
];
const mostWorkers = 5000;
const mostZones = 26;

/** What a lesson wants of its cluster. */
export interface LessonDefaults {
  readonly id: string;
  readonly workers?: number | undefined;
  readonly controlPlane?: 1 | 3 | undefined;
  readonly clock?: ClusterOptions["clock"] | undefined;
  readonly seed?: number | undefined;
}

/** Throws a 422 that names every option that is wrong. `lesson` resolves what `lesson=` asked for. */
export function clusterOptions(
  given: Readonly<Record<string, unknown>>,
  id: string,
  seed: number,
  lesson: LessonDefaults | undefined,
): ClusterOptions {
  const causes: StatusCause[] = [];
  const wrong = (field: string, message: string): void => {
    causes.push({ reason: "FieldValueInvalid", field, message });
  };
  for (const field of Object.keys(given)) {
    if (!known.includes(field))
      wrong(field, `there is no such option; there are ${known.slice(0, -1).join(", ")}`);
  }
  const text = (field: string): string | undefined =>
    given[field] === undefined || given[field] === "" ? undefined : String(given[field]);
  const whole = (field: string, least: number, most: number): number | undefined => {
    const value = text(field);
    if (value === undefined) return undefined;
    if (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most)
      return Number(value);
    wrong(
      field,
      `Invalid value: ${JSON.stringify(value)}: must be a whole number from ${least} to ${most}`,
    );
    return undefined;
  };
  const oneOf = <T extends string>(field: string, values: readonly T[]): T | undefined => {
    const value = text(field);
    if (value === undefined || values.includes(value as T)) return value as T | undefined;
    wrong(
      field,
      `Unsupported value: ${JSON.stringify(value)}: supported values: ${values.map((one) => JSON.stringify(one)).join(", ")}`,
    );
    return undefined;
  };
  const name = text("name") ?? id;
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    wrong(
      "name",
      `Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character, at most 63`,
    );
  }
  const preset = oneOf("preset", Object.keys(presets) as ClusterOptions["preset"][]) ?? "small";
  const base = {
    ...presets[preset],
    ...(preset === "small" && text("preset") === undefined ? definedOf(lesson) : {}),
  };
  const controlPlane = oneOf("controlPlane", ["1", "3"]);
  if (text("lesson") !== undefined && lesson === undefined)
    wrong("lesson", `Not found: ${JSON.stringify(given["lesson"])}: GET /lessons lists them`);
  const options: ClusterOptions = {
    name,
    preset,
    workers: whole("workers", 0, mostWorkers) ?? base.workers,
    zones: whole("zones", 1, mostZones) ?? base.zones,
    controlPlane: controlPlane === undefined ? base.controlPlane : (Number(controlPlane) as 1 | 3),
    clock: oneOf("clock", clockModes) ?? lesson?.clock ?? "realtime",
    seed: whole("seed", 0, 0xffffffff) ?? lesson?.seed ?? seed,
    lesson: lesson?.id ?? "",
  };
  if (causes.length > 0) throw unprocessable("the cluster", causes);
  return options;
}

const definedOf = (lesson: LessonDefaults | undefined): Partial<Preset> => ({
  ...(lesson?.workers === undefined ? {} : { workers: lesson.workers }),
  ...(lesson?.controlPlane === undefined ? {} : { controlPlane: lesson.controlPlane }),
});
