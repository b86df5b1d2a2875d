/** Conditions in the status of both kinds. Upstream: pkg/apis/flowcontrol/validation ValidateFlowSchemaStatus. */
import { duplicate, FieldPath, required } from "#apimachinery/field.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("status").child("conditions");

export function conditions(given: readonly { readonly type?: string | undefined }[] = []): Errors {
  const errors: Errors = [];
  for (const [i, { type = "" }] of given.entries()) {
    if (given.findIndex((one) => (one.type ?? "") === type) < i)
      errors.push(duplicate(at.index(i).child("type"), type));
    if (type === "") errors.push(required(at.index(i).child("type")));
  }
  return errors;
}
