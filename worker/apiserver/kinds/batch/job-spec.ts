/** What a Job says, also in a CronJob's template. Upstream: pkg/apis/batch/validation/validation.go validateJobSpec, pkg/apis/batch/v1/defaults.go. */
import type {
  V1JobSpec,
  V1PodFailurePolicyOnExitCodesRequirement,
  V1PodFailurePolicyRule,
  V1SuccessPolicyRule,
} from "#apimachinery/api/batch-v1.ts";
import {
  duplicate,
  type FieldPath,
  invalid,
  invalidSilently,
  required,
  tooLong,
  tooMany,
  unsupported,
} from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { podTemplate } from "#apiserver/kinds/core/pod-spec/validation.ts";
import { templateWarnings } from "#apiserver/kinds/core/pod-spec/warnings.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import { domainPath } from "#apiserver/kinds/rules/domain-path.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { type Errors, named, notNegative, notNegatives } from "#apiserver/kinds/rules/rule.ts";
import { countIndexes } from "./indexes.ts";

const mostParallel = 100_000;
const mostFailed = 100_000;
const manyCompletions = 100_000;
const mostParallelOfMany = 10_000;
const mostFailedOfMany = 10_000;
const mostRules = 20;
const mostExitCodes = 255;
const mostConditions = 20;
const longestIndexes = 64 * 1024;
const longestManager = 63;

export function jobSpecDefaults(given: V1JobSpec): V1JobSpec {
  const both =
    given.completions === undefined && given.parallelism === undefined
      ? { completions: 1, parallelism: 1 }
      : { parallelism: 1 };
  const perIndex = given.backoffLimitPerIndex !== undefined;
  const spec = fill(given, {
    ...both,
    backoffLimit: perIndex ? 2_147_483_647 : 6,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: given.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed",
    manualSelector: false,
  });
  return change(change(spec, "podFailurePolicy", failureDefaults), "template", podTemplateDefaults);
}
const failureDefaults = (policy: NonNullable<V1JobSpec["podFailurePolicy"]>): typeof policy =>
  change(policy, "rules", (rules) =>
    each(rules, (rule) =>
      change(rule, "onPodConditions", (patterns) =>
        each(patterns, (one) => fill(one, { status: "True" })),
      ),
    ),
  );

const isIndexed = ({ completionMode }: V1JobSpec): boolean => completionMode === "Indexed";

function indexed(errors: Errors, at: FieldPath, spec: V1JobSpec): void {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (completions === undefined)
    errors.push(required(at.child("completions"), "when completion mode is Indexed"));
  if (parallelism > mostParallel)
    errors.push(
      invalid(
        at.child("parallelism"),
        parallelism,
        `must be less than or equal to ${mostParallel} when completion mode is Indexed`,
      ),
    );
  const failed = at.child("maxFailedIndexes");
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
    errors.push(invalid(failed, maxFailedIndexes, "must be less than or equal to completions"));
  if (maxFailedIndexes !== undefined && maxFailedIndexes > mostFailed)
    errors.push(invalid(failed, maxFailedIndexes, `must be less than or equal to ${mostFailed}`));
  if ((completions ?? 0) <= manyCompletions || backoffLimitPerIndex === undefined) return;
  const of = `when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined)
    errors.push(required(failed, `must be specified when completions is above ${manyCompletions}`));
  if (parallelism > mostParallelOfMany)
    errors.push(
      invalid(
        at.child("parallelism"),
        parallelism,
        `must be less than or equal to ${mostParallelOfMany} ${of}`,
      ),
    );
  if (maxFailedIndexes !== undefined && maxFailedIndexes > mostFailedOfMany)
    errors.push(
      invalid(failed, maxFailedIndexes, `must be less than or equal to ${mostFailedOfMany} ${of}`),
    );
}
function notIndexed(errors: Errors, at: FieldPath, spec: V1JobSpec): void {
  for (const name of ["backoffLimitPerIndex", "maxFailedIndexes"] as const)
    if (spec[name] !== undefined)
      errors.push(invalid(at.child(name), spec[name], "requires indexed completion mode"));
}

const operators = ["In", "NotIn"];
const choices = (supported: readonly string[]): string =>
  `valid values: [${supported.map((one) => JSON.stringify(one)).join(" ")}]`;
/** Required with its choices, else one of them. */
function chosen(
  errors: Errors,
  at: FieldPath,
  value: string | undefined,
  supported: readonly string[],
): void {
  if (!value) errors.push(required(at, choices(supported)));
  else if (!supported.includes(value)) errors.push(unsupported(at, value, supported));
}

function exitCodes(
  errors: Errors,
  at: FieldPath,
  given: V1PodFailurePolicyOnExitCodesRequirement,
  containers: ReadonlySet<string>,
): void {
  const { operator, containerName, values = [] } = given;
  chosen(errors, at.child("operator"), operator, operators);
  if (containerName !== undefined && !containers.has(containerName))
    errors.push(
      invalid(
        at.child("containerName"),
        containerName,
        "must be one of the container or initContainer names in the pod template",
      ),
    );
  const here = at.child("values");
  if (values.length === 0) errors.push(invalid(here, values, "at least one value is required"));
  else if (values.length > mostExitCodes) errors.push(tooMany(here, values.length, mostExitCodes));
  for (const [i, code] of values.entries()) {
    if (operator === "In" && code === 0)
      errors.push(invalid(here.index(i), code, "must not be 0 for the In operator"));
    if (values.indexOf(code) < i) errors.push(duplicate(here.index(i), code));
  }
  if (values.some((code, i) => i > 0 && (values[i - 1] ?? 0) > code))
    errors.push(invalid(here, values, "must be ordered"));
}

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const statuses = ["False", "True", "Unknown"];
function failureRule(
  errors: Errors,
  at: FieldPath,
  rule: V1PodFailurePolicyRule,
  perIndex: boolean,
  containers: ReadonlySet<string>,
): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (action === "FailIndex") {
    if (!perIndex)
      errors.push(
        invalid(at.child("action"), action, "requires the backoffLimitPerIndex to be set"),
      );
  } else chosen(errors, at.child("action"), action, actions);
  if (onExitCodes !== undefined)
    exitCodes(errors, at.child("onExitCodes"), onExitCodes, containers);
  const here = at.child("onPodConditions");
  if (onPodConditions.length > mostConditions)
    errors.push(tooMany(here, onPodConditions.length, mostConditions));
  for (const [i, { type = "", status }] of onPodConditions.entries()) {
    named(errors, here.index(i).child("type"), type, qualifiedName);
    chosen(errors, here.index(i).child("status"), status, statuses);
  }
  const refuse = (why: string): unknown => errors.push(invalidSilently(at, why));
  if (onExitCodes !== undefined && onPodConditions.length > 0)
    refuse("specifying both OnExitCodes and OnPodConditions is not supported");
  if (onExitCodes === undefined && onPodConditions.length === 0)
    refuse("specifying one of OnExitCodes and OnPodConditions is required");
}

function failurePolicy(errors: Errors, at: FieldPath, spec: V1JobSpec): void {
  const { podFailurePolicy, podReplacementPolicy, backoffLimitPerIndex, template } = spec;
  if (podFailurePolicy !== undefined) {
    const rules = at.child("podFailurePolicy", "rules");
    const list = podFailurePolicy.rules ?? [];
    if (list.length > mostRules) errors.push(tooMany(rules, list.length, mostRules));
    const { containers = [], initContainers = [] } = template?.spec ?? {};
    const names = new Set([...containers, ...initContainers].map(({ name }) => name));
    for (const [i, rule] of list.entries())
      failureRule(errors, rules.index(i), rule, backoffLimitPerIndex !== undefined, names);
  }
  const supported = podFailurePolicy === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"];
  if (podReplacementPolicy !== undefined && !supported.includes(podReplacementPolicy))
    errors.push(unsupported(at.child("podReplacementPolicy"), podReplacementPolicy, supported));
}

function successRule(
  errors: Errors,
  at: FieldPath,
  { succeededCount, succeededIndexes }: V1SuccessPolicyRule,
  completions: number,
): void {
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(
      required(at, "at least one of succeededCount or succeededIndexes must be specified"),
    );
  let size = 0;
  if (succeededIndexes !== undefined) {
    const here = at.child("succeededIndexes");
    if (succeededIndexes.length > longestIndexes) errors.push(tooLong(here, longestIndexes));
    const found = countIndexes(succeededIndexes, completions);
    if (typeof found === "number") size = found;
    else errors.push(invalid(here, succeededIndexes, `error parsing succeededIndexes: ${found}`));
  }
  if (succeededCount === undefined) return;
  const here = at.child("succeededCount");
  notNegative(errors, here, succeededCount);
  if (succeededCount > completions)
    errors.push(
      invalid(
        here,
        succeededCount,
        `must be less than or equal to ${completions} (the number of specified completions)`,
      ),
    );
  if (succeededIndexes !== undefined && succeededCount > size)
    errors.push(
      invalid(
        here,
        succeededCount,
        `must be less than or equal to ${size} (the number of indexes in the specified succeededIndexes field)`,
      ),
    );
}
function successPolicy(errors: Errors, at: FieldPath, spec: V1JobSpec): void {
  const { successPolicy: policy, completions = 0 } = spec;
  if (policy === undefined) return;
  const here = at.child("successPolicy");
  const rules = policy.rules ?? [];
  if (!isIndexed(spec)) {
    const shown = rules.map((rule) => asInternal(rule, ["succeededIndexes", "succeededCount"]));
    errors.push(invalid(here, { Rules: shown }, "requires indexed completion mode"));
    return;
  }
  if (rules.length === 0)
    errors.push(
      required(
        here.child("rules"),
        "at least one rules must be specified when the successPolicy is specified",
      ),
    );
  if (rules.length > mostRules) errors.push(tooMany(here.child("rules"), rules.length, mostRules));
  for (const [i, rule] of rules.entries())
    successRule(errors, here.child("rules").index(i), rule, completions);
}

function restartPolicy(errors: Errors, at: FieldPath, spec: V1JobSpec): void {
  const here = at.child("template", "spec", "restartPolicy");
  const policy = spec.template?.spec?.restartPolicy ?? "";
  if (policy === "" || policy === "Always")
    errors.push(required(here, 'valid values: "OnFailure", "Never"'));
  else if (policy !== "OnFailure" && policy !== "Never")
    errors.push(unsupported(here, policy, ["OnFailure", "Never"], "listed"));
  else if (spec.podFailurePolicy !== undefined && policy !== "Never")
    errors.push(
      invalid(here, policy, 'only "Never" is supported when podFailurePolicy is specified'),
    );
}

export function jobSpec(errors: Errors, at: FieldPath, spec: V1JobSpec): void {
  notNegatives(errors, at, spec, [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
  ]);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(at.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
  if (spec.managedBy !== undefined) {
    domainPath(errors, at.child("managedBy"), spec.managedBy);
    if (spec.managedBy.length > longestManager)
      errors.push(tooLong(at.child("managedBy"), longestManager));
  }
  const { completionMode: mode } = spec;
  if (mode !== undefined && mode !== "Indexed" && mode !== "NonIndexed")
    errors.push(unsupported(at.child("completionMode"), mode, ["NonIndexed", "Indexed"], "listed"));
  if (isIndexed(spec)) indexed(errors, at, spec);
  else if (mode === undefined || mode === "NonIndexed") notIndexed(errors, at, spec);
  failurePolicy(errors, at, spec);
  successPolicy(errors, at, spec);
  podTemplate(errors, at.child("template"), spec.template);
  restartPolicy(errors, at, spec);
}

/** Upstream: pkg/api/job/warnings.go WarningsForJobSpec. */
export function jobWarnings(at: FieldPath, spec: V1JobSpec | undefined): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec ?? {};
  const isHuge =
    completionMode === "Indexed" &&
    completions > manyCompletions &&
    parallelism > mostParallelOfMany;
  return [
    ...(isHuge
      ? [
          `${at}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
        ]
      : []),
    ...templateWarnings(at.child("template"), spec?.template),
  ];
}
