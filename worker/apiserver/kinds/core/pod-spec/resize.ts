/** Changing cpu and memory of a Pod that runs. Upstream: pkg/apis/core/validation ValidatePodResize. */
import type { V1Container, V1Pod, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { mirror } from "./annotations.ts";
import { qosClass } from "./qos.ts";

const at = new FieldPath("spec");
const whole = new FieldPath("[]");
const resizable = ["cpu", "memory"];
const lists = ["requests", "limits"] as const;

const names = (list: Readonly<Record<string, string>> | undefined): readonly string[] =>
  Object.keys(list ?? {});

function removed(errors: Errors, here: FieldPath, next: V1Container, old: V1Container): void {
  for (const list of lists) {
    const kept = names(next.resources?.[list]);
    if (names(old.resources?.[list]).some((name) => !kept.includes(name)))
      errors.push(forbidden(here.child(list), `resource ${list} cannot be removed`));
  }
}

/** The container with its old cpu and memory, to see whether anything else changed. */
function withOldAmounts(next: V1Container, old: V1Container): V1Container {
  const resources: Record<string, unknown> = { ...next.resources };
  for (const list of lists) {
    const before = old.resources?.[list];
    const others = Object.fromEntries(
      Object.entries(next.resources?.[list] ?? {}).filter(([name]) => !resizable.includes(name)),
    );
    const kept = Object.fromEntries(
      Object.entries(before ?? {}).filter(([name]) => resizable.includes(name)),
    );
    if (before === undefined && Object.keys(others).length === 0) delete resources[list];
    else resources[list] = { ...others, ...kept };
  }
  return { ...next, resources };
}

function amounts(errors: Errors, next: V1PodSpec, old: V1PodSpec): V1PodSpec {
  const compare = (
    list: "containers" | "initContainers",
    isResizable: (one: V1Container) => boolean,
    why: string,
  ): readonly V1Container[] | undefined =>
    next[list]?.map((one, i) => {
      const before = old[list]?.[i] ?? one;
      if (!isResizable(before)) {
        if (!equal(one, before))
          errors.push(forbidden(at, "resources for non-sidecar init containers are immutable"));
        return one;
      }
      removed(errors, at.child(list).index(i).child("resources"), one, before);
      const bare = withOldAmounts(one, before);
      if (!equal(bare, before)) errors.push(forbidden(at, why));
      return bare;
    });
  const initContainers = compare(
    "initContainers",
    ({ restartPolicy }) => restartPolicy === "Always",
    "only cpu and memory resources for sidecar containers are mutable",
  );
  const containers = compare("containers", () => true, "only cpu and memory resources are mutable");
  return {
    ...next,
    containers: containers ?? [],
    ...(initContainers === undefined ? {} : { initContainers }),
  };
}

/** `validate` of the whole Pod runs too. */
export function validatePodResize(next: V1Pod, previous: V1Pod): readonly FieldError[] {
  const { spec } = next;
  const { spec: old } = previous;
  if (spec === undefined || old === undefined) return [];
  if (previous.metadata.annotations?.[mirror] !== undefined)
    return [forbidden(whole, "static pods cannot be resized")];
  if (old.os?.name === "windows") return [forbidden(whole, "windows pods cannot be resized")];
  const errors: Errors = [];
  if ((previous.status?.qosClass ?? qosClass(old)) !== qosClass(spec))
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
  const rest = amounts(errors, spec, old);
  if (errors.length === 0 && !equal(rest, old))
    errors.push(forbidden(at, "only cpu and memory resources are mutable"));
  return errors;
}
