/** Names of CSI drivers inside other objects. Upstream: pkg/apis/core/validation ValidateCSIDriverName. */
import { type FieldPath, required, tooLong } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

const longest = 63;

export function driverName(errors: Errors, at: FieldPath, name = ""): void {
  if (name === "") errors.push(required(at));
  if (name.length > longest) errors.push(tooLong(at, longest));
  named(errors, at, name.toLowerCase(), dns1123Subdomain);
}
