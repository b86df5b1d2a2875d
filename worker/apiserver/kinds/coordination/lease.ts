/** Lease. Upstream: pkg/registry/coordination/lease/strategy.go, pkg/apis/coordination/validation. */
import type { V1Lease } from "#apimachinery/api/coordination-v1.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, named, notNegativeText } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec");
const own = ["OldestEmulationVersion"];
const positive = "must be greater than 0";

export const lease: Kind<V1Lease> = {
  gvk: "coordination.k8s.io/v1/Lease",
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate({ spec = {} }) {
    const errors: Errors = [];
    const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec;
    if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
      errors.push(invalid(at.child("leaseDurationSeconds"), leaseDurationSeconds, positive));
    if (leaseTransitions !== undefined && leaseTransitions < 0)
      errors.push(invalid(at.child("leaseTransitions"), leaseTransitions, notNegativeText));
    if (strategy !== undefined && !own.includes(strategy))
      named(errors, at.child("strategy"), strategy, qualifiedName);
    if (preferredHolder && !strategy)
      errors.push(required(at.child("strategy"), "must be set if `preferredHolder` is specified"));
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
