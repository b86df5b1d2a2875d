/** Requests, limits and claims, of containers and of Pods as a whole. Upstream: pkg/apis/core/validation validateResourceRequirements. */
import type {
  V1Container,
  V1PodResourceClaim,
  V1PodSpec,
  V1ResourceClaim,
  V1ResourceRequirements,
} from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { addQuantities, compareQuantities } from "#apimachinery/quantity.ts";
import {
  containerResourceName,
  isDivisible,
  isHugePages,
  isOvercommitAllowed,
  isPodLevel,
  resourceAmount,
  resourceName,
} from "#apiserver/kinds/rules/resource.ts";
import { type Errors, named, remembered, type Rule } from "#apiserver/kinds/rules/rule.ts";

function wholePages(errors: Errors, at: FieldPath, resource: string, amount: string): void {
  if (isHugePages(resource) && !isDivisible(resource, amount))
    errors.push(invalid(at, amount, `${amount} is not positive integer multiple of ${resource}`));
}

/** `limit`: of the same resource. */
function requestWithin(
  errors: Errors,
  at: FieldPath,
  [resource, amount]: readonly [string, string],
  limit: string | undefined,
): void {
  if (limit === undefined) {
    if (!isOvercommitAllowed(resource))
      errors.push(
        required(at.child("limits"), "Limit must be set for non overcommitable resources"),
      );
    return;
  }
  const path = at.child("requests");
  const difference = compareQuantities(amount, limit);
  if (difference !== 0 && !isOvercommitAllowed(resource))
    errors.push(invalid(path, amount, `must be equal to ${resource} limit of ${limit}`));
  else if (difference > 0)
    errors.push(
      invalid(path, amount, `must be less than or equal to ${resource} limit of ${limit}`),
    );
}

const requirements =
  (name: Rule<string>): Rule<V1ResourceRequirements> =>
  (errors, at, given) => {
    for (const [resource, amount] of Object.entries(given.limits ?? {})) {
      const here = at.child("limits").key(resource);
      name(errors, here, resource);
      resourceAmount(errors, here, resource, amount);
      wholePages(errors, here, resource, amount);
    }
    for (const request of Object.entries(given.requests ?? {})) {
      const [resource, amount] = request;
      const here = at.child("requests").key(resource);
      name(errors, here, resource);
      resourceAmount(errors, here, resource, amount);
      requestWithin(errors, at, request, given.limits?.[resource]);
      wholePages(errors, here, resource, amount);
    }
    const names = [...Object.keys(given.limits ?? {}), ...Object.keys(given.requests ?? {})];
    if (names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory"))
      errors.push(forbidden(at, "HugePages require cpu or memory"));
  };
const ofContainer = remembered(requirements(containerResourceName));
const podLevelNames = ["cpu", "hugepages-", "memory"];
const ofPod = remembered(
  requirements((errors, at, name) => {
    const before = errors.length;
    resourceName(errors, at, name);
    if (errors.length === before && !isPodLevel(name))
      errors.push(unsupported(at, name, podLevelNames));
  }),
);

/** What running the Pod costs beside its containers: limits, as it were. */
export const overhead = (
  errors: Errors,
  at: FieldPath,
  limits: NonNullable<V1PodSpec["overhead"]>,
): void => ofContainer(errors, at, { limits });

export function containerResources(
  errors: Errors,
  at: FieldPath,
  given: V1ResourceRequirements,
  claims: ReadonlySet<string>,
): void {
  ofContainer(errors, at, given);
  if (given.claims !== undefined) claimNames(errors, at.child("claims"), given.claims, claims);
}

/** Each names an entry of spec.resourceClaims, and none twice. */
function claimNames(
  errors: Errors,
  at: FieldPath,
  given: readonly V1ResourceClaim[],
  claims: ReadonlySet<string>,
): void {
  const seen = new Set<string>();
  for (const [i, { name, request }] of given.entries()) {
    const here = at.index(i);
    if (!name) {
      errors.push(required(here));
      continue;
    }
    if (seen.has(name)) errors.push(duplicate(here, name));
    else {
      if (request) named(errors, here.child("request"), request, dns1123Label);
      const key = request ? `${name}/${request}` : name;
      if (seen.has(key)) errors.push(duplicate(here, key));
      else if (!request)
        for (const other of seen)
          if (other.startsWith(`${name}/`)) errors.push(duplicate(here, name));
      seen.add(key);
    }
    if (!claims.has(name)) {
      const which =
        claims.size === 0 ? " which is empty" : `: ${[...claims].toSorted().join(", ")}`;
      errors.push(
        notFound(here, name, `must be one of the names in pod.spec.resourceClaims${which}`),
      );
    }
  }
}

const eitherClaim = "`resourceClaimName`, `resourceClaimTemplateName`";
export const resourceClaims = remembered<readonly V1PodResourceClaim[]>((errors, at, list) => {
  const names = new Set<string>();
  for (const [i, claim] of list.entries()) {
    const here = at.index(i);
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    if (!name) errors.push(required(here.child("name")));
    else if (names.has(name)) errors.push(duplicate(here.child("name"), name));
    else named(errors, here.child("name"), name, dns1123Label);
    names.add(name);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined)
      errors.push(
        invalid(
          here,
          internalClaim(claim),
          "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
        ),
      );
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined)
      errors.push(invalid(here, internalClaim(claim), `must specify one of: ${eitherClaim}`));
    for (const field of ["resourceClaimName", "resourceClaimTemplateName"] as const) {
      const value = claim[field];
      if (value !== undefined) named(errors, here.child(field), value, dns1123Subdomain);
    }
  }
});
/** Upstream prints its internal type, whose fields begin with capitals. */
const internalClaim = (claim: V1PodResourceClaim): unknown => ({
  Name: claim.name ?? "",
  ResourceClaimName: claim.resourceClaimName ?? null,
  ResourceClaimTemplateName: claim.resourceClaimTemplateName ?? null,
});

/**
 * What all containers ask for or are limited to together: the sum, or the largest init container's.
 * Upstream: component-helpers/resource AggregateContainerRequests, AggregateContainerLimits.
 */
export function aggregate(spec: V1PodSpec, list: "limits" | "requests"): Record<string, string> {
  const sum: Record<string, string> = {};
  const add = (one: V1Container): void => {
    for (const [name, amount] of Object.entries(one.resources?.[list] ?? {}))
      sum[name] = sum[name] === undefined ? amount : addQuantities([sum[name], amount]);
  };
  spec.containers.forEach(add);
  const sidecars: Record<string, string> = {};
  const peak: Record<string, string> = {};
  for (const one of spec.initContainers ?? []) {
    for (const [name, amount] of Object.entries(one.resources?.[list] ?? {})) {
      const together =
        sidecars[name] === undefined ? amount : addQuantities([sidecars[name], amount]);
      if (one.restartPolicy === "Always") sidecars[name] = together;
      if (peak[name] === undefined || compareQuantities(together, peak[name]) > 0)
        peak[name] = together;
    }
  }
  for (const [name, amount] of Object.entries(sidecars))
    sum[name] = sum[name] === undefined ? amount : addQuantities([sum[name], amount]);
  for (const [name, amount] of Object.entries(peak))
    if (sum[name] === undefined || compareQuantities(amount, sum[name]) > 0) sum[name] = amount;
  return sum;
}

export function podResources(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  const { resources, containers } = spec;
  if (resources === undefined) return;
  if (spec.os?.name === "windows") {
    errors.push(forbidden(at, "may not be set for a windows pod"));
    return;
  }
  if (resources.claims !== undefined)
    errors.push(forbidden(at.child("claims"), "claims may not be set for Resources at pod-level"));
  ofPod(errors, at, resources);
  for (const list of ["requests", "limits"] as const)
    for (const [name, amount] of Object.entries(aggregate(spec, list))) {
      const own = resources[list]?.[name];
      const isJudged = list === "requests" || isHugePages(name);
      if (isJudged && own !== undefined && compareQuantities(amount, own) > 0)
        errors.push(
          invalid(
            at.child(list).key(name),
            own,
            `must be greater than or equal to aggregate container ${list} of ${amount}`,
          ),
        );
    }
  for (const [i, one] of containers.entries()) {
    for (const [name, amount] of Object.entries(one.resources?.limits ?? {})) {
      const own = resources.limits?.[name];
      if (own !== undefined && compareQuantities(amount, own) > 0)
        errors.push(
          invalid(
            at.child("containers").index(i).key(name).child("limits"),
            amount,
            `must be less than or equal to pod limits of ${own}`,
          ),
        );
    }
  }
}
