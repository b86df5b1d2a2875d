/**
 * Who may say what became of a claim: the allocation is the scheduler's to write, the devices are each its driver's.
 * Both are asked about as subresources that nobody can request.
 * Upstream: pkg/registry/resource/utils.go AuthorizedForBinding, AuthorizedForDeviceStatus.
 */
import type {
  V1AllocatedDeviceStatus,
  V1AllocationResult,
  V1ResourceClaim,
  V1ResourceClaimStatus,
} from "#apimachinery/api/resource-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, forbidden } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { denied } from "#apiserver/authorization/denied.ts";
import type { Change } from "#apiserver/kinds/kind.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import { deviceId } from "./allocated-device.ts";

type Asked = Change<V1ResourceClaim>;
const at = new FieldPath("status");
const nodeNameKey = "authentication.kubernetes.io/node-name";

/** Undefined: yes; else why not. */
function refusal({ context, user }: Asked, info: RequestInfo): string | undefined {
  const { allowed, reason } = context.authorizer.authorize(user, info);
  return allowed ? undefined : denied(user, info, reason).message;
}

export function bindingAuthority(errors: Errors, change: Asked): void {
  const { next, previous, info } = change;
  const [now, before] = [next.status ?? {}, previous?.status ?? {}];
  if (
    equal(now.allocation, before.allocation) &&
    equal(now.reservedFor ?? [], before.reservedFor ?? [])
  )
    return;
  const why = refusal(change, { ...info, subresource: "binding", namespace: "", name: "" });
  if (why !== undefined)
    errors.push(
      forbidden(
        at.child("allocation"),
        `changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="${info.verb}" permission: ${why}`,
      ),
    );
}

/** Of devices that came, went or changed; sorted. */
function changedDrivers(now: V1ResourceClaimStatus, before: V1ResourceClaimStatus): string[] {
  const byId = (status: V1ResourceClaimStatus): Map<string, V1AllocatedDeviceStatus> =>
    new Map((status.devices ?? []).map((one) => [JSON.stringify(deviceId(one)), one]));
  const [after, earlier] = [byId(now), byId(before)];
  const drivers = new Set<string>();
  for (const [id, one] of after) if (!equal(one, earlier.get(id))) drivers.add(one.driver);
  for (const [id, one] of earlier) if (!after.has(id)) drivers.add(one.driver);
  return [...drivers].toSorted();
}

/** The one node that an allocation is for, if it is for one by name. */
function nodeOf({ nodeSelector }: V1AllocationResult): string | undefined {
  const [term, ...others] = nodeSelector?.nodeSelectorTerms ?? [];
  if (term === undefined || others.length > 0 || (term.matchExpressions ?? []).length > 0)
    return undefined;
  const [field, ...more] = term.matchFields ?? [];
  const isName = field?.key === "metadata.name" && field.operator === "In" && more.length === 0;
  return isName && field.values?.length === 1 ? field.values[0] : undefined;
}
/** A driver's Pod that runs on that node. */
function isOnNode({ name, extra = {} }: UserInfo, node: string | undefined): boolean {
  const [own, ...others] = extra[nodeNameKey] ?? [];
  return (
    node !== undefined &&
    /^system:serviceaccount:[^:]+:[^:]+$/.test(name) &&
    own === node &&
    others.length === 0 &&
    dns1123Subdomain(node).length === 0
  );
}

export function deviceAuthority(errors: Errors, change: Asked): void {
  const { next, previous, info, user } = change;
  const { allocation } = next.status ?? {};
  // Without an allocation the devices are gone, whoever asked for that.
  if (allocation === undefined) return;
  const drivers = changedDrivers(next.status ?? {}, previous?.status ?? {});
  if (drivers.length === 0) return;
  const anywhere = `arbitrary-node:${info.verb}`;
  const verbs = isOnNode(user, nodeOf(allocation))
    ? [`associated-node:${info.verb}`, anywhere]
    : [anywhere];
  for (const name of drivers) {
    const reasons = verbs.map((verb) =>
      refusal(change, { ...info, verb, subresource: "driver", name }),
    );
    if (!reasons.includes(undefined))
      errors.push(
        forbidden(
          at.child("devices"),
          `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(" ")}]" permission: ${reasons[0]}`,
        ),
      );
  }
}
