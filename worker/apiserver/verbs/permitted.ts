/**
 * What of a wanted object the server lets through, over the stored one: whatever was sent, some of the metadata is
 * kept; then, by path, the spec or the status. Upstream: apiserver/pkg/registry/rest/update.go BeforeUpdate.
 */
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { StatusKeeps } from "#apiserver/kinds/kind.ts";
import type { Resource } from "#apiserver/registry.ts";

/** What a writer of a path may change. */
export type Scope = "main" | "status" | "other";

/** The old object where nothing of what is let through differs. */
export function permitted(
  { hasStatus, kind, custom }: Resource,
  wanted: KubeObject,
  old: KubeObject,
  scope: Scope,
): KubeObject {
  const { managedFields: _managed, selfLink: _link, ...sent } = wanted.metadata;
  const kept = old.metadata;
  const metadata = {
    ...sent,
    name: kept.name,
    ...(kept.namespace === undefined ? {} : { namespace: kept.namespace }),
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    ...(kept.generation === undefined ? {} : { generation: kept.generation }),
    creationTimestamp: kept.creationTimestamp,
    ...(kept.deletionTimestamp === undefined ? {} : { deletionTimestamp: kept.deletionTimestamp }),
    // Neither can be taken away; validation refuses what is new.
    ...(kept.deletionGracePeriodSeconds === undefined ||
    sent.deletionGracePeriodSeconds !== undefined
      ? {}
      : { deletionGracePeriodSeconds: kept.deletionGracePeriodSeconds }),
  };
  if (kept.generation === undefined) delete (metadata as { generation?: unknown }).generation;
  const same = wanted.metadata === kept || equal(metadata, kept) ? kept : metadata;
  if (scope === "status") {
    const sentStatus = (wanted as { status?: unknown }).status;
    const { status: before, ...rest } = old as KubeObject & { status?: unknown };
    // Go's types have a status always; a custom resource may lose it.
    const status = sentStatus ?? (custom === undefined ? before : undefined);
    const meta = statusMeta(kind.statusKeeps, same, kept);
    if (meta === kept && equal(status, before)) return old;
    return { ...rest, metadata: meta, ...(status === undefined ? {} : { status }) } as KubeObject;
  }
  const { kind: kindName, apiVersion } = old;
  const { kind: _kind, apiVersion: _version, metadata: _metadata, ...rest } = wanted;
  if (!hasStatus || scope === "other")
    return { kind: kindName, apiVersion, metadata: same, ...rest } as KubeObject;
  const { status: _status, ...spec } = rest as { status?: unknown };
  const { status } = old as { status?: unknown };
  return {
    kind: kindName,
    apiVersion,
    metadata: same,
    ...spec,
    ...(status === undefined ? {} : { status }),
  } as KubeObject;
}

/** The metadata a writer of the status gets. Upstream: meta/v1/helpers.go ResetObjectMetaForStatus, strategies. */
function statusMeta(
  keeps: StatusKeeps | undefined,
  wanted: KubeObject["metadata"],
  kept: KubeObject["metadata"],
): KubeObject["metadata"] {
  if (wanted === kept || keeps === "metadata") return kept;
  if (keeps === undefined) return wanted;
  const meta: Record<string, unknown> = { ...wanted };
  for (const field of keeps) {
    if (kept[field] === undefined) delete meta[field];
    else meta[field] = kept[field];
  }
  return equal(meta, kept) ? kept : (meta as unknown as KubeObject["metadata"]);
}
