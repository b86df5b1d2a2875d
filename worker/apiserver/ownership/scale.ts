/**
 * Owners of an object's replicas as owners of its Scale, and back: whoever scales takes the field from
 * the object's owners, and they from it.
 * Upstream: managedfields/scalehandler.go ScaleHandler.
 */
import type { Path } from "#apimachinery/fieldpath/element.ts";
import { difference, has, setOfPaths } from "#apimachinery/fieldpath/set.ts";
import { schemaType } from "#apimachinery/typed/schema-types.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { type Owner, type Owners, sorted } from "./owner.ts";
import type { Version } from "./versions.ts";

export const scaleVersion = "autoscaling/v1";
const replicas = setOfPaths(["f:spec", "f:replicas"]);
const itself = (object: KubeObject): KubeObject => object;
export const scaleType: Version = {
  type: schemaType("autoscaling.v1.Scale"),
  shown: itself,
  stored: itself,
};

/** `path`: where the object's replicas are. */
export const ownersOfScale = (owners: Owners, path: Path): Owners =>
  owners
    .filter(({ fields }) => has(fields, path))
    .map(({ kept: _kept, ...owner }) => ({ ...owner, apiVersion: scaleVersion, fields: replicas }));

const isSameManager = (a: Owner, b: Owner): boolean =>
  a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;

/** The object's owners after its Scale's are these. New ones have no time, as upstream. */
export function ownersOfScaled(
  owners: Owners,
  scale: Owners,
  path: Path,
  apiVersion: string,
): Owners {
  const field = setOfPaths(path);
  const holds = ({ fields }: Owner): boolean => has(fields, path);
  const stays = (owner: Owner): boolean => scale.some((one) => isSameManager(one, owner));
  const left = owners.flatMap((owner): Owner[] => {
    if (!holds(owner) || stays(owner)) return [owner];
    const { kept: _kept, ...rest } = owner;
    const fields = difference(owner.fields, field);
    return fields.isEmpty ? [] : [{ ...rest, fields }];
  });
  const come = scale
    .filter((one) => !owners.some((owner) => holds(owner) && isSameManager(one, owner)))
    .filter((one) => has(one.fields, ["f:spec", "f:replicas"]))
    .map((one): Owner => ({ ...one, apiVersion, seconds: undefined, fields: field }));
  return sorted([...left, ...come]);
}
