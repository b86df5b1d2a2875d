/**
 * Ownership after a create, update or patch: the writer takes what it changed from whoever had it.
 * Upstream: structured-merge-diff/merge/update.go Update; managedfields/internal/managedfieldsupdater.go,
 * capmanagers.go, skipnonapplied.go.
 */
import { difference, emptySet, type FieldSet, union } from "#apimachinery/fieldpath/set.ts";
import { compare, type Comparison } from "#apimachinery/typed/compare.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isSame, type Owner, type Owners, sorted, type Writer } from "./owner.ts";
import { type Filter, stripped } from "./reset-fields.ts";
import type { Versions } from "./versions.ts";

export interface Change {
  /** Both as stored; undefined: there was none. */
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  readonly writer: Writer;
  /** Undefined: not told. */
  readonly seconds: number | undefined;
  readonly versions: Versions;
  readonly reset: Filter;
}

/** The same owners when nothing changed. An object without owners that is there already stays without. */
export function afterUpdate(owners: Owners, change: Change): Owners {
  if (owners.length === 0 && change.before !== undefined) return owners;
  const { writer, seconds } = change;
  const compared = comparisons(change);
  const own = compared(writer.apiVersion);
  if (own === undefined) return owners;
  const taken = stripped(union(own.modified, own.added));
  // The writer loses only what is gone: what it changed is its own again.
  const others = afterLoss(owners, compared, (owner, { removed }) =>
    isSame(owner, writer) ? difference(owner.fields, removed) : undefined,
  );
  if (taken.isEmpty) return others;
  const previous = others.find((owner) => isSame(owner, writer));
  const fields = previous === undefined ? taken : union(previous.fields, taken);
  const taker: Owner =
    previous !== undefined && fields === previous.fields
      ? { ...previous, seconds }
      : { ...writer, seconds, fields };
  const rest = previous === undefined ? others : others.filter((owner) => owner !== previous);
  return capped(sorted([...rest, taker]));
}

/** What is there before anybody wrote. */
const nothing = {};

export type Compared = (apiVersion: string) => Comparison | undefined;

/** What changed, in each version that somebody wrote in. */
export function comparisons({ before, after, versions, reset }: Change): Compared {
  const made = new Map<string, Comparison | undefined>();
  return (apiVersion) => {
    if (made.has(apiVersion)) return made.get(apiVersion);
    const version = versions(apiVersion);
    let found: Comparison | undefined;
    if (version !== undefined) {
      const was = before === undefined ? nothing : version.shown(before);
      const all = compare(was, version.shown(after), version.type);
      found = {
        added: all.added.isEmpty ? emptySet : reset(all.added),
        modified: all.modified.isEmpty ? emptySet : reset(all.modified),
        removed: all.removed.isEmpty ? emptySet : reset(all.removed),
      };
    }
    made.set(apiVersion, found);
    return found;
  };
}

/** What an owner keeps where the rule for all others does not hold; undefined: it does. */
type Keeps = (owner: Owner, change: Comparison) => FieldSet | undefined;

/** The owners without what others changed or what is gone; who has nothing left is no owner. */
export function afterLoss(owners: Owners, compared: Compared, keeps: Keeps): Owners {
  let same = true;
  const left: Owner[] = [];
  for (const owner of owners) {
    const change = compared(owner.apiVersion);
    if (change === undefined) {
      same = false;
      continue;
    }
    const { added, modified, removed } = change;
    const fields =
      keeps(owner, change) ??
      difference(difference(difference(owner.fields, modified), added), removed);
    if (fields === owner.fields) {
      left.push(owner);
      continue;
    }
    same = false;
    const { manager, operation, apiVersion, subresource, seconds } = owner;
    if (!fields.isEmpty)
      left.push({ manager, operation, apiVersion, subresource, seconds, fields });
  }
  return same ? owners : left;
}

/** Upstream: DefaultMaxUpdateManagers. */
const mostUpdaters = 10;
const bucketName = "ancient-changes";

/** Too many updaters: the oldest of a version become one. Upstream: capUpdateManagers. */
export function capped(owners: Owners): Owners {
  let updaters = 0;
  for (const { operation } of owners) if (operation === "Update") updaters += 1;
  if (updaters <= mostUpdaters) return owners;
  let left = [...owners];
  const oldest = owners.filter(({ operation }) => operation === "Update");
  const first = new Map<string, Owner>();
  for (const owner of oldest) {
    if (updaters <= mostUpdaters) break;
    const { apiVersion, seconds } = owner;
    const known = first.get(apiVersion);
    if (known === undefined) {
      first.set(apiVersion, owner);
      continue;
    }
    const writer: Writer = {
      manager: bucketName,
      operation: "Update",
      apiVersion,
      subresource: "",
    };
    const bucket = left.find((one) => isSame(one, writer)) ?? known;
    const merged: Owner = { ...writer, seconds, fields: union(owner.fields, bucket.fields) };
    left = [...left.filter((one) => one !== bucket && one !== owner), merged];
    updaters -= 1;
  }
  return sorted(left);
}
