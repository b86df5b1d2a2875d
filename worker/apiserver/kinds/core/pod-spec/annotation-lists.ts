/**
 * Lists that annotations held before there were fields for them.
 * Upstream: pkg/apis/core/validation ValidateTolerationsInPodAnnotations, ValidateNodeSpecificAnnotations.
 */
import type { V1Taint, V1Toleration } from "#apimachinery/api/core-v1.ts";
import { type FieldPath, invalid, required } from "#apimachinery/field.ts";
import { jsonText } from "#apiserver/kinds/rules/json-text.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { taints, tolerations } from "./scheduling.ts";

type Annotations = Readonly<Record<string, string>>;
type Named = Readonly<Record<string, unknown>>;

const tolerationsKey = "scheduler.alpha.kubernetes.io/tolerations";
const taintsKey = "scheduler.alpha.kubernetes.io/taints";
const avoidKey = "scheduler.alpha.kubernetes.io/preferAvoidPods";

/** Types without names for JSON: theirs are written big, and read either way. */
const small = (one: Named): Named =>
  Object.fromEntries(
    Object.entries(one).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      value,
    ]),
  );
function listOf<T>(
  errors: Errors,
  at: FieldPath,
  [key, text, type]: readonly [string, string | undefined, string],
): readonly T[] | undefined {
  if (!text) return undefined;
  const { value, problem } = jsonText(text, "array", type);
  if (problem !== undefined) errors.push(invalid(at, key, problem));
  return (value as readonly Named[] | undefined)?.map((one) => small(one ?? {}) as T);
}

export function annotatedTolerations(errors: Errors, at: FieldPath, given: Annotations): void {
  const text = given[tolerationsKey];
  const list = listOf<V1Toleration>(errors, at, [tolerationsKey, text, "[]core.Toleration"]);
  tolerations(errors, at.child(tolerationsKey), list);
}

interface Avoided {
  readonly podSignature?: { readonly podController?: { readonly controller?: boolean } };
}
function avoided(errors: Errors, at: FieldPath, text: string | undefined): void {
  if (!text) return;
  const { value, problem } = jsonText(text, "object", "v1.AvoidPods");
  if (problem !== undefined) errors.push(invalid(at.child("AvoidPods"), avoidKey, problem));
  const { preferAvoidPods = [] } = (value ?? {}) as { preferAvoidPods?: readonly Avoided[] };
  for (const [i, { podSignature }] of preferAvoidPods.entries()) {
    const here = at.child(avoidKey).index(i).child("PodSignature");
    const controller = podSignature?.podController;
    if (controller === undefined) errors.push(required(here));
    else if (controller.controller !== true)
      errors.push(
        invalid(here.child("PodController", "Controller"), false, "must point to a controller"),
      );
  }
}
export function nodeAnnotations(errors: Errors, at: FieldPath, given: Annotations = {}): void {
  const list = listOf<V1Taint>(errors, at, [taintsKey, given[taintsKey], "[]core.Taint"]);
  if (list !== undefined) taints(errors, at.child(taintsKey), list);
  avoided(errors, at, given[avoidKey]);
}
