/** Owner references: whose child an object is. Upstream: apimachinery/pkg/apis/meta/v1/controller_ref.go, pkg/controller/controller_ref_manager.go. */
import type { V1LabelSelector, V1OwnerReference } from "#apimachinery/api/meta-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { isReason } from "#apimachinery/status.ts";
import { type Gvk, gvkOf, keyOf } from "#client/client.ts";
import { byOwner, type Lister, type WatchEvent } from "#client/informer.ts";
import type { ControllerStep, Listers } from "./controller.ts";

export const controllerRef = ({ apiVersion, kind, metadata }: KubeObject): V1OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name ?? "",
  uid: metadata.uid ?? "",
  controller: true,
  blockOwnerDeletion: true,
});

export const controllerOf = ({ metadata }: KubeObject): V1OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true);

/** Index of objects that no controller owns, by namespace; for `Controller.indexes`. */
export const orphans = "orphans";
export const orphanIndex = (object: KubeObject): readonly string[] =>
  controllerOf(object) === undefined && object.metadata.namespace
    ? [object.metadata.namespace]
    : [];

/**
 * Who may adopt what the event is about: those of `kind` that select it, if it is an orphan that is new or whose labels
 * or owner changed. Upstream: addPod, updatePod of each controller.
 */
export function adopters<T extends KubeObject>(
  { type, object, previous }: WatchEvent,
  kind: Gvk,
  selectorIn: (owner: T) => V1LabelSelector | undefined,
  listers: Listers,
): readonly string[] {
  const { labels, namespace } = object.metadata;
  if (type === "DELETED" || labels === undefined || controllerOf(object) !== undefined) return [];
  const isAsBefore =
    previous !== undefined &&
    controllerOf(previous) === undefined &&
    (previous.metadata.labels === labels || equal(previous.metadata.labels, labels));
  if (isAsBefore) return [];
  return listers
    .lister<T>(kind)
    .list(namespace)
    .filter((owner) => matches(selectorOf(selectorIn(owner)) ?? [], labels))
    .map(keyOf);
}

/**
 * The children of `owner` as they should be: orphans that match are adopted, children that do not match
 * any more are released.
 */
export function claim<T extends KubeObject>(
  owner: KubeObject,
  selector: V1LabelSelector | undefined,
  children: Lister<T>,
  step: ControllerStep,
): readonly T[] {
  const wanted = selectorOf(selector);
  const { uid = "", namespace = "", deletionTimestamp } = owner.metadata;
  const owned = children.byIndex(byOwner, uid);
  if (wanted === undefined) return owned;
  const fits = (child: T): boolean => matches(wanted, child.metadata.labels);
  const kept: T[] = [];
  for (const child of owned) {
    if (fits(child) || deletionTimestamp !== undefined) kept.push(child);
    else release(owner, child, step);
  }
  if (deletionTimestamp !== undefined) return kept;
  for (const child of children.byIndex(orphans, namespace)) {
    if (fits(child) && child.metadata.deletionTimestamp === undefined)
      kept.push(...adopted(owner, child, step));
  }
  return kept;
}

function adopted<T extends KubeObject>(
  owner: KubeObject,
  child: T,
  step: ControllerStep,
): readonly T[] {
  const references = child.metadata.ownerReferences ?? [];
  return patched(child, step, [...references, controllerRef(owner)]);
}
function release<T extends KubeObject>(owner: KubeObject, child: T, step: ControllerStep): void {
  patched(
    child,
    step,
    (child.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid),
  );
}
function patched<T extends KubeObject>(
  child: T,
  step: ControllerStep,
  ownerReferences: readonly V1OwnerReference[],
): readonly T[] {
  const { name = "", namespace, uid } = child.metadata;
  try {
    const made = step.client.patch<T>({ kind: gvkOf(child), namespace, name }, (current) => {
      if (current.metadata.uid !== uid) return current;
      const { ownerReferences: _old, ...metadata } = current.metadata;
      return {
        ...current,
        metadata: ownerReferences.length === 0 ? metadata : { ...metadata, ownerReferences },
      };
    });
    return [made];
  } catch (error) {
    if (isReason(error, "NotFound")) return [];
    throw error;
  }
}
