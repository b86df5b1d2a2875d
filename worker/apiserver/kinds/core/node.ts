/** Node. Upstream: pkg/registry/core/node/strategy.go. */
import type { V1Node } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { duplicate, type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import { column, nameColumn, ageColumn, wide, doc } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { cidr, isDualStack } from "#apiserver/kinds/rules/address.ts";
import { resourceAmount } from "#apiserver/kinds/rules/resource.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { taints } from "./pod-spec/scheduling.ts";

const rolePrefix = "node-role.kubernetes.io/";

function roles({ metadata: { labels = {} } }: V1Node): string {
  const found = Object.entries(labels).flatMap(([key, value]) =>
    key.startsWith(rolePrefix)
      ? [key.slice(rolePrefix.length)]
      : key === "kubernetes.io/role" && value !== ""
        ? [value]
        : [],
  );
  return (
    found
      .filter((role) => role !== "")
      .toSorted()
      .join(",") || "<none>"
  );
}
function readiness({ status, spec }: V1Node): string {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const words = [ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady"];
  if (spec?.unschedulable === true) words.push("SchedulingDisabled");
  return words.join(",");
}
const address = ({ status }: V1Node, wanted: string): string =>
  status?.addresses?.find(({ type }) => type === wanted)?.address ?? "<none>";
const kernel = ({ status }: V1Node): string => {
  const { kernelVersion, architecture } = status?.nodeInfo ?? {};
  return unknown(kernelVersion) + (architecture ? ` (${architecture})` : "");
};
const unknown = (text: string | undefined): string => text || "<unknown>";

const once = (field: string): string =>
  `node updates may not change ${field} except from "" to valid`;

function statusErrors(status: V1Node["status"]): readonly FieldError[] {
  const errors: Errors = [];
  const here = new FieldPath("status");
  for (const list of ["capacity", "allocatable"] as const)
    for (const [name, amount] of Object.entries(status?.[list] ?? {}))
      resourceAmount(errors, here.child(list, name), name, amount);
  const seen = new Set<string>();
  for (const [i, { type, address: text }] of (status?.addresses ?? []).entries()) {
    const id = `${type} ${text}`;
    if (seen.has(id))
      errors.push(duplicate(here.child("addresses").index(i), { Type: type, Address: text }));
    seen.add(id);
  }
  return errors;
}

function validate({ spec }: V1Node): readonly FieldError[] {
  const errors: Errors = [];
  if (spec?.taints !== undefined)
    taints(errors, new FieldPath("metadata").child("taints"), spec.taints);
  const ranges = spec?.podCIDRs ?? [];
  const here = new FieldPath("spec").child("podCIDRs");
  for (const [i, range] of ranges.entries()) cidr(errors, here.index(i), range);
  if (ranges.length < 2) return errors;
  if (!isDualStack(ranges) || ranges.length > 2)
    errors.push(invalid(here, ranges, "may specify no more than one CIDR for each IP family"));
  for (const [i, range] of ranges.entries())
    if (ranges.indexOf(range) < i) errors.push(duplicate(here.index(i), range));
  return errors;
}

function validateUpdate({ spec }: V1Node, { spec: old }: V1Node): readonly FieldError[] {
  const errors: Errors = [];
  const at = new FieldPath("spec");
  const before = old?.podCIDRs ?? [];
  if (before.length > 0 && !equal(before, spec?.podCIDRs))
    errors.push(forbidden(at.child("podCIDRs"), once("podCIDR")));
  if (old?.providerID && old.providerID !== spec?.providerID)
    errors.push(forbidden(at.child("providerID"), once("providerID")));
  return errors;
}

/** Upstream: pkg/api/node/util.go GetWarningsForNode. */
function nodeWarnings({ spec }: V1Node): readonly string[] {
  const texts: string[] = [];
  if (spec?.configSource !== undefined)
    texts.push("spec.configSource: the feature is no longer available");
  if (spec?.externalID)
    texts.push("spec.externalID: this field is deprecated, and is unused by Kubernetes");
  return texts;
}

export const node: Kind<V1Node> = {
  gvk: "v1/Node",
  validate,
  validateUpdate,
  validateStatusUpdate: ({ status }) => statusErrors(status),
  warnings: nodeWarnings,
  columns: [
    nameColumn,
    column("Status", "string", "The status of the node", readiness),
    column("Roles", "string", "The roles of the node", roles),
    ageColumn,
    column(
      "Version",
      "string",
      doc("core.v1.NodeSystemInfo.kubeletVersion"),
      ({ status }) => status?.nodeInfo?.kubeletVersion ?? "",
    ),
    wide("Internal-IP", doc("core.v1.NodeStatus.addresses"), (object) =>
      address(object, "InternalIP"),
    ),
    wide("External-IP", doc("core.v1.NodeStatus.addresses"), (object) =>
      address(object, "ExternalIP"),
    ),
    wide("OS-Image", doc("core.v1.NodeSystemInfo.osImage"), ({ status }) =>
      unknown(status?.nodeInfo?.osImage),
    ),
    wide("Kernel-Version", doc("core.v1.NodeSystemInfo.kernelVersion"), kernel),
    wide("Container-Runtime", doc("core.v1.NodeSystemInfo.containerRuntimeVersion"), ({ status }) =>
      unknown(status?.nodeInfo?.containerRuntimeVersion),
    ),
  ],
  fields: { "spec.unschedulable": ({ spec }) => String(spec?.unschedulable ?? false) },
};
