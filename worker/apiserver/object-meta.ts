/** The rules of metadata that every kind shares. Upstream: apimachinery/pkg/api/validation/objectmeta.go, apiserver/pkg/registry/rest. */
import { type FieldError, FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "#apimachinery/names.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";
import type { Resource } from "./registry.ts";

const at = new FieldPath("metadata");
const mostAnnotationBytes = 256 * 1024;
const nothing: readonly FieldError[] = [];

/** Upstream: pkg/apis/core/validation validateKubeFinalizerName, pkg/apis/core/helper IsStandardFinalizerName. */
const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);
export const plainFinalizer = "name is neither a standard finalizer name nor is it fully qualified";
export const isStandardFinalizer = (name: string): boolean =>
  name.includes("/") || standardFinalizers.has(name);
/** What kube-apiserver itself serves, not the servers in its chain. */
const isBuiltIn = ({ group, custom }: Resource): boolean =>
  custom === undefined && group !== "apiextensions.k8s.io" && group !== "apiregistration.k8s.io";

/** Labels and annotations are often the very object that was valid a moment ago. */
const seen = new WeakSet<object>();

export function validateMeta(resource: Resource, { metadata }: KubeObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name = "", namespace, labels, annotations, ownerReferences, finalizers } = metadata;
  if (name === "") errors.push(required(at.child("name"), "name or generateName is required"));
  else
    for (const problem of (resource.kind.name ?? dns1123Subdomain)(name))
      errors.push(invalid(at.child("name"), name, problem));
  if (resource.namespaced && namespace) {
    for (const problem of dns1123Label(namespace))
      errors.push(invalid(at.child("namespace"), namespace, problem));
  }
  if (labels !== undefined) errors.push(...validateLabels(labels, at.child("labels")));
  if (annotations !== undefined)
    errors.push(...validateAnnotations(annotations, at.child("annotations")));
  for (const [i, owner] of (ownerReferences ?? []).entries()) {
    const here = at.child("ownerReferences").index(i);
    if (!owner.apiVersion)
      errors.push(
        invalid(here.child("apiVersion"), owner.apiVersion ?? "", "version must not be empty"),
      );
    if (!owner.kind)
      errors.push(invalid(here.child("kind"), owner.kind ?? "", "must not be empty"));
    if (!owner.name)
      errors.push(invalid(here.child("name"), owner.name ?? "", "must not be empty"));
    if (!owner.uid) errors.push(invalid(here.child("uid"), owner.uid ?? "", "must not be empty"));
  }
  if ((ownerReferences ?? []).filter(({ controller }) => controller).length > 1) {
    errors.push(
      invalid(
        at.child("ownerReferences"),
        ownerReferences,
        "Only one reference can have Controller set to true.",
      ),
    );
  }
  for (const [i, finalizer] of (finalizers ?? []).entries()) {
    for (const problem of qualifiedName(finalizer))
      errors.push(invalid(at.child("finalizers"), finalizer, problem));
    if (isBuiltIn(resource) && !isStandardFinalizer(finalizer))
      errors.push(invalid(at.child("finalizers").index(i), finalizer, plainFinalizer));
  }
  return errors.length === 0 ? nothing : errors;
}

/** Also for selectors' and templates' labels. */
export function validateLabels(
  labels: Readonly<Record<string, string>>,
  path: FieldPath,
): readonly FieldError[] {
  if (seen.has(labels)) return nothing;
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    for (const problem of qualifiedName(key)) errors.push(invalid(path, key, problem));
    for (const problem of labelValue(value)) errors.push(invalid(path, value, problem));
  }
  if (errors.length === 0) seen.add(labels);
  return errors;
}

/** Also for templates' annotations. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>>,
  path: FieldPath,
): readonly FieldError[] {
  if (seen.has(annotations)) return nothing;
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const problem of qualifiedName(key.toLowerCase()))
      errors.push(invalid(path, key, problem));
    bytes += key.length + value.length;
  }
  if (bytes > mostAnnotationBytes) {
    errors.push({
      reason: "FieldValueTooLong",
      field: path.toString(),
      message: `Too long: may not be more than ${mostAnnotationBytes} bytes`,
    });
  }
  if (errors.length === 0) seen.add(annotations);
  return errors;
}

/** What an update may not change in metadata. */
export function validateMetaUpdate(
  next: V1ObjectMeta,
  previous: V1ObjectMeta,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const same = (field: "uid" | "name" | "namespace"): void => {
    if (next[field] !== previous[field])
      errors.push(invalid(at.child(field), next[field], "field is immutable"));
  };
  same("name");
  same("namespace");
  same("uid");
  if (previous.deletionTimestamp !== undefined) {
    const added = (next.finalizers ?? []).filter(
      (finalizer) => !previous.finalizers?.includes(finalizer),
    );
    if (added.length > 0) {
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(", ")}}`;
      errors.push(forbidden(at.child("finalizers"), detail));
    }
  }
  return errors.length === 0 ? nothing : errors;
}
