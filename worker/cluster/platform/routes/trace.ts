/**
 * GET /-/trace: who did what to which object because of what.
 *
 * Query: `since` (an event's id), `obj`, `type`, `actor`, `follow` (0 or 1). JSON: `{events, last}`.
 * Plain text follows live unless a filter or `follow=0` asks for what is there; as
 * `text/event-stream` it always follows; a WebSocket gets JSON arrays of events.
 */
import { traceLine, type TraceFeed, type TraceQuery } from "#cluster/trace/feed.ts";
import type { TraceEvent } from "#apimachinery/trace.ts";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { Route } from "#cluster/platform/platform.ts";

export const getTrace: Route = {
  method: "GET",
  path: "/-/trace",
  handle(request, platform) {
    const { searchParams } = new URL(request.url);
    const query: TraceQuery = {
      since: searchParams.get("since") ?? undefined,
      obj: searchParams.get("obj") ?? undefined,
      type: searchParams.get("type") ?? undefined,
      actor: searchParams.get("actor") ?? undefined,
    };
    if (request.headers.get("upgrade") === "websocket") return socketOf(query, platform);
    const form = formOf(request);
    const filtered =
      query.obj !== undefined || query.type !== undefined || query.since !== undefined;
    const follow =
      searchParams.get("follow") ?? (form === "json" || (form === "text" && filtered) ? "0" : "1");
    if (follow === "1" || follow === "true")
      return followed(platform.feed, query, form === "events" ? eventLines : textLines);
    const events = platform.feed.query(query);
    if (form === "json") return json({ events, last: events.at(-1)?.id ?? query.since ?? "0.0" });
    return text(events.map(traceLine).join("\n"));
  },
};

const socketOf: (query: TraceQuery, platform: Parameters<Route["handle"]>[1]) => Response = (
  query,
  platform,
) => {
  const { 0: client, 1: server } = new WebSocketPair();
  platform.acceptTraceSocket(server);
  const events = platform.feed.query(query);
  for (let i = 0; i < events.length; i += 500)
    server.send(JSON.stringify(events.slice(i, i + 500)));
  return new Response(null, { status: 101, webSocket: client });
};

type Encode = (events: readonly TraceEvent[]) => string;
const textLines: Encode = (events) => events.map((event) => `${traceLine(event)}\n`).join("");
const eventLines: Encode = (events) =>
  events.map((event) => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`).join("");

/** Chunks a slow reader may be behind before it is cut off. */
const mostBehind = 1_000;

function followed(feed: TraceFeed, query: TraceQuery, encode: Encode): Response {
  const encoder = new TextEncoder();
  let stop = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const past = encode(feed.query(query));
      if (past !== "") controller.enqueue(encoder.encode(past));
      stop = feed.follow((events) => {
        const wanted = events.filter(matches(query));
        if (wanted.length === 0) return;
        if ((controller.desiredSize ?? 0) < -mostBehind) {
          stop();
          controller.close();
        } else controller.enqueue(encoder.encode(encode(wanted)));
      });
    },
    cancel: () => stop(),
  });
  const type = encode === eventLines ? "text/event-stream" : "text/plain";
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "content-encoding": "identity",
    "cache-control": "no-store",
    vary: "Accept",
  };
  return new Response(body, { headers });
}

const matches =
  ({ obj, type, actor }: TraceQuery): ((event: TraceEvent) => boolean) =>
  (event) =>
    (obj === undefined || event.obj === obj || event.obj.startsWith(`${obj}/`)) &&
    (type === undefined || event.type === type) &&
    (actor === undefined || event.actor === actor);
