/** Names, scope, versions and conversion of a definition. Upstream: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go. */
import type {
  V1CustomResourceConversion as Conversion,
  V1CustomResourceDefinitionNames as Names,
  V1CustomResourceDefinitionSpec as Spec,
} from "#apimachinery/api/apiextensions-v1.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1035Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { clientConfig } from "#apiserver/kinds/admissionregistration/client-config.ts";

type Errors = readonly FieldError[];

export function groupErrors({ group }: Spec, at: FieldPath): Errors {
  const here = at.child("group");
  if (!group) return [required(here)];
  const problems = dns1123Subdomain(group);
  if (problems.length > 0) return [invalid(here, group, problems.join(","))];
  return group.includes(".")
    ? []
    : [invalid(here, group, "should be a domain with at least one dot")];
}

export function scopeErrors({ scope }: Spec, at: FieldPath): Errors {
  const scopes = ["Cluster", "Namespaced"];
  if (!scope) return [required(at.child("scope"))];
  return scopes.includes(scope) ? [] : [unsupported(at.child("scope"), scope, scopes)];
}

export function versionNameErrors(
  { name = "" }: { readonly name?: string },
  at: FieldPath,
): Errors {
  const problems = dns1035Label(name);
  return problems.length === 0 ? [] : [invalid(at, name, problems.join(","))];
}

const versionFields = [
  "name",
  "served",
  "storage",
  "deprecated",
  "deprecationWarning",
  "schema",
  "subresources",
  "additionalPrinterColumns",
  "selectableFields",
];

/** `shared`: what all versions have alike is kept elsewhere. */
export function versionErrors(
  { versions: given }: Spec,
  at: FieldPath,
  shared: ReadonlySet<string>,
): Errors {
  const here = at.child("versions");
  const versions = given.map((version) =>
    asInternal(
      Object.fromEntries(Object.entries(version).filter(([name]) => !shared.has(name))),
      versionFields,
      { deprecated: false },
    ),
  );
  const errors: FieldError[] = [];
  if (new Set(given.map(({ name }) => name)).size < given.length)
    errors.push(invalid(here, versions, "must contain unique version names"));
  if (given.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid(here, versions, "must have exactly one version marked as storage version"));
  return errors;
}

/** In a spec some names are required, in a status they may be missing. */
export const nameErrors = (names: Names, at: FieldPath): Errors => [
  ...(["plural", "singular", "kind", "listKind"] as const).flatMap((field) =>
    names[field] ? [] : [required(at.child(field))],
  ),
  ...acceptedNameErrors(names, at),
];

export function acceptedNameErrors(names: Names, at: FieldPath): Errors {
  const errors: FieldError[] = [];
  for (const field of ["plural", "singular"] as const) {
    const name = names[field] ?? "";
    const problems = name === "" ? [] : dns1035Label(name);
    if (problems.length > 0) errors.push(invalid(at.child(field), name, problems.join(",")));
  }
  for (const field of ["kind", "listKind"] as const) {
    const name = names[field] ?? "";
    const problems = name === "" ? [] : dns1035Label(name.toLowerCase());
    if (problems.length > 0)
      errors.push(
        invalid(
          at.child(field),
          name,
          `may have mixed case, but should otherwise match: ${problems.join(",")}`,
        ),
      );
  }
  errors.push(...eachName(names.shortNames, at.child("shortNames")));
  if (names.kind && names.kind === names.listKind)
    errors.push(
      invalid(at.child("listKind"), names.listKind, "kind and listKind may not be the same"),
    );
  errors.push(...eachName(names.categories, at.child("categories")));
  return errors;
}

const eachName = (names: readonly string[] = [], at: FieldPath): Errors =>
  names.flatMap((name, i) => {
    const problems = dns1035Label(name);
    return problems.length === 0 ? [] : [invalid(at.index(i), name, problems.join(","))];
  });

const reviewVersions = ["v1", "v1beta1"];

const strategies = ["None", "Webhook"];

/** Upstream: validateCustomResourceConversion. Certificates are not looked at: none is used here. */
export function conversionErrors(conversion: Conversion | undefined, at: FieldPath): Errors {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  const client = webhook?.clientConfig;
  const versions = webhook?.conversionReviewVersions ?? [];
  const here = at.child("webhookClientConfig");
  const told = at.child("conversionReviewVersions");
  const errors: FieldError[] = [];
  if (!strategy) errors.push(required(at.child("strategy")));
  else if (!strategies.includes(strategy))
    errors.push(unsupported(at.child("strategy"), strategy, strategies));
  if (strategy === "Webhook") {
    if (client === undefined)
      errors.push(required(here, "required when strategy is set to Webhook"));
    else clientConfig(errors, here, client);
    return [...errors, ...reviewVersionErrors(versions, told)];
  }
  const unwanted = "should not be set when strategy is not set to Webhook";
  if (client !== undefined) errors.push(forbidden(here, unwanted));
  if (versions.length > 0) errors.push(forbidden(told, unwanted));
  return errors;
}

function reviewVersionErrors(versions: readonly string[], at: FieldPath): Errors {
  if (versions.length === 0) return [required(at)];
  const errors = versions.flatMap((version, i) =>
    versions.indexOf(version) < i
      ? [invalid(at.index(i), version, "duplicate version")]
      : dns1035Label(version).map((problem) => invalid(at.index(i), version, problem)),
  );
  if (!versions.some((version) => reviewVersions.includes(version)))
    errors.push(invalid(at, versions, `must include at least one of ${reviewVersions.join(", ")}`));
  return errors;
}
