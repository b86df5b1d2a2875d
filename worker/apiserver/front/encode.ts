/** The cluster's JSON answer → what the client asked for: tables, metadata alone, YAML, protobuf, indented JSON. */
import { stringify } from "yaml";
import { encodeProtobuf, ProtobufError } from "#apimachinery/api/protobuf.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { msOf } from "#apimachinery/time.ts";
import { notAcceptable } from "#apimachinery/status.ts";
import { timeHeader } from "#apiserver/http/serve.ts";
import type { Resource } from "#apiserver/registry.ts";
import { mediaTypes, type Wanted } from "./accept.ts";
import { type Include, partialOf, tableOf } from "./table.ts";

type Json = Record<string, unknown>;

export interface Encoding {
  readonly wanted: Wanted;
  /** What the path names; undefined for what is no resource. */
  readonly resource: Resource | undefined;
  readonly include: Include;
  readonly watching: boolean;
}

/** The same response when nothing is to be done: the usual case, whose body is never read here. */
export async function encoded(response: Response, encoding: Encoding): Promise<Response> {
  const { wanted, watching } = encoding;
  const isPlain = wanted.encoding === "json" && wanted.view === undefined && !wanted.pretty;
  if (isPlain || !(response.headers.get("content-type") ?? "").startsWith("application/json"))
    return response;
  const nowMs = Number(response.headers.get(timeHeader) ?? 0);
  if (watching && response.ok) return watched(response, encoding, nowMs);
  const value = (await response.json()) as Json;
  const shown = response.ok ? viewOf(value, encoding, nowMs) : value;
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  try {
    const { body, type } = bodyOf(shown, wanted);
    headers.set("content-type", type);
    return new Response(body, { status: response.status, headers });
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    const refusal = notAcceptable(mediaTypes);
    return Response.json(refusal.status, { status: 406 });
  }
}

function viewOf(
  value: Json,
  { wanted: { view }, resource, include }: Encoding,
  nowMs: number,
): Json {
  if (view === undefined || resource === undefined || value["kind"] === "Status") return value;
  if (view !== "Table") return partialOf(value);
  const { items } = value as { items?: readonly KubeObject[] };
  if (items !== undefined) return tableOf(resource, items, value["metadata"], include, nowMs);
  const { resourceVersion } = (value as unknown as KubeObject).metadata;
  return tableOf(resource, [value as unknown as KubeObject], { resourceVersion }, include, nowMs);
}

function bodyOf(
  value: Json,
  { encoding, pretty, view }: Wanted,
): { readonly body: string | Uint8Array<ArrayBuffer>; readonly type: string } {
  if (encoding === "yaml")
    return {
      body: stringify(value, { lineWidth: 0, sortMapEntries: true }),
      type: "application/yaml",
    };
  if (encoding === "protobuf" && view === undefined)
    return {
      body: encodeProtobuf(value) as Uint8Array<ArrayBuffer>,
      type: "application/vnd.kubernetes.protobuf",
    };
  return {
    body: pretty ? `${JSON.stringify(value, null, 2)}\n` : JSON.stringify(value),
    type: "application/json",
  };
}

/** A watch's lines, each converted by itself; only the first table has column definitions. */
function watched(response: Response, encoding: Encoding, startMs: number): Response {
  const { wanted, resource, include } = encoding;
  let rest = "";
  let first = true;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const convert = (text: string): string => {
    const event = JSON.parse(text) as { type: string; object: Json };
    if (event.type === "ERROR" || resource === undefined) return text;
    const object = event.object as unknown as KubeObject;
    const nowMs = Math.max(startMs, msOf(object.metadata.creationTimestamp ?? ""));
    const shown =
      wanted.view === "Table"
        ? tableOf(
            resource,
            event.type === "BOOKMARK" ? [] : [object],
            {
              resourceVersion: object.metadata.resourceVersion,
              annotations: event.type === "BOOKMARK" ? object.metadata.annotations : undefined,
            },
            include,
            nowMs,
            first,
          )
        : wanted.view === undefined
          ? event.object
          : partialOf(event.object);
    if (event.type !== "BOOKMARK") first = false;
    return JSON.stringify({ type: event.type, object: shown });
  };
  const transform = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      const out = lines.filter((line) => line !== "").map((line) => `${convert(line)}\n`);
      if (out.length > 0) controller.enqueue(encoder.encode(out.join("")));
    },
  });
  return new Response(response.body?.pipeThrough(transform) ?? null, {
    status: response.status,
    headers: response.headers,
  });
}
