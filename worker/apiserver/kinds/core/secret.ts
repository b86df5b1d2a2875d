/** Secret. Upstream: pkg/registry/core/secret/strategy.go, pkg/apis/core/validation ValidateSecret. */
import { base64Of } from "#apimachinery/base64.ts";
import type { V1Secret } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, invalid, required, tooLong } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import {
  countOfKeys,
  decodedBytes,
  frozen,
  keys,
  mostBytes,
  sum,
} from "#apiserver/kinds/rules/data.ts";
import { jsonText } from "#apiserver/kinds/rules/json-text.ts";
import { type Errors, immutable } from "#apiserver/kinds/rules/rule.ts";
import { keyPairProblem } from "#apimachinery/x509/key-pair.ts";

const at = new FieldPath("data");
const tokenOwner = "kubernetes.io/service-account.name";

type Rule = (errors: Errors, secret: V1Secret) => void;
const need =
  (...names: readonly string[]): Rule =>
  (errors, { data }) => {
    for (const name of names) if (data?.[name] === undefined) errors.push(required(at.key(name)));
  };
const json =
  (name: string): Rule =>
  (errors, { data }) => {
    const text = data?.[name];
    if (text === undefined) {
      errors.push(required(at.key(name)));
      return;
    }
    const { problem } = jsonText(atob(text), "object", "map[string]interface {}");
    if (problem !== undefined)
      errors.push(invalid(at.key(name), "<secret contents redacted>", problem));
  };
const tls = "kubernetes.io/tls";
function warnings({ type, data = {} }: V1Secret): readonly string[] {
  if (type !== tls) return [];
  const problem = keyPairProblem(atob(data["tls.crt"] ?? ""), atob(data["tls.key"] ?? ""));
  return problem === undefined ? [] : [problem];
}
/** What each type's data must hold. */
const types: Readonly<Record<string, Rule>> = {
  "kubernetes.io/service-account-token"(errors, { metadata }) {
    if (!metadata.annotations?.[tokenOwner])
      errors.push(required(new FieldPath("metadata").child("annotations").key(tokenOwner)));
  },
  "kubernetes.io/dockercfg": json(".dockercfg"),
  "kubernetes.io/dockerconfigjson": json(".dockerconfigjson"),
  "kubernetes.io/basic-auth"(errors, { data }) {
    if (data?.["username"] === undefined && data?.["password"] === undefined)
      errors.push(required(at.key("username")), required(at.key("password")));
  },
  "kubernetes.io/ssh-auth"(errors, { data }) {
    if (!data?.["ssh-privatekey"]) errors.push(required(at.key("ssh-privatekey")));
  },
  [tls]: need("tls.crt", "tls.key"),
};

function validate(secret: V1Secret): readonly FieldError[] {
  const errors: Errors = [];
  keys(errors, at, secret.data);
  if (sum(secret.data, decodedBytes) > mostBytes) errors.push(tooLong(at, mostBytes));
  types[secret.type ?? ""]?.(errors, secret);
  return errors;
}

export const secret: Kind<V1Secret> = {
  gvk: "v1/Secret",
  defaults: (object) => fill(object, { type: "Opaque" }),
  prepareForCreate: merged,
  // A type that is left out stays as it was.
  prepareForUpdate: (next, { type }) =>
    merged(next.type || type === undefined ? next : { ...next, type }),
  validateCreate: validate,
  warnings,
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, new FieldPath("type"), next.type, previous.type);
    frozen(errors, next, previous, ["data"]);
    return [...errors, ...validate(next)];
  },
  columns: columnsOf(
    column("Type", "string", doc("core.v1.Secret.type"), ({ type }: V1Secret) => type ?? ""),
    column("Data", "string", doc("core.v1.Secret.data"), ({ data }: V1Secret) => countOfKeys(data)),
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
const base64 = (text: string): string => base64Of(new TextEncoder().encode(text));
