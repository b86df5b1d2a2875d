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
} from "#apimachinery/field.ts";
import { labelValue, qualifiedName } from "#apimachinery/names.ts";
import type { Requirement, Selector } from "#apimachinery/selector.ts";
import { parseFields, parseSelector, SelectorError } from "#apimachinery/selector-parser.ts";
import type { Selectors } from "#apiserver/request.ts";

type Attributes = V1FieldSelectorAttributes | V1LabelSelectorAttributes;
const operators: Readonly<Record<string, Requirement["operator"]>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};
const withValues: readonly string[] = ["In", "NotIn"];
const withoutValues: readonly string[] = ["Exists", "DoesNotExist"];

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
  const both =
    rawSelector !== "" && requirements.length > 0
      ? [
          invalid(
            at.child("rawSelector"),
            rawSelector,
            "may not specified at the same time as requirements",
          ),
        ]
      : [];
  if (rawSelector === "" && requirements.length === 0)
    return [
      required(
        at.child("requirements"),
        `when ${at.toString()} is specified, requirements or rawSelector is required`,
      ),
    ];
  const check = name === "fieldSelector" ? fieldErrors : labelErrors;
  return [
    ...both,
    ...requirements.flatMap((one, i) => check(one, at.child("requirements").index(i))),
  ];
}

/** Operators that are not known here may be known to the authorizer. Upstream: metav1validation AllowUnknownOperatorInRequirement. */
function valuesErrors({ operator = "", values = [] }: Wire, at: FieldPath): readonly FieldError[] {
  if (withValues.includes(operator) && values.length === 0)
    return [required(at.child("values"), "must be specified when `operator` is 'In' or 'NotIn'")];
  if (withoutValues.includes(operator) && values.length > 0)
    return [
      forbidden(
        at.child("values"),
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ),
    ];
  return [];
}
const fieldErrors = (one: Wire, at: FieldPath): readonly FieldError[] => [
  ...(one.key ? [] : [required(at.child("key"), "must be specified")]),
  ...valuesErrors(one, at),
];
const labelErrors = (one: Wire, at: FieldPath): readonly FieldError[] => {
  const { key = "", values = [] } = one;
  return [
    ...valuesErrors(one, at),
    ...qualifiedName(key).map((text) => invalid(at.child("key"), key, text)),
    ...values.flatMap((value, i) =>
      labelValue(value).map((text) => invalid(at.child("values").index(i), value, text)),
    ),
  ];
};

/** What an authorizer is told, and what of the question it is not told. */
export interface AskedSelectors {
  /** Undefined: nothing narrows the question. */
  readonly selectors: Selectors | undefined;
  readonly problems: readonly string[];
}
interface Read {
  readonly requirements: Selector;
  readonly isWrong: boolean;
}

/** Upstream: pkg/registry/authorization/util/helpers.go ResourceAttributesFrom, BuildEvaluationError. */
export function selectorsOf(on: V1ResourceAttributes | undefined): AskedSelectors {
  const { fieldSelector, labelSelector } = on ?? {};
  if (fieldSelector === undefined && labelSelector === undefined)
    return { selectors: undefined, problems: [] };
  const fields = read(fieldSelector, parseFields, fieldRequirement);
  const labels = read(labelSelector, parseSelector, labelRequirement);
  return {
    selectors: { fields: fields.requirements, labels: labels.requirements },
    problems: [...problemOf(fields, "fieldSelector"), ...problemOf(labels, "labelSelector")],
  };
}

/** Requirements narrow one by one: what is not understood leaves the question wider. */
function problemOf({ requirements, isWrong }: Read, name: string): readonly string[] {
  if (!isWrong) return [];
  const how = requirements.length > 0 ? "partially ignored" : "ignored";
  return [`spec.resourceAttributes.${name} ${how} due to parse error`];
}

function read(
  selector: Attributes | undefined,
  parse: (text: string) => Selector,
  requirement: (one: Wire) => Requirement | undefined,
): Read {
  const { rawSelector = "", requirements = [] } = selector ?? {};
  if (rawSelector !== "") return parsed(rawSelector, parse);
  const known = requirements.flatMap((one) => requirement(one) ?? []);
  return { requirements: known, isWrong: known.length < requirements.length };
}

function parsed(text: string, parse: (text: string) => Selector): Read {
  try {
    return { requirements: parse(text), isWrong: false };
  } catch (error) {
    if (error instanceof SelectorError) return { requirements: [], isWrong: true };
    throw error;
  }
}

type Wire = NonNullable<Attributes["requirements"]>[number];

/** A field has one value: only what can be said so narrows. */
function fieldRequirement({ key, operator, values = [] }: Wire): Requirement | undefined {
  if (values.length !== 1 || !withValues.includes(operator)) return undefined;
  return { key, operator: operator === "In" ? "=" : "!=", values };
}
function labelRequirement({ key, operator, values = [] }: Wire): Requirement | undefined {
  const known = operators[operator];
  return known === undefined ? undefined : { key, operator: known, values };
}
