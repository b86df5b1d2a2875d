/**
 * Label and field selectors of a request, as one question about an object.
 * Upstream: apiserver/pkg/endpoints/handlers/get.go listOpts, apiserver/pkg/storage/selection_predicate.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { type Labels, matches, type Requirement, type Selector } from "#apimachinery/selector.ts";
import { parseFields, parseSelector, SelectorError } from "#apimachinery/selector-parser.ts";
import { badRequest } from "#apimachinery/status.ts";
import type { Resource } from "./registry.ts";
import type { RequestOptions } from "./request.ts";

/** Does an object match the request's selectors? Undefined: everything does. */
export type Filter = ((object: KubeObject) => boolean) | undefined;

/** `name`: of the path, for a watch of one object. Throws 400. */
export function filterOf(
  resource: Resource,
  { labelSelector, fieldSelector }: RequestOptions,
  name = "",
): Filter {
  const labels = labelSelector ? parsed(() => parseSelector(labelSelector)) : undefined;
  const terms = fieldSelector ? fieldTerms(resource, fieldSelector) : [];
  const fields = name === "" ? terms : onlyNamed(terms, name);
  const isEmpty = (labels as Selector | undefined)?.length === 0 || labels === undefined;
  if (isEmpty && fields.length === 0) return undefined;
  return (object) =>
    (labels === undefined || matches(labels, object.metadata.labels as Labels | undefined)) &&
    fields.every((term) => meetsField(resource, term, object));
}

function onlyNamed(terms: readonly Requirement[], name: string): readonly Requirement[] {
  const isSame = terms.some(
    ({ key, operator, values }) =>
      key === "metadata.name" && operator === "=" && values[0] === name,
  );
  if (terms.length > 0 && !isSame)
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  return terms.length > 0 ? terms : [{ key: "metadata.name", operator: "=", values: [name] }];
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

/** Kinds with fields of their own know a namespace only where they have one. */
function isKnown({ kind: { fields }, namespaced, custom }: Resource, label: string): boolean {
  if (label === "metadata.name") return true;
  if (label === "metadata.namespace")
    return namespaced || (fields === undefined && custom === undefined);
  return fields?.[label] !== undefined;
}

function fieldTerms(resource: Resource, text: string): Requirement[] {
  const terms = parsed(() => parseFields(text));
  for (const { key } of terms) {
    if (!isKnown(resource, key)) throw badRequest(unknownField(resource, key));
  }
  return terms;
}

/** Each conversion of upstream says it in its own words. */
const unknownTo: Readonly<Record<string, (label: string) => string>> = {
  "batch/v1/Job": (label) => `field label ${JSON.stringify(label)} not supported for Job`,
  "resource.k8s.io/v1/ResourceSlice": (label) =>
    `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${label}`,
};
/** Kinds with fields of their own say it in another way than those without. */
function unknownField({ gvk, kind, custom }: Resource, label: string): string {
  const special = unknownTo[gvk];
  if (special !== undefined) return special(label);
  const quoted = JSON.stringify(label);
  return kind.fields === undefined && custom === undefined
    ? `${quoted} is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${label}`;
}

function meetsField(
  { kind }: Resource,
  { key, operator, values }: Requirement,
  object: KubeObject,
): boolean {
  const { name = "", namespace = "" } = object.metadata;
  const value =
    key === "metadata.name"
      ? name
      : key === "metadata.namespace"
        ? namespace
        : (kind.fields?.[key]?.(object) ?? "");
  return operator === "!=" ? value !== values[0] : value === values[0];
}
