/** What a request gets back: the object (parsed, for components) and its text (for people). */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Status } from "#apimachinery/status.ts";
import type { Entry } from "#store/entry.ts";
import { type OwnershipTexts, withManagedFields } from "./ownership/served.ts";

export interface Answer {
  readonly code: number;
  readonly object: KubeObject | undefined;
  readonly items?: readonly KubeObject[] | undefined;
  /** JSON, whole or in pieces that are to be joined. */
  readonly body: () => string | readonly string[];
  /** Did it make a revision? */
  readonly wrote: boolean;
  readonly warnings: readonly string[];
  /** What is still to be done with it outside the gates; nothing is written by that. */
  readonly later?: () => Promise<Answer>;
}

const none: readonly string[] = [];
/** The text of metadata.managedFields, which no object in memory has; made when it is asked for. */
export type ManagedFields = () => string | undefined;
const noManagedFields: ManagedFields = () => undefined;

export function objectAnswer(
  object: KubeObject,
  wrote: boolean,
  code = 200,
  warnings = none,
  managedFields = noManagedFields,
): Answer {
  const body = (): string => withManagedFields(JSON.stringify(object), managedFields());
  return { code, object, body, wrote, warnings };
}
/** The stored text itself, with what `fields` knows of its owners; the object only when somebody asks: not all are kept parsed. */
export function entryAnswer(
  entry: Entry,
  wrote: boolean,
  fields: OwnershipTexts,
  code = 200,
  warnings = none,
): Answer {
  return {
    code,
    get object() {
      return entry.value as KubeObject;
    },
    body: () => fields.served(entry.text(), entry),
    wrote,
    warnings,
  };
}
/** An object by another face than the one it is stored as, converted only when somebody asks. */
export function facedAnswer(
  shown: () => KubeObject,
  wrote: boolean,
  code = 200,
  warnings = none,
  managedFields = noManagedFields,
): Answer {
  return {
    code,
    get object() {
      return shown();
    },
    body: () => withManagedFields(JSON.stringify(shown()), managedFields()),
    wrote,
    warnings,
  };
}
/** Copies would ask for the objects, which may not be known yet. */
const derived = (answer: Answer, more: Partial<Answer>): Answer =>
  Object.create(answer, Object.getOwnPropertyDescriptors(more)) as Answer;

export const withLater = (answer: Answer, later: () => Promise<Answer>): Answer =>
  derived(answer, { later });
/** With one more warning, before all others. */
export const warned = (answer: Answer, warning: string): Answer =>
  derived(answer, { warnings: [warning, ...answer.warnings] });

export function statusAnswer(status: Status, wrote: boolean, warnings = none): Answer {
  return {
    code: status.code ?? 200,
    object: undefined,
    body: () => JSON.stringify(status),
    wrote,
    warnings,
  };
}

/** 200 of a deletion that took the object away. Upstream: handlers/delete.go. */
export const deletedStatus = (
  name: string,
  group: string,
  resource: string,
  uid: string | undefined,
): Status => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  details: {
    name,
    ...(group === "" ? {} : { group }),
    kind: resource,
    ...(uid === undefined ? {} : { uid }),
  },
});
