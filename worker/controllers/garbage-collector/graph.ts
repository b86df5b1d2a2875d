/** Who owns whom, over all kinds. A cache, built from watches. Upstream: pkg/controller/garbagecollector/graph_builder.go. */
import type { V1OwnerReference } from "#apimachinery/api/meta-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { WatchEvent } from "#client/informer.ts";

/** An object's place: kind, and key inside the kind. */
export interface Place {
  readonly kind: string;
  readonly key: string;
}
export const placeText = ({ kind, key }: Place): string => `${kind} ${key}`;
export function placeOf(text: string): Place {
  const space = text.indexOf(" ");
  return { kind: text.slice(0, space), key: text.slice(space + 1) };
}

const none: readonly V1OwnerReference[] = [];
const foreground = "foregroundDeletion";
const orphan = "orphan";
const has = ({ metadata }: KubeObject, finalizer: string): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(finalizer) === true;
export const isForeground = (object: KubeObject): boolean => has(object, foreground);
export const isOrphaning = (object: KubeObject): boolean => has(object, orphan);

export class Graph {
  /** uid → where the object is. */
  readonly #places = new Map<string, Place>();
  /** Owner's uid → places of its dependents, as text. */
  readonly #dependents = new Map<string, Set<string>>();
  /** Owners that wait for their dependents to go, by uid. */
  readonly #waiting = new Map<string, Place>();

  has(uid: string): boolean {
    return this.#places.has(uid);
  }
  dependents(uid: string): readonly Place[] {
    return [...(this.#dependents.get(uid) ?? [])].map(placeOf);
  }
  hasDependents(uid: string): boolean {
    return this.#dependents.has(uid);
  }

  /** Takes an event; the places that need a look because of it. */
  hear(kind: string, { type, key, object, previous }: WatchEvent): readonly Place[] {
    const { uid = "", ownerReferences: now = none } = object.metadata;
    const before = previous?.metadata.ownerReferences ?? none;
    const place = { kind, key };
    if (type === "DELETED") {
      this.#places.delete(uid);
      this.#waiting.delete(uid);
      for (const owner of before) this.#leave(owner.uid, place);
      const children = this.dependents(uid);
      // An owner that waits for its dependents looks again.
      return [...children, ...this.#waitingOf(before)];
    }
    if (type === "ADDED") this.#places.set(uid, place);
    const dirty: Place[] = [];
    if (now !== before) {
      for (const owner of before)
        if (!now.some((one) => one.uid === owner.uid)) this.#leave(owner.uid, place);
      for (const owner of now) this.#enter(owner.uid, place);
      if (
        now.some((owner) => !this.#places.has(owner.uid)) ||
        (before.length > now.length && previous !== undefined)
      )
        dirty.push(place);
      if (previous !== undefined) dirty.push(...this.#waitingOf(before));
    }
    const isNews =
      previous === undefined ||
      previous.metadata.deletionTimestamp === undefined ||
      previous.metadata.finalizers !== object.metadata.finalizers;
    if (isForeground(object)) this.#waiting.set(uid, place);
    if ((isForeground(object) || isOrphaning(object)) && isNews) dirty.push(place);
    return dirty;
  }

  #waitingOf(owners: readonly V1OwnerReference[]): readonly Place[] {
    return owners.flatMap(({ uid }) => this.#waiting.get(uid) ?? []);
  }
  #enter(uid: string, place: Place): void {
    const known = this.#dependents.get(uid);
    if (known === undefined) this.#dependents.set(uid, new Set([placeText(place)]));
    else known.add(placeText(place));
  }
  #leave(uid: string, place: Place): void {
    const known = this.#dependents.get(uid);
    known?.delete(placeText(place));
    if (known?.size === 0) this.#dependents.delete(uid);
  }
}
