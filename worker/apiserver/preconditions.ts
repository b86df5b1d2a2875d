/** Which object, and which state of it, a caller means. What is left out, or empty, is not asked. */
import type { KubeObject } from "#apimachinery/object.ts";
import { conflict, type GroupKind, type GroupResource } from "#apimachinery/status.ts";

export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** As a deletion is refused, before it is tried. Throws 409. Upstream: apiserver/pkg/registry/rest/delete.go BeforeDelete. */
export function checkRecord(
  { group, kind }: GroupKind,
  { uid, resourceVersion }: Preconditions,
  { metadata }: KubeObject,
): void {
  const refuse = (what: string, wanted: string, is: string | undefined, so: string): never => {
    throw conflict(
      { group, resource: kind },
      metadata.name ?? "",
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${is}). The object might have been ${so}`,
    );
  };
  if (uid && uid !== metadata.uid) refuse("UID", uid, metadata.uid, "deleted and then recreated");
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    refuse("ResourceVersion", resourceVersion, metadata.resourceVersion, "modified");
}

/** As the storage refuses a write. Throws 409. Upstream: apiserver/pkg/storage/interfaces.go Preconditions.Check, errors.go StorageError. */
export function checkStored(
  on: GroupResource,
  key: string,
  { uid, resourceVersion }: Preconditions,
  { metadata }: KubeObject,
): void {
  const refuse = (what: string, wanted: string, is: string | undefined): never => {
    const why = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${is}`;
    throw conflict(
      on,
      metadata.name ?? "",
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  };
  if (uid && uid !== metadata.uid) refuse("UID", uid, metadata.uid);
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    refuse("ResourceVersion", resourceVersion, metadata.resourceVersion);
}
