/**
 * The versions a kind has, as ownership sees them: an owner's fields are fields of the version it wrote in.
 * Upstream: managedfields/internal/versionconverter.go.
 */
import { reconciled } from "#apimachinery/typed/reconcile.ts";
import { schemaType } from "#apimachinery/typed/schema-types.ts";
import type { TypeDescription } from "#apimachinery/typed/description.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { customType } from "#apiserver/custom-resources/schema/type-description.ts";
import { fromHeld, heldFrom, toHeld } from "#apiserver/held.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";
import type { Owners } from "./owner.ts";

export interface Version {
  readonly type: TypeDescription;
  /** What the gates hold in this version, and back. */
  shown(object: KubeObject): KubeObject;
  stored(object: KubeObject): KubeObject;
}
/** Undefined: no longer served; whoever wrote in it owns nothing any more. */
export type Versions = (apiVersion: string) => Version | undefined;

const known = new WeakMap<Resource, Version>();

function versionOf(resource: Resource): Version {
  const present = known.get(resource);
  if (present !== undefined) return present;
  const made: Version = {
    type:
      resource.custom === undefined
        ? schemaType(resource.type)
        : customType(resource.custom.schema),
    shown: (object) => fromHeld(resource, object),
    stored: (object) => toHeld(resource, object),
  };
  known.set(resource, made);
  return made;
}

/** Another version of a custom resource than the one the gates hold. */
const otherVersion = (held: Resource, other: Resource): Version => ({
  type: versionOf(other).type,
  shown: (object) => other.face?.fromStored(object) ?? object,
  stored: (object) => heldFrom(held, other, object),
});

/** Upstream: structured-merge-diff/merge/update.go reconcileManagedFieldsWithSchemaChanges. */
export const underPresentSchema = (owners: Owners, versions: Versions): Owners =>
  owners.map((owner) => {
    const version = versions(owner.apiVersion);
    const fields = version === undefined ? owner.fields : reconciled(owner.fields, version.type);
    return fields === owner.fields ? owner : { ...owner, fields, kept: undefined };
  });

/** All served versions of a resource's kind: those that are stored as the same kind. */
export function versionsOf({ server: { registry }, resource, conversions }: Call): Versions {
  const { gvk } = registry.storedAs(resource);
  return (apiVersion) => {
    if (apiVersion === resource.apiVersion) return versionOf(resource);
    const other = registry.ofKind(`${apiVersion}/${resource.kindName}`);
    if (other === undefined || registry.storedAs(other).gvk !== gvk) return undefined;
    return other.custom === undefined
      ? versionOf(other)
      : otherVersion(resource, conversions?.bound(other) ?? other);
  };
}
