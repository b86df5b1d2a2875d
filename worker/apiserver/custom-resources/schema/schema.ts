/** Structural schemas: what the fields of a JSONSchemaProps mean here. Upstream: apiextensions-apiserver/pkg/apiserver/schema/structural.go. */
import type { V1JSONSchemaProps } from "#apimachinery/api/apiextensions-v1.ts";

export type Schema = V1JSONSchemaProps;
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schema of a list's items. */
export const itemsOf = ({ items }: Schema): Schema | undefined =>
  isObject(items) ? (items as Schema) : undefined;
/** The schema of a map's values; undefined when there is none or when it only says that any may stand there. */
export const valuesOf = ({ additionalProperties }: Schema): Schema | undefined =>
  isObject(additionalProperties) ? (additionalProperties as Schema) : undefined;
/** Are other keys than the listed ones allowed? */
export const allowsOthers = ({ additionalProperties }: Schema): boolean =>
  additionalProperties !== undefined && additionalProperties !== false;

export const preservesUnknown = (schema: Schema): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true;
export const isEmbedded = (schema: Schema): boolean =>
  schema["x-kubernetes-embedded-resource"] === true;
export const isIntOrString = (schema: Schema): boolean =>
  schema["x-kubernetes-int-or-string"] === true;

/** What every resource has, at its root and where one is embedded. */
export const metaFields: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** Own property: names such as `constructor` are fields like any other. */
export const propertyOf = ({ properties }: Schema, name: string): Schema | undefined =>
  properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;

export const entriesOf = (
  properties: Schema["properties"],
): readonly (readonly [string, Schema])[] => Object.entries(properties ?? {});

/** The same object, or a copy without and with some fields. */
export function changed(value: Json, changes: ReadonlyMap<string, unknown>): Json {
  if (changes.size === 0) return value;
  const made: Record<string, unknown> = { ...value };
  for (const [name, next] of changes)
    if (next === undefined) delete made[name];
    else made[name] = next;
  return made;
}
/** The same list, or one with other items. */
export function mapped(
  list: readonly unknown[],
  next: (item: unknown, i: number) => unknown,
): readonly unknown[] {
  let same = true;
  const made = list.map((item, i) => {
    const one = next(item, i);
    if (one !== item) same = false;
    return one;
  });
  return same ? list : made;
}

/** Every schema right below one. */
export const subschemas = (schema: Schema): readonly Schema[] => [
  ...entriesOf(schema.properties).map(([, property]) => property),
  ...[itemsOf(schema), valuesOf(schema), schema.not].filter((one) => one !== undefined),
  ...(schema.allOf ?? []),
  ...(schema.anyOf ?? []),
  ...(schema.oneOf ?? []),
];
