/** ControllerRevision: what a workload looked like once. Upstream: pkg/registry/apps/controllerrevision/strategy.go. */
import type { V1ControllerRevision } from "#apimachinery/api/apps-v1.ts";
import { FieldPath, required } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable, notNegative } from "#apiserver/kinds/rules/rule.ts";

const data = new FieldPath("data");

/** `statefulset.apps/web`: as kubectl names things. */
function owner({ metadata }: KubeObject): string {
  const controller = metadata.ownerReferences?.find((reference) => reference.controller);
  if (controller === undefined) return "<none>";
  const [group = ""] = controller.apiVersion.includes("/") ? controller.apiVersion.split("/") : [];
  const kind = controller.kind.toLowerCase();
  return `${group === "" ? kind : `${kind}.${group}`}/${controller.name}`;
}

export const controllerRevision: Kind<V1ControllerRevision> = {
  gvk: "apps/v1/ControllerRevision",
  validate(object) {
    const errors: Errors = [];
    notNegative(errors, new FieldPath("revision"), object.revision);
    return errors;
  },
  validateCreate({ data: given }) {
    if (given === undefined || given === null) return [required(data, "data is mandatory")];
    return typeof given !== "object" || Array.isArray(given)
      ? [required(data, "data must be a valid JSON object")]
      : [];
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, data, next.data, previous.data);
    return errors;
  },
  columns: columnsOf(
    column("Controller", "string", "Controller of the object", owner),
    column(
      "Revision",
      "string",
      doc("apps.v1.ControllerRevision.revision"),
      ({ revision }: V1ControllerRevision) => revision ?? 0,
    ),
  ),
};
