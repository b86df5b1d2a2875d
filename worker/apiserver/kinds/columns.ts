/** Printer columns that many kinds share. Upstream: pkg/printers/internalversion/printers.go. */
import fieldDocs from "#apimachinery/api/field-docs.json" with { type: "json" };
import { humanDuration } from "#apimachinery/duration.ts";
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { msOf } from "#apimachinery/time.ts";
import type { Column } from "./kind.ts";

type Cell = string | number | boolean;
type Of<T> = (object: T, nowMs: number) => Cell;
type FieldDoc = keyof typeof fieldDocs;

/** What the API's documentation says of a field. Upstream: api/<group>/<version>/types_swagger_doc_generated.go. */
export const doc = (field: FieldDoc): string => fieldDocs[field];

/** A column that is always shown; a number makes it an integer column. */
export const column = <T>(
  name: string,
  type: Column["type"],
  description: string,
  of: Of<T>,
): Column<T> => ({ name, type, description, of });
/** A column for `-o wide` alone. */
export const wide = <T>(name: string, description: string, of: Of<T>): Column<T> => ({
  name,
  type: "string",
  description,
  priority: 1,
  of,
});

/** `<unknown>` for what never was. */
export const since = (time: string | null | undefined, nowMs: number): string =>
  time ? humanDuration(nowMs - msOf(time)) : "<unknown>";

export const nameColumn: Column<KubeObject> = {
  name: "Name",
  type: "string",
  format: "name",
  description: doc("meta.v1.ObjectMeta.name"),
  of: ({ metadata }) => metadata.name ?? "",
};
/** Says as well which one is taken where none is named. */
export const markedDefault = (...annotations: readonly string[]): Column<KubeObject> => ({
  ...nameColumn,
  of: ({ metadata }) =>
    annotations.some((one) => metadata.annotations?.[one] === "true")
      ? `${metadata.name} (default)`
      : (metadata.name ?? ""),
});
export const ageColumn: Column<KubeObject> = {
  name: "Age",
  type: "string",
  description: doc("meta.v1.ObjectMeta.creationTimestamp"),
  of: ({ metadata }, nowMs) => since(metadata.creationTimestamp, nowMs),
};
/** Name, these, Age. */
export const columnsOf = <T extends KubeObject>(
  ...between: readonly Column<T>[]
): readonly Column<T>[] => [nameColumn, ...between, ageColumn];

interface Replicated extends KubeObject {
  readonly spec?: { readonly replicas?: number | undefined } | undefined;
  readonly status?:
    | { readonly replicas?: number; readonly readyReplicas?: number | undefined }
    | undefined;
}
/** Of what keeps a number of Pods. */
export const replicaColumns = (
  type: "apps.v1.ReplicaSet" | "core.v1.ReplicationController",
): readonly Column<Replicated>[] => [
  column("Desired", "integer", doc(`${type}Spec.replicas`), ({ spec }) => spec?.replicas ?? 0),
  column(
    "Current",
    "integer",
    doc(`${type}Status.replicas`),
    ({ status }) => status?.replicas ?? 0,
  ),
  column(
    "Ready",
    "integer",
    doc(`${type}Status.readyReplicas`),
    ({ status }) => status?.readyReplicas ?? 0,
  ),
];

type Containers = readonly V1Container[] | undefined;
/** What `-o wide` shows of a Pod template. */
export const containerColumns = <T>(
  containers: (object: T) => Containers,
): readonly Column<T>[] => [
  wide("Containers", "Names of each container in the template.", (object) =>
    namesOf(containers(object)),
  ),
  wide("Images", "Images referenced by each container in the template.", (object) =>
    imagesOf(containers(object)),
  ),
];

interface Balanced {
  readonly loadBalancer?:
    | {
        readonly ingress?:
          | readonly { readonly ip?: string | undefined; readonly hostname?: string | undefined }[]
          | undefined;
      }
    | undefined;
}
/** Where load balancers take connections for it. */
export const loadBalancers = (status: Balanced | undefined): readonly string[] =>
  [
    ...new Set(
      (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []),
    ),
  ].toSorted();

export const orNone = (text: string | undefined): string => text || "<none>";
export const labelsText = (labels: Readonly<Record<string, string>> | undefined): string =>
  orNone(
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .toSorted()
      .join(","),
  );
export const namesOf = (containers: Containers): string =>
  (containers ?? []).map(({ name }) => name).join(",");
export const imagesOf = (containers: Containers): string =>
  (containers ?? []).map(({ image }) => image ?? "").join(",");
