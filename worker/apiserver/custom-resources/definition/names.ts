/** Names, scope, versions and conversion of a definition. Upstream: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go. */
import type {
  V1CustomResourceConversion as Conversion,
  V1CustomResourceDefinitionNames as Names,
  V1CustomResourceDefinitionSpec as Spec,
} from "#apimachinery/api/apiextensions-v1.ts";
import {
  type FieldError,
  type FieldPath,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1035Label, dns1123Subdomain } from "#apimachinery/names.ts";

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

export function versionErrors({ versions }: Spec, at: FieldPath): Errors {
  const here = at.child("versions");
  const errors: FieldError[] = versions.flatMap(({ name }, i) => {
    const problems = dns1035Label(name ?? "");
    return problems.length === 0
      ? []
      : [invalid(here.index(i).child("name"), name ?? "", problems.join(","))];
  });
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalid(here, versions, "must contain unique version names"));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid(here, versions, "must have exactly one version marked as storage version"));
  return errors;
}

/** In a spec some names are required, in a status they may be missing. */
export function nameErrors(names: Names, at: FieldPath): Errors {
  const errors: FieldError[] = [];
  for (const field of ["plural", "singular", "kind", "listKind"] as const)
    if (!names[field]) errors.push(required(at.child(field)));
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

export function conversionErrors(conversion: Conversion | undefined, at: FieldPath): Errors {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  if (!strategy) return [required(at.child("strategy"))];
  if (strategy === "None")
    return webhook === undefined
      ? []
      : [
          {
            reason: "FieldValueForbidden",
            field: at.child("webhookClientConfig").toString(),
            message: "Forbidden: should not be set when strategy is not set to Webhook",
          },
        ];
  if (strategy !== "Webhook")
    return [unsupported(at.child("strategy"), strategy, ["None", "Webhook"])];
  const errors: FieldError[] = [];
  const client = webhook?.clientConfig;
  const here = at.child("webhookClientConfig");
  if (client === undefined) errors.push(required(here, "required when strategy is set to Webhook"));
  else if ((client.url === undefined) === (client.service === undefined))
    errors.push(required(here, "exactly one of url or service is required"));
  else if (client.url !== undefined && !client.url.startsWith("https://"))
    errors.push(
      invalid(
        here.child("url"),
        client.url.split(":")[0] ?? "",
        `'https' is the only allowed URL scheme; desired format: https://host[/path]`,
      ),
    );
  const versions = webhook?.conversionReviewVersions ?? [];
  const told = at.child("conversionReviewVersions");
  if (versions.length === 0) errors.push(required(told));
  else if (!versions.some((version) => reviewVersions.includes(version)))
    errors.push(
      invalid(told, versions, `must include at least one of ${reviewVersions.join(", ")}`),
    );
  return errors;
}
