/** PriorityClass. Upstream: pkg/registry/scheduling/priorityclass/strategy.go, pkg/apis/scheduling/validation. */
import type { V1PriorityClass } from "#apimachinery/api/scheduling-v1.ts";
import { type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const mostOfUsers = 1_000_000_000;
const isSystem = (name: string): boolean =>
  name === "system-cluster-critical" || name === "system-node-critical";

export const priorityClass: Kind<V1PriorityClass> = {
  gvk: "scheduling.k8s.io/v1/PriorityClass",
  defaults: (object) => fill(object, { preemptionPolicy: "PreemptLowerPriority" }),
  validate({ metadata: { name = "" }, value = 0 }) {
    if (isSystem(name)) return [];
    const errors: FieldError[] = [];
    if (name.startsWith("system-"))
      errors.push(
        forbidden(
          new FieldPath("metadata").child("name"),
          "priority class names with 'system-' prefix are reserved for system use only. error: not a known system priority class",
        ),
      );
    if (value > mostOfUsers)
      errors.push(
        forbidden(
          new FieldPath("value"),
          `maximum allowed value of a user defined priority is ${mostOfUsers}`,
        ),
      );
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: FieldError[] = [];
    if (next.value !== previous.value)
      errors.push(forbidden(new FieldPath("value"), "may not be changed in an update."));
    if (next.preemptionPolicy !== previous.preemptionPolicy)
      errors.push(
        invalid(new FieldPath("preemptionPolicy"), next.preemptionPolicy, "field is immutable"),
      );
    return errors;
  },
  columns: columnsOf(
    column(
      "Value",
      "integer",
      "The priority of its Pods.",
      ({ value }: V1PriorityClass) => value ?? 0,
    ),
    column(
      "Global-Default",
      "boolean",
      "Whether it holds for Pods that name none.",
      ({ globalDefault }: V1PriorityClass) => globalDefault ?? false,
    ),
    column(
      "PreemptionPolicy",
      "string",
      "Whether its Pods may displace others.",
      ({ preemptionPolicy }: V1PriorityClass) => preemptionPolicy ?? "",
    ),
  ),
};
