/**
 * The version in which the gates hold an object: a built-in kind in the one it is stored as, a custom resource in the
 * request's own, which is converted on its way from the store and back.
 * Upstream: endpoints/handlers RequestScope.HubGroupVersion; apiextensions-apiserver/pkg/apiserver/customresource_handler.go
 * getOrCreateServingInfoFor, crdConversionRESTOptionsGetter.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Entry } from "#store/entry.ts";
import type { Registry, Resource } from "./registry.ts";

type Faced = Pick<Resource, "face" | "custom">;

/** The resource by whose rules the gates judge. */
export const heldAs = (registry: Registry, resource: Resource): Resource =>
  resource.custom === undefined ? registry.storedAs(resource) : resource;

/** What the request's version shows, as the gates hold it. */
export const toHeld = ({ face, custom }: Faced, object: KubeObject): KubeObject =>
  face === undefined || custom !== undefined ? object : face.toStored(object);

/** And back. */
export const fromHeld = ({ face, custom }: Faced, object: KubeObject): KubeObject =>
  face === undefined || custom !== undefined ? object : face.fromStored(object);

/** What `from`, another version of the same objects, shows, as the gates of `resource` hold it. */
export const heldFrom = (resource: Resource, from: Resource, object: KubeObject): KubeObject =>
  resource.custom === undefined
    ? toHeld(from, object)
    : (resource.face?.fromStored(object) ?? object);

/** Something the store keeps, as the gates hold it; the same one where that makes no difference. */
export function heldEntry({ face, custom }: Faced, entry: Entry): Entry {
  if (face === undefined || custom === undefined) return entry;
  const value = face.fromStored(entry.value as KubeObject);
  if (value === entry.value) return entry;
  const { key, createRevision, modRevision, version, ownership } = entry;
  const text = (): string => JSON.stringify(value);
  return { key, value, createRevision, modRevision, version, ownership, text };
}

/** As the store keeps it. */
export const toStore = ({ face, custom }: Faced, object: KubeObject): KubeObject =>
  face === undefined || custom === undefined ? object : face.toStored(object);
