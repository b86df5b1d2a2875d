/**
 * GET of a collection: selectors, pages, revisions.
 * Upstream: apiserver/pkg/endpoints/handlers/get.go, pkg/storage/etcd3/store.go GetList, pkg/storage/continue.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import {
  type Labels,
  matches,
  parseFields,
  parseSelector,
  type Requirement,
  type Selector,
  SelectorError,
} from "#apimachinery/selector.ts";
import {
  badRequest,
  expiredRevision,
  invalid,
  StatusError,
  timeout,
} from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { RequestOptions } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import type { Entry } from "#store/entry.ts";
import { Compacted, FutureRevision } from "#store/errors.ts";

/** Does an object match the request's selectors? Undefined: everything does. */
export type Filter = ((object: KubeObject) => boolean) | undefined;

export function filterOf(
  resource: Resource,
  { labelSelector, fieldSelector }: RequestOptions,
  name = "",
): Filter {
  const labels = labelSelector ? parsedLabels(labelSelector) : undefined;
  const terms = fieldSelector ? parsedFields(resource, fieldSelector) : [];
  const fields =
    name === ""
      ? terms
      : [...terms, { key: "metadata.name", operator: "=", values: [name] } as const];
  if (labels === undefined && fields.length === 0) return undefined;
  return (object) =>
    (labels === undefined || matches(labels, object.metadata.labels as Labels | undefined)) &&
    fields.every((term) => meetsField(resource, term, object));
}

function parsedLabels(text: string): Selector {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof SelectorError)
      throw badRequest(`unable to parse labelSelector ${JSON.stringify(text)}: ${error.message}`);
    throw error;
  }
}

function parsedFields(resource: Resource, text: string): Requirement[] {
  let terms: Requirement[];
  try {
    terms = parseFields(text);
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
  for (const { key } of terms) {
    if (
      key !== "metadata.name" &&
      key !== "metadata.namespace" &&
      resource.kind.fields?.[key] === undefined
    ) {
      throw badRequest(`field label not supported: ${key}`);
    }
  }
  return terms;
}

function meetsField(
  { kind }: Resource,
  { key, operator, values }: Requirement,
  object: KubeObject,
): boolean {
  const { name = "", namespace = "" } = object.metadata;
  const value =
    key === "metadata.name"
      ? name
      : key === "metadata.namespace"
        ? namespace
        : (kind.fields?.[key]?.(object) ?? "");
  return operator === "!=" ? value !== values[0] : value === values[0];
}

interface Token {
  readonly v: "meta.k8s.io/v1";
  readonly rv: number;
  readonly start: string;
}

const tooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

function tokenOf(text: string): Token {
  try {
    const token = JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/"))) as Token;
    if (
      token.v === "meta.k8s.io/v1" &&
      typeof token.start === "string" &&
      Number.isInteger(token.rv)
    )
      return token;
  } catch {
    // Refused below, in the words for every token that is not ours.
  }
  throw badRequest("continue key is not valid: illegal base64 data at input byte 0");
}

const tokenText = (token: Token): string =>
  btoa(JSON.stringify(token)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

export function list(call: Call): Answer {
  const { resource, server, request, world } = call;
  const { options, info } = request;
  const storage = server.registry.storedAs(resource);
  const prefix =
    info.namespace === "" ? storage.directory : `${storage.directory}${info.namespace}/`;
  const filter = filterOf(resource, options, info.name);
  const page = pageOf(call, prefix);
  const filterShown: Filter =
    filter === undefined ? undefined : (object) => filter(show(resource, object));
  const { entries, remaining, revision } = read(call, prefix, page, filterShown);
  const last = entries.at(-1);
  const next =
    last === undefined || remaining === 0
      ? undefined
      : tokenText({ v: "meta.k8s.io/v1", rv: revision, start: last.key.slice(prefix.length) });
  const metadata = {
    resourceVersion: String(revision),
    ...(next === undefined ? {} : { continue: next }),
    ...(next === undefined || filter !== undefined ? {} : { remainingItemCount: remaining }),
  };
  return {
    code: 200,
    object: undefined,
    get items() {
      return entries.map(({ value }) => show(resource, value as KubeObject));
    },
    body: () => listText(call, entries, metadata),
    wrote: false,
    warnings: [],
  };
  function show({ face }: Resource, object: KubeObject): KubeObject {
    return face === undefined ? (world.rendered?.(object) ?? object) : face.fromStored(object);
  }
}

interface Page {
  readonly limit: number | undefined;
  readonly after: string | undefined;
  readonly at: number | undefined;
}

function pageOf({ request: { options }, world }: Call, prefix: string): Page {
  const { limit = 0, continue: token, resourceVersion = "", resourceVersionMatch } = options;
  const wanted = resourceVersion === "" ? 0 : Number(resourceVersion);
  if (!Number.isInteger(wanted) || wanted < 0) {
    throw badRequest(
      `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: invalid resource version ${JSON.stringify(resourceVersion)}: strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  }
  const wrong = (field: string, message: string): StatusError =>
    invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", [
      { reason: "FieldValueForbidden", field, message },
    ]);
  if (resourceVersionMatch !== undefined) {
    if (resourceVersion === "")
      throw wrong(
        "resourceVersionMatch",
        "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
      );
    if (token)
      throw wrong(
        "resourceVersionMatch",
        "Forbidden: resourceVersionMatch is forbidden when continue is provided",
      );
    if (resourceVersionMatch === "Exact" && wanted === 0)
      throw wrong(
        "resourceVersionMatch",
        'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
      );
  }
  if (wanted > world.store.revision)
    throw timeout(`Too large resource version: ${wanted}, current: ${world.store.revision}`, 1, [
      { reason: "ResourceVersionTooLarge", message: "Too large resource version" },
    ]);
  const page = limit > 0 ? limit : undefined;
  if (token) {
    if (resourceVersion !== "" && resourceVersion !== "0")
      throw badRequest("specifying resource version is not allowed when using continue");
    const { rv, start } = tokenOf(token);
    return { limit: page, after: prefix + start, at: rv > 0 ? rv : undefined };
  }
  const exact =
    resourceVersionMatch === "Exact" ||
    (resourceVersionMatch === undefined && page !== undefined && wanted > 0);
  return { limit: page, after: undefined, at: exact ? wanted : undefined };
}

function read(
  call: Call,
  prefix: string,
  { limit, after, at }: Page,
  filter: Filter,
): { entries: readonly Entry[]; remaining: number; revision: number } {
  const { store } = call.world;
  const asked = {
    prefix,
    ...(after === undefined ? {} : { after }),
    ...(at === undefined ? {} : { at }),
  };
  try {
    if (filter === undefined)
      return store.range({ ...asked, ...(limit === undefined ? {} : { limit }) });
    const all = store.range(asked);
    const matching = all.entries.filter(({ value }) => filter(value as KubeObject));
    const entries = limit === undefined ? matching : matching.slice(0, limit);
    return { entries, remaining: matching.length - entries.length, revision: all.revision };
  } catch (error) {
    if (error instanceof Compacted)
      throw after === undefined
        ? expiredRevision(error.asked, error.oldest)
        : staleToken(after.slice(prefix.length));
    if (error instanceof FutureRevision)
      throw timeout(`Too large resource version: ${error.asked}, current: ${error.newest}`, 1);
    throw error;
  }
}

/** 410 with a token that goes on from the newest state. */
function staleToken(start: string): StatusError {
  const metadata = { continue: tokenText({ v: "meta.k8s.io/v1", rv: -1, start }) };
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata,
    status: "Failure",
    message: tooOld,
    reason: "Expired",
    code: 410,
  });
}

/** Items stand in a list without kind and apiVersion, as upstream prints them; their stored texts are not parsed. */
function listText(
  { resource, server, world }: Call,
  entries: readonly Entry[],
  metadata: object,
): string[] {
  const { head } = server.registry.storedAs(resource);
  const { face } = resource;
  const bare = (text: string): string =>
    text.startsWith(head) ? `{${text.slice(head.length)}` : text;
  const texts =
    face === undefined
      ? world.store.texts(entries).map((text, i) => {
          const value = entries[i]?.value as KubeObject;
          const shown = world.rendered?.(value) ?? value;
          return bare(shown === value ? text : JSON.stringify(shown));
        })
      : entries.map(({ value }) => bare(JSON.stringify(face.fromStored(value as KubeObject))));
  const begin = `{"kind":"${resource.kindName}List","apiVersion":"${resource.apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`;
  return [begin, ...texts.map((text, i) => (i === 0 ? text : `,${text}`)), "]}\n"];
}
