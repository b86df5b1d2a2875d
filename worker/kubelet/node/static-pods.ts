/**
 * Static Pods: manifests on the node's disk, which the kubelet runs by itself and shows in the API as
 * mirror Pods.
 * Upstream: pkg/kubelet/pod/mirror_client.go, pkg/kubelet/config/common.go.
 */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { digestOf } from "#kubelet/images/catalogue.ts";

const mirrorKey = "kubernetes.io/config.mirror";

/** The static Pod's own uid, when this object is its mirror. */
export const staticUid = ({ metadata: { annotations } }: V1Pod): string | undefined =>
  annotations?.[mirrorKey];

const hashes = new WeakMap<V1Pod, string>();

function hashOf(manifest: V1Pod): string {
  const present = hashes.get(manifest);
  if (present !== undefined) return present;
  const made = digestOf(JSON.stringify(manifest)).slice("sha256:".length, "sha256:".length + 32);
  hashes.set(manifest, made);
  return made;
}

/** The mirror Pod of a manifest: named after its node, owned by it. */
export function mirrorOf(
  manifest: V1Pod,
  node: string,
  made: { readonly object: V1Node; readonly seen: string } | undefined,
): V1Pod {
  const { metadata, spec } = manifest;
  const plain = metadata.name ?? "";
  const hash = hashOf(manifest);
  const name = plain.endsWith(`-${node}`) ? plain : `${plain}-${node}`;
  const seen = made === undefined ? {} : { "kubernetes.io/config.seen": made.seen };
  const tolerations = spec?.tolerations ?? [{ effect: "NoExecute", operator: "Exists" }];
  return {
    ...manifest,
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      name,
      namespace: metadata.namespace ?? "kube-system",
      annotations: {
        ...metadata.annotations,
        "kubernetes.io/config.hash": hash,
        [mirrorKey]: hash,
        ...seen,
        "kubernetes.io/config.source": "file",
      },
      ...(made === undefined
        ? undefined
        : {
            ownerReferences: [
              {
                apiVersion: "v1",
                kind: "Node",
                name: node,
                uid: made.object.metadata.uid ?? "",
                controller: true,
              },
            ],
          }),
    },
    ...(spec === undefined ? undefined : { spec: { ...spec, nodeName: node, tolerations } }),
  };
}
