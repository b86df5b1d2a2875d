/**
 * What a claim's volume is filled from, said by two fields: they say the same.
 * Upstream: pkg/api/persistentvolumeclaim/util.go DropDisabledFields, EnforceDataSourceBackwardsCompatibility, NormalizeDataSources.
 */
import type {
  V1PersistentVolumeClaimSpec,
  V1TypedLocalObjectReference,
} from "#apimachinery/api/core-v1.ts";

type Spec = V1PersistentVolumeClaimSpec;

function without<K extends "dataSource" | "dataSourceRef">(spec: Spec, name: K): Spec {
  const { [name]: _gone, ...rest } = spec;
  return rest;
}
const isOlderSort = ({ apiGroup, kind }: V1TypedLocalObjectReference): boolean =>
  (kind === "PersistentVolumeClaim" && !apiGroup) ||
  (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io");
const reference = ({
  apiGroup,
  kind,
  name,
}: V1TypedLocalObjectReference): V1TypedLocalObjectReference => ({
  ...(apiGroup === undefined ? {} : { apiGroup }),
  kind,
  name,
});

/** A field alone stands for both. */
export function withBothSources(spec: Spec): Spec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined && dataSourceRef === undefined)
    return { ...spec, dataSourceRef: reference(dataSource) };
  if (dataSourceRef !== undefined && dataSource === undefined && !dataSourceRef.namespace)
    return { ...spec, dataSource: reference(dataSourceRef) };
  return spec;
}

/**
 * Of other namespaces nothing is taken, because that is a feature still off; and the older field knows claims and
 * snapshots alone. Neither goes where it was before. The same reference when nothing changes.
 */
export function withSources(spec: Spec, old: Spec | undefined): Spec {
  let made = spec;
  if (made.dataSourceRef?.namespace && old?.dataSourceRef === undefined)
    made = without(made, "dataSourceRef");
  const wasFilled = old?.dataSource !== undefined || old?.dataSourceRef !== undefined;
  const { dataSource, dataSourceRef } = made;
  if (!wasFilled && dataSourceRef === undefined && dataSource !== undefined)
    if (!isOlderSort(dataSource)) made = without(made, "dataSource");
  return withBothSources(made);
}
