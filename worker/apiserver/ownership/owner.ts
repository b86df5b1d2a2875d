/**
 * Who owns which fields of an object: managedFields in the form that the rules work on.
 * Upstream: apimachinery/pkg/util/managedfields/internal/managedfields.go.
 */
import { PathElementError } from "#apimachinery/fieldpath/element.ts";
import type { FieldSet } from "#apimachinery/fieldpath/set.ts";
import { msOf, timeText } from "#apimachinery/time.ts";
import { fieldsText, setFrom } from "#apimachinery/fieldpath/shape.ts";
import { sameSet } from "#apimachinery/fieldpath/set.ts";

export type Operation = "Apply" | "Update";

/** Who writes: with the operation (and, for updates, the version) what tells one owner from another. */
export interface Writer {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  /** "" = the object itself. */
  readonly subresource: string;
}
export interface Owner extends Writer {
  /** When its fields last changed, s since 1970; undefined: not known. */
  readonly seconds: number | undefined;
  readonly fields: FieldSet;
  /** Where the store keeps the shape of `fields`; set by `column.ts` alone. */
  readonly kept?: unknown;
}
/** Sorted as they are served. */
export type Owners = readonly Owner[];

export const noOwners: Owners = [];

/** An applier is itself in every version. Upstream: BuildManagerIdentifier. */
export const isSame = (a: Writer, b: Writer): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  (a.operation === "Apply" || a.apiVersion === b.apiVersion);

/** Appliers first, then by time, manager, version, subresource. Upstream: sortEncodedManagedFields. */
export function sorted(owners: readonly Owner[]): Owners {
  return owners.length < 2 ? owners : [...owners].sort(compareOwners);
}
function compareOwners(a: Owner, b: Owner): number {
  if (a.operation !== b.operation) return a.operation < b.operation ? -1 : 1;
  if (a.seconds !== b.seconds) return (a.seconds ?? 0) - (b.seconds ?? 0);
  if (a.manager !== b.manager) return a.manager < b.manager ? -1 : 1;
  if (a.apiVersion !== b.apiVersion) return a.apiVersion < b.apiVersion ? -1 : 1;
  return a.subresource < b.subresource ? -1 : a.subresource > b.subresource ? 1 : 0;
}

/** The same owners of the same fields, whenever that was. Upstream: handlers/fieldmanager/equality.go. */
export const sameButForTimes = (a: Owners, b: Owners): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((owner, i) => {
      const other = b[i] as Owner;
      return (
        owner === other ||
        (isSame(owner, other) &&
          owner.apiVersion === other.apiVersion &&
          sameSet(owner.fields, other.fields))
      );
    }));

/** What stands around the fields in an entry's JSON text. */
export function entryText(
  { manager, operation, apiVersion, subresource }: Writer,
  seconds: number | undefined,
  fields: string,
): string {
  const time = seconds === undefined ? "" : `,"time":"${timeText(seconds * 1000)}"`;
  const sub = subresource === "" ? "" : `,"subresource":${JSON.stringify(subresource)}`;
  return `{"manager":${JSON.stringify(manager)},"operation":"${operation}","apiVersion":${JSON.stringify(apiVersion)}${time},"fieldsType":"FieldsV1","fieldsV1":${fields}${sub}}`;
}

/** The JSON text of metadata.managedFields; undefined: there is none. */
export const wireText = (owners: Owners): string | undefined =>
  owners.length === 0
    ? undefined
    : `[${owners.map((owner) => entryText(owner, owner.seconds, fieldsText(owner.fields))).join(",")}]`;

interface Entry {
  readonly manager?: unknown;
  readonly operation?: unknown;
  readonly apiVersion?: unknown;
  readonly time?: unknown;
  readonly fieldsType?: unknown;
  readonly fieldsV1?: unknown;
  readonly subresource?: unknown;
}

/** metadata.managedFields as somebody sent it; undefined: not to be understood. Upstream: DecodeManagedFields. */
export function ownersFrom(entries: readonly unknown[]): Owners | undefined {
  const owners: Owner[] = [];
  for (const one of entries) {
    const entry = (one ?? {}) as Entry;
    const { operation, apiVersion, fieldsType, fieldsV1 = {}, time } = entry;
    if (operation !== "Apply" && operation !== "Update") return undefined;
    if (typeof apiVersion !== "string" || apiVersion === "" || fieldsType !== "FieldsV1")
      return undefined;
    const fields = read(fieldsV1);
    if (fields === undefined) return undefined;
    const seconds = typeof time === "string" ? Math.floor(msOf(time) / 1000) : undefined;
    const manager = typeof entry.manager === "string" ? entry.manager : "";
    const subresource = typeof entry.subresource === "string" ? entry.subresource : "";
    const owner = { manager, operation, apiVersion, subresource, seconds, fields } as const;
    const present = owners.findIndex((other) => isSame(other, owner));
    if (present >= 0) owners.splice(present, 1);
    owners.push(owner);
  }
  return sorted(owners);
}

function read(fieldsV1: unknown): FieldSet | undefined {
  try {
    return setFrom(fieldsV1);
  } catch (error) {
    if (error instanceof PathElementError) return undefined;
    throw error;
  }
}

/** `[]` or `[{}]`: forget them all. Upstream: isResetManagedFields. */
export const isReset = (entries: readonly unknown[]): boolean =>
  entries.length === 0 ||
  (entries.length === 1 && Object.keys((entries[0] ?? {}) as object).length === 0);
