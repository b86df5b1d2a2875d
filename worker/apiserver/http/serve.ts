/**
 * The API server's HTTP face inside the cluster: a request of the front half in, JSON out.
 * Bodies are JSON already; tables, YAML and protobuf are made of the answer by the front half.
 */
import { badRequest, internalError, StatusError, tooLarge } from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import type { Limits, RequestRates } from "#apiserver/limits.ts";
import { handled } from "#apiserver/awaiting.ts";
import { toldOf } from "#apiserver/front/shown-resource.ts";
import type { ApiRequest, Caller, PatchType, RequestInfo } from "#apiserver/request.ts";
import { type Address } from "#apiserver/front/address.ts";
import { isBodyless, kindAt, readPlainJson } from "#apiserver/front/body.ts";
import { type Finding, frontHeader, type FrontWord, shownHeader } from "#apiserver/rpc.ts";
import type { Resource } from "#apiserver/registry.ts";
import { type ApiServer, learner } from "#apiserver/server.ts";
import { streams } from "#apiserver/streams/registry.ts";
import { wantedUser } from "./impersonation.ts";
import { nonResource } from "./non-resource.ts";
import { deleteOptions, requestOptions } from "./options.ts";
import { requestInfo } from "./request-info.ts";
import { addWarnings } from "./warnings.ts";
import type { Watches } from "./watch.ts";

export interface ServeWorld {
  readonly api: ApiServer;
  readonly watches: Watches;
  readonly limits: Limits;
  readonly rates: RequestRates;
  /** Static documents (OpenAPI), by path. */
  readonly assets: { fetch(url: string): Promise<Response> };
  /** The components' workqueues, for /metrics. */
  queues(): readonly QueueState[];
}
/** Of one component, since this instance woke. */
export interface QueueState {
  readonly name: string;
  readonly adds: number;
  readonly depth: number;
  readonly retries: number;
}

const jsonType = "application/json";
/** Cluster time of the answer, for the front half's ages. */
export const timeHeader = "x-kubestep-time";

export interface Arrival {
  readonly request: Request;
  /** What its URL says. */
  readonly address: Address;
  readonly caller: Caller;
}

/** Never throws: refusals become Status answers. */
export async function serve(arrival: Arrival, world: ServeWorld): Promise<Response> {
  try {
    return await answered(arrival, world);
  } catch (error) {
    return statusResponse(error);
  }
}

export function statusResponse(error: unknown): Response {
  const { status, code } =
    error instanceof StatusError
      ? error
      : internalError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const headers = new Headers({ "content-type": jsonType, "cache-control": "no-cache, private" });
  const retry = status.details?.retryAfterSeconds;
  if (retry !== undefined && retry > 0) headers.set("retry-after", String(retry));
  if (error instanceof StatusError) addWarnings(headers, error.warnings);
  return new Response(JSON.stringify(status), { status: code, headers });
}

async function answered(
  { request, address, caller }: Arrival,
  world: ServeWorld,
): Promise<Response> {
  const { user, isCurrent, credential } = caller;
  const { api, watches } = world;
  world.rates.takeFrom(credential);
  const { query, search } = address;
  const info = requestInfo(decodedPath(address.path), request.method, query);
  const word = wordOf(request);
  const named = api.registry.ofPath(info.group, info.version, info.resource);
  const stream = streams.find(
    ({ resource, subresource }) => resource === info.resource && subresource === info.subresource,
  );
  const body = stream?.isRaw === true ? noBody : await bodyOf(request, info, named, word);
  const asked: ApiRequest = {
    info,
    user,
    isCurrent,
    wanted: user === undefined ? undefined : wantedUser(request.headers),
    actor: { name: learner, cause: 0 },
    options: stream?.isRaw === true ? {} : requestOptions(query, info.verb),
    query: search.slice(1),
    contentType: body.contentType,
    userAgent: request.headers.get("user-agent") ?? undefined,
    decodeError: body.error,
    warnings: body.warnings,
    findings: body.findings,
    timed: word.timed === true,
    ...asBody(info, body, query),
  };
  if (!info.isResource) {
    api.admitReader(asked);
    return nonResource(request, info.path, world);
  }
  if (info.verb === "watch") {
    return new Response(watches.begin(asked), {
      headers: { ...common(world), "content-type": jsonType, "content-encoding": "identity" },
    });
  }
  if (stream !== undefined && stream.methods.includes(request.method)) {
    const wanted = { ...asked, info: { ...info, verb: stream.verb(request.method) } };
    return stream.open({
      request: wanted,
      query,
      headers: request.headers,
      original: request,
      api,
    });
  }
  const answer = await handled((one) => api.handle(one), asked);
  // The front asks how to show a custom resource.
  return response(answer, world, word.shown === true ? toldOf(named) : undefined);
}

const noWord: FrontWord = {};
function wordOf({ headers }: Request): FrontWord {
  const told = headers.get(frontHeader);
  return told === null ? noWord : (JSON.parse(told) as FrontWord);
}

function decodedPath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    throw badRequest(`the path is no UTF-8: ${path}`);
  }
}

const common = ({ api }: ServeWorld): Record<string, string> => {
  const headers: Record<string, string> = { "cache-control": "no-cache, private" };
  headers[timeHeader] = String(api.world.nowMs());
  return headers;
};

function response(
  { code, body, warnings }: Answer,
  world: ServeWorld,
  shown: string | undefined,
): Response {
  const named = common(world);
  named["content-type"] = jsonType;
  const headers = warnings.length === 0 && shown === undefined ? named : new Headers(named);
  if (headers instanceof Headers) {
    addWarnings(headers, warnings);
    if (shown !== undefined) headers.set(shownHeader, shown);
  }
  const text = body();
  if (typeof text !== "string") checkSize(text, world.limits);
  return new Response(typeof text === "string" ? text : streamed(text), { status: code, headers });
}

/** 413 for a list that is better read in pages. */
function checkSize(pieces: readonly string[], { listBytes }: Limits): void {
  if (listBytes === Number.POSITIVE_INFINITY) return;
  let characters = 0;
  for (const piece of pieces) characters += piece.length;
  if (characters > listBytes)
    throw tooLarge(
      `the list has ${characters} bytes, limit is ${listBytes}; ask for pages: limit=500`,
    );
}

/** Pieces joined to chunks, so that a big list is never one string. */
const chunkCharacters = 256 * 1024;

function streamed(pieces: readonly string[]): string | ReadableStream<Uint8Array> {
  let characters = 0;
  for (const piece of pieces) characters += piece.length;
  if (characters <= chunkCharacters) return pieces.join("");
  const encoder = new TextEncoder();
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk: string[] = [];
      for (let size = 0; at < pieces.length && size < chunkCharacters; at += 1) {
        const piece = pieces[at] as string;
        chunk.push(piece);
        size += piece.length;
      }
      if (chunk.length > 0) controller.enqueue(encoder.encode(chunk.join("")));
      if (at >= pieces.length) controller.close();
    },
  });
}

interface Body {
  readonly value: unknown;
  readonly contentType: string;
  readonly error: Error | undefined;
  readonly warnings: readonly string[] | undefined;
  readonly findings: readonly Finding[] | undefined;
}
const noBody: Body = {
  value: undefined,
  contentType: "",
  error: undefined,
  warnings: undefined,
  findings: undefined,
};

async function bodyOf(
  request: Request,
  info: RequestInfo,
  named: Resource | undefined,
  word: FrontWord,
): Promise<Body> {
  if (!info.isResource || (isBodyless(request) && word.decoded === undefined)) return noBody;
  const { value, decoded } =
    word.decoded === undefined
      ? await readPlainJson(request, kindAt(info, named?.custom === undefined ? named : undefined))
      : { value: await valueOf(request), decoded: word.decoded };
  const { contentType, warnings, findings, error } = decoded;
  return {
    value,
    contentType,
    warnings,
    findings,
    error: error === undefined ? undefined : new StatusError(error),
  };
}

/** Of JSON text that the front made. */
async function valueOf(request: Request): Promise<unknown> {
  const text = await request.text();
  return text === "" ? undefined : JSON.parse(text);
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
};

function asBody(
  info: RequestInfo,
  { value, contentType }: Body,
  query: URLSearchParams,
): Partial<ApiRequest> {
  if (info.verb === "delete" || info.verb === "deletecollection") {
    const options = deleteOptions(value, query);
    const dryRun =
      options.dryRun?.includes("All") === true || query.getAll("dryRun").includes("All");
    return {
      delete: options,
      ...(dryRun ? { options: { ...requestOptions(query, info.verb), dryRun } } : {}),
    };
  }
  if (info.verb === "patch") {
    const type = patchTypes[contentType];
    return type === undefined ? {} : { patch: { type, value } };
  }
  return { body: value };
}
