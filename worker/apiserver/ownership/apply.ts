/**
 * Server-side apply: the configuration merged into the live object, conflicts with those who own what
 * it changes, and what this applier alone had applied and now leaves out taken away.
 * Upstream: structured-merge-diff/merge/update.go Apply; managedfields/internal/structuredmerge.go,
 * skipnonapplied.go, lastappliedmanager.go.
 */
import { equal } from "#apimachinery/equal.ts";
import type { Path } from "#apimachinery/fieldpath/element.ts";
import {
  difference,
  emptySet,
  type FieldSet,
  intersection,
  paths,
  union,
} from "#apimachinery/fieldpath/set.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { fieldsIn } from "#apimachinery/typed/fields.ts";
import { merge } from "#apimachinery/typed/merge.ts";
import { withNamedFields, withoutFields } from "#apimachinery/typed/remove.ts";
import type { Json } from "#apimachinery/typed/value.ts";
import { agreedByLastApplied } from "./last-applied.ts";
import { isSame, type Owner, type Owners, sorted, type Writer } from "./owner.ts";
import { type Filter, stripped } from "./reset-fields.ts";
import { afterLoss, afterUpdate, comparisons } from "./update.ts";
import type { Version, Versions } from "./versions.ts";

/** Somebody else owns a field that the configuration sets to another value. */
export interface Conflict {
  readonly owner: Writer;
  readonly path: Path;
}
export class ApplyConflicts extends Error {
  readonly conflicts: readonly Conflict[];
  constructor(conflicts: readonly Conflict[]) {
    super(`${conflicts.length} conflicts`);
    this.conflicts = conflicts;
  }
}

export interface Application {
  /** As stored; undefined: there is none. */
  readonly live: KubeObject | undefined;
  /** In the applier's version; must fit the type, without duplicates. */
  readonly config: Json;
  readonly writer: Writer;
  /** Undefined: not told. */
  readonly seconds: number | undefined;
  readonly force: boolean;
  readonly versions: Versions;
  readonly reset: Filter;
}
export interface Applied {
  /** In the applier's version, to be decoded; the live object itself when nothing is different. */
  readonly object: unknown;
  readonly owners: Owners;
}

/** Who owned everything before anybody had applied. Upstream: skipNonAppliedManager. */
const beforeFirstApply = "before-first-apply";

/** Throws ApplyConflicts. */
export function afterApply(owners: Owners, application: Application): Applied {
  const { live, versions, reset, seconds, writer } = application;
  const tracked =
    owners.length > 0 || live === undefined
      ? owners
      : afterUpdate([], {
          before: undefined,
          after: live,
          writer: { ...writer, manager: beforeFirstApply, operation: "Update" },
          seconds,
          versions,
          reset,
        });
  const first = tryToApply(tracked, application, application.force);
  if (first.conflicts.length === 0) return first;
  const left = agreedByLastApplied(first.conflicts, application);
  if (left.length > 0) throw new ApplyConflicts(left);
  return tryToApply(tracked, application, true);
}

interface Attempt extends Applied {
  /** When there are any, nothing else of it counts. */
  readonly conflicts: readonly Conflict[];
}

function tryToApply(
  owners: Owners,
  { live, config, writer, seconds, versions, reset }: Application,
  force: boolean,
): Attempt {
  const version = versions(writer.apiVersion) as Version;
  const { type } = version;
  const shown = live === undefined ? {} : version.shown(live);
  const mine: Owner = { ...writer, seconds, fields: reset(fieldsIn(config, type)) };
  const last = owners.find((owner) => isSame(owner, writer));
  const all = [...owners.filter((owner) => owner !== last), mine];
  const merged = merge(shown, config, type);
  const pruned = last === undefined ? merged : prune(merged, all, mine, last, versions);
  const same = equal(shown, pruned);
  // The live object before any writer is the empty one: what it has is no addition.
  const compared = comparisons({
    before: live,
    after: version.stored(pruned as KubeObject),
    writer,
    seconds,
    versions,
    reset,
  });
  const conflicts = all.flatMap((owner): Conflict[] => {
    if (owner === mine) return [];
    const change = compared(owner.apiVersion);
    if (change === undefined) return [];
    const taken = intersection(owner.fields, union(change.modified, change.added));
    return paths(taken).map((path) => ({ owner, path }));
  });
  if (conflicts.length > 0 && !force) return { conflicts, object: shown, owners };
  // As upstream: what changes nothing has no time of its own.
  const at = same ? last?.seconds : seconds;
  const left = afterLoss(all, compared, (owner) => (owner === mine ? mine.fields : undefined)).map(
    (owner) => (owner === mine ? { ...mine, seconds: at, fields: stripped(mine.fields) } : owner),
  );
  return {
    conflicts: [],
    object: same && live !== undefined ? shown : pruned,
    owners: sorted(left.filter(({ fields }) => !fields.isEmpty)),
  };
}

/** Without what the applier had applied, applies no more and nobody else owns. Upstream: Updater.prune. */
function prune(
  merged: unknown,
  owners: readonly Owner[],
  mine: Owner,
  last: Owner,
  versions: Versions,
): unknown {
  const at = versions(last.apiVersion);
  if (at === undefined || last.fields.isEmpty) return merged;
  const own = versions(mine.apiVersion) as Version;
  const convert = (value: unknown, from: Version, to: Version): unknown =>
    from === to ? value : to.shown(from.stored(value as KubeObject));
  const whole = convert(merged, own, at);
  const lastFields = withNamedFields(last.fields, at.type);
  let pruned = withoutFields(whole, lastFields, at.type);
  for (const [apiVersion, fields] of ownedByVersion(owners, last.apiVersion)) {
    const version = versions(apiVersion);
    if (version === undefined) continue;
    const all = convert(whole, at, version);
    const rest = convert(pruned ?? {}, at, version);
    const kept = withNamedFields(union(fieldsIn(rest, version.type), fields), version.type);
    const gone = difference(withNamedFields(fieldsIn(all, version.type), version.type), kept);
    pruned = convert(withoutFields(all, gone, version.type), version, at);
  }
  const before = withNamedFields(fieldsIn(whole, at.type), at.type);
  const after = withNamedFields(fieldsIn(pruned, at.type), at.type);
  // What nobody owned, or only an updater, is not this applier's to remove.
  const dangling = intersection(difference(before, after), lastFields);
  return convert(withoutFields(whole, dangling, at.type), at, own);
}

/** What is owned in each version; the one that was applied last comes first. */
function ownedByVersion(owners: readonly Owner[], first: string): Map<string, FieldSet> {
  const owned = new Map<string, FieldSet>();
  for (const { apiVersion } of owners) if (apiVersion === first) owned.set(first, emptySet);
  for (const { apiVersion, fields } of owners)
    owned.set(apiVersion, union(owned.get(apiVersion) ?? emptySet, fields));
  return owned;
}
