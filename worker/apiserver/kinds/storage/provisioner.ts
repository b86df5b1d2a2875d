/** Who makes volumes, by name. Upstream: pkg/apis/storage/validation validateProvisioner. */
import { type FieldPath, required } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

export function provisioner(errors: Errors, at: FieldPath, name = ""): void {
  if (name === "") errors.push(required(at));
  else named(errors, at, name.toLowerCase(), qualifiedName);
}
