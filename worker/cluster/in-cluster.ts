/**
 * The API as programs in containers reach it: through the same front and the same gates as everybody, with the
 * identity that their token proves and within the same limits. No request leaves the cluster's object.
 * Upstream: client-go/rest InClusterConfig is what such a program goes by.
 * Differs: of a watch, and of a log that is followed, a program hears what there is when it asks, because what it
 * hears is told whole.
 */
import { joined } from "#apimachinery/bytes.ts";
import { bytesOf, textOf } from "#apimachinery/byte-text.ts";
import { addressOf } from "#apiserver/front/address.ts";
import { fronted } from "#apiserver/front/front.ts";
import { serve, type ServeWorld, statusResponse } from "#apiserver/http/serve.ts";
import type { ApiServerFace, Certificate } from "#network/api-server.ts";
import type { HttpAnswer, HttpRequest } from "#network/connection.ts";
import type { Credentials } from "./credentials.ts";
import { yieldTurn } from "./wall.ts";

export interface InClusterWorld {
  readonly served: ServeWorld;
  readonly credentials: Credentials;
  certificate(): Certificate;
}

/** A cluster's URL as its object reads it; nobody dials it. */
const base = "https://kubernetes.default.svc/clusters/cluster";
/** Of the connection between client and server, not of the request. */
const ofConnection = ["host", "connection", "upgrade", "content-length", "transfer-encoding"];
/** Ours, between both halves. */
const ownHeaders = /^x-kubestep-/;
/** What one answer may have: all of it is held in memory. */
const mostCharacters = 16 * 1024 * 1024;
/** Turns without news after which a stream counts as told. */
const quietTurns = 3;

export const inClusterApi = (world: InClusterWorld): ApiServerFace => ({
  get certificate() {
    return world.certificate();
  },
  exchange: (request) => exchanged(world, request),
});

async function exchanged(world: InClusterWorld, sent: HttpRequest): Promise<HttpAnswer> {
  const request = requestOf(sent);
  const address = request === undefined ? undefined : addressOf(request.url);
  if (request === undefined || address === undefined)
    return { status: 400, body: "400 Bad Request" };
  const { served, credentials } = world;
  const back = {
    requestBytes: served.limits.requestBytes,
    socketOf: (watch: Response) => watch,
    async fetch(asked: Request): Promise<Response> {
      served.rates.takeFromCluster();
      const caller = await credentials.callerOf("", asked.headers, served.api.tokens);
      return serve({ request: asked, address, caller }, served);
    },
  };
  try {
    return await answerOf(await fronted(request, address, back), lasting(address.query));
  } catch (error) {
    return answerOf(statusResponse(error), undefined);
  }
}

/** Undefined: no server would read it. */
function requestOf({ method, path, headers, userAgent, body }: HttpRequest): Request | undefined {
  try {
    const kept = Object.entries(headers ?? {}).filter(([name]) => !ofConnection.includes(name));
    return new Request(`${base}${path}`, {
      method,
      headers: [...kept, ["user-agent", userAgent]],
      ...(body === undefined || method === "GET" || method === "HEAD"
        ? {}
        : { body: bytesOf(body) }),
    });
  } catch {
    return undefined;
  }
}

/** How long a stream would go on; undefined: the answer is none. */
function lasting(query: URLSearchParams): number | null | undefined {
  const isStream = ["watch", "follow"].some((name) => /^(1|t|true)$/i.test(query.get(name) ?? ""));
  if (!isStream) return undefined;
  const seconds = Number(query.get("timeoutSeconds") ?? 0);
  return seconds > 0 ? seconds * 1000 : null;
}

async function answerOf(
  response: Response,
  lastsMs: number | null | undefined,
): Promise<HttpAnswer> {
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers)
    if (!ownHeaders.test(name) && !ofConnection.includes(name) && name !== "content-encoding")
      headers[name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase())] = value;
  const { status } = response;
  const { text, isOpen } =
    lastsMs === undefined || !response.ok
      ? { text: textOf(new Uint8Array(await response.arrayBuffer())), isOpen: false }
      : await told(response);
  const body = text.length > mostCharacters ? text.slice(0, mostCharacters) : text;
  return { status, body, headers, ...(isOpen ? { staysOpenMs: lastsMs ?? null } : {}) };
}

/** What a stream has to say now. */
async function told({
  body,
}: Response): Promise<{ readonly text: string; readonly isOpen: boolean }> {
  if (body === null) return { text: "", isOpen: false };
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  let next = reader.read();
  for (let quiet = 0; quiet < quietTurns && bytes <= mostCharacters;) {
    const came = await Promise.race([next, yieldTurn()]);
    if (came === undefined) {
      quiet += 1;
      continue;
    }
    if (came.done) return { text: textOf(joined(pieces)), isOpen: false };
    pieces.push(came.value);
    bytes += came.value.length;
    quiet = 0;
    next = reader.read();
  }
  void reader.cancel().catch(() => undefined);
  return { text: textOf(joined(pieces)), isOpen: true };
}
