/**
 * The selectors of an access review: as text or as requirements; both narrow what is asked about.
 * Upstream: pkg/apis/authorization/validation validateResourceAttributes, pkg/registry/authorization/util/helpers.go.
 */
import type {
  V1FieldSelectorAttributes,
  V1LabelSelectorAttributes,
  V1ResourceAttributes,
} from "#apimachinery/api/authorization-v1.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import type { Requirement, Selector } from "#apimachinery/selector.ts";
import { attributesOf } from "#apiserver/authorization/attributes.ts";
import type { RequestInfo, Selectors } from "#apiserver/request.ts";

type Attributes = V1FieldSelectorAttributes | V1LabelSelectorAttributes;
const operators: Readonly<Record<string, Requirement["operator"]>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};
const withValues: readonly string[] = ["In", "NotIn"];

export function selectorErrors(
  on: V1ResourceAttributes | undefined,
  at: FieldPath,
): readonly FieldError[] {
  return [
    ...errorsOf(on?.fieldSelector, "fieldSelector", at.child("fieldSelector")),
    ...errorsOf(on?.labelSelector, "labelSelector", at.child("labelSelector")),
  ];
}

function errorsOf(
  selector: Attributes | undefined,
  name: string,
  at: FieldPath,
): readonly FieldError[] {
  if (selector === undefined) return [];
  const { rawSelector = "", requirements = [] } = selector;
  if (rawSelector !== "" && requirements.length > 0)
    return [
      invalid(
        at.child("rawSelector"),
        rawSelector,
        "may not specified at the same time as requirements",
      ),
    ];
  if (rawSelector === "" && requirements.length === 0)
    return [
      required(
        at.child("requirements"),
        `when ${at.toString()} is specified, requirements or rawSelector is required`,
      ),
    ];
  return requirements.flatMap(({ key = "", operator = "", values = [] }, i) => {
    const here = at.child("requirements").index(i);
    const errors: FieldError[] = [];
    if (key === "") errors.push(required(here.child("key")));
    if (operators[operator] === undefined && name === "labelSelector")
      errors.push(unsupported(here.child("operator"), operator, Object.keys(operators)));
    if (withValues.includes(operator) && values.length === 0)
      errors.push(
        required(here.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"),
      );
    if (operators[operator] !== undefined && !withValues.includes(operator) && values.length > 0)
      errors.push(
        forbidden(
          here.child("values"),
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      );
    return errors;
  });
}

/** What an authorizer is told; undefined: nothing narrows the question. */
export function selectorsOf(on: V1ResourceAttributes | undefined): Selectors | undefined {
  if (on === undefined || (on.fieldSelector === undefined && on.labelSelector === undefined))
    return undefined;
  const raw = attributesOf({
    info: { isResource: true, verb: "list" } as RequestInfo,
    options: {
      fieldSelector: on.fieldSelector?.rawSelector || undefined,
      labelSelector: on.labelSelector?.rawSelector || undefined,
    },
  }).selectors;
  const fields = (on.fieldSelector?.requirements ?? []).flatMap(fieldRequirement);
  const labels = (on.labelSelector?.requirements ?? []).flatMap(labelRequirement);
  return {
    fields: [...(raw?.fields ?? []), ...fields],
    labels: [...(raw?.labels ?? []), ...labels],
  };
}

type Wire = NonNullable<Attributes["requirements"]>[number];

/** A field has one value: only what can be said so narrows. */
function fieldRequirement({ key, operator, values = [] }: Wire): Selector {
  if (values.length !== 1 || !withValues.includes(operator)) return [];
  return [{ key, operator: operator === "In" ? "=" : "!=", values }];
}
function labelRequirement({ key, operator, values = [] }: Wire): Selector {
  const known = operators[operator];
  return known === undefined ? [] : [{ key, operator: known, values }];
}
