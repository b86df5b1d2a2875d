/** What Deployments, ReplicaSets, DaemonSets and StatefulSets have in common. Upstream: pkg/apis/apps/validation/validation.go. */
import type { V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, invalid, required } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { matches, selectorOf, selectorText } from "#apimachinery/selector.ts";
import { imagesOf, namesOf, wide } from "#apiserver/kinds/columns.ts";
import type { Column, ScalePaths } from "#apiserver/kinds/kind.ts";
import { validateTemplate } from "#apiserver/kinds/core/pod-spec/validation.ts";
import { validateLabels } from "#apiserver/object-meta.ts";

export interface Workload extends KubeObject {
  readonly spec?:
    | {
        readonly selector?: V1LabelSelector | undefined;
        readonly template?: V1PodTemplateSpec | undefined;
      }
    | undefined;
}
const at = new FieldPath("spec");

export function selectorErrors(
  selector: V1LabelSelector | undefined,
  path: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (selector?.matchLabels !== undefined)
    errors.push(...validateLabels(selector.matchLabels, path.child("matchLabels")));
  for (const [i, { operator, values = [], key }] of (selector?.matchExpressions ?? []).entries()) {
    const here = path.child("matchExpressions").index(i);
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0)
        errors.push(
          required(here.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"),
        );
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        errors.push({
          reason: "FieldValueForbidden",
          field: here.child("values").toString(),
          message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        });
    } else errors.push(invalid(here.child("operator"), operator, "not a valid selector operator"));
    if (!key) errors.push(invalid(here.child("key"), key, "name part must be non-empty"));
  }
  return errors;
}

/** Selector, template, and that they belong together. */
export function workloadErrors(
  { spec }: Workload,
  restartPolicies: readonly string[] = ["Always"],
): readonly FieldError[] {
  const { selector, template } = spec ?? {};
  const errors: FieldError[] = [];
  const isEmpty =
    Object.keys(selector?.matchLabels ?? {}).length === 0 &&
    (selector?.matchExpressions ?? []).length === 0;
  if (selector === undefined) errors.push(required(at.child("selector")));
  else {
    errors.push(...selectorErrors(selector, at.child("selector")));
    if (isEmpty)
      errors.push(
        invalid(at.child("selector"), selector, "empty selector is invalid for deployment"),
      );
  }
  const labels = template?.metadata?.labels;
  const parsed = selectorOf(selector);
  if (selector !== undefined && !isEmpty && parsed !== undefined && !matches(parsed, labels)) {
    errors.push(
      invalid(
        at.child("template", "metadata", "labels"),
        labels ?? {},
        "`selector` does not match template `labels`",
      ),
    );
  }
  errors.push(...validateTemplate(template, at.child("template"), restartPolicies));
  return errors;
}
export const selectorFrozen = (
  { spec }: Workload,
  { spec: old }: Workload,
): readonly FieldError[] =>
  spec?.selector === old?.selector || equal(spec?.selector, old?.selector)
    ? []
    : [invalid(at.child("selector"), spec?.selector, "field is immutable")];

export function notNegative(
  errors: FieldError[],
  path: FieldPath,
  value: number | undefined,
): void {
  if (value !== undefined && value < 0)
    errors.push(invalid(path, value, "must be greater than or equal to 0"));
}

export const templateColumns: readonly Column<Workload>[] = [
  wide("Containers", "Names of the template's containers.", ({ spec }) =>
    namesOf(spec?.template?.spec?.containers),
  ),
  wide("Images", "Images of the template's containers.", ({ spec }) =>
    imagesOf(spec?.template?.spec?.containers),
  ),
  wide("Selector", "Which Pods belong to it.", ({ spec }) => selectorText(spec?.selector)),
];
export const scaled: ScalePaths = {
  spec: ["spec", "replicas"],
  status: ["status", "replicas"],
  selector: (object) => selectorText((object as Workload).spec?.selector),
};
