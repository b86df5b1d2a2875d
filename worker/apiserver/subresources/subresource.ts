/** One subresource: what it is a part of, and what a request to it does. To add one: a file, and a line in `registry.ts`. */
import type { Answer } from "#apiserver/answer.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";

export interface Subresource {
  /** The last part of the path, e.g. `status`. */
  readonly name: string;
  on(resource: Resource): boolean;
  handle(call: Call): Answer;
}

export const has = ({ facts: { subresources } }: Resource, name: string): boolean =>
  subresources?.[name] !== undefined;
