/**
 * The API's own types, as the typed walks see them. One description per type and field, made when
 * first asked for, so that `===` tells types apart.
 * Upstream: client-go/applyconfigurations/internal (the apply schema).
 */
import { type Field, typeNamed, type TypeSchema } from "#apimachinery/api/schema.ts";
import {
  deduced,
  type ListDescription,
  type MapDescription,
  type TypeDescription,
} from "./description.ts";
import type { Json } from "./value.ts";

/** What a scalar of the wire is to the walks; quantities, times and the like are not looked into. */
const scalars: Readonly<Record<string, TypeDescription["scalar"]>> = {
  boolean: "boolean",
  bytes: "string",
  double: "numeric",
  int32: "numeric",
  int64: "numeric",
  string: "string",
};

const structs = new Map<string, TypeDescription>();
const scalarTypes = new Map<string, TypeDescription>();
const fields = new WeakMap<Field, TypeDescription>();

/** A type by its name in the schema, e.g. `apps.v1.Deployment`; one without a schema is deduced. */
export function schemaType(name: string): TypeDescription {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const schema = typeNamed(name);
  const made = schema === undefined ? deduced : { map: structOf(schema) };
  structs.set(name, made);
  return made;
}

function structOf({ fields: declared, atomic }: TypeSchema): MapDescription {
  return {
    atomic,
    field(name) {
      const field = declared.get(name);
      return field === undefined ? undefined : fieldType(field);
    },
    element: undefined,
    defaultOf: (name) => declared.get(name)?.default,
    zeroOf(name) {
      const field = declared.get(name);
      return field?.present === true ? zeroOf(field) : undefined;
    },
  };
}

function fieldType(field: Field): TypeDescription {
  const known = fields.get(field);
  if (known !== undefined) return known;
  const made = madeField(field);
  fields.set(field, made);
  return made;
}

function madeField(field: Field): TypeDescription {
  const { shape, inner, list, keys = [], atomicMap } = field;
  const one = (): TypeDescription => (inner === undefined ? single(field) : fieldType(inner));
  if (shape === "list") {
    const made: ListDescription = {
      atomic: list !== "map" && list !== "set",
      keys: list === "map" ? keys : [],
      get element() {
        return one();
      },
    };
    return { list: made };
  }
  if (shape === "map") {
    const made: MapDescription = {
      atomic: atomicMap === true,
      field: () => undefined,
      get element() {
        return one();
      },
      defaultOf: () => undefined,
      zeroOf: () => undefined,
    };
    return { map: made };
  }
  const { map } = single(field);
  return atomicMap === true && map !== undefined
    ? { map: { ...map, atomic: true } }
    : single(field);
}

function single({ type, isRef }: Field): TypeDescription {
  if (isRef) return schemaType(type);
  if (type === "raw") return deduced;
  const known = scalarTypes.get(type);
  if (known !== undefined) return known;
  const made: TypeDescription = { scalar: scalars[type] ?? "untyped" };
  scalarTypes.set(type, made);
  return made;
}

const empties = new Map<string, Json>();

/** A new value of a type as Go has it: structs and scalars that are no pointers are there from the beginning. */
function emptyOf(name: string): Json {
  const known = empties.get(name);
  if (known !== undefined) return known;
  const made: Record<string, unknown> = {};
  empties.set(name, made);
  for (const [field, facts] of typeNamed(name)?.fields ?? [])
    if (facts.present) made[field] = zeroOf(facts);
  return Object.freeze(made);
}

function zeroOf({ shape, type, isRef }: Field): unknown {
  if (shape !== "one") return null;
  if (isRef) return emptyOf(type);
  const scalar = scalars[type];
  return scalar === "string" ? "" : scalar === "numeric" ? 0 : scalar === "boolean" ? false : null;
}
