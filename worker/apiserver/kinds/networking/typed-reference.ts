/** A reference to an object of any kind. Upstream: pkg/apis/networking/validation validateIngressTypedLocalObjectReference. */
import { type FieldPath, required } from "#apimachinery/field.ts";
import { dns1123Subdomain, pathSegmentName } from "#apimachinery/names.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

interface Reference {
  readonly apiGroup?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
}

export function typedReference(
  errors: Errors,
  at: FieldPath,
  { apiGroup, kind, name }: Reference,
): void {
  if (apiGroup !== undefined) named(errors, at.child("apiGroup"), apiGroup, dns1123Subdomain);
  for (const [field, value] of [
    ["kind", kind],
    ["name", name],
  ] as const) {
    if (!value) errors.push(required(at.child(field)));
    else named(errors, at.child(field), value, pathSegmentName);
  }
}
