/**
 * A structural schema as far as OpenAPI v2, and kubectl's reading of it, can tell it.
 * Upstream: apiextensions-apiserver/pkg/controller/openapi/v2/conversion.go.
 */
import {
  entriesOf,
  itemsOf,
  preservesUnknown,
  type Schema,
  valuesOf,
} from "#apiserver/custom-resources/schema/schema.ts";

type Json = Record<string, unknown>;

export function structuralV2(schema: Schema): Json {
  const {
    allOf: _allOf,
    anyOf: _anyOf,
    oneOf: _oneOf,
    not: _not,
    nullable,
    properties,
    items: _items,
    additionalProperties,
    required,
    type,
    ...rest
  } = schema;
  // kubectl refuses what is listed below a value of any sort.
  const isOpen = nullable === true || preservesUnknown(schema);
  const items = isOpen ? undefined : itemsOf(schema);
  const isUntyped =
    nullable === true ||
    (type === "array" && items === undefined) ||
    (type === "object" && preservesUnknown(schema));
  const listed = isOpen ? [] : entriesOf(properties);
  const values = valuesOf(schema);
  const needed =
    values?.nullable === true
      ? []
      : (required ?? []).filter(
          (name) => !listed.some(([one, { nullable: may }]) => one === name && may === true),
        );
  return {
    ...rest,
    ...(type === undefined || isUntyped ? {} : { type }),
    ...(listed.length === 0
      ? {}
      : { properties: Object.fromEntries(listed.map(([name, one]) => [name, structuralV2(one)])) }),
    ...(items === undefined ? {} : { items: structuralV2(items) }),
    ...(values === undefined
      ? additionalProperties === undefined
        ? {}
        : { additionalProperties }
      : { additionalProperties: structuralV2(values) }),
    ...(needed.length === 0 ? {} : { required: needed }),
  };
}
