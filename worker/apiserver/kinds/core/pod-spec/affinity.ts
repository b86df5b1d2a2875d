/** Affinity to nodes and to Pods. Upstream: pkg/apis/core/validation validateAffinity, ValidateNodeSelector. */
import type {
  V1Affinity,
  V1NodeSelector,
  V1NodeSelectorRequirement,
  V1NodeSelectorTerm,
  V1PodAffinity,
  V1PodAffinityTerm,
} from "#apimachinery/api/core-v1.ts";
import { type FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "#apimachinery/names.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { type Errors, named, remembered } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector, setOperator, wrongOperator } from "#apiserver/kinds/rules/selector.ts";

function expression(
  errors: Errors,
  at: FieldPath,
  given: V1NodeSelectorRequirement,
  anyValue: boolean,
): void {
  const { operator, values = [], key = "" } = given;
  if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1)
      errors.push(
        required(
          at.child("values"),
          "must be specified single value when `operator` is 'Lt' or 'Gt'",
        ),
      );
  } else if (!setOperator(errors, at, given)) wrongOperator(errors, at, given);
  named(errors, at.child("key"), key, qualifiedName);
  if (anyValue) return;
  for (const [i, value] of values.entries())
    named(errors, at.child("values").index(i), value, labelValue);
}

function fieldExpression(errors: Errors, at: FieldPath, given: V1NodeSelectorRequirement): void {
  const { operator, values = [], key = "" } = given;
  if (operator === "In" || operator === "NotIn") {
    if (values.length !== 1)
      errors.push(
        required(
          at.child("values"),
          "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        ),
      );
  } else wrongOperator(errors, at, given);
  if (key !== "metadata.name")
    errors.push(invalid(at.child("key"), key, "not a valid field selector key"));
  else
    for (const [i, value] of values.entries())
      named(errors, at.child("values").index(i), value, dns1123Subdomain);
}

/** As upstream prints its internal type. */
export const internalTerm = (term: V1NodeSelectorTerm): unknown => {
  const all = (list: V1NodeSelectorTerm["matchFields"]): unknown =>
    list?.map((one) => asInternal(one, ["key", "operator", "values"]));
  return {
    MatchExpressions: all(term.matchExpressions) ?? null,
    MatchFields: all(term.matchFields) ?? null,
  };
};

/** `anyValue`: a preference may name labels no node can have. */
function term(errors: Errors, at: FieldPath, given: V1NodeSelectorTerm, anyValue: boolean): void {
  for (const [i, one] of (given.matchExpressions ?? []).entries())
    expression(errors, at.child("matchExpressions").index(i), one, anyValue);
  for (const [i, one] of (given.matchFields ?? []).entries())
    fieldExpression(errors, at.child("matchFields").index(i), one);
}

export function nodeSelector(errors: Errors, at: FieldPath, given: V1NodeSelector): void {
  const terms = at.child("nodeSelectorTerms");
  if ((given.nodeSelectorTerms ?? []).length === 0)
    errors.push(required(terms, "must have at least one node selector term"));
  for (const [i, one] of (given.nodeSelectorTerms ?? []).entries())
    term(errors, terms.index(i), one, false);
}

const requiredTerms = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredTerms = "preferredDuringSchedulingIgnoredDuringExecution";

function weight(errors: Errors, at: FieldPath, given: number | undefined): void {
  if (given === undefined || given <= 0 || given > 100)
    errors.push(invalid(at.child("weight"), given ?? 0, "must be in the range 1-100"));
}

function podTerm(errors: Errors, at: FieldPath, given: V1PodAffinityTerm): void {
  labelSelector(errors, at.child("labelSelector"), given.labelSelector);
  labelSelector(errors, at.child("namespaceSelector"), given.namespaceSelector);
  for (const namespace of given.namespaces ?? [])
    named(errors, at.child("namespace"), namespace, dns1123Label);
  labelKeys(errors, at, given);
  if (!given.topologyKey) errors.push(required(at.child("topologyKey"), "can not be empty"));
  named(errors, at.child("topologyKey"), given.topologyKey ?? "", qualifiedName);
}

type Keyed = Pick<V1PodAffinityTerm, "labelSelector" | "matchLabelKeys" | "mismatchLabelKeys">;
/** Of terms of affinity, and of constraints of spreading. Upstream: ValidateMatchLabelKeysAndMismatchLabelKeys. */
export function labelKeys(errors: Errors, at: FieldPath, given: Keyed): void {
  const { labelSelector: selector, matchLabelKeys = [], mismatchLabelKeys = [] } = given;
  for (const name of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    const keys = given[name] ?? [];
    if (keys.length > 0 && selector === undefined)
      errors.push(forbidden(at.child(name), "must not be specified when labelSelector is not set"));
    else
      for (const [i, key] of keys.entries())
        named(errors, at.child(name).index(i), key, qualifiedName);
  }
  // By now the server has added what matchLabelKeys stand for; a key that is there twice was there before.
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key } of selector?.matchExpressions ?? []) {
    const i = matchLabelKeys.lastIndexOf(key);
    if (i >= 0 && seen.has(key))
      errors.push(invalid(at.index(i), key, "exists in both matchLabelKeys and labelSelector"));
    seen.add(key);
  }
  for (const [i, key] of matchLabelKeys.entries())
    if (mismatchLabelKeys.includes(key))
      errors.push(
        invalid(
          at.child("matchLabelKeys").index(i),
          key,
          "exists in both matchLabelKeys and mismatchLabelKeys",
        ),
      );
}

function podAffinity(errors: Errors, at: FieldPath, given: V1PodAffinity): void {
  for (const [i, one] of (given[requiredTerms] ?? []).entries())
    podTerm(errors, at.child(requiredTerms).index(i), one);
  for (const [i, one] of (given[preferredTerms] ?? []).entries()) {
    const here = at.child(preferredTerms).index(i);
    weight(errors, here, one.weight);
    podTerm(errors, here.child("podAffinityTerm"), one.podAffinityTerm);
  }
}

export const affinity = remembered<V1Affinity>((errors, at, given) => {
  const { nodeAffinity: node } = given;
  if (node?.[requiredTerms] !== undefined)
    nodeSelector(errors, at.child("nodeAffinity", requiredTerms), node[requiredTerms]);
  for (const [i, one] of (node?.[preferredTerms] ?? []).entries()) {
    const here = at.child("nodeAffinity", preferredTerms).index(i);
    weight(errors, here, one.weight);
    term(errors, here.child("preference"), one.preference, true);
  }
  if (given.podAffinity !== undefined)
    podAffinity(errors, at.child("podAffinity"), given.podAffinity);
  if (given.podAntiAffinity !== undefined)
    podAffinity(errors, at.child("podAntiAffinity"), given.podAntiAffinity);
});
