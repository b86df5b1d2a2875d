/** ResourceClaim. Upstream: pkg/registry/resource/resourceclaim/strategy.go, pkg/apis/resource/validation. */
import type { V1ResourceClaim } from "#apimachinery/api/resource-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable } from "#apiserver/kinds/rules/rule.ts";
import { adminRequests, adminResults } from "./admin-access.ts";
import { isAllocatedIn } from "./allocated-device.ts";
import { claimStatus } from "./claim-status.ts";
import { claimDefaults, deviceClaim } from "./device-requests.ts";
import { bindingAuthority, deviceAuthority } from "./status-authority.ts";

const at = new FieldPath("spec");

function state({ metadata, status }: V1ResourceClaim): string {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const states = isDeleted ? ["deleted"] : [];
  if (status?.allocation === undefined) return isDeleted ? "deleted" : "pending";
  states.push("allocated");
  if ((status.reservedFor ?? []).length > 0) states.push("reserved");
  return states.join(",");
}

/** A device that is taken away takes what was told of it with it. Upstream: dropDeallocatedStatusDevices. */
function withoutDeallocated(next: V1ResourceClaim, previous: V1ResourceClaim): V1ResourceClaim {
  const { status } = next;
  if (status?.devices === undefined) return next;
  const [was, is] = [isAllocatedIn(previous.status), isAllocatedIn(status)];
  const kept = status.devices.filter((device) => !was(device) || is(device));
  if (kept.length === status.devices.length && kept.length > 0) return next;
  const { devices: _devices, ...rest } = status;
  return { ...next, status: kept.length === 0 ? rest : { ...rest, devices: kept } };
}

export const resourceClaim: Kind<V1ResourceClaim> = {
  gvk: "resource.k8s.io/v1/ResourceClaim",
  statusKeeps: "metadata",
  defaults: (object) => change(object, "spec", (spec) => change(spec, "devices", claimDefaults)),
  prepareForStatusUpdate: withoutDeallocated,
  judge(asked) {
    const errors: Errors = [];
    const { next, previous, context, info } = asked;
    const { namespace } = next.metadata;
    if (previous === undefined)
      adminRequests(errors, next.spec?.devices?.requests, context, namespace);
    else if (info.subresource === "status") {
      adminResults(errors, next.status, previous.status, context, namespace);
      bindingAuthority(errors, asked);
      deviceAuthority(errors, asked);
    }
    return errors;
  },
  validateCreate({ spec }) {
    const errors: Errors = [];
    deviceClaim(errors, at.child("devices"), spec?.devices);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, at, next.spec, previous.spec);
    return errors;
  },
  validateStatusUpdate: claimStatus,
  columns: columnsOf(
    column(
      "State",
      "string",
      "A summary of the current state (allocated, pending, reserved, etc.).",
      state,
    ),
  ),
};
