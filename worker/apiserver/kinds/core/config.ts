/** ConfigMap, Secret and ServiceAccount. Upstream: pkg/registry/core/{configmap,secret,serviceaccount}/strategy.go. */
import type { V1ConfigMap, V1Secret, V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const count = (...maps: readonly (Readonly<Record<string, unknown>> | undefined)[]): number =>
  maps.reduce((sum, map) => sum + Object.keys(map ?? {}).length, 0);
const mostBytes = 1024 * 1024;

/** Upstream: util/validation IsConfigMapKey. */
function keyErrors(
  data: Readonly<Record<string, unknown>> | undefined,
  field: string,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const key of Object.keys(data ?? {})) {
    if (key.length > 253)
      errors.push(
        invalid(new FieldPath(field).key(key), key, "must be no more than 253 characters"),
      );
    if (key === ".") errors.push(invalid(new FieldPath(field).key(key), key, "must not be '.'"));
    else if (key === "..")
      errors.push(invalid(new FieldPath(field).key(key), key, "must not be '..'"));
    else if (key.startsWith(".."))
      errors.push(invalid(new FieldPath(field).key(key), key, "must not start with '..'"));
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
      errors.push(
        invalid(
          new FieldPath(field).key(key),
          key,
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        ),
      );
    }
  }
  return errors;
}
const sizeErrors = (
  ...maps: readonly (Readonly<Record<string, string>> | undefined)[]
): readonly FieldError[] => {
  const bytes = maps.reduce(
    (sum, map) => sum + Object.values(map ?? {}).reduce((all, value) => all + value.length, 0),
    0,
  );
  return bytes > mostBytes
    ? [
        {
          reason: "FieldValueTooLong",
          field: "",
          message: `Too long: may not be more than ${mostBytes} bytes`,
        },
      ]
    : [];
};
const frozen = (
  next: { readonly immutable?: boolean | undefined },
  old: { readonly immutable?: boolean | undefined },
  fields: readonly string[],
): readonly FieldError[] => {
  if (old.immutable !== true) return [];
  const errors: FieldError[] = [];
  if (next.immutable !== true)
    errors.push(
      forbidden(new FieldPath("immutable"), "field is immutable when `immutable` is set"),
    );
  for (const field of fields) {
    const value = (of: object): unknown => (of as Readonly<Record<string, unknown>>)[field];
    if (!equal(value(next), value(old)))
      errors.push(forbidden(new FieldPath(field), "field is immutable when `immutable` is set"));
  }
  return errors;
};

export const configMap: Kind<V1ConfigMap> = {
  gvk: "v1/ConfigMap",
  validate: ({ data, binaryData }) => [
    ...keyErrors(data, "data"),
    ...keyErrors(binaryData, "binaryData"),
    ...Object.keys(data ?? {})
      .filter((key) => Object.hasOwn(binaryData ?? {}, key))
      .map((key) =>
        invalid(new FieldPath("data").key(key), key, "duplicate of key present in binaryData"),
      ),
    ...sizeErrors(data, binaryData),
  ],
  validateUpdate: (next, previous) => frozen(next, previous, ["data", "binaryData"]),
  columns: columnsOf(
    column("Data", "integer", "How many keys it has.", ({ data, binaryData }: V1ConfigMap) =>
      count(data, binaryData),
    ),
  ),
};

const typeNeeds: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};
export const secret: Kind<V1Secret> = {
  gvk: "v1/Secret",
  defaults: (object) => fill(object, { type: "Opaque" }),
  prepareForCreate: merged,
  prepareForUpdate: merged,
  validate: ({ data, type = "" }) => [
    ...keyErrors(data, "data"),
    ...sizeErrors(data),
    ...(typeNeeds[type] ?? [])
      .filter((key) => data?.[key] === undefined)
      .map((key) => required(new FieldPath("data").key(key))),
  ],
  validateUpdate: (next, previous) => [
    ...(next.type === previous.type
      ? []
      : [invalid(new FieldPath("type"), next.type, "field is immutable")]),
    ...frozen(next, previous, ["data"]),
  ],
  columns: columnsOf(
    column("Type", "string", "What sort of secret it is.", ({ type }: V1Secret) => type ?? ""),
    column("Data", "integer", "How many keys it has.", ({ data }: V1Secret) => count(data)),
  ),
  fields: { type: ({ type }) => type ?? "" },
};
/** stringData is written once and read as data. */
function merged(object: V1Secret): V1Secret {
  const { stringData, ...rest } = object;
  if (stringData === undefined) return object;
  const encoded = Object.fromEntries(
    Object.entries(stringData).map(([key, text]) => [key, base64(text)]),
  );
  return { ...rest, data: { ...rest.data, ...encoded } };
}
const base64 = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export const serviceAccount: Kind<V1ServiceAccount> = {
  gvk: "v1/ServiceAccount",
  columns: columnsOf(
    column(
      "Secrets",
      "integer",
      "How many secrets it may use.",
      ({ secrets }: V1ServiceAccount) => (secrets ?? []).length,
    ),
  ),
};
