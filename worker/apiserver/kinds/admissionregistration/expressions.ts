/**
 * Expressions of policies and webhooks: what they may name, and which result they must have.
 * Upstream: apiserver/pkg/admission/plugin/cel/compile.go, composition.go, pkg/apis/admissionregistration/validation.
 * Differs: a misspelt field of `namespaceObject` is found when the policy runs, because it has no type here.
 */
import { type FieldPath, invalid, required } from "#apimachinery/field.ts";
import { compile } from "#apiserver/cel/compile.ts";
import { withMaps } from "#apiserver/cel/object-syntax.ts";
import { baseEnvironment, type CelEnvironment } from "#apiserver/cel/environment.ts";
import { type Field, objectType, type ObjectType } from "#apiserver/cel/object-type.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

const read =
  (name: string): Field["read"] =>
  (owner) =>
    owner[name];
const typed = (name: string, fields: Readonly<Record<string, string>>): ObjectType =>
  objectType(
    name,
    Object.fromEntries(
      Object.entries(fields).map(([field, type]) => [field, { type, read: read(field) }]),
    ),
  );

/** Upstream: BuildRequestType. */
const requestTypes: readonly ObjectType[] = [
  typed("kubernetes.GroupVersionKind", { group: "string", version: "string", kind: "string" }),
  typed("kubernetes.GroupVersionResource", {
    group: "string",
    version: "string",
    resource: "string",
  }),
  typed("kubernetes.UserInfo", {
    username: "string",
    uid: "string",
    groups: "list<string>",
    extra: "map<string, list<string>>",
  }),
  typed("kubernetes.AdmissionRequest", {
    kind: "kubernetes.GroupVersionKind",
    resource: "kubernetes.GroupVersionResource",
    subResource: "string",
    requestKind: "kubernetes.GroupVersionKind",
    requestResource: "kubernetes.GroupVersionResource",
    requestSubResource: "string",
    name: "string",
    namespace: "string",
    operation: "string",
    userInfo: "kubernetes.UserInfo",
    dryRun: "bool",
    options: "dyn",
  }),
];

/** What the expressions of one policy can name. */
export interface Names {
  readonly hasParams: boolean;
  readonly hasAuthorizer: boolean;
  /** The policy's own variables so far, with their types. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

const kept = new Map<string, CelEnvironment>();

export function environmentOf({ hasParams, hasAuthorizer, variables }: Names): CelEnvironment {
  const id = `${hasParams} ${hasAuthorizer}`;
  const known = variables === undefined ? kept.get(id) : undefined;
  if (known !== undefined) return known;
  const own = variables === undefined ? [] : [typed("kubernetes.variables", variables)];
  const made = baseEnvironment().extend({
    types: [...requestTypes, ...own],
    variables: {
      object: "dyn",
      oldObject: "dyn",
      request: "kubernetes.AdmissionRequest",
      namespaceObject: "dyn",
      ...(hasParams ? { params: "dyn" } : {}),
      ...(hasAuthorizer ? authorizerVariables : {}),
      ...(variables === undefined ? {} : { variables: "kubernetes.variables" }),
    },
  });
  if (variables === undefined) kept.set(id, made);
  return made;
}
const authorizerVariables = {
  authorizer: "kubernetes.authorization.Authorizer",
  "authorizer.requestResource": "kubernetes.authorization.ResourceCheck",
};

/** The type of the result, or undefined after adding what is wrong. `returns`: types that will do; none = any. */
export function expression(
  errors: Errors,
  at: FieldPath,
  text: string,
  environment: CelEnvironment,
  returns: readonly string[] = [],
): string | undefined {
  const compiled = compile(text, environment);
  if ("error" in compiled) {
    errors.push(invalid(at, text, `compilation failed: ${compiled.error}`));
    return undefined;
  }
  const { type } = compiled;
  if (returns.length === 0 || returns.includes(type)) return type;
  const wanted = returns.length === 1 ? String(returns[0]) : `one of [${returns.join(" ")}]`;
  errors.push(invalid(at, text, `must evaluate to ${wanted} but got ${type}`));
  return undefined;
}

const patchTypes = { ApplyConfiguration: "Object", JSONPatch: "list(JSONPatch)" } as const;

/** An expression that makes an `Object{…}` or a list of `JSONPatch{…}`. */
export function patchExpression(
  errors: Errors,
  at: FieldPath,
  text: string,
  environment: CelEnvironment,
  patchType: keyof typeof patchTypes,
): void {
  const { expression: plain, source } = withMaps(text);
  const compiled = compile(plain, environment, source);
  if ("error" in compiled) {
    errors.push(invalid(at, text, `compilation failed: ${compiled.error}`));
    return;
  }
  const { type } = compiled;
  const isRight = patchType === "JSONPatch" ? /^list\((map\(|dyn|T)/ : /^(map\(|dyn$)/;
  if (!isRight.test(type))
    errors.push(invalid(at, text, `must evaluate to ${patchTypes[patchType]} but got ${type}`));
}

const reserved = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);
const isIdentifier = (name: string): boolean =>
  /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name);

interface Variable {
  readonly name?: string | undefined;
  readonly expression?: string | undefined;
}

/** Each variable may name those before it. Returns all of them with their types. */
export function variables(
  errors: Errors,
  at: FieldPath,
  given: readonly Variable[],
  names: Names,
): Readonly<Record<string, string>> {
  const known: Record<string, string> = {};
  for (const [i, { name = "", expression: text = "" }] of given.entries()) {
    const here = at.index(i);
    if (name.trim() === "") errors.push(required(here.child("name"), "name is not specified"));
    else if (!isIdentifier(name))
      errors.push(invalid(here.child("name"), name, "must be a valid CEL identifier"));
    if (text.trim() === "") {
      errors.push(required(here.child("expression"), "expression is not specified"));
      continue;
    }
    const environment = environmentOf({ ...names, variables: { ...known } });
    const type = expression(errors, here.child("expression"), text, environment);
    if (isIdentifier(name)) known[name] = declared(type);
  }
  return known;
}

/** A result's type as a declaration: lists and maps keep their sort alone. */
function declared(type: string | undefined): string {
  if (type === undefined) return "dyn";
  if (type.startsWith("list(")) return "list<dyn>";
  return ["bool", "int", "uint", "double", "string", "bytes"].includes(type) ? type : "dyn";
}
