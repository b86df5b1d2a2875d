/** Node. Upstream: pkg/registry/core/node/strategy.go. */
import type { V1Node, V1NodeSpec, V1NodeStatus } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { duplicate, type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import { column, nameColumn, ageColumn, wide, doc } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { isDualStack } from "#apiserver/kinds/rules/address.ts";
import { cidr, cidrWarnings } from "#apiserver/kinds/rules/cidr.ts";
import { resourceAmount } from "#apiserver/kinds/rules/resource.ts";
import { type Errors, notPositiveText } from "#apiserver/kinds/rules/rule.ts";
import { nodeAnnotations } from "./pod-spec/annotation-lists.ts";
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

const metaAt = new FieldPath("metadata");
const statusAt = new FieldPath("status");
const at = new FieldPath("spec");

const declaredFeature = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;
const longestFeature = 253;
function featureProblem(name: string): string | undefined {
  const about = `invalid feature name ${JSON.stringify(name)}:`;
  if (name.length > longestFeature)
    return `${about} must be no more than ${longestFeature} characters`;
  return declaredFeature.test(name)
    ? undefined
    : `${about} must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`;
}
function declaredFeatures(errors: Errors, list: readonly string[]): void {
  const here = statusAt.child("declaredFeatures");
  for (const [i, name] of list.entries()) {
    const problem = featureProblem(name);
    if (problem !== undefined) errors.push(invalid(here.index(i), name, problem));
    const next = list[i + 1];
    if (next === name) errors.push(duplicate(here.index(i + 1), next));
    else if (next !== undefined && next < name)
      errors.push(invalid(here.index(i + 1), next, "list must be sorted alphabetically"));
  }
}

function amounts(errors: Errors, status: V1NodeStatus | undefined): void {
  for (const list of ["capacity", "allocatable"] as const)
    for (const [name, amount] of Object.entries(status?.[list] ?? {}))
      resourceAmount(errors, statusAt.child(list, name), name, amount);
}

function validate({ metadata, spec, status }: V1Node): readonly FieldError[] {
  const errors: Errors = [];
  nodeAnnotations(errors, metaAt.child("annotations"), metadata.annotations);
  if (spec?.taints !== undefined) taints(errors, metaAt.child("taints"), spec.taints);
  amounts(errors, status);
  const swap = status?.nodeInfo?.swap?.capacity;
  if (swap !== undefined && swap <= 0)
    errors.push(invalid(metaAt.child("nodeSwapStatus", "capacity"), swap, notPositiveText));
  declaredFeatures(errors, status?.declaredFeatures ?? []);
  const ranges = spec?.podCIDRs ?? [];
  const here = at.child("podCIDRs");
  for (const [i, range] of ranges.entries()) cidr(errors, here.index(i), range);
  if (ranges.length < 2) return errors;
  if (!isDualStack(ranges) || ranges.length > 2)
    errors.push(invalid(here, ranges, "may specify no more than one CIDR for each IP family"));
  return errors;
}

/** What it may be is asked once more: its status is held to this alone. */
function validateUpdate(
  { metadata, spec, status }: V1Node,
  { spec: old }: V1Node,
): readonly FieldError[] {
  const errors: Errors = [];
  nodeAnnotations(errors, metaAt.child("annotations"), metadata.annotations);
  amounts(errors, status);
  declaredFeatures(errors, status?.declaredFeatures ?? []);
  const seen = new Set<string>();
  for (const [i, { type, address: text }] of (status?.addresses ?? []).entries()) {
    const id = `${type} ${text}`;
    if (seen.has(id))
      errors.push(duplicate(statusAt.child("addresses").index(i), { Type: type, Address: text }));
    seen.add(id);
  }
  const before = old?.podCIDRs ?? [];
  if (before.length > 0 && !equal(before, spec?.podCIDRs))
    errors.push(forbidden(at.child("podCIDRs"), once("podCIDR")));
  if (old?.providerID && old.providerID !== spec?.providerID)
    errors.push(forbidden(at.child("providerID"), once("providerID")));
  if (spec?.taints !== undefined) taints(errors, metaAt.child("taints"), spec.taints);
  if ((spec?.externalID ?? "") !== (old?.externalID ?? ""))
    errors.push(forbidden(at.child("externalID"), "may not be updated"));
  return errors;
}

/** Upstream: pkg/registry/core/node/strategy.go nodeWarnings. */
function nodeWarnings({ spec }: V1Node): readonly string[] {
  const texts: string[] = [];
  if (spec?.externalID)
    texts.push("spec.externalID: this field is deprecated, and is unused by Kubernetes");
  for (const [i, range] of (spec?.podCIDRs ?? []).entries())
    texts.push(...cidrWarnings(at.child("podCIDRs").index(i), range));
  return texts;
}

/** The first range has two names. Upstream: pkg/apis/core/v1/conversion.go Convert_v1_NodeSpec_To_core_NodeSpec. */
function withOneRange(spec: V1NodeSpec): V1NodeSpec {
  const { podCIDR, podCIDRs = [] } = spec;
  const [first] = podCIDRs;
  if (podCIDR === first) return spec;
  return podCIDR ? { ...spec, podCIDRs: [podCIDR] } : { ...spec, podCIDR: first };
}
/** Kubelets are configured by files: the API does it no more. */
function withoutConfig(spec: V1NodeSpec): V1NodeSpec {
  if (spec.configSource === undefined) return spec;
  const { configSource: _gone, ...rest } = spec;
  return rest;
}
/** What it has may all be given to Pods, unless it says less. */
const statusDefaults = (status: V1NodeStatus): V1NodeStatus =>
  status.capacity === undefined ? status : fill(status, { allocatable: status.capacity });

export const node: Kind<V1Node> = {
  gvk: "v1/Node",
  defaults: (object) => change(change(object, "spec", withOneRange), "status", statusDefaults),
  prepareForCreate: (object) => change(object, "spec", withoutConfig),
  prepareForUpdate: (next) => change(next, "spec", withoutConfig),
  validate,
  validateUpdate,
  validateStatusUpdate: validateUpdate,
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
