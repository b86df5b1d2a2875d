/**
 * Names and amounts of resources (cpu, memory, …).
 * Upstream: pkg/apis/core/helper/helpers.go, pkg/apis/core/validation validateResourceName, ValidateResourceQuantityValue.
 */
import { type FieldPath, invalid } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { compareQuantities, parseQuantity, wholeValue } from "#apimachinery/quantity.ts";
import { type Errors, named, notNegativeText, notPositiveText } from "./rule.ts";

export type Amounts = Readonly<Record<string, string>>;

const compute = ["cpu", "memory", "ephemeral-storage"];
const counted = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];
const quotas = new Set([
  ...compute,
  ...compute.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  "requests.storage",
  ...counted,
]);
const standard = new Set([...quotas, "storage"]);
const integers = new Set(counted);

const hugePages = "hugepages-";
export const isHugePages = (name: string): boolean => name.startsWith(hugePages);
const isQuotaHugePages = (name: string): boolean => name.startsWith(`requests.${hugePages}`);
const isPlain = (name: string): boolean => !name.includes("/");
export const isNative = (name: string): boolean => isPlain(name) || name.includes("kubernetes.io/");
export const isExtended = (name: string): boolean =>
  !isNative(name) &&
  !name.startsWith("requests.") &&
  qualifiedName(`requests.${name}`).length === 0;
export const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);
export const isQuotaName = (name: string): boolean =>
  quotas.has(name) || isHugePages(name) || isQuotaHugePages(name);
/** For Pods and for resources of Pods as a whole. */
export const isPodLevel = (name: string): boolean =>
  name === "cpu" || name === "memory" || isHugePages(name);

/** A name that the whole cluster knows, or one with a domain. */
export function resourceName(errors: Errors, at: FieldPath, name: string): void {
  const before = errors.length;
  named(errors, at, name, qualifiedName);
  if (errors.length > before || !isPlain(name)) return;
  if (!standard.has(name) && !isHugePages(name) && !isQuotaHugePages(name))
    errors.push(invalid(at, name, "must be a standard resource type or fully qualified"));
}
export function containerResourceName(errors: Errors, at: FieldPath, name: string): void {
  if (compute.includes(name)) return;
  resourceName(errors, at, name);
  if (isPlain(name)) {
    if (!isHugePages(name))
      errors.push(invalid(at, name, "must be a standard resource for containers"));
  } else if (!isNative(name) && !isExtended(name))
    errors.push(invalid(at, name, "doesn't follow extended resource name standard"));
}
export function quotaResourceName(errors: Errors, at: FieldPath, name: string): void {
  resourceName(errors, at, name);
  if (isPlain(name) && !isQuotaName(name))
    errors.push(invalid(at, name, "must be a standard resource for quota"));
}

const thousandth = 1_000_000n;
const one = 1000n * thousandth;
/** Whole, looked at in thousandths. */
export const isWhole = (amount: string): boolean => {
  const nanos = parseQuantity(amount)?.nanos ?? 0n;
  const rounded = nanos % thousandth === 0n ? nanos : (nanos / thousandth + 1n) * thousandth;
  return rounded % one === 0n;
};
export function notNegativeAmount(errors: Errors, at: FieldPath, amount: string): void {
  if (compareQuantities(amount, 0) < 0) errors.push(invalid(at, amount, notNegativeText));
}
/** Upstream prints the rounded number. */
export function basicAmount(errors: Errors, at: FieldPath, amount: string): void {
  if (compareQuantities(amount, 0) < 0)
    errors.push(invalid(at, wholeValue(amount), "must be a valid resource quantity"));
}
export function positiveAmount(errors: Errors, at: FieldPath, amount: string): void {
  if (compareQuantities(amount, 0) <= 0) errors.push(invalid(at, amount, notPositiveText));
}
/** The amount as such; things that are counted are whole. */
export function resourceAmount(errors: Errors, at: FieldPath, name: string, amount: string): void {
  notNegativeAmount(errors, at, amount);
  if ((integers.has(name) || isExtended(name)) && !isWhole(amount))
    errors.push(invalid(at, amount, "must be an integer"));
}
/** Whether an amount of huge pages is a multiple of the page's size. */
export function isDivisible(name: string, amount: string): boolean {
  const page = parseQuantity(name.slice(hugePages.length))?.nanos ?? 0n;
  const nanos = parseQuantity(amount)?.nanos ?? 0n;
  return page > 0n && nanos % one === 0n && nanos % page === 0n;
}
