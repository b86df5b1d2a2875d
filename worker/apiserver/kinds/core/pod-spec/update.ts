/** What may change in a Pod's spec. Upstream: pkg/apis/core/validation ValidatePodUpdate. */
import type {
  V1Affinity,
  V1Container,
  V1NodeSelectorTerm,
  V1Pod,
  V1PodSpec,
} from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import { between, type Errors } from "#apiserver/kinds/rules/rule.ts";
import { internalTerm } from "./affinity.ts";
import { podAnnotationsUpdate } from "./annotations.ts";
import { image } from "./containers.ts";

const at = new FieldPath("spec");
const changeable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** Says whether there are as many as before; else nothing more can be compared. */
function containers(
  errors: Errors,
  here: FieldPath,
  next: readonly V1Container[] = [],
  previous: readonly V1Container[] = [],
): boolean {
  if (next.length !== previous.length) {
    errors.push(forbidden(here, "pod updates may not add or remove containers"));
    return false;
  }
  for (const [i, one] of next.entries()) {
    if (!one.image) errors.push(required(here.index(i).child("image")));
    image(errors, here.index(i), one);
  }
  return true;
}

/** Says whether it makes sense to look on. */
function deadline(errors: Errors, next: V1PodSpec, previous: V1PodSpec): boolean {
  const here = at.child("activeDeadlineSeconds");
  const value = next.activeDeadlineSeconds;
  const before = previous.activeDeadlineSeconds;
  if (value === undefined) {
    if (before !== undefined)
      errors.push(invalid(here, null, "must not update from a positive integer to nil value"));
    return true;
  }
  const found = errors.length;
  between(errors, here, value, [0, 2_147_483_647]);
  if (errors.length > found) return false;
  if (before === undefined || before >= value) return true;
  errors.push(invalid(here, value, "must be less than or equal to previous value"));
  return false;
}

function onlyAdded(errors: Errors, next: V1PodSpec, previous: V1PodSpec): void {
  const kept = (previous.tolerations ?? []).every((old) =>
    (next.tolerations ?? []).some((one) =>
      equal({ ...old, tolerationSeconds: one.tolerationSeconds }, one),
    ),
  );
  if (!kept)
    errors.push(
      forbidden(
        at.child("tolerations"),
        "existing toleration can not be modified except its tolerationSeconds",
      ),
    );
}
function onlyRemoved(errors: Errors, next: V1PodSpec, previous: V1PodSpec): void {
  const before = new Set((previous.schedulingGates ?? []).map(({ name }) => name));
  for (const [i, { name }] of (next.schedulingGates ?? []).entries())
    if (!before.has(name))
      errors.push(
        forbidden(
          at.child("schedulingGates").index(i).child("name"),
          `only deletion is allowed, but found new scheduling gate '${name}'`,
        ),
      );
}

const withImages = (
  list: readonly V1Container[] | undefined,
  previous: readonly V1Container[] | undefined,
): readonly V1Container[] | undefined =>
  list?.map((one, i) => ({ ...one, image: previous?.[i]?.image }));

/** The new spec with everything put back that may change, to see whether anything else did. No grace is negative. */
function withoutChangeable(next: V1PodSpec, previous: V1PodSpec): V1PodSpec {
  return {
    ...next,
    containers: withImages(next.containers, previous.containers) ?? [],
    initContainers: withImages(next.initContainers, previous.initContainers),
    activeDeadlineSeconds: previous.activeDeadlineSeconds,
    schedulingGates: previous.schedulingGates,
    tolerations: previous.tolerations,
  };
}

/** Until its last gate is gone, a Pod may be told more precisely where to run. */
function gated(errors: Errors, next: V1PodSpec, previous: V1PodSpec): V1PodSpec {
  const { nodeSelector: old = {} } = previous;
  const { nodeSelector: asked = {} } = next;
  if (Object.entries(old).some(([key, value]) => asked[key] !== value))
    errors.push(
      invalid(
        at.child("nodeSelector"),
        next.nodeSelector ?? null,
        "only additions to spec.nodeSelector are allowed (no mutations or deletions)",
      ),
    );
  if (!equal(next.affinity?.nodeAffinity, previous.affinity?.nodeAffinity))
    narrowed(errors, next.affinity, previous.affinity);
  const { nodeAffinity: _asked, ...others } = next.affinity ?? {};
  const affinity = {
    ...others,
    ...(previous.affinity?.nodeAffinity === undefined
      ? {}
      : { nodeAffinity: previous.affinity.nodeAffinity }),
  };
  return {
    ...next,
    nodeSelector: previous.nodeSelector,
    affinity:
      Object.keys(affinity).length === 0 && previous.affinity === undefined ? undefined : affinity,
  };
}

const requiredTerms = "requiredDuringSchedulingIgnoredDuringExecution";
function narrowed(
  errors: Errors,
  next: V1Affinity | undefined,
  previous: V1Affinity | undefined,
): void {
  const old = previous?.nodeAffinity?.[requiredTerms]?.nodeSelectorTerms;
  if (old === undefined || old.length === 0) return;
  const asked = next?.nodeAffinity?.[requiredTerms]?.nodeSelectorTerms ?? [];
  const here = at.child("affinity", "nodeAffinity", requiredTerms, "nodeSelectorTerms");
  if (asked.length !== old.length) {
    errors.push(
      invalid(
        here,
        asked.length === 0 ? null : asked.map(internalTerm),
        "no additions/deletions to non-empty NodeSelectorTerms list are allowed",
      ),
    );
    return;
  }
  for (const [i, term] of old.entries())
    if (!hasOnlyMore(asked[i] ?? {}, term))
      errors.push(
        invalid(
          here.index(i),
          internalTerm(asked[i] ?? {}),
          "only additions are allowed (no mutations or deletions)",
        ),
      );
}
function hasOnlyMore(next: V1NodeSelectorTerm, old: V1NodeSelectorTerm): boolean {
  const lists = ["matchExpressions", "matchFields"] as const;
  if (lists.every((list) => (old[list] ?? []).length === 0))
    return lists.every((list) => (next[list] ?? []).length === 0);
  return lists.every((list) => (old[list] ?? []).every((one, i) => equal(one, next[list]?.[i])));
}

/**
 * Differs: the refusal does not go on with a printed difference of the two specs, because that is Go syntax
 * of internal types.
 */
export function validatePodUpdate(next: V1Pod, previous: V1Pod): readonly FieldError[] {
  const errors: Errors = [];
  if (next.metadata.annotations !== previous.metadata.annotations)
    podAnnotationsUpdate(
      errors,
      new FieldPath("metadata").child("annotations"),
      next.metadata.annotations,
      previous.metadata.annotations,
    );
  const { spec } = next;
  const { spec: old } = previous;
  if (spec === undefined || old === undefined || spec === old) return errors;
  if (!containers(errors, at.child("containers"), spec.containers, old.containers)) return errors;
  if (!containers(errors, at.child("initContainers"), spec.initContainers, old.initContainers))
    return errors;
  if (!deadline(errors, spec, old)) return errors;
  onlyAdded(errors, spec, old);
  onlyRemoved(errors, spec, old);
  if (equal(spec, old)) return errors;
  let rest = withoutChangeable(spec, old);
  if ((old.schedulingGates ?? []).length > 0) rest = gated(errors, rest, old);
  if (!equal(rest, old))
    errors.push(forbidden(at, `pod updates may not change fields other than ${changeable}`));
  return errors;
}
