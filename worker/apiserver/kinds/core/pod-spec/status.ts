/** What a writer of a Pod's status may say. Upstream: pkg/apis/core/validation ValidatePodStatusUpdate. */
import type {
  V1Container,
  V1ContainerStatus,
  V1Pod,
  V1PodStatus,
} from "#apimachinery/api/core-v1.ts";
import { duplicate, type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import { dns1123Subdomain, qualifiedName } from "#apimachinery/names.ts";
import type { Warn } from "#apiserver/kinds/kind.ts";
import { ip, ipWarnings, isDualStack } from "#apiserver/kinds/rules/address.ts";
import { type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { podAnnotationsUpdate } from "./annotations.ts";
import {
  allocatedResources,
  containerUsers,
  extendedClaim,
  type StatusList,
  statusLists,
} from "./container-status.ts";

const at = new FieldPath("status");
const metadata = new FieldPath("metadata");

/** Whether a container may leave `terminated`, whatever the restart policy. */
type Restarts = (name: string, exitCode: number) => boolean;

function transitions(
  errors: Errors,
  list: StatusList,
  [next = [], previous = []]: readonly (readonly V1ContainerStatus[] | undefined)[],
  restarts: Restarts,
): void {
  if (next === previous) return;
  for (const [i, { name, state }] of previous.entries()) {
    const ended = state?.terminated;
    if (ended === undefined) continue;
    const isBack = next.some((one) => one.name === name && one.state?.terminated === undefined);
    if (isBack && !restarts(name, ended.exitCode ?? 0))
      errors.push(
        forbidden(
          at.child(list).index(i).child("state"),
          "may not be transitioned to non-terminated state",
        ),
      );
  }
}

type Container = Pick<V1Container, "name" | "restartPolicy" | "restartPolicyRules">;
const matchesExit = (
  { exitCodes }: NonNullable<V1Container["restartPolicyRules"]>[number],
  code: number,
): boolean =>
  exitCodes !== undefined &&
  (exitCodes.values ?? []).includes(code) === (exitCodes.operator === "In");
/** Upstream: pkg/api/v1/pod/util.go ContainerShouldRestart. */
function restartsAfter(container: Container, ofPod: string | undefined, exitCode: number): boolean {
  const { restartPolicy, restartPolicyRules = [] } = container;
  // Both actions there are start it again.
  if (restartPolicy !== undefined && restartPolicyRules.some((rule) => matchesExit(rule, exitCode)))
    return true;
  const policy = restartPolicy ?? ofPod;
  return policy === "OnFailure" ? exitCode !== 0 : policy !== "Never";
}
const couldRestartAll = (list: readonly Container[]): boolean =>
  list.some(
    ({ restartPolicyRules }) =>
      restartPolicyRules?.some(({ action }) => action === "RestartAllContainers") === true,
  );

function containerStates(errors: Errors, next: V1Pod, previous: V1Pod): void {
  const { containers = [], initContainers = [], restartPolicy } = previous.spec ?? {};
  const restartsIn =
    (all: readonly Container[]): Restarts =>
    (name, exitCode) => {
      if (couldRestartAll(initContainers) || couldRestartAll(containers)) return true;
      const found = all.find((one) => one.name === name);
      return found !== undefined && restartsAfter(found, restartPolicy, exitCode);
    };
  const rules: Readonly<Record<StatusList, Restarts>> = {
    containerStatuses: restartsIn(containers),
    initContainerStatuses: restartsIn(initContainers),
    ephemeralContainerStatuses: () => false,
  };
  for (const list of statusLists)
    transitions(errors, list, [next.status?.[list], previous.status?.[list]], rules[list]);
}

type Ips = readonly { readonly ip: string }[];
function addresses(errors: Errors, here: FieldPath, list: Ips, previous: Ips = []): void {
  if (list === previous) return;
  const before = previous.map((one) => one.ip);
  for (const [i, one] of list.entries()) ip(errors, here.index(i), one.ip, before);
  if (list.length < 2) return;
  if (!isDualStack(list.map((one) => one.ip)) || list.length > 2)
    errors.push(
      invalid(
        here,
        list.map((one) => ({ IP: one.ip })),
        "may specify no more than one IP for each IP family",
      ),
    );
}
function hosts(
  errors: Errors,
  { hostIP, hostIPs = [] }: V1PodStatus,
  previous: V1PodStatus | undefined,
): void {
  const [first] = hostIPs;
  if (first === undefined) return;
  const here = at.child("hostIPs");
  if (hostIP !== first.ip)
    errors.push(invalid(here.index(0).child("ip"), first.ip, "must be equal to `hostIP`"));
  addresses(errors, here, hostIPs, previous?.hostIPs);
}

const ownConditions = new Set(["PodScheduled", "Ready", "Initialized"]);
const notNegativeText = "must be a non-negative integer";
function conditions(errors: Errors, { conditions: list = [] }: V1PodStatus): void {
  for (const [i, { type = "", observedGeneration = 0 }] of list.entries()) {
    if (observedGeneration < 0)
      errors.push(
        invalid(
          at.child("conditions").index(i).child("observedGeneration"),
          observedGeneration,
          notNegativeText,
        ),
      );
    if (!ownConditions.has(type))
      named(errors, at.child("conditions").index(i).child("Type"), type, qualifiedName);
  }
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
    if (resourceClaimName !== undefined)
      named(errors, here.index(i).child("resourceClaimName"), resourceClaimName, dns1123Subdomain);
  }
}

/** Upstream: podStatusStrategy WarningsOnUpdate. */
function oddAddresses({ status = {} }: V1Pod, warn: Warn): void {
  for (const list of ["podIPs", "hostIPs"] as const)
    for (const [i, { ip }] of (status[list] ?? []).entries())
      for (const text of ipWarnings(at.child(list).index(i).child("ip"), ip)) warn(text);
}
export function validatePodStatusUpdate(
  next: V1Pod,
  previous: V1Pod,
  warn?: Warn,
): readonly FieldError[] {
  const errors = statusErrors(next, previous);
  if (errors.length === 0 && warn !== undefined && next.status !== previous.status)
    oddAddresses(next, warn);
  return errors;
}
function statusErrors(next: V1Pod, previous: V1Pod): readonly FieldError[] {
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
  const { nominatedNodeName, observedGeneration = 0 } = status;
  if (nominatedNodeName && nominatedNodeName !== previous.status?.nominatedNodeName) {
    const here = at.child("nominatedNodeName");
    named(errors, here, nominatedNodeName, dns1123Subdomain);
    if (previous.spec?.nodeName)
      errors.push(forbidden(here, "may not be set on pods that are already bound to a node"));
  }
  if (observedGeneration < 0)
    errors.push(invalid(at.child("observedGeneration"), observedGeneration, notNegativeText));
  immutable(errors, at.child("qosClass"), status.qosClass, previous.status?.qosClass);
  containerStates(errors, next, previous);
  if (status.resourceClaimStatuses !== undefined) claims(errors, next);
  if (status.extendedResourceClaimStatus !== undefined)
    extendedClaim(
      errors,
      at.child("extendedResourceClaimStatus"),
      status.extendedResourceClaimStatus,
      next.spec,
    );
  if (status.podIPs !== undefined)
    addresses(errors, at.child("podIPs"), status.podIPs, previous.status?.podIPs);
  hosts(errors, status, previous.status);
  containerUsers(errors, at, next);
  allocatedResources(errors, at, next);
  return errors;
}
