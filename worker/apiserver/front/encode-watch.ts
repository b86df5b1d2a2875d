/**
 * A watch's lines of JSON, each in the form the client asked for: tables and metadata as lines, protobuf as
 * frames of a length and an event. Upstream: handlers/watch.go, apimachinery/pkg/util/framer, handlers/response.go.
 */
import { joined } from "#apimachinery/bytes.ts";
import { encodeProtobuf, encodeWatchEvent } from "#apimachinery/api/protobuf.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Encoding } from "./encode.ts";
import { bookmarkTableOf, partialOf, tableOf } from "./table.ts";

type Json = Record<string, unknown>;
/** One event as the cluster sends it; `at`: its time there, when that was asked for. */
interface Event {
  readonly type: string;
  readonly object: Json;
  readonly at?: number;
}

/** The media type of the stream, and its events. */
export function encodedWatch(response: Response, encoding: Encoding): Response {
  const { wanted } = encoding;
  const isProtobuf = wanted.encoding === "protobuf";
  if (!response.ok || (!isProtobuf && wanted.view === undefined)) return response;
  const headers = new Headers(response.headers);
  if (isProtobuf) headers.set("content-type", "application/vnd.kubernetes.protobuf;stream=watch");
  const view = viewer(encoding);
  const body = response.body?.pipeThrough(
    linewise((line) => {
      const event = JSON.parse(line) as Event;
      const object = view(event);
      return isProtobuf
        ? framed(encodeWatchEvent(event.type, encodeProtobuf(object)))
        : encoder.encode(`${JSON.stringify({ type: event.type, object })}\n`);
    }),
  );
  return new Response(body ?? null, { status: response.status, headers });
}

/** Only the first table has column definitions. */
function viewer({ wanted, resource }: Encoding): (event: Event) => Json {
  const { view, viewVersion: version, include } = wanted;
  let headers = true;
  return ({ type, object, at: nowMs = 0 }) => {
    if (type === "ERROR" || view === undefined || resource === undefined) return object;
    const one = object as unknown as KubeObject;
    if (view !== "Table") return partialOf(one, version);
    const { resourceVersion } = one.metadata;
    const options = { version, include, nowMs, headers };
    headers = false;
    return type === "BOOKMARK"
      ? bookmarkTableOf(resource, one, { resourceVersion }, options)
      : tableOf(resource, [one], { resourceVersion }, options);
  };
}

/** Four bytes of length, the highest first, then the event. Upstream: protobuf.LengthDelimitedFramer. */
function framed(event: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + event.length);
  new DataView(frame.buffer).setUint32(0, event.length);
  frame.set(event, 4);
  return frame;
}

const encoder = new TextEncoder();

/** Each line becomes some bytes; what arrives together leaves together. */
export function linewise(
  convert: (line: string) => Uint8Array,
): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let rest = "";
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      const parts = lines.filter((line) => line !== "").map(convert);
      if (parts.length > 0) controller.enqueue(joined(parts));
    },
  });
}
