/** ResourceClaim. Upstream: pkg/registry/resource/resourceclaim/strategy.go, pkg/apis/resource/validation. */
import type { V1ResourceClaim } from "#apimachinery/api/resource-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable } from "#apiserver/kinds/rules/rule.ts";
import { claimDefaults, deviceClaim } from "./device-requests.ts";

const at = new FieldPath("spec");

function state({ metadata, status }: V1ResourceClaim): string {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const states = isDeleted ? ["deleted"] : [];
  if (status?.allocation === undefined) return isDeleted ? "deleted" : "pending";
  states.push("allocated");
  if ((status.reservedFor ?? []).length > 0) states.push("reserved");
  return states.join(",");
}

export const resourceClaim: Kind<V1ResourceClaim> = {
  gvk: "resource.k8s.io/v1/ResourceClaim",
  defaults: (object) => change(object, "spec", (spec) => change(spec, "devices", claimDefaults)),
  validate({ spec }) {
    const errors: Errors = [];
    deviceClaim(errors, at.child("devices"), spec?.devices);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, at, next.spec, previous.spec);
    return errors;
  },
  columns: columnsOf(
    column(
      "State",
      "string",
      "A summary of the current state (allocated, pending, reserved, etc.).",
      state,
    ),
  ),
};
