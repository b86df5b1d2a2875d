/**
 * Strategic merge patch: a merge patch that knows which lists are maps.
 * Directives: `$patch: replace|delete|merge`, `$retainKeys`, `$deleteFromPrimitiveList/<field>`,
 * `$setElementOrder/<field>`. Copy-on-write: what the patch does not touch keeps its identity.
 * Upstream: apimachinery/pkg/util/strategicpatch/patch.go.
 */
import { type Field, typeNamed, type TypeSchema } from "./api/schema.ts";
import { equal } from "./equal.ts";

export class StrategicPatchError extends Error {}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const deletePrefix = "$deleteFromPrimitiveList/";
const orderPrefix = "$setElementOrder/";

/** Applies a patch to an object of a named type (`core.v1.Pod`). */
export function strategicMergePatch(target: unknown, patch: unknown, type: string): unknown {
  if (!isObject(patch)) throw new StrategicPatchError("invalid JSON document");
  return mergeObject(isObject(target) ? target : {}, patch, typeNamed(type)) ?? {};
}

/** Undefined: the patch deletes the object. */
function mergeObject(target: Json, patch: Json, schema: TypeSchema | undefined): Json | undefined {
  const { $patch: directive, $retainKeys: retain, ...fields } = patch;
  if (directive === "delete") return undefined;
  if (directive === "replace") return stripped(fields) as Json;
  if (directive !== undefined && directive !== "merge") {
    throw new StrategicPatchError(`Unknown patch type: ${String(directive)}`);
  }
  const made: Json = { ...target };
  if (Array.isArray(retain))
    for (const name of Object.keys(made)) if (!retain.includes(name)) delete made[name];
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith(deletePrefix)) deleteItems(made, name.slice(deletePrefix.length), value);
    else if (!name.startsWith(orderPrefix)) {
      const merged = mergeField(
        target[name],
        value,
        schema?.fields.get(name),
        fields[orderPrefix + name],
      );
      if (merged === undefined) delete made[name];
      else made[name] = merged;
    }
  }
  for (const [name, order] of Object.entries(fields)) {
    const field = name.startsWith(orderPrefix) ? name.slice(orderPrefix.length) : undefined;
    if (field === undefined || !Array.isArray(order) || !Array.isArray(made[field])) continue;
    const mergeKey = schema?.fields.get(field)?.mergeKey;
    made[field] = ordered(
      made[field],
      order,
      mergeKey,
      Array.isArray(fields[field]) ? fields[field] : [],
    );
  }
  return made;
}

function mergeField(
  target: unknown,
  value: unknown,
  field: Field | undefined,
  order: unknown,
): unknown {
  if (value === null) return undefined;
  if (isObject(value)) {
    const schema = field?.shape === "one" && field.isRef ? typeNamed(field.type) : undefined;
    if (!isObject(target)) return mergeObject({}, value, schema);
    if (field?.shape === "map" && !field.isRef) return mergeObject(target, value, undefined);
    return mergeObject(target, value, field?.shape === "map" ? undefined : schema);
  }
  if (!Array.isArray(value) || field?.patch?.includes("merge") !== true) return stripped(value);
  const before = Array.isArray(target) ? (target as unknown[]) : [];
  const merged =
    field.mergeKey === undefined
      ? mergeScalars(before, value)
      : mergeList(before, value, field, field.mergeKey);
  return order === undefined && merged.length === 0 && value.length > 0 && target === undefined
    ? undefined
    : merged;
}

/** A set of scalars: new ones go to the end. */
const mergeScalars = (target: readonly unknown[], patch: readonly unknown[]): unknown[] => [
  ...target,
  ...patch.filter((item) => !target.some((present) => equal(present, item))),
];

function mergeList(
  target: readonly unknown[],
  patch: readonly unknown[],
  field: Field,
  key: string,
): unknown[] {
  if (patch.some((item) => isObject(item) && item["$patch"] === "replace")) {
    return patch
      .filter(
        (item) =>
          !(isObject(item) && item["$patch"] !== undefined && Object.keys(item).length === 1),
      )
      .map(stripped);
  }
  const schema = field.isRef ? typeNamed(field.type) : undefined;
  const made = [...target];
  for (const item of patch) {
    if (!isObject(item)) throw new StrategicPatchError("invalid list item: expected an object");
    const id = item[key];
    if (id === undefined)
      throw new StrategicPatchError(
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`,
      );
    const at = made.findIndex((present) => isObject(present) && equal(present[key], id));
    const merged = mergeObject(at < 0 ? {} : (made[at] as Json), item, schema);
    if (merged === undefined) {
      if (at >= 0) made.splice(at, 1);
    } else if (at < 0) made.push(merged);
    else made[at] = merged;
  }
  return made;
}

function deleteItems(made: Json, name: string, values: unknown): void {
  const list = made[name];
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  made[name] = list.filter((item) => !values.some((value) => equal(item, value)));
}

/** Items named by the order stand in it; the others keep their place relative to the item before them. */
function ordered(
  list: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
  patched: readonly unknown[],
): unknown[] {
  const idOf = (item: unknown): unknown =>
    mergeKey === undefined ? item : isObject(item) ? item[mergeKey] : undefined;
  const place = (item: unknown): number =>
    order.findIndex((wanted) => equal(idOf(wanted), idOf(item)));
  const named = list.filter((item) => place(item) >= 0).toSorted((a, b) => place(a) - place(b));
  const isPatched = (item: unknown): boolean => patched.some((one) => equal(idOf(one), idOf(item)));
  const others = list.filter((item) => place(item) < 0 && !isPatched(item));
  if (others.length === 0) return named;
  const originals = [...list];
  const made: unknown[] = [...named];
  for (const other of others) {
    const before = originals
      .slice(0, originals.indexOf(other))
      .toReversed()
      .find((item) => made.includes(item));
    made.splice(before === undefined ? 0 : made.indexOf(before) + 1, 0, other);
  }
  return made;
}

/** A new value without directives. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (!isObject(value)) return value;
  const made: Json = {};
  for (const [name, field] of Object.entries(value)) {
    if (
      name === "$patch" ||
      name === "$retainKeys" ||
      name.startsWith(deletePrefix) ||
      name.startsWith(orderPrefix) ||
      field === null
    )
      continue;
    made[name] = stripped(field);
  }
  return made;
}
