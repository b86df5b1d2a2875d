/**
 * Which secrets, config maps and claims the Pods of a node refer to: what its kubelet may read.
 * Upstream: plugin/pkg/auth/authorizer/node/graph.go.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { ObjectEvent } from "#apiserver/watch.ts";
import { visitConfigMaps, visitSecrets } from "#apimachinery/pod-references.ts";

const mirror = "kubernetes.io/config.mirror";

export class NodeGraph {
  /** node → `configmaps/default/web` → how many Pods refer to it. */
  readonly #references = new Map<string, Map<string, number>>();

  hear({ type, object, previous }: Pick<ObjectEvent, "type" | "object" | "previous">): void {
    const before = previous as V1Pod | undefined;
    const after = type === "DELETED" ? undefined : (object as V1Pod);
    const wasAt = before?.spec?.nodeName ?? "";
    const isAt = after?.spec?.nodeName ?? "";
    if (wasAt === isAt && refersAlike(before, after)) return;
    if (before !== undefined && wasAt !== "") this.#count(wasAt, before, -1);
    if (after !== undefined && isAt !== "") this.#count(isAt, after, 1);
  }

  has(node: string, resource: string, namespace: string, name: string): boolean {
    return this.#references.get(node)?.has(`${resource}/${namespace}/${name}`) === true;
  }

  #count(node: string, pod: V1Pod, by: number): void {
    const counts = this.#references.get(node) ?? new Map<string, number>();
    this.#references.set(node, counts);
    for (const reference of referencesOf(pod)) {
      const count = (counts.get(reference) ?? 0) + by;
      if (count > 0) counts.set(reference, count);
      else counts.delete(reference);
    }
  }
}

function referencesOf({ metadata, spec, status }: V1Pod): ReadonlySet<string> {
  const { namespace = "", name = "" } = metadata;
  const found = new Set<string>([`pods/${namespace}/${name}`]);
  // A node makes its mirror Pods itself: they grant it nothing.
  if (metadata.annotations?.[mirror] !== undefined) return found;
  const add = (resource: string, wanted: string | undefined): void => {
    if (wanted) found.add(`${resource}/${namespace}/${wanted}`);
  };
  add("serviceaccounts", spec?.serviceAccountName);
  if (spec !== undefined) {
    visitSecrets(spec, (wanted) => add("secrets", wanted));
    visitConfigMaps(spec, (wanted) => add("configmaps", wanted));
  }
  for (const volume of spec?.volumes ?? []) {
    add("persistentvolumeclaims", volume.persistentVolumeClaim?.claimName);
    // A generic ephemeral volume's claim is named after the Pod.
    if (volume.ephemeral !== undefined) add("persistentvolumeclaims", `${name}-${volume.name}`);
  }
  for (const { resourceClaimName } of status?.resourceClaimStatuses ?? [])
    add("resourceclaims", resourceClaimName);
  for (const { resourceClaimName } of spec?.resourceClaims ?? [])
    add("resourceclaims", resourceClaimName);
  add("resourceclaims", status?.extendedResourceClaimStatus?.resourceClaimName);
  return found;
}

/** Of what may change while a Pod is on its node: claims that were made for it, containers that came later. */
const refersAlike = (before: V1Pod | undefined, after: V1Pod | undefined): boolean =>
  before?.spec?.volumes === after?.spec?.volumes &&
  before?.spec?.ephemeralContainers === after?.spec?.ephemeralContainers &&
  before?.status?.resourceClaimStatuses === after?.status?.resourceClaimStatuses &&
  before?.status?.extendedResourceClaimStatus === after?.status?.extendedResourceClaimStatus;
