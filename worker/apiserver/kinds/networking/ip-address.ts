/** IPAddress: one address of a Service range, and whose it is. Upstream: pkg/registry/networking/ipaddress/strategy.go, pkg/apis/networking/validation ValidateIPAddress. */
import type { V1IPAddress } from "#apimachinery/api/networking-v1.ts";
import { FieldPath, required } from "#apimachinery/field.ts";
import { dns1123Subdomain, pathSegmentName } from "#apimachinery/names.ts";
import { column, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { strictIpProblems } from "#apiserver/kinds/rules/address.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { type Errors, immutable, named, requiredName } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec").child("parentRef");
const empty = { group: "", resource: "", namespace: "", name: "" };

export const ipAddress: Kind<V1IPAddress> = {
  gvk: "networking.k8s.io/v1/IPAddress",
  name: strictIpProblems,
  validate({ spec }) {
    const errors: Errors = [];
    const parent = spec?.parentRef;
    if (parent === undefined) return [required(at)];
    if (parent.group) named(errors, at.child("group"), parent.group, dns1123Subdomain);
    requiredName(errors, at.child("resource"), parent.resource, pathSegmentName);
    requiredName(errors, at.child("name"), parent.name, pathSegmentName);
    if (parent.namespace) named(errors, at.child("namespace"), parent.namespace, pathSegmentName);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    const printed = (spec: V1IPAddress["spec"]): object =>
      asInternal(spec?.parentRef ?? {}, ["group", "resource", "namespace", "name"], empty);
    immutable(errors, at, printed(next.spec), printed(previous.spec));
    return errors;
  },
  columns: [
    nameColumn,
    column(
      "ParentRef",
      "string",
      doc("networking.v1.IPAddressSpec.parentRef"),
      ({ spec }: V1IPAddress) => {
        if (spec?.parentRef === undefined) return "<none>";
        const { group = "", resource = "", namespace, name: parent = "" } = spec.parentRef;
        const of = (group === "" ? resource : `${resource}.${group}`).toLowerCase();
        return namespace ? `${of}/${namespace}/${parent}` : `${of}/${parent}`;
      },
    ),
  ],
};
