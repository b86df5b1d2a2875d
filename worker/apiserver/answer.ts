/** What a request gets back: the object (parsed, for components) and its text (for people). */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Status } from "#apimachinery/status.ts";
import type { Entry } from "#store/entry.ts";

export interface Answer {
  readonly code: number;
  readonly object: KubeObject | undefined;
  readonly items?: readonly KubeObject[] | undefined;
  /** JSON, whole or in pieces that are to be joined. */
  readonly body: () => string | readonly string[];
  /** Did it make a revision? */
  readonly wrote: boolean;
  readonly warnings: readonly string[];
}

const none: readonly string[] = [];

export function objectAnswer(
  object: KubeObject,
  wrote: boolean,
  code = 200,
  warnings = none,
): Answer {
  return { code, object, body: () => JSON.stringify(object), wrote, warnings };
}
/** The stored text itself. */
export function entryAnswer(entry: Entry, wrote: boolean, code = 200, warnings = none): Answer {
  return { code, object: entry.value as KubeObject, body: () => entry.text(), wrote, warnings };
}
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
