/** Metadata of what something is made from: only labels and annotations mean anything. Upstream: pkg/apis/core/validation ValidateTemplateObjectMeta. */
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";
import { type FieldPath, forbidden } from "#apimachinery/field.ts";
import { validateAnnotations } from "#apiserver/object-meta.ts";
import type { Errors } from "./rule.ts";
import { labels } from "./selector.ts";

export function templateMeta(errors: Errors, at: FieldPath, given: V1ObjectMeta = {}): void {
  const { annotations, labels: own, creationTimestamp: _none, ...others } = given;
  if (annotations !== undefined)
    errors.push(...validateAnnotations(annotations, at.child("annotations")));
  labels(errors, at.child("labels"), own);
  for (const [name, value] of Object.entries(others))
    if (value !== undefined) errors.push(forbidden(at.child(name), "cannot be set"));
}
