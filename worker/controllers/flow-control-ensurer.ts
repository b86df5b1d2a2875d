/**
 * Keeps the FlowSchemas and levels that the API server itself wants: they come back when they were deleted, and are as
 * it wants them unless somebody who may has changed them. Looks once a minute.
 * Upstream: pkg/registry/flowcontrol/ensurer/strategy.go, pkg/registry/flowcontrol/rest/storage_flowcontrol.go.
 */
import type {
  V1FlowSchema,
  V1PriorityLevelConfiguration,
} from "#apimachinery/api/flowcontrol-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";

type Level = V1PriorityLevelConfiguration;
type Wanted = V1FlowSchema | Level;
export type FlowControl = readonly Wanted[];

const group = "flowcontrol.apiserver.k8s.io/v1";
const schemaKind = `${group}/FlowSchema`;
const levelKind = `${group}/PriorityLevelConfiguration`;
const annotation = "apf.kubernetes.io/autoupdate-spec";
const mandatory: readonly string[] = ["exempt", "catch-all"];
const minuteMs = 60_000;
/** Keys of schemas are their names; these have a slash, as names have none. */
const levelPrefix = "level/";
const keyOf = ({ kind, metadata }: Wanted): string =>
  kind === "FlowSchema" ? (metadata.name ?? "") : levelPrefix + (metadata.name ?? "");

/** Upstream: Go strconv.ParseBool. */
const booleans: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true])),
  ...Object.fromEntries(["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false])),
};
const saidOf = ({ metadata }: Wanted): boolean | undefined =>
  booleans[metadata.annotations?.[annotation] ?? ""];

/** The shares of `exempt` are anybody's to change. */
function isAsWanted(current: Wanted, wanted: Wanted): boolean {
  const { exempt } = (current as Level).spec ?? {};
  if (keyOf(wanted) !== `${levelPrefix}exempt` || exempt === undefined)
    return equal(current.spec, wanted.spec);
  const { nominalConcurrencyShares, lendablePercent } = exempt;
  const shares = { nominalConcurrencyShares, lendablePercent };
  return equal(current.spec, { ...wanted.spec, exempt: shares });
}

/** Pure: what is to be written; undefined when nothing is. */
export function revised<T extends Wanted>(current: T, wanted: T): T | undefined {
  const { annotations, generation, name = "" } = current.metadata;
  const said = saidOf(current);
  const keeps = mandatory.includes(name) || (said ?? generation === 1);
  const spec = keeps && !isAsWanted(current, wanted) ? wanted.spec : current.spec;
  if (said === keeps && spec === current.spec) return undefined;
  const told = said === keeps ? annotations : { ...annotations, [annotation]: String(keeps) };
  return { ...current, metadata: { ...current.metadata, annotations: told }, spec };
}

export function flowControlEnsurer(bootstrap: FlowControl): Omit<Controller, "account"> {
  const byKey = new Map(bootstrap.map((one) => [keyOf(one), one]));
  /** When the next look is that finds something. A cache. */
  const looks = new Map<string, number>();

  function toDo(key: string, step: ControllerStep): (() => void) | undefined {
    const isLevel = key.startsWith(levelPrefix);
    const kind = isLevel ? levelKind : schemaKind;
    const name = isLevel ? key.slice(levelPrefix.length) : key;
    const current = step.lister<Wanted>(kind).get(name);
    const wanted = byKey.get(key);
    const { client } = step;
    if (wanted === undefined)
      return current !== undefined && saidOf(current) === true
        ? () => {
            client.delete({ kind, name });
          }
        : undefined;
    if (current === undefined)
      return () => {
        client.create(wanted);
      };
    const next = revised(current, wanted);
    return next === undefined
      ? undefined
      : () => {
          client.update(next);
        };
  }

  function reconcile(key: string, step: ControllerStep): Result {
    const act = toDo(key, step);
    const atMs = looks.get(key) ?? (Math.floor(step.nowMs / minuteMs) + 1) * minuteMs;
    if (act !== undefined && !step.reached(atMs, "wait")) {
      looks.set(key, atMs);
      return requeueAt(atMs);
    }
    looks.delete(key);
    try {
      act?.();
    } catch (error) {
      if (!isReason(error, "AlreadyExists", "NotFound", "Conflict")) throw error;
    }
    return done;
  }

  return {
    name: "priority-and-fairness-config-producer",
    watches: schemaKind,
    maps: { [levelKind]: ({ key }) => [levelPrefix + key] },
    reconcile,
  };
}
