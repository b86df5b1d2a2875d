/** Lease. Upstream: pkg/registry/coordination/lease/strategy.go, pkg/apis/coordination/validation. */
import type { V1Lease } from "#apimachinery/api/coordination-v1.ts";
import { FieldPath, invalid } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, without } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, notNegative } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec");

/** Coordinated election is off in this version. */
const withoutElection = (lease: V1Lease): V1Lease =>
  change(lease, "spec", (spec) => without(spec, "strategy", "preferredHolder"));

export const lease: Kind<V1Lease> = {
  gvk: "coordination.k8s.io/v1/Lease",
  createOnUpdate: true,
  unconditionalUpdate: false,
  prepareForCreate: withoutElection,
  prepareForUpdate: withoutElection,
  validate({ spec = {} }) {
    const errors: Errors = [];
    const { leaseDurationSeconds: seconds } = spec;
    if (seconds !== undefined && seconds <= 0)
      errors.push(invalid(at.child("leaseDurationSeconds"), seconds, "must be greater than 0"));
    notNegative(errors, at.child("leaseTransitions"), spec.leaseTransitions);
    return errors;
  },
  columns: columnsOf(
    column(
      "Holder",
      "string",
      doc("coordination.v1.LeaseSpec.holderIdentity"),
      ({ spec }: V1Lease) => spec?.holderIdentity ?? "",
    ),
  ),
};
