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
  const nameProblems = resource.kind.name ?? dns1123Subdomain;
  const errors = validateObjectMeta(metadata, at, {
    namespaced: resource.namespaced,
    nameProblems,
  });
  const { finalizers } = metadata;
  if (finalizers === undefined || !isBuiltIn(resource)) return errors;
  const plain = finalizers.flatMap((finalizer, i) =>
    isStandardFinalizer(finalizer)
      ? []
      : [invalid(at.child("finalizers").index(i), finalizer, plainFinalizer)],
  );
  return plain.length === 0 ? errors : [...errors, ...plain];
}

/** Also for resources within others. Upstream: ValidateObjectMetaAccessor. */
export function validateObjectMeta(
  metadata: V1ObjectMeta,
  path: FieldPath,
  rules: {
    readonly namespaced: boolean;
    readonly nameProblems: (name: string) => readonly string[];
  },
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name = "", generateName, namespace, labels, annotations } = metadata;
  if (generateName)
    for (const problem of rules.nameProblems(withoutLastDash(generateName)))
      errors.push(invalid(path.child("generateName"), generateName, problem));
  if (name === "") errors.push(required(path.child("name"), "name or generateName is required"));
  else
    for (const problem of rules.nameProblems(name))
      errors.push(invalid(path.child("name"), name, problem));
  if (namespace) {
    const here = path.child("namespace");
    if (!rules.namespaced) errors.push(forbidden(here, "not allowed on this type"));
    else
      for (const problem of dns1123Label(namespace)) errors.push(invalid(here, namespace, problem));
  }
  if (labels !== undefined) errors.push(...validateLabels(labels, path.child("labels")));
  if (annotations !== undefined)
    errors.push(...validateAnnotations(annotations, path.child("annotations")));
  const { ownerReferences, finalizers } = metadata;
  if (ownerReferences !== undefined)
    errors.push(...validateOwners(ownerReferences, path.child("ownerReferences")));
  if (finalizers !== undefined)
    errors.push(...validateFinalizers(finalizers, path.child("finalizers")));
  return errors.length === 0 ? nothing : errors;
}

/** What is appended may follow a dash. Upstream: maskTrailingDash. */
const withoutLastDash = (prefix: string): string =>
  prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;

function validateOwners(
  owners: NonNullable<V1ObjectMeta["ownerReferences"]>,
  path: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const owner of owners) {
    const { apiVersion, kind, name, uid } = owner;
    if (!apiVersion || apiVersion.split("/").length > 2 || apiVersion.endsWith("/"))
      errors.push(invalid(path.child("apiVersion"), apiVersion ?? "", "version must not be empty"));
    for (const [field, value] of Object.entries({ kind, name, uid }))
      if (!value) errors.push(invalid(path.child(field), value ?? "", "must not be empty"));
    if (apiVersion === "v1" && kind === "Event")
      errors.push(invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
    if (owner.controller !== true) continue;
    const current = `${kind}/${name}`;
    if (controller === undefined) controller = current;
    else
      errors.push(
        invalid(
          path,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${current}`,
        ),
      );
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[], path: FieldPath): readonly FieldError[] {
  const errors = finalizers.flatMap((finalizer) =>
    qualifiedName(finalizer).map((problem) => invalid(path, finalizer, problem)),
  );
  if (finalizers.includes("foregroundDeletion") && finalizers.includes("orphan"))
    errors.push(
      invalid(path, finalizers, "finalizer foregroundDeletion and orphan cannot be both set"),
    );
  return errors;
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

/** What an update may not change in metadata. Upstream: ValidateObjectMetaAccessorUpdate. */
export function validateMetaUpdate(
  next: V1ObjectMeta,
  previous: V1ObjectMeta,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (previous.deletionTimestamp !== undefined) {
    const added = (next.finalizers ?? []).filter(
      (finalizer) => !previous.finalizers?.includes(finalizer),
    );
    if (added.length > 0) {
      const names = [...new Set(added)].toSorted().map((one) => JSON.stringify(one));
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names.join(", ")}}`;
      errors.push(forbidden(at.child("finalizers"), detail));
    }
  }
  for (const field of unchanging)
    if (next[field] !== previous[field])
      errors.push(invalid(at.child(field), next[field], "field is immutable"));
  return errors.length === 0 ? nothing : errors;
}
const unchanging = [
  "name",
  "namespace",
  "uid",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;
