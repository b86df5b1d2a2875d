/** Changing cpu and memory of a Pod that runs. Upstream: pkg/apis/core/validation ValidatePodResize. */
import type {
  V1Container,
  V1Pod,
  V1PodSpec,
  V1ResourceRequirements,
} from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { mirror } from "./annotations.ts";
import { qosClass } from "./qos.ts";

const at = new FieldPath("spec");
const whole = new FieldPath("[]");
const resizable = ["cpu", "memory"];
const lists = ["requests", "limits"] as const;
const containerLists = ["containers", "initContainers"] as const;

type Amounts = Readonly<Record<string, string>>;
type Resources = V1ResourceRequirements | undefined;

/** `what`: as the message calls them, "resource" or "pod-level resource". */
function removed(
  errors: Errors,
  here: FieldPath,
  [next, old]: readonly [Resources, Resources],
  what: string,
): void {
  for (const list of lists) {
    const kept = next?.[list] ?? {};
    if (Object.keys(old?.[list] ?? {}).some((name) => kept[name] === undefined))
      errors.push(forbidden(here.child(list), `${what} ${list} cannot be removed`));
  }
}

function withOldAmounts(next: Amounts = {}, old: Amounts = {}): Amounts | undefined {
  const others = Object.entries(next).filter(([name]) => !resizable.includes(name));
  const kept = Object.entries(old).filter(([name]) => resizable.includes(name));
  const all = [...others, ...kept];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}
/** With the old cpu and memory, to see whether anything else changed. */
function withOld(next: Resources, old: Resources): V1ResourceRequirements {
  const limits = withOldAmounts(next?.limits, old?.limits);
  const requests = withOldAmounts(next?.requests, old?.requests);
  return { ...(limits && { limits }), ...(requests && { requests }) };
}

function ofPod(errors: Errors, next: Resources, old: Resources): Resources {
  const has = (one: Resources): boolean =>
    Object.keys(one?.limits ?? {}).length + Object.keys(one?.requests ?? {}).length > 0;
  if (!has(next) && !has(old)) return next;
  const here = at.child("resources");
  if (next === undefined) {
    errors.push(forbidden(here, "pod-level resources cannot be removed"));
    return next;
  }
  removed(errors, here, [next, old], "pod-level resource");
  const { limits: _limits, requests: _requests, ...rest } = next;
  const bare = { ...rest, ...withOld(next, old) };
  const rested = old === undefined && Object.keys(bare).length === 0 ? undefined : bare;
  if (!equal(rested, old))
    errors.push(forbidden(at, "only cpu and memory resources are mutable at pod-level"));
  return rested;
}

/** Whether each container stands where it stood. */
function isInOrder(errors: Errors, next: V1PodSpec, old: V1PodSpec): boolean {
  const before = errors.length;
  for (const list of containerLists) {
    const here = at.child(list);
    const was = old[list] ?? [];
    const is = next[list] ?? [];
    if (is.length !== was.length)
      errors.push(forbidden(here, `${list} may not be added or removed on resize`));
    else
      for (const [i, { name }] of was.entries())
        if (is[i]?.name !== name)
          errors.push(
            forbidden(
              here.index(i).child("name"),
              `${list} may not be renamed or reordered on resize`,
            ),
          );
  }
  return errors.length === before;
}

function bareContainers(
  errors: Errors,
  [next = [], old = []]: readonly (readonly V1Container[] | undefined)[],
): readonly V1Container[] {
  return next.map((one, i) => {
    const bare = { ...one, resources: withOld(one.resources, old[i]?.resources) };
    if (!equal(bare, old[i]))
      errors.push(forbidden(at, "only cpu and memory resources are mutable"));
    return bare;
  });
}
function bareInitContainers(
  errors: Errors,
  [next = [], old = []]: readonly (readonly V1Container[] | undefined)[],
): readonly V1Container[] {
  return next.map((one, i) => {
    const here = at.child("initContainers").index(i);
    const bare = { ...one, resources: withOld(one.resources, old[i]?.resources) };
    if (!equal(bare, old[i]))
      errors.push(
        forbidden(here, "only cpu and memory resources for init or sidecar containers are mutable"),
      );
    if (one.restartPolicy !== "Always" && !equal(one, old[i]))
      for (const { restartPolicy } of one.resizePolicy ?? [])
        if (restartPolicy === "RestartContainer")
          errors.push(
            forbidden(
              here,
              "non-sidecar init containers with a resize policy of RestartContainer cannot be resized",
            ),
          );
    return bare;
  });
}

/** Why a Pod cannot be resized at all. */
export function resizeRefusal({ metadata, spec }: V1Pod): FieldError | undefined {
  if (metadata.annotations?.[mirror] !== undefined)
    return forbidden(whole, "static pods cannot be resized");
  return spec?.os?.name === "windows"
    ? forbidden(whole, "windows pods cannot be resized")
    : undefined;
}

/** `found`: what is wrong with the Pod as such. */
export function validatePodResize(
  next: V1Pod,
  previous: V1Pod,
  found: readonly FieldError[],
): readonly FieldError[] {
  const { spec } = next;
  const { spec: old } = previous;
  if (spec === undefined || old === undefined) return found;
  const errors: Errors = [...found];
  if ((previous.status?.qosClass || qosClass(old)) !== qosClass(spec))
    errors.push(
      invalid(
        at,
        next.status?.qosClass ?? "",
        "Pod QOS Class may not change as a result of resizing",
      ),
    );
  const running = previous.status?.containerStatuses?.find(
    ({ state }) => state?.running !== undefined,
  );
  if (running !== undefined && running.resources === undefined)
    errors.push(forbidden(at, "Pod running on node without support for resize"));
  const resources = ofPod(errors, spec.resources, old.resources);
  if (!isInOrder(errors, spec, old)) return errors;
  for (const list of ["initContainers", "containers"] as const)
    for (const [i, one] of (spec[list] ?? []).entries())
      removed(
        errors,
        at.child(list).index(i).child("resources"),
        [one.resources, old[list]?.[i]?.resources],
        "resource",
      );
  const containers = bareContainers(errors, [spec.containers, old.containers]);
  const initContainers = bareInitContainers(errors, [spec.initContainers, old.initContainers]);
  if (errors.length > 0) return errors;
  const rest = {
    ...spec,
    resources,
    containers,
    initContainers: spec.initContainers === undefined ? undefined : initContainers,
  };
  return equal(rest, old) ? [] : [forbidden(at, "only cpu and memory resources are mutable")];
}
