/** Gives each definition its names, unless another one of the group has them. Upstream: apiextensions-apiserver/pkg/controller/status/naming_controller.go. */
import { aggregated } from "#apimachinery/aggregate.ts";
import type {
  V1CustomResourceDefinition as Definition,
  V1CustomResourceDefinitionCondition as Condition,
  V1CustomResourceDefinitionNames as Names,
} from "#apimachinery/api/apiextensions-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { done } from "#client/component.ts";
import { definitionKind } from "#controllers/custom-kinds.ts";
import type { Controller } from "#controllers/controller.ts";
import { conditionOf, withCondition, writeStatus } from "./conditions.ts";

interface Taken {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

function takenIn(group: string, definitions: readonly Definition[]): Taken {
  const names = definitions
    .filter(({ spec }) => spec.group === group)
    .map(({ status }) => status?.acceptedNames)
    .filter((one) => one !== undefined);
  return {
    resources: new Set(
      names.flatMap(({ plural, singular = "", shortNames = [] }) => [
        plural,
        singular,
        ...shortNames,
      ]),
    ),
    kinds: new Set(names.flatMap(({ kind, listKind = "" }) => [kind, listKind])),
  };
}

interface Named {
  readonly names: Names;
  readonly accepted: Omit<Condition, "lastTransitionTime">;
  readonly established: Omit<Condition, "lastTransitionTime">;
}

/** Pure: which names it may have, as upstream's calculateNamesAndConditions. */
export function namesOf(definition: Definition, taken: Taken): Named {
  const asked = definition.spec.names;
  const had = definition.status?.acceptedNames ?? { plural: "", kind: "" };
  let names: Names = { ...had };
  let accepted: Named["accepted"] | undefined;
  const conflict = (reason: string, message: string): void => {
    accepted = { type: "NamesAccepted", status: "False", reason, message };
  };
  const take = (field: "plural" | "singular" | "kind" | "listKind", reason: string): void => {
    const used = field === "kind" || field === "listKind" ? taken.kinds : taken.resources;
    const name = asked[field] ?? "";
    if (name !== (had[field] ?? "") && used.has(name))
      conflict(reason, `${JSON.stringify(name)} is already in use`);
    else names = { ...names, [field]: name };
  };
  take("plural", "PluralConflict");
  take("singular", "SingularConflict");
  const foreign = (asked.shortNames ?? []).filter(
    (name) => !had.shortNames?.includes(name) && taken.resources.has(name),
  );
  if (foreign.length > 0) {
    const problems = foreign.map((name) => `${JSON.stringify(name)} is already in use`);
    conflict("ShortNamesConflict", aggregated(problems));
  } else names = withList(names, "shortNames", asked.shortNames);
  take("kind", "KindConflict");
  take("listKind", "ListKindConflict");
  names = withList(names, "categories", asked.categories);
  const verdict = accepted ?? {
    type: "NamesAccepted",
    status: "True",
    reason: "NoConflicts",
    message: "no conflicts found",
  };
  return { names, accepted: verdict, established: establishedOf(definition, verdict.status) };
}

/** Without the key where there is no list. */
function withList(
  names: Names,
  field: "shortNames" | "categories",
  list: readonly string[] | undefined,
): Names {
  const { [field]: _old, ...rest } = names;
  return list === undefined ? rest : { ...rest, [field]: list };
}

function establishedOf(definition: Definition, namesAccepted: string): Named["established"] {
  const { lastTransitionTime: _time, ...old } = conditionOf(definition, "Established") ?? {
    type: "Established",
    status: "False",
    reason: "NotAccepted",
    message: "not all names are accepted",
  };
  if (old.status === "True" || namesAccepted !== "True") return old;
  return {
    type: "Established",
    status: "False",
    reason: "Installing",
    message: "the initial names have been accepted",
  };
}

export const naming: Omit<Controller, "account"> = {
  name: "crd-naming",
  watches: definitionKind,
  maps: {
    // A name that becomes free may be another one's.
    [definitionKind]: ({ object, key }, listers) =>
      listers
        .lister<Definition>(definitionKind)
        .list()
        .filter(
          ({ spec, metadata }) =>
            metadata.name !== key && spec.group === (object as Definition).spec.group,
        )
        .map(({ metadata }) => metadata.name ?? ""),
  },
  reconcile(key, step) {
    const lister = step.lister<Definition>(definitionKind);
    const definition = lister.get(key);
    if (definition === undefined || equal(definition.spec.names, definition.status?.acceptedNames))
      return done;
    const others = lister.list().filter((one) => one !== definition);
    const taken = takenIn(definition.spec.group, [definition, ...others]);
    const { names, accepted, established } = namesOf(definition, taken);
    const named = {
      ...definition,
      status: { ...definition.status, acceptedNames: names },
    };
    const next = withCondition(withCondition(named, accepted, step.nowMs), established, step.nowMs);
    if (!equal(next.status, definition.status)) writeStatus(step.client, next);
    return done;
  },
};
