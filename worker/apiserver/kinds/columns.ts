/** Printer columns that many kinds share. Upstream: pkg/printers/internalversion/printers.go. */
import { humanDuration } from "#apimachinery/duration.ts";
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { msOf } from "#apimachinery/time.ts";
import type { Column } from "./kind.ts";

type Cell = string | number | boolean;
type Of<T> = (object: T, nowMs: number) => Cell;

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

/** Other descriptions that upstream takes from the API's documentation are in our own words. */
export const nameColumn: Column<KubeObject> = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  of: ({ metadata }) => metadata.name ?? "",
};
export const ageColumn: Column<KubeObject> = {
  name: "Age",
  type: "string",
  description:
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
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
export const replicaColumns: readonly Column<Replicated>[] = [
  column("Desired", "integer", "Pods wanted.", ({ spec }) => spec?.replicas ?? 0),
  column("Current", "integer", "Pods there are.", ({ status }) => status?.replicas ?? 0),
  column("Ready", "integer", "Pods that are ready.", ({ status }) => status?.readyReplicas ?? 0),
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
