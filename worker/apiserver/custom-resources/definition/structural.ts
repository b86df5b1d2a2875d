/**
 * Is a schema structural: does every field have a type where it is declared, and do combinations only add conditions?
 * Upstream: apiextensions-apiserver/pkg/apiserver/schema/validation.go, complete.go.
 */
import { equal } from "#apimachinery/equal.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
} from "#apimachinery/field.ts";
import { regexProblem } from "#apiserver/cel/libraries/regex.ts";
import {
  entriesOf,
  isEmbedded,
  isIntOrString,
  itemsOf,
  preservesUnknown,
  propertyOf,
  valuesOf,
  type Schema,
} from "#apiserver/custom-resources/schema/schema.ts";

type Level = "root" | "item" | "field";
type Errors = readonly FieldError[];

const emptyType: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

/** Sorted by their text, as upstream tells them. */
export function structuralErrors(schema: Schema, at: FieldPath): Errors {
  const errors = [...invariants(schema, "root", at), ...completeness(schema, schema, at, at)];
  const textOf = ({ field, message }: FieldError): string => `${field}: ${message}`;
  return errors.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

function invariants(schema: Schema, level: Level, at: FieldPath): Errors {
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  const errors: FieldError[] = [];
  if (schema.type === "array" && items === undefined)
    errors.push(required(at.child("items"), "must be specified"));
  if (items !== undefined) errors.push(...invariants(items, "item", at.child("items")));
  for (const [name, property] of entriesOf(schema.properties))
    errors.push(...invariants(property, "field", at.child("properties").key(name)));
  if (schema.additionalProperties !== undefined && level === "root")
    errors.push(forbidden(at.child("additionalProperties"), "must not be used at the root"));
  if (values !== undefined)
    errors.push(...invariants(values, "field", at.child("additionalProperties")));
  errors.push(...extensions(schema, at), ...combinations(schema, at), ...ofType(schema, level, at));
  if (level === "root" || isEmbedded(schema)) errors.push(...metaTypes(schema, at));
  const metadata = propertyOf(schema, "metadata");
  if (metadata !== undefined)
    errors.push(...metadataErrors(metadata, schema, level, at.child("properties").key("metadata")));
  return errors;
}

function extensions(schema: Schema, at: FieldPath): Errors {
  if (!isIntOrString(schema)) return [];
  const clash = "must be false if x-kubernetes-int-or-string is true";
  return (["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const)
    .filter((name) => schema[name] === true)
    .map((name) => invalid(at.child(name), true, clash));
}

function ofType(schema: Schema, level: Level, at: FieldPath): Errors {
  const { type = "" } = schema;
  const here = at.child("type");
  const errors: FieldError[] = [];
  const must = "must be object if x-kubernetes-embedded-resource is true";
  if (isEmbedded(schema) && type !== "object")
    errors.push(type === "" ? required(here, must) : invalid(here, type, must));
  else if (type === "" && !isIntOrString(schema) && !preservesUnknown(schema))
    errors.push(required(here, emptyType[level]));
  if (isEmbedded(schema) && schema.additionalProperties !== undefined)
    errors.push(
      forbidden(
        at.child("additionalProperties"),
        "must not be used if x-kubernetes-embedded-resource is set",
      ),
    );
  if (level === "root" && type !== "" && type !== "object")
    errors.push(invalid(here, type, "must be object at the root"));
  if (isEmbedded(schema) && !preservesUnknown(schema) && entriesOf(schema.properties).length === 0)
    errors.push(
      required(
        at.child("properties"),
        "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      ),
    );
  return errors;
}

function metaTypes(schema: Schema, at: FieldPath): Errors {
  return ["kind", "apiVersion"].flatMap((name) => {
    const property = propertyOf(schema, name);
    return property === undefined || property.type === "string"
      ? []
      : [
          invalid(
            at.child("properties").key(name).child("type"),
            property.type ?? "",
            "must be string",
          ),
        ];
  });
}

/** Only a root's name and generateName may be restricted. */
function metadataErrors(metadata: Schema, owner: Schema, level: Level, at: FieldPath): Errors {
  const errors: FieldError[] = [];
  if ((level === "root" || isEmbedded(owner)) && metadata.type !== "object")
    errors.push(invalid(at.child("type"), metadata.type ?? "", "must be object"));
  if (level !== "root") return errors;
  const names = Object.keys(metadata.properties ?? {});
  const onlyNames = names.every((name) => name === "name" || name === "generateName");
  const { type: _type, properties: _properties, default: _default, ...more } = metadata;
  if (!onlyNames || Object.keys(more).some((key) => key !== "description"))
    errors.push(
      forbidden(
        at,
        "must not specify anything other than name and generateName, but metadata is implicitly specified",
      ),
    );
  return errors;
}

const intOrString: readonly Schema[] = [{ type: "integer" }, { type: "string" }];

/** Conditions below `allOf`, `anyOf`, `oneOf`, `not`, and the pattern. */
function combinations(schema: Schema, at: FieldPath): Errors {
  const errors: FieldError[] = [];
  const skipsAnyOf = equal(schema.anyOf, intOrString);
  if (!skipsAnyOf)
    for (const [i, one] of (schema.anyOf ?? []).entries())
      errors.push(...nested(one, at.child("anyOf").index(i)));
  for (const [i, one] of (schema.allOf ?? []).entries()) {
    const skips = i === 0 && equal(one.anyOf, intOrString);
    errors.push(...nested(skips ? { ...one, anyOf: undefined } : one, at.child("allOf").index(i)));
  }
  for (const [i, one] of (schema.oneOf ?? []).entries())
    errors.push(...nested(one, at.child("oneOf").index(i)));
  if (schema.not !== undefined) errors.push(...nested(schema.not, at.child("not")));
  const wrong = schema.pattern ? regexProblem(schema.pattern) : undefined;
  if (wrong !== undefined)
    errors.push(
      invalid(
        at.child("pattern"),
        schema.pattern,
        `must be a valid regular expression, but isn't: ${wrong}`,
      ),
    );
  return errors;
}

const forbiddenInside: readonly (readonly [keyof Schema, string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

function nested(schema: Schema, at: FieldPath): Errors {
  const errors: FieldError[] = [...combinations(schema, at)];
  const items = itemsOf(schema);
  if (items !== undefined) errors.push(...nested(items, at.child("items")));
  for (const [name, property] of entriesOf(schema.properties))
    errors.push(...nested(property, at.child("properties").key(name)));
  for (const [name, why] of forbiddenInside)
    if (schema[name] !== undefined && schema[name] !== false && schema[name] !== "")
      errors.push(forbidden(at.child(name), why));
  if (propertyOf(schema, "metadata") !== undefined)
    errors.push(
      forbidden(
        at.child("properties").key("metadata"),
        "must not be specified in a nested context",
      ),
    );
  return errors;
}

/** What a combination speaks of must be declared outside of it. */
function completeness(
  conditions: Schema,
  structure: Schema | undefined,
  at: FieldPath,
  from: FieldPath,
): Errors {
  const each = (schemas: readonly Schema[] | undefined, name: string): Errors =>
    (schemas ?? []).flatMap((one, i) => complete(one, structure, at, from.child(name).index(i)));
  return [
    ...(conditions.not === undefined
      ? []
      : complete(conditions.not, structure, at, from.child("not"))),
    ...each(conditions.allOf, "allOf"),
    ...each(conditions.anyOf, "anyOf"),
    ...each(conditions.oneOf, "oneOf"),
  ];
}

function complete(
  conditions: Schema,
  structure: Schema | undefined,
  at: FieldPath,
  from: FieldPath,
): Errors {
  if (structure === undefined) return [required(at, `because it is defined in ${from.toString()}`)];
  const items = itemsOf(conditions);
  return [
    ...completeness(conditions, structure, at, from),
    ...(items === undefined
      ? []
      : complete(items, itemsOf(structure), at.child("items"), from.child("items"))),
    ...entriesOf(conditions.properties).flatMap(([name, property]) =>
      complete(
        property,
        propertyOf(structure, name),
        at.child("properties").key(name),
        from.child("properties").key(name),
      ),
    ),
  ];
}
