/**
 * Quantities: exact decimal numbers with SI or binary suffixes.
 * Upstream: apimachinery/pkg/api/resource/quantity.go, suffix.go.
 */
const binary: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};
/** Powers of ten. */
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

export const quantityProblem =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

export interface Parsed {
  /** The value in billionths: upstream's finest scale. Finer values round up, away from zero. */
  readonly nanos: bigint;
  readonly form: "binary" | "decimal" | "exponent";
}

const kept = new Map<string, Parsed | undefined>();
const keepAtMost = 4096;

/** Undefined: not a quantity. Numbers are taken as their text. */
export function parseQuantity(value: string | number): Parsed | undefined {
  const text = String(value);
  if (kept.has(text)) return kept.get(text);
  const parsed = parse(text);
  if (kept.size >= keepAtMost) kept.clear();
  kept.set(text, parsed);
  return parsed;
}

function parse(text: string): Parsed | undefined {
  const [, sign = "", whole = "", fraction = "", suffix = "", exponent] = pattern.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const isBinary = suffix.endsWith("i");
  const power = isBinary ? 0 : exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent);
  if (power > 60 || power < -60) return undefined;
  const scale = 9 + power - fraction.length;
  const multiplied = digits * (isBinary ? (binary[suffix] ?? 1n) : 1n);
  const size =
    scale >= 0 ? multiplied * 10n ** BigInt(scale) : divideUp(multiplied, 10n ** BigInt(-scale));
  const form = isBinary ? "binary" : exponent === undefined ? "decimal" : "exponent";
  return { nanos: sign === "-" ? -size : size, form };
}

const divideUp = (a: bigint, b: bigint): bigint => (a % b === 0n ? a / b : a / b + 1n);

const billion = 1_000_000_000n;

/** The value in thousandths, rounded up; 0 when it is no quantity. For cpu. */
export const milliValue = (value: string | number | undefined): number => {
  const parsed = value === undefined ? undefined : parseQuantity(value);
  return parsed === undefined ? 0 : Number(divideUp(parsed.nanos, 1_000_000n));
};
/** The value as a whole number, rounded up; 0 when it is no quantity. For memory in bytes. */
export const wholeValue = (value: string | number | undefined): number => {
  const parsed = value === undefined ? undefined : parseQuantity(value);
  return parsed === undefined ? 0 : Number(divideUp(parsed.nanos, billion));
};

export function compareQuantities(a: string | number, b: string | number): number {
  const difference = (parseQuantity(a)?.nanos ?? 0n) - (parseQuantity(b)?.nanos ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The form the API prints: `1500m`, `1Gi`, `100M`. The text itself when it is no quantity. */
export function canonicalQuantity(value: string | number): string {
  const parsed = parseQuantity(value);
  return parsed === undefined ? String(value) : printQuantity(parsed);
}

/**
 * A printed amount of a resource: nothing is smaller than a thousandth, and what is between two is the larger.
 * Upstream: pkg/apis/core/v1/defaults.go SetDefaults_ResourceList.
 */
export function inThousandths(printed: string): string {
  // Only these are smaller.
  if (!/[un]$/.test(printed)) return printed;
  const { nanos, form } = parseQuantity(printed) ?? { nanos: 0n, form: "decimal" };
  const size = divideUp(nanos < 0n ? -nanos : nanos, 1_000_000n) * 1_000_000n;
  return printQuantity({ nanos: nanos < 0n ? -size : size, form });
}

export function printQuantity({ nanos, form }: Parsed): string {
  if (nanos === 0n) return "0";
  const sign = nanos < 0n ? "-" : "";
  const size = nanos < 0n ? -nanos : nanos;
  // Below 1024, or with a fraction, binary numbers are printed as decimals.
  if (form === "binary" && size >= 1024n * billion && size % billion === 0n)
    return sign + printBinary(size / billion);
  return sign + (form === "exponent" ? printDecimal(size, true) : printDecimal(size, false));
}

function printBinary(value: bigint): string {
  let best = String(value);
  for (const [suffix, unit] of Object.entries(binary))
    if (value % unit === 0n) best = `${value / unit}${suffix}`;
  return best;
}

function printDecimal(nanos: bigint, exponent: boolean): string {
  let rest = nanos;
  let power = -9;
  while (rest % 1000n === 0n && power < 18) {
    rest /= 1000n;
    power += 3;
  }
  if (power === 0) return String(rest);
  if (exponent) return `${rest}e${power}`;
  const suffix = Object.entries(decimal).find(([, p]) => p === power)?.[0] ?? "";
  return `${rest}${suffix}`;
}

/** The sum, in the form of the first that is not zero. */
export function addQuantities(values: readonly (string | number)[]): string {
  let nanos = 0n;
  let form: Parsed["form"] | undefined;
  for (const value of values) {
    const parsed = parseQuantity(value);
    if (parsed === undefined) continue;
    if (parsed.nanos !== 0n) form ??= parsed.form;
    nanos += parsed.nanos;
  }
  return printQuantity({ nanos, form: form ?? "decimal" });
}
