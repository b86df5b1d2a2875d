/**
 * GET of a collection: selectors, pages, revisions.
 * Upstream: apiserver/pkg/endpoints/handlers/get.go, pkg/storage/cacher/cacher.go GetList, pkg/storage/etcd3/store.go GetList.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest } from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import { type Filter, filterOf } from "#apiserver/filter.ts";
import { checkListOptions, revisionOf, tooLargeRevision } from "#apiserver/list-options.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";
import type { World } from "#apiserver/world.ts";
import type { Entry } from "#store/entry.ts";
import { Compacted, FutureRevision } from "#store/errors.ts";
import { continuation, continueToken, staleList, staleToken } from "./continue-token.ts";

/** One page of a collection. */
export interface Selected {
  readonly entries: readonly Entry[];
  /** ListMeta. */
  readonly metadata: object;
}

/** What the request's selectors, revision and page name. Throws 400, 410, 422, 504. */
export function selected(call: Call): Selected {
  const { resource, server, request, world } = call;
  const { options, info } = request;
  const storage = server.registry.storedAs(resource);
  const prefix =
    info.namespace === "" ? storage.directory : `${storage.directory}${info.namespace}/`;
  const filter = filterOf(resource, options, info.name);
  const page = pageOf(call, prefix);
  const filterShown: Filter =
    filter === undefined ? undefined : (object) => filter(shown(world, resource, object));
  const { entries, hasMore, remaining, revision } = read(call, prefix, page, filterShown);
  foreseen(call, entries);
  const last = entries.at(-1);
  const next =
    last === undefined || !hasMore
      ? undefined
      : continueToken(revision, last.key.slice(prefix.length));
  const metadata = {
    resourceVersion: String(revision),
    ...(next === undefined ? {} : { continue: next }),
    ...(next === undefined || filter !== undefined ? {} : { remainingItemCount: remaining }),
  };
  return { entries, metadata };
}

export function list(call: Call): Answer {
  return listAnswer(call, selected(call), false);
}

/** Its objects in the request's version are asked for together, before anything is written. */
const foreseen = ({ conversions, resource }: Call, entries: readonly Entry[]): void =>
  conversions?.beforehand(
    resource,
    entries.map(({ value }) => value as KubeObject),
  );

export function listAnswer(call: Call, { entries, metadata }: Selected, wrote: boolean): Answer {
  return {
    code: 200,
    object: undefined,
    get items() {
      return entries.map(({ value }) => shown(call.world, call.resource, value as KubeObject));
    },
    body: () => listText(call, entries, metadata),
    wrote,
    warnings: [],
  };
}

const shown = (world: World, { face }: Resource, object: KubeObject): KubeObject =>
  face === undefined ? (world.rendered?.(object) ?? object) : face.fromStored(object);

interface Page {
  readonly limit: number | undefined;
  readonly after: string | undefined;
  readonly at: number | undefined;
}

/** Which revision, from where, how many. Upstream: storage.ValidateListOptions, delegator.ShouldDelegateList. */
function pageOf({ request: { options }, world }: Call, prefix: string): Page {
  checkListOptions(options);
  const { limit = 0, continue: token, resourceVersion = "", resourceVersionMatch } = options;
  const page = limit > 0 ? limit : undefined;
  if (token) {
    const { at, after } = continuation(token);
    if (resourceVersion !== "" && resourceVersion !== "0")
      throw badRequest("specifying resource version is not allowed when using continue");
    return { limit: page, after: prefix + after, at };
  }
  const wanted = revisionOf(resourceVersion, "invalid resource version: resourceVersion: ");
  const exact =
    resourceVersionMatch === "Exact" ||
    (resourceVersionMatch === undefined && page !== undefined && wanted > 0);
  const { revision } = world.store;
  // The cache asks for another try, the store does not.
  if (wanted > revision) throw tooLargeRevision(wanted, revision, exact ? 0 : 1);
  // "Any state" comes whole. Upstream: cacher.go computeListLimit.
  if (resourceVersion === "0") return { limit: undefined, after: undefined, at: undefined };
  return { limit: page, after: undefined, at: exact ? wanted : undefined };
}

interface Read {
  readonly entries: readonly Entry[];
  /** There may be more, even if none of it matches. */
  readonly hasMore: boolean;
  readonly remaining: number;
  readonly revision: number;
}

function read(call: Call, prefix: string, { limit, after, at }: Page, filter: Filter): Read {
  const { store } = call.world;
  const asked = {
    prefix,
    ...(after === undefined ? {} : { after }),
    ...(at === undefined ? {} : { at }),
  };
  try {
    if (filter === undefined) {
      const page = store.range({ ...asked, ...(limit === undefined ? {} : { limit }) });
      return { ...page, hasMore: page.remaining > 0 };
    }
    const { entries: all, revision } = store.range(asked);
    foreseen(call, all);
    const entries: Entry[] = [];
    let seen = 0;
    while (seen < all.length && entries.length < (limit ?? Infinity)) {
      const entry = all[seen] as Entry;
      if (filter(entry.value as KubeObject)) entries.push(entry);
      seen += 1;
    }
    return { entries, hasMore: seen < all.length, remaining: all.length - seen, revision };
  } catch (error) {
    if (error instanceof Compacted)
      throw after === undefined ? staleList() : staleToken(after.slice(prefix.length));
    if (error instanceof FutureRevision) throw tooLargeRevision(error.asked, error.newest, 0);
    throw error;
  }
}

/**
 * Items stand in a list without kind and apiVersion, as upstream prints typed ones; custom resources have theirs
 * (unstructured/helpers.go). Stored texts are not parsed.
 */
function listText(
  { resource, server, world }: Call,
  entries: readonly Entry[],
  metadata: object,
): string[] {
  const { face, head, custom } = resource;
  const bare = (text: string): string =>
    custom === undefined && text.startsWith(head) ? `{${text.slice(head.length)}` : text;
  const stored =
    face === undefined
      ? world.store.texts(entries).map((text, i) => {
          const value = entries[i]?.value as KubeObject;
          const shown = world.rendered?.(value) ?? value;
          return shown === value ? text : JSON.stringify(shown);
        })
      : entries.map(({ value }) => {
          const { kind, apiVersion, ...rest } = face.fromStored(value as KubeObject);
          return JSON.stringify({ kind, apiVersion, ...rest });
        });
  const texts = stored.map((text, i) => bare(server.fields.served(text, entries[i] as Entry)));
  const begin = `{"kind":"${resource.facts.listKind ?? `${resource.kindName}List`}","apiVersion":"${resource.apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`;
  return [begin, ...texts.map((text, i) => (i === 0 ? text : `,${text}`)), "]}\n"];
}
