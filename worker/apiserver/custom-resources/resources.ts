/**
 * A definition as resources: one for each version, all over the same stored objects.
 * Upstream: apiextensions-apiserver/pkg/apiserver/customresource_handler.go getOrCreateServingInfoFor.
 */
import type {
  V1CustomResourceDefinition,
  V1CustomResourceDefinitionVersion,
} from "#apimachinery/api/apiextensions-v1.ts";
import type { ResourceFacts, SubresourceFacts } from "#apimachinery/api/schema.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Face } from "#apiserver/faces.ts";
import type { Resource } from "#apiserver/registry.ts";
import { convert } from "./conversion.ts";
import type { Custom } from "./custom.ts";
import { customKind } from "./kind.ts";
import { defaulted, hasDefaults } from "./schema/defaulting.ts";
import { preservesUnknown, type Json, type Schema } from "./schema/schema.ts";

const verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const partVerbs = ["get", "patch", "update"];

export const hasCondition = ({ status }: V1CustomResourceDefinition, type: string): boolean =>
  status?.conditions?.some((one) => one.type === type && one.status === "True") === true;

/** Nothing until it is established. */
export function resourcesOf(definition: V1CustomResourceDefinition): readonly Resource[] {
  const { spec } = definition;
  const storage = spec.versions.find((version) => version.storage);
  if (!hasCondition(definition, "Established") || storage === undefined) return [];
  return spec.versions
    .filter((version) => version.served || version.storage)
    .map((version) => resourceOf(definition, version, storage));
}

function resourceOf(
  definition: V1CustomResourceDefinition,
  version: V1CustomResourceDefinitionVersion,
  storage: V1CustomResourceDefinitionVersion,
): Resource {
  const { group, names: asked, scope } = definition.spec;
  const names = definition.status?.acceptedNames ?? asked;
  const { plural, kind: kindName } = names;
  const apiVersion = `${group}/${version.name}`;
  const gvk = `${apiVersion}/${kindName}`;
  const schema: Schema = version.schema?.openAPIV3Schema ?? { type: "object" };
  const custom: Custom = {
    definition,
    version,
    schema:
      definition.spec.preserveUnknownFields === true && !preservesUnknown(schema)
        ? { ...schema, "x-kubernetes-preserve-unknown-fields": true }
        : schema,
    columns: version.additionalPrinterColumns ?? [],
    served: version.served,
    needsWebhook: version !== storage && definition.spec.conversion?.strategy === "Webhook",
    terminating: hasCondition(definition, "Terminating"),
    deprecation:
      version.deprecated === true
        ? (version.deprecationWarning ?? `${apiVersion} ${kindName} is deprecated`)
        : undefined,
  };
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
    hasGeneration: true,
    head: `{"kind":${JSON.stringify(kindName)},"apiVersion":${JSON.stringify(apiVersion)},`,
    groupResource: { group, resource: plural },
    groupKind: { group, kind: kindName },
    face: faceOf(custom, gvk, `${group}/${storage.name}/${kindName}`, apiVersion),
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
      : { scale: { kind: "autoscaling/v1/Scale", verbs: partVerbs } };
  const all = { ...status, ...scale };
  return Object.keys(all).length === 0 ? {} : { subresources: all };
}

/**
 * How a stored object is shown in this version: converted, and with the defaults that the schema has now.
 * None is needed where both change nothing, which keeps stored texts as they are.
 */
function faceOf(custom: Custom, gvk: string, stored: string, apiVersion: string): Face | undefined {
  const { definition, schema } = custom;
  const defaults = hasDefaults(schema);
  if (definition.spec.versions.length === 1 && !defaults) return undefined;
  const storedVersion = stored.slice(0, stored.lastIndexOf("/"));
  const known = new WeakMap<KubeObject, KubeObject>();
  return {
    gvk,
    stored,
    toStored: (object) => convert(object, storedVersion),
    fromStored: (object) => {
      const present = known.get(object);
      if (present !== undefined) return present;
      const converted = convert(object, apiVersion);
      const shown = defaults
        ? (defaulted(converted as unknown as Json, schema) as unknown as KubeObject)
        : converted;
      known.set(object, shown);
      return shown;
    },
  };
}
