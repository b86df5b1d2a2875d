/** What the workloads have in common: selector, template, counts, columns. Upstream: pkg/apis/apps/validation/validation.go. */
import type { V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { matches, selectorOf, selectorText } from "#apimachinery/selector.ts";
import { containerColumns, orNone, wide, doc } from "#apiserver/kinds/columns.ts";
import {
  hostnameWarnings,
  podNames,
  templateWarnings,
} from "#apiserver/kinds/core/pod-spec/warnings.ts";
import type { Column, ScalePaths } from "#apiserver/kinds/kind.ts";
import { type Errors, notNegatives } from "#apiserver/kinds/rules/rule.ts";
import { isEmptySelector, labelSelector } from "#apiserver/kinds/rules/selector.ts";

export interface Workload extends KubeObject {
  readonly spec?:
    | {
        readonly selector?: V1LabelSelector | undefined;
        readonly template?: V1PodTemplateSpec | undefined;
      }
    | undefined;
}
export const spec: FieldPath = new FieldPath("spec");
export const status: FieldPath = new FieldPath("status");
export const template: FieldPath = spec.child("template");

interface Selecting {
  /** As upstream's message has it, a ReplicaSet counting as a deployment; undefined: an empty selector will do. */
  readonly kind?: string;
  /** What is said of a selector that cannot be read; undefined: nothing. */
  readonly unreadable?: string;
  /** It may be missing; then it selects nothing. */
  readonly optional?: boolean;
}
/**
 * Its Pods must be those it looks for. Whether it can be read: upstream does not look at the template of one
 * that cannot.
 */
export function selection(
  errors: Errors,
  { selector: given, template: made }: NonNullable<Workload["spec"]>,
  { kind, unreadable, optional }: Selecting = {},
): boolean {
  const at = spec.child("selector");
  const labels = made?.metadata?.labels;
  const before = errors.length;
  if (given !== undefined) labelSelector(errors, at, given);
  const isReadable = errors.length === before;
  if (given === undefined && optional !== true) errors.push(required(at));
  if (given !== undefined && isEmptySelector(given)) {
    if (kind !== undefined)
      errors.push(invalid(at, given, `empty selector is invalid for ${kind}`));
  } else if (!isReadable) {
    if (unreadable !== undefined) errors.push(invalid(at, given, unreadable));
  } else if (given === undefined || !matches(selectorOf(given) ?? [], labels))
    errors.push(
      invalid(
        template.child("metadata", "labels"),
        labels,
        "`selector` does not match template `labels`",
      ),
    );
  return isReadable;
}

export function selectorFrozen(errors: Errors, next: Workload, previous: Workload): void {
  if (!equal(next.spec?.selector, previous.spec?.selector))
    errors.push(invalid(spec.child("selector"), next.spec?.selector, "field is immutable"));
}

interface Counts {
  readonly replicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
}
/** No count is negative, none of `parts` is more than all there are. */
export function statusCounts<T extends Counts>(
  errors: Errors,
  given: T,
  all: readonly (keyof T & string)[],
  parts: readonly (keyof T & string)[],
  availableOf = "readyReplicas",
): void {
  notNegatives(errors, status, given, all);
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = given;
  for (const name of parts) {
    const value = given[name] as number | undefined;
    if (value !== undefined && value > replicas)
      errors.push(invalid(status.child(name), value, "cannot be greater than status.replicas"));
  }
  if (availableReplicas > readyReplicas)
    errors.push(
      invalid(
        status.child("availableReplicas"),
        availableReplicas,
        `cannot be greater than ${availableOf}`,
      ),
    );
}
interface Collides {
  readonly collisionCount?: number | undefined;
}
export function notDecremented(
  errors: Errors,
  next: Collides | undefined,
  previous: Collides | undefined,
): void {
  const value = next?.collisionCount;
  const before = previous?.collisionCount;
  if (before !== undefined && (value === undefined || value < before))
    errors.push(invalid(status.child("collisionCount"), value ?? 0, "cannot be decremented"));
}

/** Of the template, when its generation is new; of the name, when the object is. */
export function workloadWarnings(
  next: Workload,
  previous: Workload | undefined,
  namesPods = true,
): readonly string[] {
  if (previous !== undefined && previous.metadata.generation === next.metadata.generation)
    return [];
  return [
    ...(previous === undefined && namesPods ? hostnameWarnings(next.metadata.name, podNames) : []),
    ...templateWarnings(template, next.spec?.template),
  ];
}

export const templateColumns = (
  type: "apps.v1.DaemonSet" | "apps.v1.Deployment" | "apps.v1.ReplicaSet" | "batch.v1.Job",
): readonly Column<Workload>[] => [
  ...containerColumns<Workload>((object) => object.spec?.template?.spec?.containers),
  wide("Selector", doc(`${type}Spec.selector`), (object) =>
    orNone(selectorText(object.spec?.selector)),
  ),
];
export const scaled: ScalePaths = {
  spec: ["spec", "replicas"],
  status: ["status", "replicas"],
  selector: (object) => selectorText((object as Workload).spec?.selector),
};
