/** Namespace. Upstream: pkg/registry/core/namespace/strategy.go, apiserver/pkg/admission/plugin/namespace/lifecycle. */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import { FieldPath, invalid } from "#apimachinery/field.ts";
import { dns1123Label, qualifiedName } from "#apimachinery/names.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";
import { isStandardFinalizer, plainFinalizer } from "#apiserver/object-meta.ts";

const nameLabel = "kubernetes.io/metadata.name";
/** What the namespace's controller takes away when all else is gone. */
const own = "kubernetes";
const kept = new Set(["default", "kube-system", "kube-public"]);

function finalizer(errors: Errors, at: FieldPath, name: string): void {
  named(errors, at, name, qualifiedName);
  if (!isStandardFinalizer(name)) errors.push(invalid(at, name, plainFinalizer));
}

const finalizersAt = new FieldPath("spec").child("finalizers");
/** `pathOf`: where upstream says an error is: the list as a whole, or by /finalize the element. */
export function finalizerErrors(
  list: readonly string[],
  pathOf: (at: FieldPath, i: number) => FieldPath,
): Errors {
  const errors: Errors = [];
  for (const [i, name] of list.entries()) finalizer(errors, pathOf(finalizersAt, i), name);
  return errors;
}

export const namespace: Kind<V1Namespace> = {
  gvk: "v1/Namespace",
  name: dns1123Label,
  defaults(object) {
    const { name, labels } = object.metadata;
    if (!name || labels?.[nameLabel] === name) return object;
    return {
      ...object,
      metadata: { ...object.metadata, labels: { ...labels, [nameLabel]: name } },
    };
  },
  prepareForCreate(object) {
    const { finalizers = [] } = object.spec ?? {};
    const all = finalizers.includes(own) ? finalizers : [...finalizers, own];
    return { ...object, spec: { finalizers: all }, status: { phase: "Active" } };
  },
  prepareForUpdate: (next, { spec }) => ({ ...next, ...(spec === undefined ? {} : { spec }) }),
  validate: ({ spec }) => finalizerErrors(spec?.finalizers ?? [], (at) => at),
  validateStatusUpdate({ metadata, status }) {
    const at = new FieldPath("status").child("Phase");
    const phase = status?.phase ?? "";
    if (metadata.deletionTimestamp === undefined)
      return phase === "Active"
        ? []
        : [invalid(at, phase, "may only be 'Active' if `deletionTimestamp` is empty")];
    return phase === "Terminating"
      ? []
      : [invalid(at, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
  },
  columns: columnsOf(
    column(
      "Status",
      "string",
      "The status of the namespace",
      ({ status }: V1Namespace) => status?.phase ?? "",
    ),
  ),
  fields: { "status.phase": ({ status }) => status?.phase ?? "" },
  holdsDeletion: ({ spec }) => (spec?.finalizers ?? []).length > 0,
  prepareForDelete: (object) => ({ ...object, status: { ...object.status, phase: "Terminating" } }),
  refuseDelete: ({ metadata }) =>
    kept.has(metadata.name ?? "") ? "this namespace may not be deleted" : undefined,
};
