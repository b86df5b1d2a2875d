/** Subresources, printer columns and selectable fields of a version. Upstream: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go. */
import type {
  V1CustomResourceColumnDefinition as Column,
  V1CustomResourceSubresources as Subresources,
} from "#apimachinery/api/apiextensions-v1.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
  required,
} from "#apimachinery/field.ts";
import type { Schema } from "#apiserver/custom-resources/schema/schema.ts";
import { schemaAt } from "./field-path.ts";

type Errors = readonly FieldError[];

const simplePath = (path: string, at: FieldPath): Errors =>
  path.startsWith(".") ? [] : [invalid(at, path, "must be a simple json path starting with .")];

/** A path that must lie below some fields. */
function pathBelow(path: string, parents: readonly string[], words: string, at: FieldPath): Errors {
  const errors = simplePath(path, at);
  if (errors.length > 0 || parents.some((parent) => path.startsWith(parent))) return errors;
  return [invalid(at, path, `should be a json path under ${words}`)];
}

export function subresourceErrors(subresources: Subresources | undefined, at: FieldPath): Errors {
  const scale = subresources?.scale;
  if (scale === undefined) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const spec = at.child("scale.specReplicasPath");
  const status = at.child("scale.statusReplicasPath");
  return [
    ...(specReplicasPath
      ? pathBelow(specReplicasPath, [".spec."], ".spec", spec)
      : [required(spec)]),
    ...(statusReplicasPath
      ? pathBelow(statusReplicasPath, [".status."], ".status", status)
      : [required(status)]),
    ...(labelSelectorPath
      ? pathBelow(
          labelSelectorPath,
          [".spec.", ".status."],
          "either .spec or .status",
          at.child("scale.labelSelectorPath"),
        )
      : []),
  ];
}

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = [
  "byte",
  "date",
  "date-time",
  "double",
  "float",
  "int32",
  "int64",
  "password",
];

export function columnErrors({ name, type, format, jsonPath }: Column, at: FieldPath): Errors {
  const oneOf = `must be one of ${columnTypes.join(",")}`;
  const path = at.child("JSONPath");
  return [
    ...(name ? [] : [required(at.child("name"))]),
    ...(type
      ? columnTypes.includes(type)
        ? []
        : [invalid(at.child("type"), type, oneOf)]
      : [required(at.child("type"), oneOf)]),
    ...(format && !columnFormats.includes(format)
      ? [invalid(at.child("format"), format, `must be one of ${columnFormats.join(",")}`)]
      : []),
    ...(jsonPath ? simplePath(jsonPath, path) : [required(path)]),
  ];
}

export const mostSelectable = 8;
const selectableTypes = ["string", "boolean", "integer"];

export function selectableErrors(
  fields: readonly { readonly jsonPath: string }[],
  at: FieldPath,
  {
    schema,
    isTop,
    keepsTooMany,
  }: {
    readonly schema: Schema | undefined;
    /** Of all versions together. */
    readonly isTop: boolean;
    readonly keepsTooMany: boolean;
  },
): Errors {
  if (fields.length === 0) return [];
  if (schema === undefined) {
    const why = isTop
      ? "may only be set when validations.schema is included"
      : "may only be set when `version.schema.openAPIV3Schema` is not included";
    return [invalid(at, "", why)];
  }
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of fields.entries()) {
    const here = at.index(i).child("jsonPath");
    if (!jsonPath) {
      errors.push(required(here));
      continue;
    }
    const found = schemaAt(jsonPath, schema, false);
    if ("problem" in found) {
      errors.push(invalid(here, jsonPath, `is an invalid path: ${found.problem}`));
      continue;
    }
    if (/^\.metadata(\.|$)/.test(jsonPath))
      errors.push(invalid(here, jsonPath, "must not point to fields in metadata"));
    if (!selectableTypes.includes(found.type ?? ""))
      errors.push(
        invalid(
          here,
          jsonPath,
          "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
        ),
      );
    if (seen.has(jsonPath)) errors.push(duplicate(here, jsonPath));
    seen.add(jsonPath);
  }
  if (seen.size > mostSelectable && !keepsTooMany)
    errors.push({
      reason: "FieldValueTooMany",
      field: at.toString(),
      message: `Too many: ${seen.size}: must have at most ${mostSelectable} items`,
    });
  return errors;
}
