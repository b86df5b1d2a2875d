/**
 * What the rules of a definition may cost at most, one by one and all together.
 * Upstream: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go getCostErrorMessage, cel_validation.go.
 */
import { type FieldError, type FieldPath, forbidden } from "#apimachinery/field.ts";
import { most } from "#apiserver/cel/amounts.ts";
import { isObject, type Schema } from "#apiserver/custom-resources/schema/schema.ts";

/** One expression, as often as it may run. */
const perRule = 10_000_000;
/** All expressions of a version. */
const perSchema = 100_000_000;
const mostTold = 4;

/** How many of a schema's parts there may be for each of itself; undefined: nothing limits them. */
export function mostParts({
  type,
  additionalProperties,
  maxProperties,
  maxItems,
}: Schema): number | undefined {
  if (type === "array") return maxItems === undefined ? undefined : Math.max(maxItems, 0);
  if (type !== "object" || additionalProperties === undefined) return 1;
  if (!isObject(additionalProperties) && additionalProperties !== true) return 1;
  return maxProperties === undefined ? undefined : Math.max(maxProperties, 0);
}

/** `a` times `b`, as far as numbers go. */
export const repeated = (a: number, b: number): number => Math.min(a * b, most);

function exceeds(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const text =
    factor > 100 ? "more than 100x" : `${factor < 1.5 ? factor.toFixed(6) : factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** Counts what the expressions of one version cost. */
export class RuleCosts {
  /** A schema that is stored already may keep rules that are too dear. */
  readonly #isStored: boolean;
  #total = 0;
  readonly #dear: { readonly at: FieldPath; readonly cost: number }[] = [];

  constructor(isStored: boolean) {
    this.#isStored = isStored;
  }

  /** `what`: `rule`, `messageExpression`. */
  count(at: FieldPath, what: string, cost: number): readonly FieldError[] {
    this.#total = Math.min(this.#total + cost, most);
    if (cost >= perSchema / 100) this.#dear.push({ at, cost });
    return cost > perRule && !this.#isStored
      ? [forbidden(at, exceeds(`estimated ${what} cost`, cost, perRule))]
      : [];
  }

  /** Of all together. */
  errors(schema: FieldPath): readonly FieldError[] {
    if (this.#total <= perSchema) return [];
    const dearest = this.#dear.toSorted((a, b) => b.cost - a.cost).slice(0, mostTold);
    const whole = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
    return [
      ...dearest.map(({ at }) =>
        forbidden(
          at,
          "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
        ),
      ),
      forbidden(schema, exceeds(whole, this.#total, perSchema)),
    ];
  }
}
