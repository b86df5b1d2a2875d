/** Tables and bare metadata: other views of an object. Upstream: apiserver/pkg/endpoints/handlers/response.go, pkg/printers. */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Column } from "#apiserver/kinds/kind.ts";
import type { Resource } from "#apiserver/registry.ts";

type Json = Record<string, unknown>;

/** Upstream: apiserver/pkg/registry/rest/table.go: what a kind without printer columns shows. */
const plainColumns: readonly Column[] = [
  {
    name: "Name",
    type: "string",
    format: "name",
    description: "Name must be unique within a namespace.",
    of: ({ metadata }) => metadata.name ?? "",
  },
  {
    name: "Created At",
    type: "date",
    description:
      "CreationTimestamp is a timestamp representing the server time when this object was created.",
    of: ({ metadata }) => metadata.creationTimestamp ?? "",
  },
];

const partial = ({ metadata }: KubeObject): Json => ({
  kind: "PartialObjectMetadata",
  apiVersion: "meta.k8s.io/v1",
  metadata,
});

export type Include = "None" | "Metadata" | "Object";

/** `headers`: false in a watch after the first event. */
export function tableOf(
  resource: Resource,
  objects: readonly KubeObject[],
  metadata: unknown,
  include: Include,
  nowMs: number,
  headers = true,
): Json {
  const columns = resource.kind.columns ?? plainColumns;
  const rows = objects.map((object) => ({
    cells: columns.map((column) => column.of(object, nowMs)),
    object: include === "None" ? undefined : include === "Metadata" ? partial(object) : object,
  }));
  const columnDefinitions = headers
    ? columns.map(({ name, type, format = "", description, priority = 0 }) => ({
        name,
        type: type === "date" ? "string" : type,
        format,
        description,
        priority,
      }))
    : [];
  return { kind: "Table", apiVersion: "meta.k8s.io/v1", metadata, columnDefinitions, rows };
}

/** A GET's object or list as PartialObjectMetadata(List). */
export function partialOf(value: Json): Json {
  const { items } = value as { items?: readonly KubeObject[] };
  if (items === undefined) return partial(value as unknown as KubeObject);
  const { metadata } = value;
  return {
    kind: "PartialObjectMetadataList",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    items: items.map(partial),
  };
}
