/**
 * A structural schema as the typed walks see it: how lists and maps merge, which keys tell items apart.
 * Upstream: kube-openapi/pkg/schemaconv/openapi.go; apiextensions-apiserver/pkg/controller/openapi/builder.
 */
import {
  deduced,
  type ListDescription,
  type MapDescription,
  type TypeDescription,
  untypedAtomic,
} from "#apimachinery/typed/description.ts";
import { schemaType } from "#apimachinery/typed/schema-types.ts";
import {
  isEmbedded,
  isIntOrString,
  itemsOf,
  metaFields,
  preservesUnknown,
  propertyOf,
  type Schema,
  valuesOf,
} from "./schema.ts";

const scalars: Readonly<Record<string, TypeDescription>> = {
  string: { scalar: "string" },
  integer: { scalar: "numeric" },
  number: { scalar: "numeric" },
  boolean: { scalar: "boolean" },
};
const anyScalar: TypeDescription = { scalar: "untyped" };

const roots = new WeakMap<Schema, TypeDescription>();
const known = new WeakMap<Schema, TypeDescription>();

/** A custom resource's type: its schema, with the metadata that every object has. */
export function customType(schema: Schema): TypeDescription {
  const present = roots.get(schema);
  if (present !== undefined) return present;
  const made = { map: mapOf(schema, true) };
  roots.set(schema, made);
  return made;
}

function typeOf(schema: Schema): TypeDescription {
  const present = known.get(schema);
  if (present !== undefined) return present;
  const made = madeType(schema);
  known.set(schema, made);
  return made;
}

function madeType(schema: Schema): TypeDescription {
  const { type = "" } = schema;
  if (isIntOrString(schema)) return anyScalar;
  const scalar = scalars[type];
  if (scalar !== undefined) return scalar;
  if (type === "array") return { list: listOf(schema) };
  if (type === "object") return { map: mapOf(schema, isEmbedded(schema)) };
  return preservesUnknown(schema) ? deduced : untypedAtomic;
}

function listOf(schema: Schema): ListDescription {
  const sort = schema["x-kubernetes-list-type"];
  return {
    atomic: sort !== "map" && sort !== "set",
    keys: sort === "map" ? (schema["x-kubernetes-list-map-keys"] ?? []) : [],
    get element() {
      const items = itemsOf(schema);
      return items === undefined ? untypedAtomic : typeOf(items);
    },
  };
}

function mapOf(schema: Schema, isResource: boolean): MapDescription {
  const values = valuesOf(schema);
  return {
    atomic: schema["x-kubernetes-map-type"] === "atomic",
    field(name) {
      if (isResource && metaFields.has(name))
        return name === "metadata" ? schemaType("meta.v1.ObjectMeta") : scalars["string"];
      const property = propertyOf(schema, name);
      return property === undefined ? undefined : typeOf(property);
    },
    get element() {
      if (values !== undefined) return typeOf(values);
      return preservesUnknown(schema) || schema.additionalProperties === true ? deduced : undefined;
    },
    defaultOf: (name) => propertyOf(schema, name)?.default,
    zeroOf: () => undefined,
  };
}
