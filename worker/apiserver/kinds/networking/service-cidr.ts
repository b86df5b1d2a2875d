/** ServiceCIDR. Upstream: pkg/registry/networking/servicecidr/strategy.go, pkg/apis/networking/validation ValidateServiceCIDR. */
import type { V1ServiceCIDR } from "#apimachinery/api/networking-v1.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { isDualStack } from "#apiserver/kinds/rules/address.ts";
import { rangeOf, strictCidr } from "#apiserver/kinds/rules/cidr.ts";
import { type Errors, immutableText } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec").child("cidrs");
const most = 2;

function ranges(cidrs: readonly string[]): Errors {
  const errors: Errors = [];
  if (cidrs.length === 0) return [required(at, "at least one CIDR required")];
  if (cidrs.length > most) return [invalid(at, { CIDRs: cidrs }, "may only hold up to 2 values")];
  for (const [i, one] of cidrs.entries()) strictCidr(errors, at.index(i), one);
  const areRanges = cidrs.every((one) => rangeOf(one) !== undefined);
  if (cidrs.length === most && areRanges && !isDualStack(cidrs))
    errors.push(
      invalid(
        at,
        cidrs,
        "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64",
      ),
    );
  return errors;
}

export const serviceCidr: Kind<V1ServiceCIDR> = {
  gvk: "networking.k8s.io/v1/ServiceCIDR",
  statusKeeps: "metadata",
  validateCreate: ({ spec }) => ranges(spec?.cidrs ?? []),
  /** A second family may join; nothing else changes. */
  validateUpdate(next, previous) {
    const [now, before] = [next.spec?.cidrs ?? [], previous.spec?.cidrs ?? []];
    const grows = before.length === 1 && now.length === most;
    if (now.length !== before.length && !grows) return [invalid(at, now, immutableText)];
    const changed = before.flatMap((one, i) =>
      one === now[i] ? [] : [invalid(at.index(i), now[i], immutableText)],
    );
    return grows ? [...changed, ...ranges(now)] : changed;
  },
  columns: columnsOf(
    column(
      "CIDRs",
      "string",
      doc("networking.v1.ServiceCIDRSpec.cidrs"),
      ({ spec }: V1ServiceCIDR) => (spec?.cidrs ?? []).join(","),
    ),
  ),
};
