/** What a node says of a Pod's containers: whose they run as, and the devices they got. */
import type {
  V1Container,
  V1ContainerStatus,
  V1Pod,
  V1PodExtendedResourceClaimStatus,
  V1PodSpec,
  V1ResourceStatus,
} from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldPath,
  forbidden,
  invalid,
  required,
  tooLong,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { between, type Errors, named, userRange } from "#apiserver/kinds/rules/rule.ts";

export const statusLists = [
  "containerStatuses",
  "initContainerStatuses",
  "ephemeralContainerStatuses",
] as const;
export type StatusList = (typeof statusLists)[number];

/** Upstream: pkg/apis/core/validation validateContainerStatusUsers. */
export function containerUsers(errors: Errors, at: FieldPath, { spec, status }: V1Pod): void {
  for (const list of statusLists)
    for (const [i, { user }] of (status?.[list] ?? []).entries()) {
      const linux = user?.linux;
      if (linux === undefined) continue;
      const here = at.child(list).index(i).child("user", "linux");
      if (spec?.os?.name === "windows")
        errors.push(forbidden(here, "cannot be set for a windows pod"));
      else {
        between(errors, here.child("uid"), linux.uid, userRange);
        between(errors, here.child("gid"), linux.gid, userRange);
        for (const [j, group] of (linux.supplementalGroups ?? []).entries())
          between(errors, here.child("supplementalGroups").index(j), group, userRange);
      }
    }
}

const ofClaims = "claim:";
const otherClaim =
  "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
const otherRequest = "must match one of the container's resource requests";
function asked({ resources }: V1Container, name: string): boolean {
  if (!name.startsWith(ofClaims)) return resources?.requests?.[name] !== undefined;
  return (resources?.claims ?? []).some(
    (claim) => name === `${ofClaims}${claim.name}${claim.request ? `/${claim.request}` : ""}`,
  );
}

const health = ["Healthy", "Unhealthy", "Unknown"];
const longestMessage = 1024;
function devices(errors: Errors, at: FieldPath, { resources = [] }: V1ResourceStatus): void {
  const seen = new Set<string>();
  for (const [k, { health: state = "", message, resourceID }] of resources.entries()) {
    const here = at.child("resources").index(k);
    if (!health.includes(state)) errors.push(unsupported(here.child("health"), state, health));
    if (message === "")
      errors.push(required(here.child("message"), "must be non-empty if specified"));
    else if (message !== undefined && message.length > longestMessage)
      errors.push(tooLong(here.child("message"), longestMessage));
    if (seen.has(resourceID)) errors.push(duplicate(here.child("resourceID"), resourceID));
    seen.add(resourceID);
  }
}
function devicesOf(
  errors: Errors,
  at: FieldPath,
  { name, allocatedResourcesStatus }: V1ContainerStatus,
  containers: readonly V1Container[] | undefined,
): void {
  for (const [j, one] of (allocatedResourcesStatus ?? []).entries()) {
    const here = at.child("allocatedResourcesStatus").index(j);
    const container = containers?.find((other) => other.name === name);
    if (container !== undefined && !asked(container, one.name))
      errors.push(
        invalid(
          here.child("name"),
          one.name,
          one.name.startsWith(ofClaims) ? otherClaim : otherRequest,
        ),
      );
    devices(errors, here, one);
  }
}

/** Upstream: pkg/apis/core/validation validateContainerStatusAllocatedResourcesStatus, validateContainerStatusNoAllocatedResourcesStatus. */
export function allocatedResources(errors: Errors, at: FieldPath, { spec, status }: V1Pod): void {
  for (const [i, one] of (status?.containerStatuses ?? []).entries())
    if (one.allocatedResourcesStatus !== undefined)
      devicesOf(errors, at.child("containerStatuses").index(i), one, spec?.containers);
  for (const [i, one] of (status?.initContainerStatuses ?? []).entries())
    if (one.allocatedResourcesStatus !== undefined)
      devicesOf(errors, at.child("initContainerStatuses").index(i), one, spec?.initContainers);
  for (const [i, one] of (status?.ephemeralContainerStatuses ?? []).entries())
    if ((one.allocatedResourcesStatus ?? []).length > 0)
      errors.push(
        forbidden(
          at.child("ephemeralContainerStatuses").index(i).child("allocatedResourcesStatus"),
          "must not be specified in container status",
        ),
      );
}

/** The claim that the scheduler made for extended resources. Upstream: validatePodExtendedResourceClaimStatus. */
export function extendedClaim(
  errors: Errors,
  at: FieldPath,
  { requestMappings = [], resourceClaimName }: V1PodExtendedResourceClaimStatus,
  spec: V1PodSpec | undefined,
): void {
  const mappings = at.child("requestMappings");
  if (requestMappings.length === 0)
    errors.push(required(mappings, "at least one request mapping is required"));
  const seen = new Set<string>();
  for (const [i, { containerName, resourceName, requestName }] of requestMappings.entries()) {
    const here = mappings.index(i);
    const container = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find(
      ({ name }) => name === containerName,
    );
    if (container === undefined)
      errors.push(
        invalid(
          here.child("containerName"),
          containerName,
          "must match the name of an entry in spec.initContainers.name or spec.containers.name",
        ),
      );
    else if (container.resources?.requests?.[resourceName] === undefined)
      errors.push(
        invalid(
          here.child("resourceName"),
          resourceName,
          "must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests",
        ),
      );
    named(errors, at.child("requestName"), requestName, dns1123Label);
    const id = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(id))
      errors.push(
        duplicate(here.child("containerName"), containerName),
        duplicate(here.child("resourceName"), resourceName),
        duplicate(here.child("requestName"), requestName),
      );
    seen.add(id);
  }
  if (!resourceClaimName) errors.push(required(at.child("resourceClaimName")));
  else named(errors, at.child("resourceClaimName"), resourceClaimName, dns1123Subdomain);
}
