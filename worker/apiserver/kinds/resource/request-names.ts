/** The requests of a claim by name, and what refers to them. Upstream: pkg/apis/resource/validation gatherRequestNames, validateRequestNameRef. */
import type { V1DeviceClaim } from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, invalid } from "#apimachinery/field.ts";
import { set } from "#apiserver/kinds/rules/collection.ts";
import type { Errors, Rule } from "#apiserver/kinds/rules/rule.ts";
import { label } from "./names.ts";

const most = 32;
const unknownText =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

/** `request` and `request/alternative`. */
export const requestNames = ({ requests = [] }: V1DeviceClaim): ReadonlySet<string> =>
  new Set(
    requests.flatMap(({ name, firstAvailable = [] }) => [
      name,
      ...firstAvailable.map((sub) => `${name}/${sub.name}`),
    ]),
  );

export const requestReference =
  (names: ReadonlySet<string>): Rule<string | undefined> =>
  (errors, at, name = "") => {
    const parts = name.split("/");
    if (parts.length > 2) {
      errors.push(invalid(at, name, unknownText));
      return;
    }
    for (const part of parts) label(errors, at, part);
    if (!names.has(name)) errors.push(invalid(at, name, unknownText));
  };

export const requestReferences = (
  errors: Errors,
  at: FieldPath,
  given: readonly string[] | undefined,
  names: ReadonlySet<string>,
): void => set(errors, at, given, most, requestReference(names), (name) => name);
