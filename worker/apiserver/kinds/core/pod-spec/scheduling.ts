/** Tolerations, spreading and gates. Upstream: pkg/apis/core/validation ValidateTolerations, validateTopologySpreadConstraints. */
import type {
  V1PodReadinessGate,
  V1PodSchedulingGate,
  V1Taint,
  V1Toleration,
  V1TopologySpreadConstraint,
} from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { labelValue, qualifiedName } from "#apimachinery/names.ts";
import {
  type Errors,
  named,
  notPositiveText,
  oneOfIfAny,
  remembered,
} from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";

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
  } else errors.push(unsupported(at.child("operator"), operator, ["Equal", "Exists"], "listed"));
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

/** In a Pod the server has added to the selector what the keys stand for: once is as it should be. */
function spreadKeys(
  errors: Errors,
  at: FieldPath,
  { matchLabelKeys: keys = [], labelSelector: selector }: V1TopologySpreadConstraint,
  isPod: boolean,
): void {
  if (keys.length === 0) return;
  if (selector === undefined)
    errors.push(forbidden(at, "must not be specified when labelSelector is not set"));
  const selected = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ];
  for (const [i, key] of keys.entries()) {
    named(errors, at.index(i), key, qualifiedName);
    if (selected.filter((one) => one === key).length > (isPod ? 1 : 0))
      errors.push(invalid(at.index(i), key, "exists in both matchLabelKeys and labelSelector"));
  }
}

export function topologySpread(
  errors: Errors,
  at: FieldPath,
  list: readonly V1TopologySpreadConstraint[] | undefined,
  isPod: boolean,
): void {
  for (const [i, given] of (list ?? []).entries()) {
    const here = at.index(i);
    spreadConstraint(errors, here, given);
    spreadKeys(errors, here.child("matchLabelKeys"), given, isPod);
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
  }
}

const spreadConstraint = remembered<V1TopologySpreadConstraint>((errors, at, given) => {
  const { maxSkew = 0, topologyKey, whenUnsatisfiable: action = "", minDomains } = given;
  if (maxSkew <= 0) errors.push(invalid(at.child("maxSkew"), maxSkew, notPositiveText));
  if (!topologyKey) errors.push(required(at.child("topologyKey"), empty));
  if (!unsatisfiable.includes(action))
    errors.push(unsupported(at.child("whenUnsatisfiable"), action, unsatisfiable));
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
