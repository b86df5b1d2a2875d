/** ResourceQuota. Upstream: pkg/registry/core/resourcequota/strategy.go, pkg/apis/core/validation ValidateResourceQuota. */
import type { V1ResourceQuota, V1ResourceQuotaSpec } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, invalid, required } from "#apimachinery/field.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { ageColumn, column, nameColumn } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import {
  type Amounts,
  isQuotaName,
  quotaResourceName,
  resourceAmount,
} from "#apiserver/kinds/rules/resource.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { type Errors, immutableText } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec");
const podScopes = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "PriorityClass",
  "CrossNamespacePodAffinity",
];
const scopeNames = [...podScopes, "VolumeAttributesClass"];
const computing = new Set(
  ["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
);
/** What a scope can count. */
function suits(scope: string, resource: string): boolean {
  if (scope === "BestEffort") return resource === "pods";
  if (scope === "VolumeAttributesClass")
    return resource === "persistentvolumeclaims" || resource === "requests.storage";
  return podScopes.includes(scope) ? resource === "pods" || computing.has(resource) : true;
}
const pairs = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];

function hard(errors: Errors, here: FieldPath, amounts: Amounts | undefined): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    quotaResourceName(errors, here.key(name), name);
    resourceAmount(errors, here.key(name), name, amount);
  }
}
/** `shown`: what upstream prints as the bad value. */
function scopes(
  errors: Errors,
  here: FieldPath,
  names: readonly string[],
  spec: V1ResourceQuotaSpec,
  [unknownAt, shown]: readonly [FieldPath, unknown],
): void {
  for (const name of names) {
    if (!scopeNames.includes(name))
      errors.push(invalid(unknownAt, unknownAt === here ? shown : name, "unsupported scope"));
    for (const resource of Object.keys(spec.hard ?? {}).toSorted())
      if (isQuotaName(resource) && !suits(name, resource))
        errors.push(invalid(here, shown, "unsupported scope applied to resource"));
  }
}
function conflicts(
  errors: Errors,
  here: FieldPath,
  names: readonly string[],
  spec: V1ResourceQuotaSpec,
): void {
  for (const pair of pairs)
    if (pair.every((one) => names.includes(one)))
      errors.push(invalid(here, spec.scopes ?? null, "conflicting scopes"));
}
const existsOnly = new Set(podScopes.filter((scope) => scope !== "PriorityClass"));

function selector(errors: Errors, spec: V1ResourceQuotaSpec): void {
  const { matchExpressions = [] } = spec.scopeSelector ?? {};
  const here = at.child("scopeSelector", "matchExpressions");
  // Upstream's internal type.
  const shown = {
    MatchExpressions: matchExpressions.map((one) =>
      asInternal(one, ["scopeName", "operator", "values"]),
    ),
  };
  for (const { scopeName, operator, values = [] } of matchExpressions) {
    scopes(errors, here, [scopeName], spec, [here.child("scopeName"), shown]);
    if (existsOnly.has(scopeName) && operator !== "Exists")
      errors.push(
        invalid(
          here.child("operator"),
          operator,
          "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      );
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0)
        errors.push(
          required(
            here.child("values"),
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
          ),
        );
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        errors.push(
          invalid(
            here.child("values"),
            values,
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
          ),
        );
    } else errors.push(invalid(here.child("operator"), operator, "not a valid selector operator"));
  }
  conflicts(
    errors,
    here,
    matchExpressions.map(({ scopeName }) => scopeName),
    spec,
  );
}

function validate({ spec = {} }: V1ResourceQuota): readonly FieldError[] {
  const errors: Errors = [];
  hard(errors, at.child("hard"), spec.hard);
  const here = at.child("scopes");
  scopes(errors, here, spec.scopes ?? [], spec, [here, spec.scopes]);
  conflicts(errors, here, spec.scopes ?? [], spec);
  selector(errors, spec);
  return errors;
}

const known = ["cpu", "memory", "storage", "ephemeral-storage"];
/** Upstream: pkg/registry/core/resourcequota/strategy.go WarningsOnCreate. */
function warnings({ spec }: V1ResourceQuota, previous?: V1ResourceQuota): readonly string[] {
  if (previous !== undefined) return [];
  const given = spec?.hard ?? {};
  return known.flatMap((name) => {
    const asked =
      given[`requests.${name}`] === undefined && (name === "cpu" || name === "memory")
        ? name
        : `requests.${name}`;
    const request = given[asked];
    const limit = given[`limits.${name}`];
    return request === undefined || limit === undefined || compareQuantities(request, limit) <= 0
      ? []
      : [`ResourceQuota ${asked} (${request}) should be less than limits.${name} (${limit})`];
  });
}

/** `cpu: 1/2, pods: 3/10`, of the resources that `isLimit` picks. */
const usage = ({ status }: V1ResourceQuota, isLimit: boolean): string =>
  Object.keys(status?.hard ?? {})
    .filter((name) => name.startsWith("limits.") === isLimit)
    .toSorted()
    .map((name) => `${name}: ${status?.used?.[name] ?? 0}/${status?.hard?.[name]}`)
    .join(", ");

export const resourceQuota: Kind<V1ResourceQuota> = {
  gvk: "v1/ResourceQuota",
  warnings,
  validate,
  validateUpdate({ spec }, { spec: old }) {
    const names = (of: typeof spec): string => [...new Set(of?.scopes)].toSorted().join();
    return names(spec) === names(old)
      ? []
      : [invalid(at.child("scopes"), spec?.scopes ?? null, immutableText)];
  },
  validateStatusUpdate({ status }) {
    const errors: Errors = [];
    const here = new FieldPath("status");
    hard(errors, here.child("hard"), status?.hard);
    hard(errors, here.child("used"), status?.used);
    return errors;
  },
  columns: [
    nameColumn,
    column(
      "Request",
      "string",
      "Request represents a minimum amount of cpu/memory that a container may consume.",
      (quota) => usage(quota, false),
    ),
    column(
      "Limit",
      "string",
      "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.",
      (quota) => usage(quota, true),
    ),
    ageColumn,
  ],
};
