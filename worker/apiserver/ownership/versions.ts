/**
 * The versions a kind has, as ownership sees them: an owner's fields are fields of the version it wrote in.
 * Upstream: managedfields/internal/versionconverter.go.
 */
import { reconciled } from "#apimachinery/typed/reconcile.ts";
import { schemaType } from "#apimachinery/typed/schema-types.ts";
import type { TypeDescription } from "#apimachinery/typed/description.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { customType } from "#apiserver/custom-resources/schema/type-description.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";
import type { Owners } from "./owner.ts";

export interface Version {
  readonly type: TypeDescription;
  /** The stored object in this version, and back. */
  shown(object: KubeObject): KubeObject;
  stored(object: KubeObject): KubeObject;
}
/** Undefined: no longer served; whoever wrote in it owns nothing any more. */
export type Versions = (apiVersion: string) => Version | undefined;

const itself = (object: KubeObject): KubeObject => object;
const known = new WeakMap<Resource, Version>();

function versionOf(resource: Resource): Version {
  const present = known.get(resource);
  if (present !== undefined) return present;
  const { face, type, custom } = resource;
  const made: Version = {
    type: custom === undefined ? schemaType(type) : customType(custom.schema),
    shown: face === undefined ? itself : (object) => face.fromStored(object),
    stored: face === undefined ? itself : (object) => face.toStored(object),
  };
  known.set(resource, made);
  return made;
}

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
    return other !== undefined && registry.storedAs(other).gvk === gvk
      ? versionOf(conversions?.bound(other) ?? other)
      : undefined;
  };
}
