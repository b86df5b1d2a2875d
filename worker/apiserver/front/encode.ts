/**
 * The cluster's JSON answer → what the client asked for: tables, metadata alone, YAML, protobuf, indented JSON.
 * Upstream: apiserver/pkg/endpoints/handlers/response.go transformResponseObject.
 */
import { stringify } from "yaml";
import { encodeProtobuf, hasMessage } from "#apimachinery/api/protobuf.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { StatusError } from "#apimachinery/status.ts";
import { statusResponse, timeHeader } from "#apiserver/http/serve.ts";
import { notThatView, type Wanted } from "./accept.ts";
import type { ShownResource } from "./shown-resource.ts";
import { partialOf, tableOf } from "./table.ts";

type Json = Record<string, unknown>;

export interface Encoding {
  readonly wanted: Wanted;
  /** What the path names; undefined for what is no resource. */
  readonly resource: ShownResource | undefined;
}

/** The same response when nothing is to be done: the usual case, whose body is never read here. */
export async function encoded(response: Response, encoding: Encoding): Promise<Response> {
  const { wanted } = encoding;
  const isPlain = wanted.encoding === "json" && wanted.view === undefined && !wanted.pretty;
  if (isPlain || response.body === null || !isJson(response)) return response;
  const nowMs = Number(response.headers.get(timeHeader) ?? 0);
  const value = (await response.json()) as Json;
  try {
    const shown = response.ok ? viewOf(value, encoding, nowMs) : value;
    const { body, type } = bodyOf(shown, wanted);
    const headers = new Headers(response.headers);
    headers.delete("content-length");
    headers.set("content-type", type);
    return new Response(body, { status: response.status, headers });
  } catch (error) {
    if (error instanceof StatusError) return statusResponse(error);
    throw error;
  }
}

/** Aggregated discovery has parameters that clients look for: it stays as it is. */
const isJson = ({ headers }: Response): boolean =>
  /^application\/json(; *charset=utf-8)?$/i.test(headers.get("content-type") ?? "");

function viewOf(value: Json, { wanted, resource }: Encoding, nowMs: number): Json {
  const { view, viewVersion: version, include } = wanted;
  if (view === undefined || resource === undefined || value["kind"] === "Status") return value;
  const { items, metadata } = value as { items?: readonly KubeObject[]; metadata?: Json };
  if (view === "Table") {
    const options = { version, include, nowMs, headers: true };
    if (items !== undefined)
      return tableOf(
        resource,
        include === "Object" ? itemsByKind(value, items, resource) : items,
        metadata,
        options,
      );
    const { resourceVersion } = metadata ?? {};
    return tableOf(resource, [value as unknown as KubeObject], { resourceVersion }, options);
  }
  const isList = items !== undefined;
  if (isList !== (view === "PartialObjectMetadataList"))
    throw notThatView(view, goType(resource, isList), isList);
  if (!isList) return partialOf(value as unknown as KubeObject, version);
  return {
    kind: view,
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    items: items.map((item) => partialOf(item, version)),
  };
}

/** A list says once of which kind its items are; in a row each stands for itself. */
const itemsByKind = (
  { apiVersion }: Json,
  items: readonly KubeObject[],
  { kindName }: ShownResource,
): readonly KubeObject[] =>
  items.map((item) => ({ ...item, kind: kindName, apiVersion: apiVersion as string }));

/** `*core.PodList`: the internal type that upstream names. */
const goType = ({ type, kindName }: ShownResource, isList: boolean): string =>
  `*${type.split(".")[0] ?? ""}.${kindName}${isList ? "List" : ""}`;

function bodyOf(
  value: Json,
  { encoding, pretty }: Wanted,
): { readonly body: string | Uint8Array<ArrayBuffer>; readonly type: string } {
  if (encoding === "yaml")
    return {
      body: stringify(value, { lineWidth: 0, sortMapEntries: true, aliasDuplicateObjects: false }),
      type: "application/yaml",
    };
  // Documents of no kind (the root's paths) have no message: upstream writes them as JSON too.
  if (encoding === "protobuf" && hasMessage(value))
    return {
      body: encodeProtobuf(value) as Uint8Array<ArrayBuffer>,
      type: "application/vnd.kubernetes.protobuf",
    };
  return {
    body: pretty ? JSON.stringify(value, null, 2) : JSON.stringify(value),
    type: "application/json",
  };
}
