/**
 * Strategic merge patch: a merge patch that knows which lists are maps.
 * Directives: `$patch: replace|delete`, `$retainKeys`, `$deleteFromPrimitiveList/<field>`,
 * `$setElementOrder/<field>`. Copy-on-write: what the patch does not touch keeps its identity.
 * Upstream: apimachinery/pkg/util/strategicpatch/patch.go, pkg/util/mergepatch/errors.go.
 */
import { type Field, typeNamed, type TypeSchema } from "./api/schema.ts";
import { equal } from "./equal.ts";
import { ordered } from "./strategic-order.ts";
import { goPrinted, isObject, type Json } from "./typed/value.ts";

export class StrategicPatchError extends Error {}

const directiveMarker = "$patch";
const retainKeys = "$retainKeys";
const deletePrefix = "$deleteFromPrimitiveList";
const orderPrefix = "$setElementOrder";
const badList = "invalid patch format of primitive list";
const badOrder = "invalid patch format of setElementOrder list";
const badRetainKeys = "invalid patch format of retainKeys";

/** What a field of a struct says of patches to it. */
interface FieldMeta {
  /** Of the struct, or of the list's elements. */
  readonly schema: TypeSchema | undefined;
  readonly merges: boolean;
  readonly mergeKey: string | undefined;
}
const noMeta: FieldMeta = { schema: undefined, merges: false, mergeKey: undefined };

function metaOf(field: Field | undefined): FieldMeta {
  if (field === undefined) return noMeta;
  const schema = field.isRef && field.shape !== "map" ? typeNamed(field.type) : undefined;
  const merges = field.patch?.includes("merge") === true;
  return { schema, merges, mergeKey: field.mergeKey };
}

/** Applies a patch to an object of a named type (`core.v1.Pod`). Throws StrategicPatchError. */
export function strategicMergePatch(target: unknown, patch: unknown, type: string): unknown {
  if (!isObject(patch)) throw new StrategicPatchError("invalid JSON document");
  return mergeMap(isObject(target) ? target : {}, patch, typeNamed(type));
}

function mergeMap(original: Json, patch: Json, schema: TypeSchema | undefined): Json {
  const { [directiveMarker]: directive, ...rest } = patch;
  if (directive !== undefined) {
    if (directive === "replace") return rest;
    if (directive === "delete") return {};
    throw new StrategicPatchError(
      `unknown patch type: ${String(directive)} in map: ${goPrinted(patch)}`,
    );
  }
  const made: Record<string, unknown> = { ...original };
  keepRetained(made, rest);
  const done = setOrders(made, rest, schema);
  for (const name in rest) {
    if (name !== retainKeys && !done.has(name) && !name.startsWith(orderPrefix))
      mergeEntry(made, name, rest[name], schema);
  }
  return made;
}

/** Upstream: applyRetainKeysDirective. */
function keepRetained(made: Record<string, unknown>, patch: Json): void {
  const kept = patch[retainKeys];
  if (kept === undefined) return;
  if (!Array.isArray(kept)) throw new StrategicPatchError(badRetainKeys);
  for (const name in patch) {
    const isDirective =
      name === retainKeys || name.startsWith(deletePrefix) || name.startsWith(orderPrefix);
    if (patch[name] !== null && !isDirective && !kept.includes(name))
      throw new StrategicPatchError(badRetainKeys);
  }
  for (const name of Object.keys(made)) if (!kept.includes(name)) delete made[name];
}

/** `$deleteFromPrimitiveList/finalizers` → `finalizers`. */
function fieldOf(name: string, prefix: string): string {
  const slash = name.indexOf("/");
  if (slash < 0 || name.slice(0, slash) !== prefix)
    throw new StrategicPatchError(prefix === deletePrefix ? badList : badOrder);
  return name.slice(slash + 1);
}

/** Merges the lists whose order is told; gives back their names. Upstream: mergePatchIntoOriginal. */
function setOrders(
  made: Record<string, unknown>,
  patch: Json,
  schema: TypeSchema | undefined,
): ReadonlySet<string> {
  const done = new Set<string>();
  for (const name in patch) {
    if (!name.startsWith(orderPrefix)) continue;
    const field = fieldOf(name, orderPrefix);
    const order = listOf(patch[name]);
    const before = made[field] === undefined ? undefined : listOf(made[field]);
    const given = patch[field] === undefined ? undefined : listOf(patch[field]);
    const meta = metaOf(schema?.fields.get(field));
    if (given !== undefined) checkOrder(given, order, meta.mergeKey);
    done.add(field);
    const merged =
      given === undefined
        ? before
        : before === undefined
          ? (withoutDirectives(given) as readonly unknown[])
          : mergeLists(before, given, meta);
    if (merged === undefined) continue;
    made[field] = ordered(merged, order, before ?? [], keyIn(meta.mergeKey));
  }
  return done;
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new StrategicPatchError(
    `expected a []interface {}, but received a ${isObject(value) ? "map[string]interface {}" : typeof value}`,
  );
}

/** The patch's items must stand in the order it tells. Upstream: validatePatchWithSetOrderList. */
function checkOrder(
  given: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): void {
  if (order.length === 0 || given.length === 0) return;
  const idOf = keyIn(mergeKey);
  const items = given.filter((item) => !isObject(item) || item[directiveMarker] === undefined);
  let at = 0;
  for (const wanted of order)
    if (at < items.length && equal(idOf(items[at]), idOf(wanted))) at += 1;
  if (at < items.length)
    throw new StrategicPatchError(
      `The order in patch list:\n${goPrinted(given)}\n doesn't match ${orderPrefix} list:\n${goPrinted(order)}\n`,
    );
}

/** What tells an item from others. */
const keyIn =
  (mergeKey: string | undefined) =>
  (item: unknown): unknown => {
    if (mergeKey === undefined || mergeKey === "") return item;
    const key = isObject(item) ? item[mergeKey] : undefined;
    if (key === undefined)
      throw new StrategicPatchError(
        `map: ${goPrinted(item)} does not contain declared merge key: ${mergeKey}`,
      );
    return key;
  };

function mergeEntry(
  made: Record<string, unknown>,
  name: string,
  value: unknown,
  schema: TypeSchema | undefined,
): void {
  if (name.startsWith(deletePrefix)) {
    const field = fieldOf(name, deletePrefix);
    const present = made[field];
    if (value === null) delete made[field];
    else if (Array.isArray(present)) {
      const gone = listOf(value);
      made[field] = present.filter((item) => !gone.some((one) => equal(one, item)));
    }
    return;
  }
  if (value === null) {
    delete made[name];
    return;
  }
  const merged = mergeValue(made[name], value, metaOf(schema?.fields.get(name)));
  if (merged === undefined) delete made[name];
  else made[name] = merged;
}

function mergeValue(before: unknown, value: unknown, meta: FieldMeta): unknown {
  if (isObject(value) && isObject(before)) return mergeMap(before, value, meta.schema);
  if (Array.isArray(value) && Array.isArray(before) && meta.merges)
    return mergeLists(before, value, meta);
  return Array.isArray(value) && Array.isArray(before) ? value : withoutDirectives(value);
}

function mergeLists(
  before: readonly unknown[],
  given: readonly unknown[],
  meta: FieldMeta,
): readonly unknown[] {
  if (!meta.merges) return given;
  if (before.length === 0 && given.length === 0) return before;
  const isMaps = isObject(before[0] ?? given[0]);
  if (given.some((item) => isObject(item) !== isMaps) || before.some(Array.isArray))
    throw new StrategicPatchError("list element types are not identical");
  if (!isMaps) {
    const both = [...before];
    for (const item of given) if (!both.some((one) => equal(one, item))) both.push(item);
    return ordered(both, given, before, keyIn(undefined));
  }
  const { mergeKey, schema } = meta;
  if (mergeKey === undefined)
    throw new StrategicPatchError(`cannot merge lists without merge key for ${schema?.name ?? ""}`);
  const { items, patches } = deleted(before, given, mergeKey);
  const idOf = keyIn(mergeKey);
  const made = [...items];
  for (const patch of patches) {
    const id = idOf(patch);
    const at = made.findIndex((item) => equal(idOf(item), id));
    if (at < 0) made.push(withoutDirectives(patch));
    else made[at] = mergeMap(made[at] as Json, patch, schema);
  }
  return ordered(made, patches, items, idOf);
}

/** What is left of a list, and what is to be merged into it. Upstream: mergeSliceWithSpecialElements. */
function deleted(
  before: readonly unknown[],
  given: readonly unknown[],
  mergeKey: string,
): { readonly items: readonly unknown[]; readonly patches: readonly Json[] } {
  let items = before;
  let replaces = false;
  const patches: Json[] = [];
  const idOf = keyIn(mergeKey);
  for (const item of given as readonly Json[]) {
    const directive = item[directiveMarker];
    if (directive === undefined) patches.push(item);
    else if (directive === "replace") replaces = true;
    else if (directive === "delete") {
      const id = idOf(item);
      items = items.filter((one) => !equal(idOf(one), id));
    } else if (directive === "merge")
      throw new StrategicPatchError("merging lists cannot yet be specified in the patch");
    else
      throw new StrategicPatchError(
        `unknown patch type: ${String(directive)} in map: ${goPrinted(item)}`,
      );
  }
  return replaces ? { items: patches.map(withoutDirectives), patches: [] } : { items, patches };
}

/** A new value without directives and nulls; undefined: it is nothing but a directive. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (value[directiveMarker] !== undefined) return undefined;
  const made: Record<string, unknown> = {};
  for (const name in value) {
    const isDirective =
      name === retainKeys || name.startsWith(deletePrefix) || name.startsWith(orderPrefix);
    const inner = value[name];
    const kept = isDirective || inner === null ? undefined : withoutDirectives(inner);
    if (kept !== undefined) made[name] = kept;
  }
  return made;
}
