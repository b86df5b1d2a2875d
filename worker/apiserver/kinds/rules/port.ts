/** Ports by number or name. Upstream: apimachinery/pkg/util/validation, pkg/apis/core/validation ValidatePortNumOrName. */
import type { FieldPath } from "#apimachinery/field.ts";
import { portName } from "#apimachinery/names.ts";
import { between, type Errors, named, portRange } from "./rule.ts";

export const protocols = ["SCTP", "TCP", "UDP"];

export const portNumber = (errors: Errors, at: FieldPath, port: number | undefined): void =>
  between(errors, at, port ?? 0, portRange);

/** A number or a name, wherever either may stand. */
export function portReference(
  errors: Errors,
  at: FieldPath,
  port: number | string | undefined,
): void {
  if (typeof port === "string") named(errors, at, port, portName);
  else portNumber(errors, at, port);
}
