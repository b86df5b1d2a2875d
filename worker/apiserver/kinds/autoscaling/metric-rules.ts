/** What a HorizontalPodAutoscaler may go by and how fast. Upstream: pkg/apis/autoscaling/validation/validation.go. */
import type {
  V2HorizontalPodAutoscalerBehavior,
  V2HPAScalingRules,
  V2MetricIdentifier,
  V2MetricSpec,
  V2MetricTarget,
} from "#apimachinery/api/autoscaling-v2.ts";
import { type FieldPath, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Label, pathSegmentName } from "#apimachinery/names.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { containerResourceName } from "#apiserver/kinds/rules/resource.ts";
import {
  type Errors,
  named,
  notNegativeText,
  notNegativeWordText,
  notPositiveText,
  oneOfIfAny,
  requiredName,
} from "#apiserver/kinds/rules/rule.ts";
import { fieldOf, type Source } from "./metric-source.ts";

export interface Reference {
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly apiVersion?: string | undefined;
}
/** Whether the version must say a group, may do without, or is not looked at. */
export type GroupNeed = "required" | "optional" | "ignored";

/** What is wrong with a version of an API. Upstream: ValidateAPIVersion. */
function versionProblem({ apiVersion = "" }: Reference, need: GroupNeed): string | undefined {
  if (need === "ignored") return undefined;
  const parts = apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const hasGroup = parts.length === 2 && parts[0] !== "";
  return need === "required" && !hasGroup ? "apiVersion must specify API group" : undefined;
}
export function reference(
  errors: Errors,
  at: FieldPath,
  given: Reference = {},
  need: GroupNeed = "optional",
): void {
  requiredName(errors, at.child("kind"), given.kind, pathSegmentName);
  requiredName(errors, at.child("name"), given.name, pathSegmentName);
  const problem = versionProblem(given, need);
  if (problem !== undefined)
    errors.push(invalid(at.child("apiVersion"), given.apiVersion ?? "", problem));
}
/** Objects that were named wrongly before may stay so. */
export const describedNeed = (before: readonly V2MetricSpec[] = []): GroupNeed =>
  before.some(
    ({ type, object }) =>
      type === "Object" && versionProblem(object?.describedObject ?? {}, "optional") !== undefined,
  )
    ? "ignored"
    : "optional";

function identifier(errors: Errors, at: FieldPath, given: V2MetricIdentifier | undefined): void {
  if (!given?.name) errors.push(required(at.child("name"), "must specify a metric name"));
  else named(errors, at.child("name"), given.name, pathSegmentName);
}

const targetTypes = ["AverageValue", "Utilization", "Value"];
function target(errors: Errors, at: FieldPath, given: V2MetricTarget): void {
  const { type, value, averageValue, averageUtilization } = given;
  if (!type) errors.push(required(at.child("type"), "must specify a metric target type"));
  if (!targetTypes.includes(type ?? ""))
    errors.push(
      invalid(at.child("type"), type ?? "", "must be either Utilization, Value, or AverageValue"),
    );
  if (value !== undefined && compareQuantities(value, 0) <= 0)
    errors.push(invalid(at.child("value"), value, "must be positive"));
  if (averageValue !== undefined && compareQuantities(averageValue, 0) <= 0)
    errors.push(invalid(at.child("averageValue"), averageValue, "must be positive"));
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(
      invalid(at.child("averageUtilization"), averageUtilization, "must be greater than 0"),
    );
}
const noTarget: V2MetricTarget = { type: "" };

const oneOfThem = "must set either a target raw value or a target utilization";
const both = "may not set both a target raw value and a target utilization";
function resourceTarget(errors: Errors, at: FieldPath, given: V2MetricTarget): void {
  const here = at.child("target");
  target(errors, here, given);
  const { averageUtilization, averageValue } = given;
  if (averageUtilization === undefined && averageValue === undefined)
    errors.push(required(here.child("averageUtilization"), oneOfThem));
  if (averageUtilization !== undefined && averageValue !== undefined)
    errors.push(forbidden(here.child("averageValue"), both));
}

const sources: Readonly<
  Record<Source, (errors: Errors, at: FieldPath, metric: V2MetricSpec, need: GroupNeed) => void>
> = {
  object(errors, at, { object }, need) {
    reference(errors, at.child("describedObject"), object?.describedObject, need);
    identifier(errors, at.child("metric"), object?.metric);
    const { target: wanted = noTarget } = object ?? {};
    target(errors, at.child("target"), wanted);
    if (wanted.value === undefined && wanted.averageValue === undefined)
      errors.push(
        required(
          at.child("target", "averageValue"),
          "must set either a target value or averageValue",
        ),
      );
  },
  external(errors, at, { external }) {
    identifier(errors, at.child("metric"), external?.metric);
    const { target: wanted = noTarget } = external ?? {};
    target(errors, at.child("target"), wanted);
    if (wanted.value === undefined && wanted.averageValue === undefined)
      errors.push(
        required(
          at.child("target", "averageValue"),
          "must set either a target value for metric or a per-pod target",
        ),
      );
    if (wanted.value !== undefined && wanted.averageValue !== undefined)
      errors.push(
        forbidden(
          at.child("target", "value"),
          "may not set both a target value for metric and a per-pod target",
        ),
      );
  },
  pods(errors, at, { pods }) {
    identifier(errors, at.child("metric"), pods?.metric);
    const { target: wanted = noTarget } = pods ?? {};
    target(errors, at.child("target"), wanted);
    if (wanted.averageValue === undefined)
      errors.push(
        required(at.child("target", "averageValue"), "must specify a positive target averageValue"),
      );
  },
  resource(errors, at, { resource }) {
    if (!resource?.name) errors.push(required(at.child("name"), "must specify a resource name"));
    resourceTarget(errors, at, resource?.target ?? noTarget);
  },
  containerResource(errors, at, { containerResource }) {
    if (!containerResource?.name)
      errors.push(required(at.child("name"), "must specify a resource name"));
    else containerResourceName(errors, at.child("name"), containerResource.name);
    if (!containerResource?.container)
      errors.push(required(at.child("container"), "must specify a container"));
    else named(errors, at.child("container"), containerResource.container, dns1123Label);
    resourceTarget(errors, at, containerResource?.target ?? noTarget);
  },
};
const sourceNames = Object.keys(sources) as readonly Source[];

function metric(errors: Errors, at: FieldPath, given: V2MetricSpec, need: GroupNeed): void {
  const { type = "" } = given;
  if (type === "") errors.push(required(at.child("type"), "must specify a metric source type"));
  const expected = fieldOf[type];
  if (expected === undefined)
    // Upstream says so twice.
    errors.push(
      unsupported(at.child("type"), type, Object.keys(fieldOf)),
      unsupported(at.child("type"), type, Object.keys(fieldOf)),
    );
  const present = sourceNames.filter((name) => given[name] !== undefined);
  const [first] = present;
  if (first !== undefined) sources[first](errors, at.child(first), given, need);
  if (expected !== undefined && given[expected] === undefined)
    errors.push(
      required(at.child(expected), "must populate information for the given metric source"),
    );
  if (present.length < 2) return;
  for (const name of present)
    if (name !== expected)
      errors.push(forbidden(at.child(name), "must populate the given metric source only"));
}

export function metrics(
  errors: Errors,
  at: FieldPath,
  list: readonly V2MetricSpec[] | undefined,
  need: GroupNeed,
): void {
  for (const [i, one] of (list ?? []).entries()) metric(errors, at.index(i), one, need);
}

const longestWindow = 3600;
const longestPeriod = 1800;
function rules(errors: Errors, at: FieldPath, given: V2HPAScalingRules): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = given;
  const here = at.child("stabilizationWindowSeconds");
  if (window !== undefined && window < 0) errors.push(invalid(here, window, notNegativeWordText));
  if (window !== undefined && window > longestWindow)
    errors.push(invalid(here, window, `must be less than or equal to ${longestWindow}`));
  oneOfIfAny(errors, at.child("selectPolicy"), selectPolicy, ["Disabled", "Max", "Min"]);
  if (policies.length === 0)
    errors.push(required(at.child("policies"), "must specify at least one Policy"));
  for (const [i, { type, value, periodSeconds }] of policies.entries()) {
    const one = at.child("policies").index(i);
    if (type !== "Pods" && type !== "Percent")
      errors.push(unsupported(one.child("type"), type ?? "", ["Percent", "Pods"]));
    if (value <= 0) errors.push(invalid(one.child("value"), value, notPositiveText));
    if (periodSeconds <= 0)
      errors.push(invalid(one.child("periodSeconds"), periodSeconds, notPositiveText));
    if (periodSeconds > longestPeriod)
      errors.push(
        invalid(
          one.child("periodSeconds"),
          periodSeconds,
          `must be less than or equal to ${longestPeriod}`,
        ),
      );
  }
  if (tolerance !== undefined && compareQuantities(tolerance, 0) < 0)
    errors.push(invalid(at.child("tolerance"), tolerance, notNegativeText));
}

export function behavior(
  errors: Errors,
  at: FieldPath,
  given: V2HorizontalPodAutoscalerBehavior | undefined,
): void {
  if (given?.scaleUp !== undefined) rules(errors, at.child("scaleUp"), given.scaleUp);
  if (given?.scaleDown !== undefined) rules(errors, at.child("scaleDown"), given.scaleDown);
}
