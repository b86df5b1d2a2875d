/** `semver`, `isSemver` and their order. Upstream: apiserver/pkg/cel/library/semverlib.go, blang/semver v4. */
import { valid } from "./ip.ts";
import type { Library } from "./library.ts";

const type = "kubernetes.Semver";
const pattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

class Semver {
  readonly core: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];
  readonly text: string;
  constructor(text: string) {
    if (text === "") throw new Error("Version string empty");
    const [, major, minor, patch, pre] = pattern.exec(text) ?? [];
    if (major === undefined || minor === undefined || patch === undefined)
      throw new Error(
        text.split(".").length < 3
          ? "No Major.Minor.Patch elements found"
          : `Invalid character(s) found in version ${JSON.stringify(text)}`,
      );
    this.core = [BigInt(major), BigInt(minor), BigInt(patch)];
    this.pre = pre?.split(".") ?? [];
    if (this.pre.some((part) => /^0\d+$/.test(part)))
      throw new Error(`Numeric PreRelease version must not contain leading zeroes "${pre}"`);
    this.text = text;
  }
  toJSON(): string {
    return this.text;
  }
}

/** `v1.2`, `01.02` → `1.2.0`. */
function normalized(text: string): string {
  const parts = text.replace(/^v/, "").split(".");
  const three = [...parts.slice(0, 2), ...(parts.length > 2 ? [parts.slice(2).join(".")] : [])];
  const trimmed = three.map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, "") : part));
  if (trimmed.length < 3) {
    if (/[+-]/.test(trimmed.at(-1) ?? ""))
      throw new Error("short version cannot contain PreRelease/Build meta data");
    while (trimmed.length < 3) trimmed.push("0");
  }
  return trimmed.join(".");
}

const parse = (text: string, normalize = false): Semver =>
  new Semver(normalize ? normalized(text) : text);

function comparePart(a: string, b: string): number {
  const [numericA, numericB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numericA && numericB) return Math.sign(Number(BigInt(a) - BigInt(b)));
  if (numericA !== numericB) return numericA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compare(a: Semver, b: Semver): number {
  for (let i = 0; i < 3; i += 1) {
    const [left, right] = [a.core[i] ?? 0n, b.core[i] ?? 0n];
    if (left !== right) return left < right ? -1 : 1;
  }
  if (a.pre.length === 0 || b.pre.length === 0)
    return Math.sign(Number(a.pre.length === 0) - Number(b.pre.length === 0));
  for (let i = 0; i < Math.min(a.pre.length, b.pre.length); i += 1) {
    const order = comparePart(a.pre[i] ?? "", b.pre[i] ?? "");
    if (order !== 0) return order;
  }
  return Math.sign(a.pre.length - b.pre.length);
}

export const semverLibrary: Library = (environment) => {
  environment
    .registerType(type, Semver)
    .registerOperator(`${type} == ${type}`, (a: Semver, b: Semver) => compare(a, b) === 0)
    .registerFunction(`semver(string): ${type}`, parse)
    .registerFunction(`semver(string, bool): ${type}`, parse)
    .registerFunction("isSemver(string): bool", (text: string) => valid(() => parse(text)))
    .registerFunction("isSemver(string, bool): bool", (text: string, normalize: boolean) =>
      valid(() => parse(text, normalize)),
    )
    .registerFunction(`${type}.major(): int`, ({ core }: Semver) => core[0])
    .registerFunction(`${type}.minor(): int`, ({ core }: Semver) => core[1])
    .registerFunction(`${type}.patch(): int`, ({ core }: Semver) => core[2])
    .registerFunction(`${type}.compareTo(${type}): int`, (a: Semver, b: Semver) =>
      BigInt(compare(a, b)),
    )
    .registerFunction(
      `${type}.isGreaterThan(${type}): bool`,
      (a: Semver, b: Semver) => compare(a, b) > 0,
    )
    .registerFunction(
      `${type}.isLessThan(${type}): bool`,
      (a: Semver, b: Semver) => compare(a, b) < 0,
    );
};
