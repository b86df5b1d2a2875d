/**
 * Kinds as pure constants, for tables of faults: what a create, an update and a status update of one object
 * come to, without a server.
 *
 * ```ts
 * const { errors } = created(pod, changed(base, { "spec.containers.0.image": "" }));
 * ```
 */
import { serviceCidr } from "#apimachinery/service-range.ts";
import type { FieldError } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Kind, KindContext } from "#apiserver/kinds/kind.ts";

type Json = Record<string, unknown>;
/** Values by path, `spec.containers.0.image`; undefined takes the field away. */
export type Changes = Readonly<Record<string, unknown>>;

const nowMs = Date.UTC(2026, 0, 1);
const cidrs = [{ metadata: { name: "kubernetes" }, spec: { cidrs: [serviceCidr] } }];
const context: KindContext = {
  nowMs,
  get: () => undefined,
  list: (gvk) => (gvk === "networking.k8s.io/v1/ServiceCIDR" ? (cidrs as never) : []),
  resourceOf: () => undefined,
  random: () => 0.5,
  authorizer: { allows: () => true } as never,
  user: { username: "jane", groups: [], extra: {} } as never,
};
const said = (errors: readonly FieldError[] | undefined): readonly string[] =>
  (errors ?? []).map(({ field, message }) => `${field}: ${message}`);

function put(value: unknown, [head = "", ...rest]: readonly string[], wanted: unknown): unknown {
  const made: Json | unknown[] = Array.isArray(value) ? [...value] : { ...(value as Json) };
  const next = rest.length === 0 ? wanted : put((made as Json)[head], rest, wanted);
  if (next === undefined) delete (made as Json)[head];
  else (made as Json)[head] = next;
  return made;
}
/** A dot inside a key is written `\.`. */
const partsOf = (path: string): readonly string[] =>
  path.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."));

export const changed = <T>(object: T, changes: Changes): T =>
  Object.entries(changes).reduce<T>(
    (made, [path, value]) => put(made, partsOf(path), value) as T,
    object,
  );

export interface Made<T> {
  readonly object: T;
  /** `field: message`, as in a Status' message. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** As the verbs do it: defaults, what a creator may not set, errors, warnings. */
export function created<T extends KubeObject>(kind: Kind<T>, given: unknown): Made<T> {
  const full = kind.defaults?.(given as T) ?? (given as T);
  const object = kind.prepareForCreate?.(full, context) ?? full;
  const errors = [...(kind.validate?.(object) ?? []), ...(kind.validateCreate?.(object) ?? [])];
  return { object, errors: said(errors), warnings: kind.warnings?.(object) ?? [] };
}
/** `previous` as `created` made it. */
export function updated<T extends KubeObject>(kind: Kind<T>, previous: T, given: unknown): Made<T> {
  const full = kind.defaults?.(given as T) ?? (given as T);
  const object = kind.prepareForUpdate?.(full, previous, context) ?? full;
  const errors = [
    ...(kind.validate?.(object) ?? []),
    ...(kind.validateUpdate?.(object, previous) ?? []),
  ];
  return { object, errors: said(errors), warnings: kind.warnings?.(object, previous) ?? [] };
}
export function statusUpdated<T extends KubeObject>(
  kind: Kind<T>,
  previous: T,
  given: unknown,
): Made<T> {
  const object = kind.prepareForStatusUpdate?.(given as T, previous, context) ?? (given as T);
  const warnings: string[] = [];
  const warn = (text: string): void => void warnings.push(text);
  return { object, errors: said(kind.validateStatusUpdate?.(object, previous, warn)), warnings };
}
/** The table's cells, by column. */
export const cells = <T extends KubeObject>(
  { columns = [] }: Kind<T>,
  object: T,
  atMs: number = nowMs,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(columns.map(({ name, of }) => [name, of(object, atMs)]));
