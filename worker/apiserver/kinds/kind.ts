/**
 * What one API kind adds to the generic machinery.
 *
 * Names, scope, verbs, subresources, field types, list kinds and static defaults come from the API
 * facts (`#apimachinery/api/schema.ts`); a kind without an entry here is served from them alone.
 * To add behaviour: one file `kinds/<group>/<kind>.ts` exporting a `Kind` constant, one line in
 * `registry.ts`. All functions are pure and copy-on-write: they never touch their argument and
 * return the same reference when nothing changes.
 * Upstream: pkg/registry/<group>/<kind>/strategy.go, pkg/apis/<group>/v1/defaults.go, pkg/printers/internalversion.
 */
import type { FieldError } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { Authorizer } from "#apiserver/world.ts";

/** One printer column. Upstream: pkg/printers/internalversion/printers.go. */
export interface Column<T = KubeObject> {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description: string;
  /** 0 = always, 1 = `-o wide`. */
  readonly priority?: number;
  /** `nowMs` is cluster time, for ages. */
  of(object: T, nowMs: number): string | number | boolean;
}

/** What a strategy may see of the world: the same store, the same instant. */
export interface KindContext {
  readonly nowMs: number;
  readonly authorizer: Authorizer;
  /** Who asks; undefined when nobody in particular does. */
  readonly user: UserInfo | undefined;
  get<T extends KubeObject>(gvk: string, namespace: string, name: string): T | undefined;
  list<T extends KubeObject>(gvk: string, namespace?: string): readonly T[];
  /** `deployments` of `apps/v1/Deployment`; undefined: nothing of this kind is served. */
  resourceOf(gvk: string): string | undefined;
  /** Uniform in [0, 1): hash(seed, purpose, key, counter), the same for the same revision. */
  random(purpose: string): number;
}

/** A create or an update, with who makes it. */
export interface Change<T extends KubeObject = KubeObject> {
  /** After mutating admission. */
  readonly next: T;
  /** Undefined: it is created. */
  readonly previous: T | undefined;
  readonly user: UserInfo;
  readonly info: RequestInfo;
  readonly context: KindContext;
}

/** JSON pointers-as-paths of the scale subresource, e.g. ["spec", "replicas"]. */
export interface ScalePaths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  /** Label selector as text, from the object. */
  selector(object: KubeObject): string;
}

/** Takes a `Warning: 299` text: something is wrong, but may stay. */
export type Warn = (text: string) => void;

/** Asked only about objects of its own kind. */
export type FieldReader<T> = { of(object: T): string }["of"];

/** All of it, or some: `labels`, `ownerReferences`. */
export type StatusKeeps = "metadata" | readonly (keyof KubeObject["metadata"])[];

export interface Kind<T extends KubeObject = KubeObject> {
  /** `apps/v1/ReplicaSet`, `v1/Pod`. */
  readonly gvk: string;
  /** Directory under /registry when it is not the plural (`minions`, `services/specs`, …). */
  readonly storage?: string;
  /** Defaults beyond the schema's static ones; also applied to embedded Pod templates. Idempotent. */
  defaults?(object: T): T;
  /** Clears what a creator may not set (status), sets what the server owns. */
  prepareForCreate?(object: T, context: KindContext): T;
  /** Restores what a writer of the main resource may not touch (status is restored generically). */
  prepareForUpdate?(next: T, previous: T, context: KindContext): T;
  /** Metadata that a writer of /status may not touch either; default: it may, as far as anybody may. */
  readonly statusKeeps?: StatusKeeps;
  /** Restores what else a writer of /status may not touch: the spec is restored generically. */
  prepareForStatusUpdate?(next: T, previous: T, context: KindContext): T;
  /** Throws StatusError when this user may not make this change: what upstream asks in the kind's own storage, before validation. */
  guard?(change: Change<T>): void;
  /**
   * Errors that depend on who asks or on other objects; also of a change to /status, told apart by `info.subresource`.
   * They come before those of the object as such.
   */
  judge?(change: Change<T>): readonly FieldError[];
  /** Errors of the object as such; `metadata` is validated generically with `name`. */
  validate?(object: T): readonly FieldError[];
  /** Errors of a new object alone; an update is judged by `validateUpdate`. */
  validateCreate?(object: T): readonly FieldError[];
  /** Errors of the change: immutable fields. `validate` runs too. */
  validateUpdate?(next: T, previous: T, warn?: Warn): readonly FieldError[];
  validateStatusUpdate?(next: T, previous: T, warn?: Warn): readonly FieldError[];
  /** What a valid name is; DNS subdomain when left out. Returns messages. */
  name?(name: string): readonly string[];
  /** What the server keeps beside it, by name: made with it, gone with it. */
  companions?(object: T): readonly KubeObject[];
  /** `Warning: 299` texts for a person's create (no `previous`) or update. */
  warnings?(object: T, previous?: T): readonly string[];
  /** What every answer about it warns of. Upstream: api/core/v1/lifecycle.go, endpoints/deprecation WarningMessage. */
  readonly deprecation?: string;
  /** Name and Age columns included; the generic Name + Age pair when left out. */
  readonly columns?: readonly Column<T>[];
  /** How the rows of a table are ordered; default: as in the list. */
  rowOrder?(a: T, b: T): number;
  /** Why its row in a table counts as over; undefined: it does not. */
  completed?(object: T): { readonly reason: string; readonly message: string } | undefined;
  /** Field selectors beyond metadata.name and metadata.namespace. Value as text, "" when unset. */
  readonly fields?: Readonly<Record<string, FieldReader<T>>>;
  readonly scale?: ScalePaths;
  /** Whether spec changes count in metadata.generation, from 1; or only changes, from nothing. */
  readonly generation?: boolean | "changes";
  /** What counts as a change for the generation; default: everything but metadata and status. */
  specChanged?(next: T, previous: T): boolean;
  /** PUT of an absent object creates it (Lease, Event, …); default false. */
  readonly createOnUpdate?: boolean;
  /** PUT without resourceVersion is allowed; default true, as most upstream strategies have it. */
  readonly unconditionalUpdate?: boolean;
  /** Its dependents stay unless a DELETE says otherwise, and a person is told so. */
  readonly orphans?: { readonly warning?: string };
  /** Nothing depends on it: a DELETE's word on dependents is heard by nobody. */
  readonly hasDependents?: false;
  /** Grace of a delete in seconds; undefined = the object goes at once. Pod only, upstream. */
  gracePeriodSeconds?(object: T, asked: number | undefined): number | undefined;
  /** A finalizer that the first DELETE adds: somebody has to clean up behind it. */
  readonly deletionFinalizer?: string;
  /** What a graceful delete does to the object besides deletionTimestamp. */
  prepareForDelete?(object: T): T;
  /** More than metadata.finalizers keeps a deleted object (a Namespace's spec.finalizers). */
  holdsDeletion?(object: T): boolean;
  /** Why it may not be deleted (`this namespace may not be deleted`), else undefined. */
  refuseDelete?(object: T): string | undefined;
}
