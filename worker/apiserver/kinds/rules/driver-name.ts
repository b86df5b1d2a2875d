/** Names of drivers, of volumes and of devices. Upstream: pkg/apis/core/validation ValidateCSIDriverName. */
import { type FieldPath, invalid, required, tooLong } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import type { Errors } from "./rule.ts";

const longest = 63;

export function driverName(errors: Errors, at: FieldPath, name = ""): void {
  if (name === "") {
    errors.push(required(at));
    return;
  }
  if (name.length > longest) errors.push(tooLong(at, longest));
  for (const problem of dns1123Subdomain(name.toLowerCase()))
    errors.push(invalid(at, name, problem));
}
