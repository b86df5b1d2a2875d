/**
 * Resources within a custom resource: their metadata is typed, and judged as that of any object.
 * Upstream: apiextensions-apiserver/pkg/apiserver/schema/objectmeta/{coerce,algorithm,validation}.go.
 */
import { decodeObject } from "#apimachinery/api/decode.ts";
import { type FieldError, type FieldPath, invalid, required, root } from "#apimachinery/field.ts";
import { dns1035Label, pathSegmentName } from "#apimachinery/names.ts";
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";
import { validateObjectMeta } from "#apiserver/object-meta.ts";
import {
  changed,
  isEmbedded,
  isObject,
  itemsOf,
  type Json,
  mapped,
  propertyOf,
  type Schema,
  valuesOf,
} from "./schema.ts";

const metaType = "meta.v1.ObjectMeta";

/** What is found on the way through an object that somebody sent. */
export interface Coercion {
  /** Paths of fields that nobody knows. */
  readonly unknown: string[];
  /** The first that is of a wrong type. */
  error: FieldError | undefined;
}

/** With typed metadata wherever a resource is embedded; without `coercion` what is of a wrong type is dropped. Copy on write. */
export function coercedMeta(
  value: unknown,
  schema: Schema,
  coercion?: Coercion,
  at: FieldPath = root,
): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items === undefined
      ? value
      : mapped(value, (item, i) => coercedMeta(item, items, coercion, at.index(i)));
  }
  if (!isObject(value)) return value;
  const changes = new Map<string, unknown>();
  const values = valuesOf(schema);
  for (const [name, one] of Object.entries(value)) {
    const property = propertyOf(schema, name);
    const here = property === undefined ? at.key(name) : at.child(name);
    const typed = isEmbedded(schema) ? ofResource(name, one, coercion, at.child(name)) : one;
    const below = property ?? values;
    const next =
      below === undefined || typed === undefined
        ? typed
        : coercedMeta(typed, below, coercion, here);
    if (next !== one) changes.set(name, next);
  }
  return changed(value, changes);
}

/** A field of an embedded resource; undefined: it is dropped. */
function ofResource(
  name: string,
  value: unknown,
  coercion: Coercion | undefined,
  at: FieldPath,
): unknown {
  const refuse = (why: string): unknown => {
    if (coercion !== undefined) coercion.error ??= invalid(at, value, why);
    return undefined;
  };
  if (name === "apiVersion" || name === "kind")
    return typeof value === "string" ? value : refuse("must be a string");
  if (name !== "metadata") return value;
  const { value: meta, unknown, error } = decodeObject(value, metaType);
  if (error === undefined) {
    for (const path of unknown) coercion?.unknown.push(`${at.toString()}.${path}`);
    return sameOr(value, meta);
  }
  if (coercion !== undefined) return refuse(error);
  return isObject(value) ? fittingFields(value) : value;
}

/** Decoding makes a copy; what it would not change stays the very same. */
const sameOr = (value: unknown, made: Json): unknown =>
  JSON.stringify(value) === JSON.stringify(made) ? value : made;

function fittingFields(meta: Json): Json {
  const fields = Object.entries(meta).flatMap(([name, one]) => {
    const { value, error } = decodeObject({ [name]: one }, metaType);
    return error === undefined ? Object.entries(value) : [];
  });
  return Object.fromEntries(fields);
}

export function validateEmbedded(
  value: unknown,
  schema: Schema,
  at: FieldPath = root,
): readonly FieldError[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items === undefined
      ? []
      : value.flatMap((item, i) => validateEmbedded(item, items, at.index(i)));
  }
  if (!isObject(value)) return [];
  const values = valuesOf(schema);
  return [
    ...(isEmbedded(schema) ? resourceErrors(value, at) : []),
    ...Object.entries(value).flatMap(([name, one]) => {
      const property = propertyOf(schema, name);
      if (property !== undefined) return validateEmbedded(one, property, at.child(name));
      return values === undefined ? [] : validateEmbedded(one, values, at.key(name));
    }),
  ];
}

/** Is there a resource embedded anywhere? Then objects are looked through for it. */
export const embeds = (schema: Schema): boolean =>
  isEmbedded(schema) ||
  [...Object.values(schema.properties ?? {}), itemsOf(schema), valuesOf(schema)].some(
    (one) => one !== undefined && embeds(one),
  );

function resourceErrors(resource: Json, at: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ["apiVersion", "kind"])
    if (!Object.hasOwn(resource, name)) errors.push(required(at.child(name)));
  const { apiVersion, kind, metadata } = resource;
  if (apiVersion !== undefined) errors.push(...versionErrors(apiVersion, at.child("apiVersion")));
  if (kind !== undefined) errors.push(...kindErrors(kind, at.child("kind")));
  if (metadata !== undefined) {
    const here = at.child("metadata");
    const { value, error } = decodeObject(metadata, metaType);
    const meta = value as V1ObjectMeta;
    errors.push(
      ...(error === undefined
        ? validateObjectMeta({ name: "fakename", ...meta }, here, {
            namespaced: Boolean(meta.namespace),
            nameProblems: pathSegmentName,
          })
        : [invalid(here, metadata, error)]),
    );
  }
  return errors;
}

function versionErrors(version: unknown, at: FieldPath): readonly FieldError[] {
  if (typeof version !== "string") return [invalid(at, version, "must be a string")];
  if (version === "") return [invalid(at, version, "must not be empty")];
  return version.split("/").length > 2
    ? [invalid(at, version, `unexpected GroupVersion string: ${version}`)]
    : [];
}

function kindErrors(kind: unknown, at: FieldPath): readonly FieldError[] {
  if (typeof kind !== "string") return [invalid(at, kind, "must be a string")];
  if (kind === "") return [invalid(at, kind, "must not be empty")];
  const problems = dns1035Label(kind.toLowerCase());
  return problems.length === 0
    ? []
    : [invalid(at, kind, `may have mixed case, but should otherwise match: ${problems.join(",")}`)];
}
