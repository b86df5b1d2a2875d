/**
 * The garbage collector: what no owner keeps any more goes; an owner that asked to wait waits.
 * Keys are `<kind> <key>` over all kinds.
 * Upstream: pkg/controller/garbagecollector/garbagecollector.go.
 */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { resources } from "#apimachinery/api/schema.ts";
import type { V1OwnerReference } from "#apimachinery/api/meta-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import { splitKey, type Target } from "#client/client.ts";
import type { Component, Identity, Result, Step } from "#client/component.ts";
import { done } from "#client/component.ts";
import type { Informers } from "#client/informer.ts";
import { customKind, definitionKind } from "#controllers/custom-kinds.ts";
import { Graph, isForeground, isOrphaning, type Place, placeOf, placeText } from "./graph.ts";

const foreground = "foregroundDeletion";
const orphan = "orphan";

/** Kinds with a life of their own; Events own nothing and are owned by nobody. */
const kinds: readonly string[] = resources
  .filter(
    ({ verbs, kind }) => verbs.includes("delete") && verbs.includes("watch") && kind !== "Event",
  )
  .map(({ group, version, kind }) => `${group === "" ? version : `${group}/${version}`}/${kind}`);
const builtIn: readonly (readonly [gvk: string, namespaced: boolean])[] = resources.map(
  ({ group, version, kind, namespaced }) => [
    `${group === "" ? version : `${group}/${version}`}/${kind}`,
    namespaced,
  ],
);

const identity: Identity = {
  name: "garbage-collector-controller",
  user: "system:serviceaccount:kube-system:generic-garbage-collector",
  groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
};

export class GarbageCollector implements Component {
  readonly name = "garbage-collector-controller";
  readonly #graph = new Graph();
  /** Every kind there is, and whether its objects lie in namespaces. */
  readonly #isNamespaced = new Map(builtIn);
  readonly #followed = new Set<string>();

  identity(): Identity {
    return identity;
  }

  start(informers: Informers, enqueue: (key: string, cause: number) => void): void {
    const follow = (kind: string): void => {
      if (this.#followed.has(kind)) return;
      this.#followed.add(kind);
      informers.informer(kind).onEvent((event) => {
        for (const place of this.#graph.hear(kind, event))
          enqueue(placeText(place), event.revision);
      });
    };
    for (const kind of kinds) follow(kind);
    informers.informer<V1CustomResourceDefinition>(definitionKind).onEvent(({ type, object }) => {
      const custom = type === "DELETED" ? undefined : customKind(object);
      if (custom === undefined) return;
      for (const gvk of custom.gvks) this.#isNamespaced.set(gvk, custom.namespaced);
      follow(custom.gvk);
    });
  }

  reconcile(key: string, step: Step): Result {
    const place = placeOf(key);
    const object = read(place, step);
    if (object === undefined) return done;
    if (isOrphaning(object)) this.#orphan(object, place, step);
    else if (isForeground(object)) this.#waitForDependents(object, place, step);
    else if (object.metadata.deletionTimestamp === undefined) this.#collect(object, place, step);
    return done;
  }

  /** Keeps it while an owner lives. Upstream: attemptToDeleteItem. */
  #collect(object: KubeObject, place: Place, step: Step): void {
    const { ownerReferences = [], namespace = "", uid } = object.metadata;
    if (ownerReferences.length === 0) return;
    const living: V1OwnerReference[] = [];
    const waiting: V1OwnerReference[] = [];
    for (const owner of ownerReferences) {
      const found = this.#ownerOf(owner, namespace, step);
      if (found === undefined) continue;
      (found !== "unknown" && isForeground(found) ? waiting : living).push(owner);
    }
    if (living.length > 0) {
      const dangling = living.length < ownerReferences.length;
      if (dangling)
        patch(place, uid, step, (current) =>
          withOwners(
            current,
            (current.metadata.ownerReferences ?? []).filter((one) =>
              living.some((owner) => owner.uid === one.uid),
            ),
          ),
        );
      return;
    }
    const isBlocked = waiting.length > 0 && this.#graph.hasDependents(uid ?? "");
    if (isBlocked) this.#breakCircle(place, uid ?? "", step);
    const { finalizers = [] } = object.metadata;
    const propagationPolicy =
      isBlocked || finalizers.includes(foreground)
        ? "Foreground"
        : finalizers.includes(orphan)
          ? "Orphan"
          : "Background";
    try {
      step.client.delete(targetOf(place), { uid, propagationPolicy });
    } catch (error) {
      if (!isReason(error, "NotFound", "Conflict")) throw error;
    }
  }

  /**
   * Its owner waits for it, and it would wait for one that waits already: perhaps for that very owner. So nobody waits
   * for it any more. Upstream: unblockOwnerReferencesStrategicMergePatch.
   */
  #breakCircle(place: Place, uid: string, step: Step): void {
    const waits = this.#graph.dependents(uid).some((dependent) => {
      const found = read(dependent, step);
      return found !== undefined && isForeground(found);
    });
    if (waits) patch(place, uid, step, unblocking);
  }

  /** The owner if it is still the same object. Of a kind that nobody knows, nobody knows whether it lives. */
  #ownerOf(
    { apiVersion, kind, name, uid }: V1OwnerReference,
    namespace: string,
    step: Step,
  ): KubeObject | "unknown" | undefined {
    const gvk = `${apiVersion}/${kind}`;
    const isNamespaced = this.#isNamespaced.get(gvk);
    if (isNamespaced === undefined) return "unknown";
    const found = read({ kind: gvk, key: isNamespaced ? `${namespace}/${name}` : name }, step);
    return found?.metadata.uid === uid ? found : undefined;
  }

  /** Deletes what blocks it, then lets it go. Upstream: processDeletingDependentsItem. */
  #waitForDependents(object: KubeObject, place: Place, step: Step): void {
    const { uid = "" } = object.metadata;
    const blocking = this.#graph.dependents(uid).flatMap((dependent) => {
      const found = read(dependent, step);
      const reference = found?.metadata.ownerReferences?.find((one) => one.uid === uid);
      return found === undefined || reference?.blockOwnerDeletion !== true
        ? []
        : [{ dependent, found }];
    });
    if (blocking.length === 0) {
      patch(place, uid, step, (current) => withoutFinalizer(current, foreground));
      return;
    }
    for (const { dependent, found } of blocking)
      if (found.metadata.deletionTimestamp === undefined) this.#collect(found, dependent, step);
  }

  /** The dependents lose this owner, then it goes. Upstream: orphanDependents. */
  #orphan(object: KubeObject, place: Place, step: Step): void {
    const { uid = "" } = object.metadata;
    for (const dependent of this.#graph.dependents(uid)) {
      patch(dependent, undefined, step, (current) =>
        withOwners(
          current,
          (current.metadata.ownerReferences ?? []).filter((one) => one.uid !== uid),
        ),
      );
    }
    patch(place, uid, step, (current) => withoutFinalizer(current, orphan));
  }
}

function targetOf({ kind, key }: Place): Target {
  const { namespace, name } = splitKey(key);
  return { kind, namespace, name };
}
function read(place: Place, step: Step): KubeObject | undefined {
  try {
    return step.client.get(targetOf(place));
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
function patch(
  place: Place,
  uid: string | undefined,
  step: Step,
  change: (current: KubeObject) => KubeObject,
): void {
  try {
    step.client.patch<KubeObject>(targetOf(place), (current) =>
      uid !== undefined && current.metadata.uid !== uid ? current : change(current),
    );
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
function withOwners(object: KubeObject, ownerReferences: readonly V1OwnerReference[]): KubeObject {
  const { ownerReferences: old, ...metadata } = object.metadata;
  if (old === undefined || old.length === ownerReferences.length) return object;
  return {
    ...object,
    metadata: ownerReferences.length === 0 ? metadata : { ...metadata, ownerReferences },
  };
}
function unblocking(object: KubeObject): KubeObject {
  const { ownerReferences = [] } = object.metadata;
  if (!ownerReferences.some(({ blockOwnerDeletion }) => blockOwnerDeletion === true)) return object;
  const unblocked = ownerReferences.map((one) => ({ ...one, blockOwnerDeletion: false }));
  return { ...object, metadata: { ...object.metadata, ownerReferences: unblocked } };
}
function withoutFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers: old = [], ...metadata } = object.metadata;
  const finalizers = old.filter((one) => one !== finalizer);
  if (finalizers.length === old.length) return object;
  return { ...object, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } };
}
