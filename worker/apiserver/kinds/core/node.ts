/** Node. Upstream: pkg/registry/core/node/strategy.go. */
import type { V1Node } from "#apimachinery/api/core-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { column, nameColumn, ageColumn, wide } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
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
const unknown = (text: string | undefined): string => text || "<unknown>";

export const node: Kind<V1Node> = {
  gvk: "v1/Node",
  validate({ spec }) {
    const errors: Errors = [];
    if (spec?.taints !== undefined)
      taints(errors, new FieldPath("metadata").child("taints"), spec.taints);
    return errors;
  },
  columns: [
    nameColumn,
    column(
      "Status",
      "string",
      "Whether it is ready, and whether Pods may be scheduled to it.",
      readiness,
    ),
    column("Roles", "string", "From the labels node-role.kubernetes.io/<role>.", roles),
    ageColumn,
    column(
      "Version",
      "string",
      "The kubelet's version.",
      ({ status }) => status?.nodeInfo?.kubeletVersion ?? "",
    ),
    wide("Internal-IP", "Its address in the cluster's network.", (object) =>
      address(object, "InternalIP"),
    ),
    wide("External-IP", "Its address outside.", (object) => address(object, "ExternalIP")),
    wide("OS-Image", "The operating system.", ({ status }) => unknown(status?.nodeInfo?.osImage)),
    wide("Kernel-Version", "The kernel.", ({ status }) => unknown(status?.nodeInfo?.kernelVersion)),
    wide("Container-Runtime", "The container runtime.", ({ status }) =>
      unknown(status?.nodeInfo?.containerRuntimeVersion),
    ),
  ],
  fields: { "spec.unschedulable": ({ spec }) => String(spec?.unschedulable ?? false) },
};
