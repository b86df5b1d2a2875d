/** Tolerations, spreading and gates. Upstream: pkg/apis/core/validation ValidateTolerations, validateTopologySpreadConstraints. */
import type {
  V1PodReadinessGate,
  V1PodSchedulingGate,
  V1Taint,
  V1Toleration,
  V1TopologySpreadConstraint,
} from "#apimachinery/api/core-v1.ts";
import { duplicate, type FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { labelValue, qualifiedName } from "#apimachinery/names.ts";
import {
  type Errors,
  named,
  notPositiveText,
  oneOfIfAny,
  remembered,
} from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";
import { labelKeys } from "./affinity.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

const toleration = remembered<V1Toleration>((errors, at, given) => {
  const { key, operator = "", value = "", effect = "", tolerationSeconds } = given;
  if (key) named(errors, at.child("key"), key, qualifiedName);
  if (!key && operator !== "Exists")
    errors.push(
      invalid(
        at.child("operator"),
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  if (tolerationSeconds !== undefined && effect !== "NoExecute")
    errors.push(
      invalid(
        at.child("effect"),
        effect,
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      ),
    );
  if (operator === "" || operator === "Equal") {
    const problems = labelValue(value);
    if (problems.length > 0) errors.push(invalid(at.child("operator"), value, problems.join(";")));
  } else if (operator === "Exists") {
    if (value !== "")
      errors.push(
        invalid(at.child("operator"), value, "value must be empty when `operator` is 'Exists'"),
      );
  } else {
    const isComparison = operator === "Lt" || operator === "Gt";
    const supported = ["Equal", "Exists", ...(isComparison ? ["Lt", "Gt"] : [])];
    errors.push(unsupported(at.child("operator"), operator, supported, "listed"));
  }
  if (effect !== "" && !effects.includes(effect))
    errors.push(unsupported(at.child("effect"), effect, effects, "listed"));
});
/** One by one: the server adds two to what a template shares. */
export function tolerations(
  errors: Errors,
  at: FieldPath,
  list: readonly V1Toleration[] | undefined,
): void {
  for (const [i, one] of (list ?? []).entries()) toleration(errors, at.index(i), one);
}

export const taints = remembered<readonly V1Taint[]>((errors, at, list) => {
  const seen = new Set<string>();
  for (const [i, taint] of list.entries()) {
    const here = at.index(i);
    const { key = "", value = "", effect = "" } = taint;
    named(errors, here.child("key"), key, qualifiedName);
    const problems = labelValue(value);
    if (problems.length > 0) errors.push(invalid(here.child("value"), value, problems.join(";")));
    if (effect === "") errors.push(required(here.child("effect")));
    else if (!effects.includes(effect))
      errors.push(unsupported(here.child("effect"), effect, effects, "listed"));
    const id = `${effect} ${key}`;
    if (seen.has(id))
      errors.push(
        duplicate(
          here,
          { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null },
          "taints must be unique by key and effect pair",
        ),
      );
    seen.add(id);
  }
});

const unsatisfiable = ["DoNotSchedule", "ScheduleAnyway"];
const inclusion = ["Honor", "Ignore"];
const empty = "can not be empty";

export function topologySpread(
  errors: Errors,
  at: FieldPath,
  list: readonly V1TopologySpreadConstraint[] | undefined,
): void {
  for (const [i, given] of (list ?? []).entries()) {
    const here = at.index(i);
    where(errors, here, given);
    const again = (list ?? [])
      .slice(i + 1)
      .some(
        ({ topologyKey, whenUnsatisfiable }) =>
          topologyKey === given.topologyKey && whenUnsatisfiable === given.whenUnsatisfiable,
      );
    if (again)
      errors.push(
        duplicate(
          here.child("{topologyKey, whenUnsatisfiable}"),
          `{${given.topologyKey}, ${given.whenUnsatisfiable}}`,
        ),
      );
    how(errors, here, given);
  }
}

const where = remembered<V1TopologySpreadConstraint>((errors, at, given) => {
  const { maxSkew = 0, topologyKey, whenUnsatisfiable: action = "" } = given;
  if (maxSkew <= 0) errors.push(invalid(at.child("maxSkew"), maxSkew, notPositiveText));
  if (!topologyKey) errors.push(required(at.child("topologyKey"), empty));
  if (!unsatisfiable.includes(action))
    errors.push(unsupported(at.child("whenUnsatisfiable"), action, unsatisfiable));
});
const how = remembered<V1TopologySpreadConstraint>((errors, at, given) => {
  const { whenUnsatisfiable: action = "", minDomains } = given;
  if (minDomains !== undefined && minDomains <= 0)
    errors.push(invalid(at.child("minDomains"), minDomains, notPositiveText));
  if (minDomains !== undefined && action !== "DoNotSchedule")
    errors.push(
      invalid(
        at.child("minDomains"),
        minDomains,
        `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`,
      ),
    );
  oneOfIfAny(errors, at.child("nodeAffinityPolicy"), given.nodeAffinityPolicy, inclusion);
  oneOfIfAny(errors, at.child("nodeTaintsPolicy"), given.nodeTaintsPolicy, inclusion);
  labelKeys(errors, at, given);
  labelSelector(errors, at.child("labelSelector"), given.labelSelector);
});

export function readinessGates(
  errors: Errors,
  at: FieldPath,
  list: readonly V1PodReadinessGate[] | undefined,
): void {
  for (const [i, { conditionType = "" }] of (list ?? []).entries())
    named(errors, at.index(i).child("conditionType"), conditionType, qualifiedName);
}

export function schedulingGates(
  errors: Errors,
  at: FieldPath,
  list: readonly V1PodSchedulingGate[] | undefined,
): void {
  const seen = new Set<string>();
  for (const [i, { name = "" }] of (list ?? []).entries()) {
    named(errors, at.index(i), name, qualifiedName);
    if (seen.has(name)) errors.push(duplicate(at.index(i), name));
    seen.add(name);
  }
}
