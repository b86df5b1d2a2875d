/**
 * Merges what an expression applies into an object, by the schema of its type: maps by key, lists by theirs.
 * What is atomic may not be applied, for it would take away what others set.
 * Upstream: apiserver/pkg/admission/plugin/policy/mutating/patch/smd.go.
 */
import { type Field, typeNamed, type TypeSchema } from "#apimachinery/api/schema.ts";
import { equal } from "#apimachinery/equal.ts";

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Custom resources have no such schema: their lists are atomic, as upstream's are unless the definition says more. */
export const applied = (live: Json, patch: Json, type: string): Json =>
  mergedObject(live, patch, typeNamed(type));

/** Paths of atomic things in a patch, as upstream prints them. */
export function atomics(patch: Json, type: string): readonly string[] {
  const schema = typeNamed(type);
  return schema === undefined ? [] : ofObject(patch, schema, "");
}

function ofObject(patch: Json, schema: TypeSchema, path: string): readonly string[] {
  const own = schema.atomic ? [path] : [];
  const below = Object.entries(patch).flatMap(([name, value]) => {
    const field = schema.fields.get(name);
    return field === undefined ? [] : ofField(value, field, `${path}.${name}`);
  });
  return [...own, ...below];
}

function ofField(value: unknown, field: Field, path: string): readonly string[] {
  const type = field.isRef ? typeNamed(field.type) : undefined;
  if (Array.isArray(value)) {
    const own = field.list === undefined || field.list === "atomic" ? [path] : [];
    const below = value.flatMap((item: unknown, i) =>
      isObject(item) && type !== undefined ? ofObject(item, type, `${path}[${i}]`) : [],
    );
    return [...own, ...below];
  }
  if (field.atomicMap === true && isObject(value)) return [path];
  return isObject(value) && type !== undefined && field.shape === "one"
    ? ofObject(value, type, path)
    : [];
}

function mergedObject(live: Json, patch: Json, schema: TypeSchema | undefined): Json {
  const made: Record<string, unknown> = { ...live };
  for (const [name, value] of Object.entries(patch))
    made[name] = mergedField(live[name], value, schema?.fields.get(name));
  return made;
}

function mergedField(live: unknown, patch: unknown, field: Field | undefined): unknown {
  const schema = field?.isRef === true ? typeNamed(field.type) : undefined;
  if (isObject(patch)) {
    if (!isObject(live)) return patch;
    return mergedObject(live, patch, field?.shape === "one" ? schema : undefined);
  }
  if (!Array.isArray(patch) || !Array.isArray(live) || field === undefined) return patch;
  if (field.list === "set") return [...live, ...patch.filter((item) => !live.includes(item))];
  return field.list === "map" ? mergedByKey(live, patch, field.keys ?? [], schema) : patch;
}

/** Items that are there are merged where they stand; new ones follow. */
function mergedByKey(
  live: readonly unknown[],
  patch: readonly unknown[],
  keys: readonly string[],
  schema: TypeSchema | undefined,
): readonly unknown[] {
  const keyOf = (item: unknown): readonly unknown[] =>
    keys.map((key) => (item as Json)[key] ?? schema?.fields.get(key)?.default);
  const made = [...live];
  for (const item of patch) {
    const at = made.findIndex((one) => equal(keyOf(one), keyOf(item)));
    if (at < 0) made.push(item);
    else made[at] = mergedObject(made[at] as Json, item as Json, schema);
  }
  return made;
}
