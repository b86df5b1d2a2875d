/** PriorityClass. Upstream: pkg/registry/scheduling/priorityclass/strategy.go, pkg/apis/scheduling/validation. */
import type { V1PriorityClass } from "#apimachinery/api/scheduling-v1.ts";
import { FieldPath, forbidden } from "#apimachinery/field.ts";
import { ageColumn, column, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable, oneInOrder } from "#apiserver/kinds/rules/rule.ts";

const mostOfUsers = 1_000_000_000;
/** Upstream: pkg/apis/scheduling/v1/helpers.go SystemPriorityClasses. */
const system: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};
const policies = ["PreemptLowerPriority", "Never"];

/** Why an object with a system's name is not the one the system knows. */
function unlike({ metadata, value, globalDefault }: V1PriorityClass): string | undefined {
  const { name = "" } = metadata;
  const known = system[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault === true
    ? `globalDefault of ${name} PriorityClass must be false`
    : undefined;
}

export const priorityClass: Kind<V1PriorityClass> = {
  gvk: "scheduling.k8s.io/v1/PriorityClass",
  defaults: (object) => fill(object, { preemptionPolicy: "PreemptLowerPriority" }),
  // Whatever may change counts for nothing.
  specChanged: () => false,
  validateCreate(object) {
    const errors: Errors = [];
    const { metadata, value = 0, preemptionPolicy } = object;
    const { name = "" } = metadata;
    if (name.startsWith("system-")) {
      const why = unlike(object);
      if (why !== undefined)
        errors.push(
          forbidden(
            new FieldPath("metadata").child("name"),
            `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`,
          ),
        );
    } else if (value > mostOfUsers)
      errors.push(
        forbidden(
          new FieldPath("value"),
          `maximum allowed value of a user defined priority is ${mostOfUsers}`,
        ),
      );
    if (preemptionPolicy !== undefined)
      oneInOrder(errors, new FieldPath("preemptionPolicy"), preemptionPolicy, policies);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    if (next.value !== previous.value)
      errors.push(forbidden(new FieldPath("value"), "may not be changed in an update."));
    immutable(
      errors,
      new FieldPath("preemptionPolicy"),
      next.preemptionPolicy,
      previous.preemptionPolicy,
    );
    return errors;
  },
  columns: [
    nameColumn,
    column(
      "Value",
      "integer",
      doc("scheduling.v1.PriorityClass.value"),
      ({ value }: V1PriorityClass) => value ?? 0,
    ),
    column(
      "Global-Default",
      "boolean",
      doc("scheduling.v1.PriorityClass.globalDefault"),
      ({ globalDefault }: V1PriorityClass) => globalDefault ?? false,
    ),
    ageColumn,
    column(
      "PreemptionPolicy",
      "string",
      doc("scheduling.v1.PriorityClass.preemptionPolicy"),
      ({ preemptionPolicy }: V1PriorityClass) => preemptionPolicy ?? "",
    ),
  ],
};
