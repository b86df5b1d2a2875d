/**
 * The API's own kinds as types of expressions, for looking at expressions that will meet them.
 * Upstream: apiserver/pkg/cel/openapi/resolver/definitions.go, pkg/cel/common/schemas.go SchemaDeclType.
 * Differs: quantities, int-or-strings and what holds itself are of any type, because a warning must never be wrong.
 */
import { type Field as WireField, typeNamed } from "#apimachinery/api/schema.ts";
import { type Field, type ObjectType, objectType } from "./object-type.ts";

/** A type and those it is made of, each behind those it uses. */
export interface NamedTypes {
  readonly name: string;
  readonly types: readonly ObjectType[];
}

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  int32: "int",
  int64: "int",
  boolean: "bool",
  double: "double",
  bytes: "bytes",
  time: "google.protobuf.Timestamp",
  microTime: "google.protobuf.Timestamp",
};
const any = "dyn";
const known = new Map<string, NamedTypes | undefined>();

/** `core.v1.Pod`; undefined: there is no such type. Nothing is ever evaluated with it. */
export function wireTypes(name: string): NamedTypes | undefined {
  if (known.has(name)) return known.get(name);
  const types: ObjectType[] = [];
  const made = typeNamed(name) === undefined ? undefined : { name, types };
  if (made !== undefined) collect(name, types, new Set());
  known.set(name, made);
  return made;
}

const nothing = (): undefined => undefined;

function collect(name: string, types: ObjectType[], open: Set<string>): string {
  if (types.some((one) => one.name === name)) return name;
  const schema = typeNamed(name);
  if (schema === undefined || open.has(name)) return any;
  open.add(name);
  const fields: Record<string, Field> = {};
  for (const [field, wire] of schema.fields)
    fields[field] = { type: typeOf(wire, types, open), read: nothing };
  open.delete(name);
  types.push(objectType(name, fields));
  return name;
}

function typeOf(
  { type, shape, isRef, inner }: WireField,
  types: ObjectType[],
  open: Set<string>,
): string {
  const one =
    inner === undefined
      ? isRef
        ? collect(type, types, open)
        : (scalars[type] ?? any)
      : typeOf(inner, types, open);
  return shape === "one" ? one : shape === "list" ? `list<${one}>` : `map<string, ${one}>`;
}
