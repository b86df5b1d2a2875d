/** LimitRange. Upstream: pkg/registry/core/limitrange/strategy.go, pkg/apis/core/validation ValidateLimitRange. */
import type { V1LimitRange, V1LimitRangeItem } from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  required,
} from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { compareQuantities, parseQuantity } from "#apimachinery/quantity.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import {
  type Amounts,
  containerResourceName,
  isOvercommitAllowed,
  resourceName,
} from "#apiserver/kinds/rules/resource.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec").child("limits");
const types = ["Pod", "Container", "PersistentVolumeClaim"];
const lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;

/** What is not given is as generous as what is. */
function itemDefaults(item: V1LimitRangeItem): V1LimitRangeItem {
  if (item.type !== "Container") return item;
  const most = fill(item.default ?? {}, item.max ?? {});
  const asked = fill(fill(item.defaultRequest ?? {}, most), item.min ?? {});
  const made = { ...item };
  if (Object.keys(most).length > 0 && most !== item.default) Object.assign(made, { default: most });
  if (Object.keys(asked).length > 0 && asked !== item.defaultRequest)
    Object.assign(made, { defaultRequest: asked });
  return made.default === item.default && made.defaultRequest === item.defaultRequest ? item : made;
}

type Name = "min" | "max" | "default" | "defaultRequest";
/** [lesser, greater, where it is told, which value is shown, words]. */
const orders: readonly (readonly [Name, Name, Name, Name, string, string])[] = [
  ["min", "max", "min", "min", "min value", "max value"],
  [
    "min",
    "defaultRequest",
    "defaultRequest",
    "defaultRequest",
    "min value",
    "default request value",
  ],
  [
    "defaultRequest",
    "max",
    "defaultRequest",
    "defaultRequest",
    "default request value",
    "max value",
  ],
  [
    "defaultRequest",
    "default",
    "defaultRequest",
    "defaultRequest",
    "default request value",
    "default limit value",
  ],
  ["min", "default", "default", "min", "min value", "default value"],
  ["default", "max", "default", "max", "default value", "max value"],
];

function amounts(errors: Errors, here: FieldPath, item: V1LimitRangeItem, key: string): void {
  const isPod = item.type === "Pod";
  const of = (name: Name): string | undefined =>
    isPod && name.startsWith("default") ? undefined : (item[name] as Amounts | undefined)?.[key];
  for (const [lesser, greater, told, shown, word, other] of orders) {
    const a = of(lesser);
    const b = of(greater);
    if (a !== undefined && b !== undefined && compareQuantities(a, b) > 0)
      errors.push(
        invalid(here.child(told).key(key), of(shown), `${word} ${a} is greater than ${other} ${b}`),
      );
  }
  const ratio = item.maxLimitRequestRatio?.[key];
  const least = of("min");
  const most = of("max");
  if (ratio !== undefined) {
    const where = here.child("maxLimitRequestRatio").key(key);
    if (compareQuantities(ratio, 1) < 0)
      errors.push(invalid(where, ratio, `ratio ${ratio} is less than 1`));
    if (least !== undefined && most !== undefined) {
      const number = (text: string): number => Number(parseQuantity(text)?.nanos ?? 0n);
      const limit = number(most) / number(least);
      if (number(ratio) / 1e9 > limit)
        errors.push(
          invalid(where, ratio, `ratio ${ratio} is greater than max/min = ${limit.toFixed(6)}`),
        );
    }
  }
  const usual = of("default");
  const asked = of("defaultRequest");
  if (usual === undefined || asked === undefined || isOvercommitAllowed(key)) return;
  if (compareQuantities(usual, asked) !== 0)
    errors.push(
      invalid(
        here.child("defaultRequest").key(key),
        asked,
        `default value ${usual} must equal to defaultRequest value ${asked} in ${key}`,
      ),
    );
}

function item(
  errors: Errors,
  here: FieldPath,
  given: V1LimitRangeItem,
  seen: ReadonlySet<string>,
): void {
  const { type = "" } = given;
  const before = errors.length;
  named(errors, here.child("type"), type, qualifiedName);
  if (errors.length === before && !type.includes("/") && !types.includes(type))
    errors.push(
      invalid(here.child("type"), type, "must be a standard limit type or fully qualified"),
    );
  if (seen.has(type)) errors.push(duplicate(here.child("type"), type));
  const keys = new Set<string>();
  const rule = type === "Pod" || type === "Container" ? containerResourceName : resourceName;
  for (const name of lists) {
    if (name === "maxLimitRequestRatio" && type === "PersistentVolumeClaim") {
      if (given.min?.["storage"] === undefined && given.max?.["storage"] === undefined)
        errors.push(
          required(
            here.child("limits"),
            "either minimum or maximum storage value is required, but neither was provided",
          ),
        );
    }
    const all = Object.keys(given[name] ?? {});
    if (type === "Pod" && name.startsWith("default")) {
      if (all.length > 0)
        errors.push(forbidden(here.child(name), "may not be specified when `type` is 'Pod'"));
      continue;
    }
    for (const key of all) {
      rule(errors, here.child(name).key(key), key);
      keys.add(key);
    }
  }
  for (const key of keys) amounts(errors, here, given, key);
}

function validate({ spec }: V1LimitRange): readonly FieldError[] {
  const errors: Errors = [];
  const seen = new Set<string>();
  for (const [i, one] of (spec?.limits ?? []).entries()) {
    item(errors, at.index(i), one, seen);
    seen.add(one.type ?? "");
  }
  return errors;
}

export const limitRange: Kind<V1LimitRange> = {
  gvk: "v1/LimitRange",
  createOnUpdate: true,
  defaults: (object) =>
    change(object, "spec", (spec) =>
      change(spec, "limits", (limits) => each(limits, itemDefaults)),
    ),
  validate,
};
