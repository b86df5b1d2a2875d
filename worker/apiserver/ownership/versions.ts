/**
 * The versions a kind has, as ownership sees them: an owner's fields are fields of the version it wrote in.
 * Upstream: managedfields/internal/versionconverter.go.
 */
import { schemaType } from "#apimachinery/typed/schema-types.ts";
import type { TypeDescription } from "#apimachinery/typed/description.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { customType } from "#apiserver/custom-resources/schema/type-description.ts";
import type { Registry, Resource } from "#apiserver/registry.ts";

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

/** All served versions of a resource's kind: those that are stored as the same kind. */
export function versionsOf(registry: Registry, resource: Resource): Versions {
  const { gvk } = registry.storedAs(resource);
  return (apiVersion) => {
    if (apiVersion === resource.apiVersion) return versionOf(resource);
    const other = registry.ofKind(`${apiVersion}/${resource.kindName}`);
    return other !== undefined && registry.storedAs(other).gvk === gvk
      ? versionOf(other)
      : undefined;
  };
}
