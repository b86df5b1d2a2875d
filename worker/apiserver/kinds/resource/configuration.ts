/** What a driver alone understands. Upstream: pkg/apis/resource/validation validateDeviceConfiguration, validateRawExtension. */
import type { V1OpaqueDeviceConfiguration } from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, invalid, required, tooLong } from "#apimachinery/field.ts";
import { textBytes } from "#apiserver/kinds/rules/data.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

const mostBytes = 10 * 1024;

export function rawObject(errors: Errors, at: FieldPath, given: unknown): void {
  if (given === undefined || given === null) errors.push(required(at));
  else if (textBytes(JSON.stringify(given)) > mostBytes) errors.push(tooLong(at, mostBytes));
  else if (typeof given !== "object" || Array.isArray(given))
    errors.push(invalid(at, "<value omitted>", "must be a valid JSON object"));
}

export function configuration(
  errors: Errors,
  at: FieldPath,
  { opaque }: { readonly opaque?: V1OpaqueDeviceConfiguration | undefined },
): void {
  const here = at.child("opaque");
  if (opaque === undefined) {
    errors.push(required(here));
    return;
  }
  driverName(errors, here.child("driver"), opaque.driver);
  rawObject(errors, here.child("parameters"), opaque.parameters);
}
