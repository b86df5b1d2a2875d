/**
 * OpenAPI of custom resources, made of the definitions' schemas: v3 of a group version, and what v2 says of all.
 * Upstream: apiextensions-apiserver/pkg/controller/openapi/builder/builder.go.
 */
import { fnv1a } from "#apimachinery/hash.ts";
import {
  entriesOf,
  isEmbedded,
  itemsOf,
  preservesUnknown,
  type Schema,
  valuesOf,
} from "#apiserver/custom-resources/schema/schema.ts";
import type { Resource } from "#apiserver/registry.ts";
import { structuralV2 } from "./structural-v2.ts";
import { partsOf, type V2, type V3 } from "./v2.ts";

type Json = Record<string, unknown>;
export interface OpenApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const metaPrefix = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const refTo = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** `com.example.v1.CronTab` */
const modelName = ({ group, version, kindName }: Resource): string =>
  [...group.split(".").toReversed(), version, kindName].join(".");

const gvkOf = ({ group, version }: Resource, kind: string): Json => ({ group, kind, version });
const listKind = ({ facts, kindName }: Resource): string => facts.listKind ?? `${kindName}List`;

const describe = (description: string, schema: Json): Json => ({ description, ...schema });
const apiVersion = describe(
  "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  { type: "string" },
);
const kind = describe(
  "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
  { type: "string" },
);

const metadata = describe(
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  { allOf: [refTo(`${metaPrefix}ObjectMeta`)] },
);

/** With what every embedded resource has. Upstream: addEmbeddedProperties. */
function withEmbedded(schema: Schema): Json {
  const { properties, items: _items, additionalProperties, required = [], ...rest } = schema;
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  const listed = entriesOf(properties).map(([name, one]) => [name, withEmbedded(one)] as const);
  const embedded = isEmbedded(schema) ? { apiVersion, kind, metadata } : {};
  const all = { ...Object.fromEntries(listed), ...embedded };
  const needed = isEmbedded(schema) ? new Set([...required, "kind", "apiVersion"]) : required;
  const others = values === undefined ? additionalProperties : withEmbedded(values);
  return {
    ...rest,
    ...(Object.keys(all).length === 0 ? {} : { properties: all }),
    ...(items === undefined ? {} : { items: withEmbedded(items) }),
    ...(others === undefined ? {} : { additionalProperties: others }),
    ...([...needed].length === 0 ? {} : { required: [...needed] }),
  };
}

/** By which version of OpenAPI a resource is told. */
type Teller = (schema: Schema) => Json;
const inV3: Teller = (schema) => withRoot(withEmbedded(schema));
/** Nothing is listed where anything may stand: kubectl would refuse the rest. */
const inV2: Teller = (schema) =>
  preservesUnknown(schema)
    ? { type: "object" }
    : withRoot(structuralV2(withEmbedded(schema) as Schema));
const withRoot = (schema: Json): Json => ({
  ...schema,
  type: "object",
  properties: { ...(schema["properties"] as Json | undefined), apiVersion, kind, metadata },
});

function schemasOf(resource: Resource, tell: Teller): Readonly<Record<string, Json>> {
  const name = modelName(resource);
  const selectable = resource.custom?.version.selectableFields ?? [];
  const fields = selectable.map(({ jsonPath }) => ({ fieldPath: jsonPath.replace(/^\./, "") }));
  const own = {
    ...tell(resource.custom?.schema ?? {}),
    "x-kubernetes-group-version-kind": [gvkOf(resource, resource.kindName)],
    ...(fields.length === 0 ? {} : { "x-kubernetes-selectable-fields": fields }),
  };
  const list = {
    description: `${listKind(resource)} is a list of ${resource.kindName}`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion,
      items: describe(
        `List of ${resource.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        { type: "array", items: refTo(name) },
      ),
      kind,
      metadata: describe(
        "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
        { allOf: [refTo(`${metaPrefix}ListMeta`)] },
      ),
    },
    "x-kubernetes-group-version-kind": [gvkOf(resource, listKind(resource))],
  };
  return { [name]: own, [`${name}List`]: list };
}

const parameter = (name: string, where: "path" | "query", type = "string"): Json => ({
  name,
  in: where,
  ...(where === "path" ? { required: true } : {}),
  schema: { type, uniqueItems: true },
});
const writeOptions = ["dryRun", "fieldManager", "fieldValidation"].map((name) =>
  parameter(name, "query"),
);
const patchOptions = [...writeOptions, parameter("force", "query", "boolean")];

const content = (ref: string): Json => ({
  "application/json": { schema: refTo(ref) },
  "application/yaml": { schema: refTo(ref) },
});
const patchContent = Object.fromEntries(
  [
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
  ].map((type) => [type, { schema: refTo(`${metaPrefix}Patch`) }]),
);

function pathsOf(resource: Resource): Readonly<Record<string, Json>> {
  const { group, version, plural, namespaced, kindName, facts } = resource;
  const name = modelName(resource);
  const base = `/apis/${group}/${version}/`;
  const collection = `${base}${namespaced ? "namespaces/{namespace}/" : ""}${plural}`;
  const inNamespace = namespaced ? [parameter("namespace", "path")] : [];
  const named = [parameter("name", "path"), ...inNamespace];
  const operation = (action: string, answer: string, more: Json = {}): Json => ({
    tags: [`${group.replaceAll(/\.(\w)/g, (_, c: string) => c.toUpperCase())}_${version}`],
    responses: { "200": { description: "OK", content: content(answer) } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvkOf(resource, kindName),
    ...more,
  });
  const body = { requestBody: { required: true, content: content(name) } };
  const object = {
    get: operation("get", name),
    put: operation("put", name, { ...body, parameters: writeOptions }),
    patch: operation("patch", name, {
      parameters: patchOptions,
      requestBody: { required: true, content: patchContent },
    }),
  };
  const remove = { requestBody: { content: content(`${metaPrefix}DeleteOptions`) } };
  const paths: Record<string, Json> = {
    [collection]: {
      get: operation("list", `${name}List`),
      post: operation("post", name, { ...body, parameters: writeOptions }),
      delete: operation("deletecollection", `${metaPrefix}Status`, remove),
      parameters: inNamespace,
    },
    [`${collection}/{name}`]: {
      ...object,
      delete: operation("delete", `${metaPrefix}Status`, remove),
      parameters: named,
    },
  };
  if (namespaced) paths[`${base}${plural}`] = { get: operation("list", `${name}List`) };
  for (const part of Object.keys(facts.subresources ?? {}))
    paths[`${collection}/{name}/${part}`] = { ...object, parameters: named };
  return paths;
}

/** Definitions of metadata come from a built-in document, with all they refer to. */
function metaSchemas(document: OpenApiDocument): Json {
  const all = document.components?.schemas ?? {};
  const found: Record<string, unknown> = {};
  const take = (name: string): void => {
    if (name in found || !(name in all)) return;
    found[name] = all[name];
    for (const [, next = ""] of JSON.stringify(all[name]).matchAll(
      /"#\/components\/schemas\/([^"]+)"/g,
    ))
      take(next);
  };
  for (const name of ["ObjectMeta", "ListMeta", "Patch", "DeleteOptions", "Status"])
    take(metaPrefix + name);
  return found;
}

const documentOf = (resources: readonly Resource[], tell: Teller, meta: Json): V3 => ({
  paths: Object.assign({}, ...resources.map(pathsOf)) as V3["paths"],
  components: {
    schemas: Object.assign({}, meta, ...resources.map((one) => schemasOf(one, tell))) as Json,
  },
});

export const customDocument = (resources: readonly Resource[], builtIn: OpenApiDocument): Json => ({
  openapi: "3.0.0",
  info: { title: "Kubernetes CRD Swagger", version: "v0.1.0" },
  ...documentOf(resources, inV3, metaSchemas(builtIn)),
});

/** What v2 says of them; the definitions of metadata stand in the built-in document. */
export const customParts = (resources: readonly Resource[]): V2 =>
  partsOf([documentOf(resources, inV2, {})]);

/** Changes when the document does, without making it. */
export const documentHash = (resources: readonly Resource[]): string =>
  fnv1a(
    JSON.stringify(
      resources.map(({ custom, facts }) => [
        custom?.definition.metadata.uid,
        custom?.definition.metadata.generation,
        facts.plural,
      ]),
    ),
  )
    .toString(16)
    .toUpperCase();
