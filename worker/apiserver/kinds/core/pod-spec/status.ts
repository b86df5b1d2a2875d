/** What a writer of a Pod's status may say. Upstream: pkg/apis/core/validation ValidatePodStatusUpdate. */
import type {
  V1ContainerStatus,
  V1Pod,
  V1PodStatus,
  V1ResourceStatus,
} from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Subdomain, qualifiedName } from "#apimachinery/names.ts";
import { ip, isDualStack } from "#apiserver/kinds/rules/address.ts";
import { type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { podAnnotationsUpdate } from "./annotations.ts";

const at = new FieldPath("status");
const metadata = new FieldPath("metadata");

/** Names of containers that may leave `terminated`, whatever the restart policy. */
type Restarts = (name: string, exitCode: number) => boolean;

function transitions(
  errors: Errors,
  here: FieldPath,
  [next = [], previous = []]: readonly (readonly V1ContainerStatus[] | undefined)[],
  restarts: Restarts,
): void {
  if (next === previous) return;
  for (const [i, { name, state }] of previous.entries()) {
    const ended = state?.terminated;
    if (ended === undefined || restarts(name, ended.exitCode ?? 0)) continue;
    if (next.some((one) => one.name === name && one.state?.terminated === undefined))
      errors.push(
        forbidden(here.index(i).child("state"), "may not be transitioned to non-terminated state"),
      );
  }
}

function containerStates(errors: Errors, next: V1Pod, previous: V1Pod): void {
  const { spec } = previous;
  const policy = spec?.restartPolicy;
  const list = (
    name: "containerStatuses" | "initContainerStatuses" | "ephemeralContainerStatuses",
  ): readonly (readonly V1ContainerStatus[] | undefined)[] => [
    next.status?.[name],
    previous.status?.[name],
  ];
  if (policy !== "Always") {
    const own = (name: string): string | undefined =>
      [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find(
        (one) => one.name === name,
      )?.restartPolicy;
    const hasRules = (name: string): boolean =>
      [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some(
        (one) => one.name === name && (one.restartPolicyRules ?? []).length > 0,
      );
    const restarts: Restarts = (name, exitCode) => {
      const rule = own(name) ?? policy;
      return rule === "Always" || hasRules(name) || (rule === "OnFailure" && exitCode !== 0);
    };
    transitions(errors, at.child("containerStatuses"), list("containerStatuses"), restarts);
    transitions(errors, at.child("initContainerStatuses"), list("initContainerStatuses"), restarts);
  }
  transitions(
    errors,
    at.child("ephemeralContainerStatuses"),
    list("ephemeralContainerStatuses"),
    () => false,
  );
}

type Ips = readonly { readonly ip: string }[];
function addresses(errors: Errors, here: FieldPath, list: Ips): void {
  for (const [i, one] of list.entries()) ip(errors, here.index(i), one.ip);
  if (list.length < 2) return;
  if (!isDualStack(list.map((one) => one.ip)) || list.length > 2)
    errors.push(invalid(here, list, "may specify no more than one IP for each IP family"));
  for (const [i, one] of list.entries())
    if (list.slice(0, i).some((other) => other.ip === one.ip))
      errors.push(duplicate(here.index(i), { IP: one.ip }));
}
function hosts(errors: Errors, { hostIP, hostIPs = [] }: V1PodStatus): void {
  const [first] = hostIPs;
  if (first === undefined) return;
  const here = at.child("hostIPs");
  if (hostIP !== first.ip)
    errors.push(invalid(here.index(0).child("ip"), first.ip, "must be equal to `hostIP`"));
  addresses(errors, here, hostIPs);
}

const ownConditions = new Set(["PodScheduled", "Ready", "Initialized"]);
function conditions(errors: Errors, { conditions: list = [] }: V1PodStatus): void {
  for (const [i, { type = "" }] of list.entries())
    if (!ownConditions.has(type))
      named(errors, metadata.child("conditions").index(i).child("Type"), type, qualifiedName);
}

function claims(errors: Errors, { spec, status }: V1Pod): void {
  const names = new Set<string>();
  const here = at.child("resourceClaimStatuses");
  for (const [i, { name, resourceClaimName }] of (status?.resourceClaimStatuses ?? []).entries()) {
    const own = here.index(i).child("name");
    if (!(spec?.resourceClaims ?? []).some((claim) => claim.name === name))
      errors.push(invalid(own, name, "must match the name of an entry in `spec.resourceClaims`"));
    if (names.has(name)) errors.push(duplicate(own, name));
    names.add(name);
    if (resourceClaimName !== undefined) named(errors, own, resourceClaimName, dns1123Subdomain);
  }
}

const health = ["Healthy", "Unhealthy", "Unknown"];
function devices(errors: Errors, here: FieldPath, list: readonly V1ResourceStatus[]): void {
  for (const [j, { resources = [] }] of list.entries()) {
    const seen = new Set<string>();
    for (const [k, one] of resources.entries()) {
      const own = here.child("allocatedResourcesStatus").index(j).child("resources").index(k);
      if (!health.includes(one.health ?? ""))
        errors.push(unsupported(own.child("health"), one.health ?? "", health));
      if (seen.has(one.resourceID)) errors.push(duplicate(own.child("resourceID"), one.resourceID));
      seen.add(one.resourceID);
    }
  }
}

export function validatePodStatusUpdate(next: V1Pod, previous: V1Pod): readonly FieldError[] {
  const errors: Errors = [];
  if (next.metadata.annotations !== previous.metadata.annotations)
    podAnnotationsUpdate(
      errors,
      metadata.child("annotations"),
      next.metadata.annotations,
      previous.metadata.annotations,
    );
  const status = next.status ?? {};
  if (status === previous.status) return errors;
  conditions(errors, status);
  const { nominatedNodeName } = status;
  if (nominatedNodeName && nominatedNodeName !== previous.status?.nominatedNodeName)
    named(errors, at.child("nominatedNodeName"), nominatedNodeName, dns1123Subdomain);
  immutable(errors, at.child("qosClass"), status.qosClass, previous.status?.qosClass);
  containerStates(errors, next, previous);
  if (status.resourceClaimStatuses !== undefined) claims(errors, next);
  if (status.podIPs !== undefined) addresses(errors, at.child("podIPs"), status.podIPs);
  hosts(errors, status);
  for (const list of ["containerStatuses", "initContainerStatuses"] as const)
    for (const [i, { allocatedResourcesStatus }] of (status[list] ?? []).entries())
      if (allocatedResourcesStatus !== undefined)
        devices(errors, at.child(list).index(i), allocatedResourcesStatus);
  return errors;
}
