/**
 * Label selectors: made from objects, matched against labels, printed. Their text is read in `selector-parser.ts`.
 * Upstream: apimachinery/pkg/labels/selector.go, meta/v1/helpers.go.
 */
import type { V1LabelSelector } from "./api/meta-v1.ts";

export type Labels = Readonly<Record<string, string>>;
export type Operator = "=" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}
/** All requirements must hold; none = everything matches. */
export type Selector = readonly Requirement[];

export function matches(selector: Selector, labels: Labels | undefined): boolean {
  for (const requirement of selector) if (!meets(requirement, labels)) return false;
  return true;
}

function meets({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "=":
    case "in":
      return value !== undefined && values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    default: {
      const [bound] = values;
      if (value === undefined || !/^-?\d+$/.test(value)) return false;
      return operator === "gt"
        ? BigInt(value) > BigInt(bound ?? 0)
        : BigInt(value) < BigInt(bound ?? 0);
    }
  }
}

const objectOperators: Readonly<Record<string, Operator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
  Gt: "gt",
  Lt: "lt",
};

const selectors = new WeakMap<object, Selector>();

/** A LabelSelector object; undefined selects nothing, an empty one everything. Kept per object. */
export function selectorOf(selector: V1LabelSelector | undefined): Selector | undefined {
  if (selector === undefined) return undefined;
  const known = selectors.get(selector);
  if (known !== undefined) return known;
  const made: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: "=",
    values: [value],
  }));
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    made.push({ key, operator: objectOperators[operator] ?? "exists", values });
  }
  selectors.set(selector, made);
  return made;
}

/** `app=web` of a LabelSelector, as upstream prints it. */
export function selectorText(selector: V1LabelSelector | undefined): string {
  return printed(selectorOf(selector) ?? []);
}

export function printed(selector: Selector): string {
  return [...selector]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, operator, values }) => {
      if (operator === "exists") return key;
      if (operator === "!") return `!${key}`;
      if (operator === "in" || operator === "notin")
        return `${key} ${operator} (${[...values].toSorted().join(",")})`;
      return `${key}${operator === "gt" ? ">" : operator === "lt" ? "<" : operator}${values[0] ?? ""}`;
    })
    .join(",");
}

/** As Go prints the object itself. Upstream: apimachinery/pkg/apis/meta/v1/generated.pb.go LabelSelector.String. */
export function selectorGoText({
  matchLabels = {},
  matchExpressions = [],
}: V1LabelSelector = {}): string {
  const labels = Object.keys(matchLabels)
    .toSorted()
    .map((key) => `${key}: ${matchLabels[key]},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}
