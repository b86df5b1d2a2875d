/** Metadata of what something is made from: only labels and annotations mean anything. Upstream: pkg/apis/core/validation ValidateTemplateObjectMeta. */
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";
import { type FieldPath, forbidden } from "#apimachinery/field.ts";
import { validateAnnotations } from "#apiserver/object-meta.ts";
import type { Errors } from "./rule.ts";
import { labels } from "./selector.ts";

/** In the order of Go's type, and as it names them. */
const others = [
  ["name", "name"],
  ["generateName", "generateName"],
  ["namespace", "namespace"],
  ["selfLink", "selfLink"],
  ["uid", "uID"],
  ["resourceVersion", "resourceVersion"],
  ["generation", "generation"],
  ["creationTimestamp", "creationTimestamp"],
  ["deletionTimestamp", "deletionTimestamp"],
  ["deletionGracePeriodSeconds", "deletionGracePeriodSeconds"],
  ["ownerReferences", "ownerReferences"],
  ["finalizers", "finalizers"],
  ["managedFields", "managedFields"],
] as const satisfies readonly (readonly [keyof V1ObjectMeta, string])[];

export function templateMeta(errors: Errors, at: FieldPath, given: V1ObjectMeta = {}): void {
  const { annotations, labels: own } = given;
  if (annotations !== undefined)
    errors.push(...validateAnnotations(annotations, at.child("annotations")));
  labels(errors, at.child("labels"), own);
  for (const [name, shown] of others)
    if (given[name] !== undefined && given[name] !== null)
      errors.push(forbidden(at.child(shown), "cannot be set"));
}
