/**
 * A definition as resources: one for each version, all over the same stored objects.
 * Upstream: apiextensions-apiserver/pkg/apiserver/customresource_handler.go getOrCreateServingInfoFor.
 */
import type {
  V1CustomResourceDefinition,
  V1CustomResourceDefinitionVersion,
} from "#apimachinery/api/apiextensions-v1.ts";
import type { ResourceFacts, SubresourceFacts } from "#apimachinery/api/schema.ts";
import { newerFirst } from "#apimachinery/group-priority.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Face } from "#apiserver/faces.ts";
import type { Resource } from "#apiserver/registry.ts";
import { convert } from "./conversion.ts";
import type { Custom } from "./custom.ts";
import { customKind } from "./kind.ts";
import { asRead, coerced } from "./reading.ts";
import { hasDefaults } from "./schema/defaulting.ts";
import { preservesUnknown, type Schema } from "./schema/schema.ts";

const verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const partVerbs = ["get", "patch", "update"];

export const hasCondition = ({ status }: V1CustomResourceDefinition, type: string): boolean =>
  status?.conditions?.some((one) => one.type === type && one.status === "True") === true;

/** Nothing until it is established. */
export function resourcesOf(definition: V1CustomResourceDefinition): readonly Resource[] {
  const { spec } = definition;
  const storage = spec.versions.find((version) => version.storage);
  if (!hasCondition(definition, "Established") || storage === undefined) return [];
  const customs: Customs = new Map(
    spec.versions
      .filter((version) => version.served || version.storage)
      .map((version) => [`${spec.group}/${version.name}`, customOf(definition, version)]),
  );
  return [...customs.values()].map((custom) => resourceOf(customs, custom));
}

/** By apiVersion. */
type Customs = ReadonlyMap<string, Custom>;
const namesOf = ({ spec, status }: V1CustomResourceDefinition): typeof spec.names =>
  status?.acceptedNames ?? spec.names;

function customOf(
  definition: V1CustomResourceDefinition,
  version: V1CustomResourceDefinitionVersion,
): Custom {
  const { spec } = definition;
  const schema: Schema = version.schema?.openAPIV3Schema ?? { type: "object" };
  return {
    definition,
    version,
    schema:
      spec.preserveUnknownFields === true && !preservesUnknown(schema)
        ? { ...schema, "x-kubernetes-preserve-unknown-fields": true }
        : schema,
    columns: version.additionalPrinterColumns ?? [],
    served: version.served,
    needsWebhook: spec.versions.length > 1 && spec.conversion?.strategy === "Webhook",
    terminating: hasCondition(definition, "Terminating"),
    deprecation:
      version.deprecated === true
        ? (version.deprecationWarning ?? deprecationText(spec, version.name))
        : undefined,
  };
}

/** Upstream: defaultDeprecationWarning. */
function deprecationText(
  { group, names, versions }: V1CustomResourceDefinition["spec"],
  deprecated: string,
): string {
  const [newest] = versions
    .filter((one) => one.served && one.deprecated !== true && newerFirst(one.name, deprecated) < 0)
    .map(({ name }) => name)
    .toSorted(newerFirst);
  const use = newest === undefined ? "" : `; use ${group}/${newest} ${names.kind}`;
  return `${group}/${deprecated} ${names.kind} is deprecated${use}`;
}

function resourceOf(customs: Customs, custom: Custom): Resource {
  const { definition, version } = custom;
  const { group, scope } = definition.spec;
  const names = namesOf(definition);
  const { plural, kind: kindName } = names;
  const apiVersion = `${group}/${version.name}`;
  const gvk = `${apiVersion}/${kindName}`;
  const namespaced = scope === "Namespaced";
  const facts: ResourceFacts = {
    group,
    version: version.name,
    plural,
    kind: kindName,
    namespaced,
    verbs,
    ...(names.singular ? { singular: names.singular } : {}),
    ...(names.listKind ? { listKind: names.listKind } : {}),
    ...(names.shortNames ? { shortNames: names.shortNames } : {}),
    ...(names.categories ? { categories: names.categories } : {}),
    ...subresourcesOf(version, gvk),
    type: "",
  };
  const directory = `${group}/${plural}`;
  return {
    facts,
    group,
    version: version.name,
    plural,
    apiVersion,
    kindName,
    gvk,
    namespaced,
    type: "",
    kind: customKind(gvk, directory, custom),
    directory: `/registry/${directory}/`,
    hasStatus: version.subresources?.status !== undefined,
    generation: true,
    head: `{"kind":${JSON.stringify(kindName)},"apiVersion":${JSON.stringify(apiVersion)},`,
    groupResource: { group, resource: plural },
    groupKind: { group, kind: kindName },
    face: faceOf(customs, custom, gvk),
    custom,
  };
}

function subresourcesOf(
  { subresources }: V1CustomResourceDefinitionVersion,
  gvk: string,
): { readonly subresources?: Readonly<Record<string, SubresourceFacts>> } {
  const status =
    subresources?.status === undefined ? {} : { status: { kind: gvk, verbs: partVerbs } };
  const scale =
    subresources?.scale === undefined
      ? {}
      : { scale: { kind: "autoscaling/v1/Scale", type: "autoscaling.v1.Scale", verbs: partVerbs } };
  const all = { ...status, ...scale };
  return Object.keys(all).length === 0 ? {} : { subresources: all };
}

/**
 * How a stored object is shown in this version: read by the schema of the version it lies in, and converted.
 * None is needed while no schema can make a difference, which keeps stored texts as they are.
 */
function faceOf(customs: Customs, custom: Custom, gvk: string): Face | undefined {
  const { definition } = custom;
  const { spec, metadata } = definition;
  const isAsWritten = spec.versions.length === 1 && (metadata.generation ?? 1) === 1;
  if (isAsWritten && !hasDefaults(custom.schema)) return undefined;
  const storage = spec.versions.find((version) => version.storage)?.name ?? "";
  const apiVersion = `${spec.group}/${custom.version.name}`;
  const known = new WeakMap<KubeObject, KubeObject>();
  return {
    gvk,
    stored: `${spec.group}/${storage}/${gvk.slice(gvk.lastIndexOf("/") + 1)}`,
    toStored: (object) => {
      const to = `${spec.group}/${storage}`;
      return object.apiVersion === to
        ? object
        : coerced(customs.get(to) ?? custom, convert(object, to));
    },
    fromStored: (object) => {
      const present = known.get(object);
      if (present !== undefined) return present;
      const read = asRead(customs.get(object.apiVersion) ?? custom, object);
      const shown =
        read.apiVersion === apiVersion ? read : coerced(custom, convert(read, apiVersion));
      known.set(object, shown);
      return shown;
    },
  };
}
