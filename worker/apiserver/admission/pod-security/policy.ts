/**
 * What a namespace asks of its Pods, by its labels: a level and a version each for enforcing, auditing, warning.
 * Upstream: pod-security-admission/api/helpers.go, constants.go.
 */
import { type FieldError, FieldPath, invalid } from "#apimachinery/field.ts";

export type Level = "privileged" | "baseline" | "restricted";

/** A minor version of Kubernetes; Infinity is the latest. */
export type Minor = number;

export interface LevelVersion {
  readonly level: Level;
  readonly minor: Minor;
}
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
  /** What is wrong with the labels. */
  readonly errors: readonly FieldError[];
  /** Nothing is asked. */
  readonly isPrivileged: boolean;
}

const prefix = "pod-security.kubernetes.io/";
const levels: readonly Level[] = ["privileged", "baseline", "restricted"];
const latest: Minor = Number.POSITIVE_INFINITY;
const open: LevelVersion = { level: "privileged", minor: latest };
const at = new FieldPath("metadata").child("labels");

/** `restricted:latest`, `baseline:v1.25`. */
export const levelText = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === latest ? "latest" : `v1.${minor}`}`;

/** Negative: `a` is less strict than `b`. */
export const compareLevels = (a: Level, b: Level): number => levels.indexOf(a) - levels.indexOf(b);

type Labels = Readonly<Record<string, string>>;

const none: Policy = { enforce: open, audit: open, warn: open, errors: [], isPrivileged: true };
/** Labels are frozen and shared: each set is read once. */
const known = new WeakMap<Labels, Policy>();

/** Always a policy, also when labels are wrong: then the strictest to enforce, none to audit and warn. */
export function policyOf(labels: Labels | undefined): Policy {
  if (labels === undefined) return none;
  const before = known.get(labels);
  if (before !== undefined) return before;
  const isAsked = Object.keys(labels).some((key) => key.startsWith(prefix));
  const policy = isAsked ? parsed(labels) : none;
  known.set(labels, policy);
  return policy;
}

function parsed(labels: Labels): Policy {
  const errors: FieldError[] = [];
  const levelOf = (mode: string, instead: Level): Level | undefined => {
    const value = labels[prefix + mode];
    if (value === undefined || levels.includes(value as Level)) return value as Level | undefined;
    errors.push(invalid(at.key(prefix + mode), value, `must be one of ${levels.join(", ")}`));
    return instead;
  };
  const minorOf = (mode: string): Minor | undefined => {
    const value = labels[`${prefix}${mode}-version`];
    if (value === undefined || value === "latest") return value === undefined ? undefined : latest;
    const minor = /^v1\.(0|[1-9][0-9]*)$/.exec(value)?.[1];
    if (minor !== undefined) return Number(minor);
    errors.push(invalid(at.key(`${prefix}${mode}-version`), value, 'must be "latest" or "v1.x"'));
    return latest;
  };
  const enforceLevel = levelOf("enforce", "restricted");
  const isEnforceValid = enforceLevel !== undefined && errors.length === 0;
  const enforce = { level: enforceLevel ?? "privileged", minor: minorOf("enforce") ?? latest };
  const audit = {
    level: levelOf("audit", "privileged") ?? "privileged",
    minor: minorOf("audit") ?? latest,
  };
  const warnLevel = levelOf("warn", "privileged");
  const warnMinor = minorOf("warn");
  // What is enforced is warned of, unless the labels say otherwise.
  const follows = warnLevel === undefined && isEnforceValid && enforce.level !== "privileged";
  const warn = follows
    ? { level: enforce.level, minor: warnMinor ?? enforce.minor }
    : { level: warnLevel ?? "privileged", minor: warnMinor ?? latest };
  const isPrivileged =
    errors.length === 0 && [enforce, audit, warn].every(({ level }) => level === "privileged");
  return { enforce, audit, warn, errors, isPrivileged };
}
