/** What a kind finds wrong with an object as a person writes it: decoded, with defaults, then validated. */
import { decodeObject } from "#apimachinery/api/decode.ts";
import type { FieldError } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { kinds } from "#apiserver/kinds/registry.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { Registry } from "#apiserver/registry.ts";

const registry = new Registry();

export function kindOf(gvk: string): Kind {
  const kind = kinds.find((one) => one.gvk === gvk);
  if (kind === undefined) throw new Error(`no kind ${gvk}`);
  return kind;
}

/** The object as the gates see it. */
export function complete(gvk: string, given: object): KubeObject {
  const type = registry.ofKind(gvk)?.type ?? "";
  const { value, error } = decodeObject({ metadata: { name: "x" }, ...given }, type);
  if (error !== undefined) throw new Error(error);
  const kind = kindOf(gvk);
  const object = value as unknown as KubeObject;
  return kind.defaults === undefined ? object : kind.defaults(object);
}

const texts = (errors: readonly FieldError[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

/** `field: message` of each error of a new object. */
export const problems = (gvk: string, given: object): string[] => {
  const object = complete(gvk, given);
  const { validate, validateCreate } = kindOf(gvk);
  return texts([...(validate?.(object) ?? []), ...(validateCreate?.(object) ?? [])]);
};
/** The same of a change alone. */
export const changeProblems = (gvk: string, previous: object, next: object): string[] =>
  texts(kindOf(gvk).validateUpdate?.(complete(gvk, next), complete(gvk, previous)) ?? []);
/** The same of a change to /status; `spec` and the rest are the previous object's. */
export const statusProblems = (gvk: string, previous: object, status: object): string[] => {
  const before = complete(gvk, previous);
  const next = complete(gvk, { ...previous, status });
  return texts(kindOf(gvk).validateStatusUpdate?.(next, before) ?? []);
};
/** What `kubectl get -o wide` shows. */
export const cells = (gvk: string, given: object): unknown[] => {
  const object = complete(gvk, given);
  return (kindOf(gvk).columns ?? []).map((column) => column.of(object, 0));
};
