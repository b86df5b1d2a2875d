/**
 * What a call costs, by the sizes of what it is given, and how large its result may be.
 * Upstream: apiserver/pkg/cel/library/cost.go EstimateCallCost; cel-go checker/cost.go functionCost, ext/sets.go.
 */
import {
  type Amount,
  either,
  exactly,
  most,
  nothing,
  one,
  product,
  sum,
  times,
} from "./amounts.ts";

/** One thing that a call is given. */
export interface Given {
  readonly size: Amount;
  /** `string`, `list(int)`, as expressions print types. */
  readonly type: string;
  /** Of a list: the size of its elements, where it may differ. */
  readonly elements: Amount;
  /** A literal's value. */
  readonly literal: unknown;
}
export interface Estimate {
  readonly cost: Amount;
  readonly result?: Amount;
}
type Estimator = (args: readonly Given[], target: Given | undefined) => Estimate | undefined;

/** What walking over a character costs, and what each character of a pattern is. */
export const perCharacter = 0.1;
const perPattern = 0.25;
/** The longest pattern behind a named format. */
const longestFormatPattern = 128;

const isText = (type: string): boolean => type === "string" || type === "bytes";
const fixed =
  (cost: number): Estimator =>
  () => ({ cost: exactly(cost) });
/** The text that is read is the first argument. */
const read =
  (factor: number): Estimator =>
  ([text]) =>
    text === undefined ? undefined : { cost: times(text.size, factor) };

const ofEach: Estimator = (_, target) => {
  if (target === undefined) return undefined;
  const [, element] = /^list\((.*)\)$/.exec(target.type) ?? [];
  if (element === undefined) return { cost: times(target.size, perCharacter) };
  const each = isText(element) ? sum(one, times(target.elements, perCharacter)) : one;
  return { cost: product(target.size, each) };
};
const asLong: Estimator = (_, target) =>
  target && { cost: times(target.size, perCharacter), result: target.size };

const matches: Estimator = ([pattern], target) =>
  pattern && target
    ? {
        cost: product(times(sum(target.size, one), perCharacter), times(pattern.size, perPattern)),
      }
    : undefined;
const find: Estimator = (args, target) => {
  const found = matches(args, target);
  return found && target && { ...found, result: { min: 0, max: target.size.max } };
};

const split: Estimator = ([, limit], target) =>
  target && {
    cost: times(target.size, 2 * perCharacter),
    result: {
      min: 0,
      max: typeof limit?.literal === "bigint" ? Number(limit.literal) : target.size.max,
    },
  };

const join: Estimator = ([separator], target) => {
  if (target === undefined) return undefined;
  const between = { min: Math.max(target.size.min - 1, 0), max: Math.max(target.size.max - 1, 0) };
  const whole = sum(
    product(target.size, target.elements),
    separator === undefined ? nothing : product(separator.size, between),
  );
  return { cost: times(whole, perCharacter), result: whole };
};

/** The most, and the fewest, replacements there can be. */
const replace: Estimator = ([from, to], target) => {
  if (from === undefined || to === undefined || target === undefined) return undefined;
  const { size } = target;
  const [most_, keptMost] =
    from.size.min === 0
      ? [Math.min(size.max + 1, most), size.max]
      : to.size.max <= from.size.min
        ? [0, size.max]
        : [Math.ceil(size.max / from.size.min), 0];
  const [fewest, keptFewest] =
    from.size.max === 0
      ? [size.min + 1, size.min]
      : from.size.max <= to.size.min
        ? [0, size.min]
        : [Math.ceil(size.min / from.size.max), 0];
  const result = sum(product({ min: fewest, max: most_ }, to.size), {
    min: keptFewest,
    max: keptMost,
  });
  return { cost: times(size, 2 * perCharacter), result };
};

/** An address is 4 or 16 bytes. */
const address: Amount = { min: 4, max: 16 };
const within =
  (more: Amount): Estimator =>
  ([other]) =>
    other && {
      cost: sum(
        times(sum(address, address), perCharacter),
        more,
        other.type === "string" ? times(other.size, perCharacter) : nothing,
      ),
    };

const sets =
  (factor: number): Estimator =>
  ([a, b]) =>
    a && b && { cost: sum(times(product(a.size, b.size), factor), one) };

const accessors =
  "serviceAccount path group resource subresource namespace name allowed reason error errored masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch getScheme getHostname getHost getPort getEscapedPath getQuery format.named".split(
    " ",
  );

const estimators: Readonly<Record<string, Estimator>> = {
  ...Object.fromEntries(accessors.map((name) => [name, fixed(1)])),
  ...Object.fromEntries(
    ["isSorted", "sum", "max", "min", "indexOf", "lastIndexOf"].map((name) => [name, ofEach]),
  ),
  ...Object.fromEntries(
    ["lowerAscii", "upperAscii", "substring", "trim"].map((name) => [name, asLong]),
  ),
  ...Object.fromEntries(
    ["cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver"].map((name) => [
      name,
      read(perCharacter),
    ]),
  ),
  // Two of them are all that one expression may have.
  check: fixed(350_000),
  url: ([text]) => text && { cost: times(text.size, perCharacter), result: text.size },
  "jsonpatch.escapeKey": ([text]) =>
    text && { cost: times(text.size, perCharacter), result: text.size },
  ip: ([text], target) =>
    target === undefined ? read(perCharacter)([text as Given], target) : { cost: one },
  "ip.isCanonical": read(2 * perCharacter),
  containsIP: within(nothing),
  containsCIDR: within(sum(times(address, perCharacter), one)),
  validate: ([text]) =>
    text && { cost: times(times(text.size, perCharacter), longestFormatPattern * perPattern) },
  "sets.contains": sets(1),
  "sets.intersects": sets(1),
  "sets.equivalent": sets(2),
  replace,
  split,
  join,
  find,
  findAll: find,
  matches,
  contains: ([part], target) =>
    part &&
    target && { cost: product(times(target.size, perCharacter), times(part.size, perCharacter)) },
  startsWith: read(perCharacter),
  endsWith: read(perCharacter),
  format: (_, target) => target && { cost: times(target.size, perCharacter) },
  "strings.quote": ([text]) =>
    text && {
      cost: times(text.size, perCharacter),
      result: { min: text.size.min + 2, max: Math.min(text.size.max * 2 + 2, most) },
    },
  bytes: ([text]) =>
    text?.type === "string"
      ? {
          cost: times(text.size, perCharacter),
          result: { min: text.size.min, max: Math.min(text.size.max * 4, most) },
        }
      : undefined,
  string: ([bytes]) =>
    bytes?.type === "bytes"
      ? {
          cost: times(bytes.size, perCharacter),
          result: { min: Math.floor(bytes.size.min / 4), max: bytes.size.max },
        }
      : undefined,
};

/** Undefined: it costs as much whatever it is given. `name`: as it is written, with its namespace. */
export const estimateCall = (
  name: string,
  args: readonly Given[],
  target: Given | undefined,
): Estimate | undefined => {
  if (name === "matches" && target === undefined) return undefined;
  return Object.hasOwn(estimators, name) ? estimators[name]?.(args, target) : undefined;
};

/** Of two values of one size each, no more is compared than the smaller one has. */
export function comparison(a: Given, b: Given): Amount {
  const max = Math.min(a.size.max, b.size.max);
  return times({ min: max > 0 ? 1 : 0, max }, perCharacter);
}

const orders = new Set(["<", "<=", ">", ">="]);
const cheap = ["ip", "cidr", "kubernetes.Quantity", "kubernetes.Semver"];

/** What an operator costs beside its operands. */
export function estimateOperator(op: string, a: Given, b: Given): Estimate {
  const isUnclear = a.type === "dyn" || b.type === "dyn";
  const both = (sized: Amount): Amount => (isUnclear ? either(one, sized) : sized);
  if (op === "==" || op === "!=") {
    const isCheap =
      op === "==" &&
      a.type === b.type &&
      cheap.includes(a.type.replace(/^net\.(IP|CIDR)$/, (_, name: string) => name.toLowerCase()));
    return { cost: isCheap ? one : comparison(a, b) };
  }
  if (orders.has(op)) return { cost: isText(a.type) || isUnclear ? both(comparison(a, b)) : one };
  if (op === "in") {
    const isList = b.type.startsWith("list(");
    return { cost: isList || b.type === "dyn" ? (isList ? b.size : either(one, b.size)) : one };
  }
  if (op !== "+") return { cost: one };
  const result = sum(a.size, b.size);
  if (a.type.startsWith("list(")) return { cost: one, result };
  if (isText(a.type) || isUnclear) return { cost: both(times(result, perCharacter)), result };
  return { cost: one };
}
