/** Tables and bare metadata: other views of an object. Upstream: apiserver/pkg/endpoints/handlers/response.go, pkg/printers. */
import type { KubeObject } from "#apimachinery/object.ts";
import { ageColumn, nameColumn } from "#apiserver/kinds/columns.ts";
import type { Column, Kind } from "#apiserver/kinds/kind.ts";
import type { Include } from "./accept.ts";
import type { ShownResource } from "./shown-resource.ts";

type Json = Record<string, unknown>;

/** Upstream: apiserver/pkg/registry/rest/table.go: what a kind without printer columns shows. */
const plainColumns: readonly Column[] = [
  nameColumn,
  {
    name: "Created At",
    type: "date",
    description: ageColumn.description,
    of: ({ metadata }) => metadata.creationTimestamp ?? "",
  },
];

/** An object's metadata alone. */
export const partialOf = ({ metadata }: KubeObject, version: string): Json => ({
  kind: "PartialObjectMetadata",
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});

export interface TableOptions {
  readonly version: string;
  readonly include: Include;
  /** Cluster time, for ages. */
  readonly nowMs: number;
  /** False in a watch after the first event. */
  readonly headers: boolean;
}

export function tableOf(
  { kind }: ShownResource,
  objects: readonly KubeObject[],
  metadata: unknown,
  { version, include, nowMs, headers }: TableOptions,
): Json {
  const columns = kind.columns ?? plainColumns;
  const ordered = kind.rowOrder === undefined ? objects : objects.toSorted(kind.rowOrder);
  const rows = ordered.map((object) => ({
    cells: columns.map((column) => column.of(object, nowMs)),
    ...conditionsOf(kind, object),
    object: embedded(object, include, version),
  }));
  return table(version, metadata, headers ? columns : [], rows);
}

/** A bookmark's row has nothing to show but what its object says. Upstream: handlers/response.go asTable. */
export function bookmarkTableOf(
  { kind }: ShownResource,
  bookmark: KubeObject,
  metadata: unknown,
  { version, include, headers }: TableOptions,
): Json {
  const columns = kind.columns ?? plainColumns;
  const isEnd = bookmark.metadata.annotations?.["k8s.io/initial-events-end"] !== undefined;
  const row = {
    cells: columns.map(({ type }) => (type === "integer" || type === "number" ? 0 : "")),
    object: embedded(bookmark, isEnd ? "Metadata" : include, version),
  };
  return table(version, metadata, headers ? columns : [], [row]);
}

/** That a row's object is over. */
function conditionsOf({ completed }: Kind, object: KubeObject): object {
  const told = completed?.(object);
  return told === undefined ? {} : { conditions: [{ type: "Completed", status: "True", ...told }] };
}

const embedded = (object: KubeObject, include: Include, version: string): unknown =>
  include === "None" ? null : include === "Metadata" ? partialOf(object, version) : object;

function table(
  version: string,
  metadata: unknown,
  columns: readonly Column[],
  rows: readonly unknown[],
): Json {
  const columnDefinitions = columns.map(
    ({ name, type, format = "", description, priority = 0 }) => ({
      name,
      type,
      format,
      description,
      priority,
    }),
  );
  return { kind: "Table", apiVersion: `meta.k8s.io/${version}`, metadata, columnDefinitions, rows };
}
