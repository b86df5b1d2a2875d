/**
 * OpenAPI v3, one document for each group version, from the API's facts and Kubernetes' own documentation.
 * Upstream: kube-openapi/pkg/builder3, apiserver/pkg/endpoints/installer.go.
 */
import { createHash } from "node:crypto";
import { type Field, type ResourceFacts, resources, typeNamed } from "#apimachinery/api/schema.ts";
import { apiDoc, type FieldDoc } from "./api-docs.ts";

type Json = Record<string, unknown>;
const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** `core.v1.Pod` → `io.k8s.api.core.v1.Pod`. */
function schemaName(type: string): string {
  if (type.startsWith("meta.v1.")) return `${meta}.${type.slice("meta.v1.".length)}`;
  if (type.startsWith("apiextensions.")) return `io.k8s.apiextensions-apiserver.pkg.apis.${type}`;
  if (type.startsWith("apiregistration.")) return `io.k8s.kube-aggregator.pkg.apis.${type}`;
  return `io.k8s.api.${type}`;
}

const scalarSchemas: Readonly<Record<string, Json>> = {
  boolean: { type: "boolean" },
  bytes: { type: "string", format: "byte" },
  double: { type: "number", format: "double" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  string: { type: "string" },
  raw: { type: "object" },
};
/** Scalars that upstream keeps as named schemas. */
const namedScalars: Readonly<Record<string, readonly [string, Json]>> = {
  intOrString: [
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
    { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] },
  ],
  quantity: [
    "io.k8s.apimachinery.pkg.api.resource.Quantity",
    { type: "string", oneOf: [{ type: "string" }, { type: "number" }] },
  ],
  time: [`${meta}.Time`, { type: "string", format: "date-time" }],
  microTime: [`${meta}.MicroTime`, { type: "string", format: "date-time" }],
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `kind` and `apiVersion`, as any object with both has them. */
const ofEveryObject: ReadonlyMap<string, FieldDoc> = new Map(
  [...apiDoc("meta.v1.Status").fields].filter(([name]) => name === "kind" || name === "apiVersion"),
);

class Document {
  readonly schemas: Json = {};

  /** The reference to a type; its schema joins the document. */
  reference(type: string): Json {
    const name = schemaName(type);
    if (!(name in this.schemas)) {
      this.schemas[name] = {};
      this.schemas[name] = this.#schema(type);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  scalar(type: string): Json {
    const named = namedScalars[type];
    if (named === undefined) return scalarSchemas[type] ?? {};
    this.schemas[named[0]] ??= named[1];
    return { $ref: `#/components/schemas/${named[0]}` };
  }

  #schema(type: string): Json {
    const found = typeNamed(type);
    const told = apiDoc(type);
    if (found === undefined)
      return { type: "object", ...(told.text === "" ? {} : { description: told.text }) };
    const fields = [...found.fields];
    const required = fields.filter(([, field]) => field.required).map(([name]) => name);
    const properties = Object.fromEntries(
      fields.map(([name, field]) => [
        name,
        this.#property(field, told.fields.get(name) ?? ofEveryObject.get(name)),
      ]),
    );
    const resource = resources.filter((one) => one.type === type);
    const kinds = resource.map(({ group, kind, version }) => ({ group, kind, version }));
    return {
      ...(told.text === "" ? {} : { description: told.text }),
      type: "object",
      ...(required.length === 0 ? {} : { required }),
      ...(fields.length === 0 ? {} : { properties }),
      ...(found.atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
      ...(kinds.length === 0 ? {} : { "x-kubernetes-group-version-kind": kinds }),
    };
  }

  #property(field: Field, doc: FieldDoc | undefined): Json {
    const told = doc === undefined ? {} : { description: doc.text };
    const chosen = doc?.values === undefined ? {} : { enum: doc.values };
    const marks: Json = {
      ...(field.default === undefined ? {} : { default: field.default }),
      ...(field.list === undefined ? {} : { "x-kubernetes-list-type": field.list }),
      ...(field.keys === undefined ? {} : { "x-kubernetes-list-map-keys": field.keys }),
      ...(field.patch === undefined
        ? {}
        : { "x-kubernetes-patch-strategy": field.patch.join(",") }),
      ...(field.mergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": field.mergeKey }),
      ...(field.atomicMap === true ? { "x-kubernetes-map-type": "atomic" } : {}),
    };
    if (field.shape === "list")
      return { ...told, type: "array", items: { ...this.#item(field), ...chosen }, ...marks };
    if (field.shape === "map")
      return { ...told, type: "object", additionalProperties: this.#item(field), ...marks };
    const own = field.isRef ? this.reference(field.type) : this.scalar(field.type);
    // Beside a $ref nothing counts; so it goes into allOf, as upstream has it.
    return "$ref" in own
      ? { ...told, allOf: [own], ...marks }
      : { ...told, ...own, ...chosen, ...marks };
  }

  #item(field: Field): Json {
    if (field.inner !== undefined) return this.#property(field.inner, undefined);
    return field.isRef ? this.reference(field.type) : this.scalar(field.type);
  }
}

const query = (name: string, type: string, description: string): Json => ({
  name,
  in: "query",
  description,
  schema: { type, uniqueItems: true },
});
const path = (name: string, description: string): Json => ({
  name,
  in: "path",
  required: true,
  description,
  schema: { type: "string", uniqueItems: true },
});
const writeParameters = [
  query(
    "dryRun",
    "string",
    "When present, indicates that modifications should not be persisted. Valid values are: All.",
  ),
  query("fieldManager", "string", "The name of the actor that makes these changes."),
  query(
    "fieldValidation",
    "string",
    "How the server treats unknown or duplicate fields: Ignore, Warn or Strict.",
  ),
];
const listParameters = [
  query("allowWatchBookmarks", "boolean", "Asks for watch events of type BOOKMARK."),
  query("continue", "string", "Where the next page begins, as the server told with the last one."),
  query("fieldSelector", "string", "Restricts the objects by their fields."),
  query("labelSelector", "string", "Restricts the objects by their labels."),
  query("limit", "integer", "How many objects an answer holds at most."),
  query("resourceVersion", "string", "At or after which revision to read."),
  query("resourceVersionMatch", "string", "How resourceVersion is applied: Exact or NotOlderThan."),
  query(
    "sendInitialEvents",
    "boolean",
    "Asks a watch for the present objects first, ended by a bookmark.",
  ),
  query("timeoutSeconds", "integer", "When the call ends by itself."),
  query("watch", "boolean", "Asks for changes instead of a list."),
];
const jsonTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];
const content = (types: readonly string[], schema: Json): Json => ({
  content: Object.fromEntries(types.map((type) => [type, { schema }])),
});

/** HTTP method of each verb, and x-kubernetes-action. */
const operations: Readonly<Record<string, readonly [string, string]>> = {
  get: ["get", "get"],
  list: ["get", "list"],
  create: ["post", "post"],
  update: ["put", "put"],
  patch: ["patch", "patch"],
  delete: ["delete", "delete"],
  deletecollection: ["delete", "deletecollection"],
};

function operation(
  document: Document,
  verb: string,
  fact: Pick<ResourceFacts, "group" | "version" | "kind">,
  type: string | undefined,
  listName: string,
): Json {
  const { group, version, kind } = fact;
  const schema = type === undefined ? { type: "object" } : document.reference(type);
  const isWrite = verb === "create" || verb === "update" || verb === "patch";
  const parameters = verb === "list" ? listParameters : isWrite ? writeParameters : [];
  const body =
    verb === "patch"
      ? content(patchTypes, { type: "object" })
      : isWrite
        ? content(["*/*"], schema)
        : undefined;
  const answer = verb === "list" ? { $ref: `#/components/schemas/${listName}` } : schema;
  return {
    description: `${operations[verb]?.[1] ?? verb} ${kind}`,
    operationId: `${verb}${capital(group.split(".")[0] || "core")}${capital(version)}${kind}`,
    tags: [`${group.split(".")[0] || "core"}_${version}`],
    parameters,
    ...(body === undefined ? {} : { requestBody: { required: true, ...body } }),
    responses: {
      "200": { description: "OK", ...content(jsonTypes, answer) },
      "401": { description: "Unauthorized" },
    },
    "x-kubernetes-action": operations[verb]?.[1] ?? verb,
    "x-kubernetes-group-version-kind": { group, kind, version },
  };
}

function listSchema(document: Document, fact: ResourceFacts): string {
  const name = `${schemaName(fact.type)}List`;
  const { group, version, kind } = fact;
  const { text, fields } = apiDoc(`${fact.type}List`);
  const described = (field: string): Json => {
    const doc = fields.get(field) ?? ofEveryObject.get(field);
    return doc === undefined ? {} : { description: doc.text };
  };
  document.schemas[name] = {
    description: text,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { ...described("apiVersion"), type: "string" },
      items: { ...described("items"), type: "array", items: document.reference(fact.type) },
      kind: { ...described("kind"), type: "string" },
      metadata: { ...described("metadata"), allOf: [document.reference("meta.v1.ListMeta")] },
    },
    "x-kubernetes-group-version-kind": [{ group, kind: `${kind}List`, version }],
  };
  return name;
}

function pathsOf(document: Document, fact: ResourceFacts): Json {
  const { group, version, plural, namespaced, verbs, subresources = {} } = fact;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const inNamespace = namespaced
    ? [path("namespace", "object name and auth scope, such as for teams and projects")]
    : [];
  const named = [path("name", `name of the ${fact.kind}`), ...inNamespace];
  const list = verbs.includes("list") ? listSchema(document, fact) : "";
  const make = (wanted: readonly string[], having: readonly string[]): Json =>
    Object.fromEntries(
      wanted
        .filter((verb) => having.includes(verb))
        .map((verb) => [
          operations[verb]?.[0] ?? verb,
          operation(document, verb, fact, fact.type, list),
        ]),
    );
  const out: Json = {};
  const one = make(["get", "update", "patch", "delete"], verbs);
  const many = make(["list", "create", "deletecollection"], verbs);
  if (Object.keys(many).length > 0) out[collection] = { ...many, parameters: inNamespace };
  if (namespaced && verbs.includes("list"))
    out[`${root}/${plural}`] = { get: operation(document, "list", fact, fact.type, list) };
  if (Object.keys(one).length > 0) out[`${collection}/{name}`] = { ...one, parameters: named };
  for (const [name, sub] of Object.entries(subresources)) {
    const parts = sub.kind.split("/");
    const kind = parts.pop() ?? "";
    const subVersion = parts.pop() ?? "";
    const subFact = { group: parts.pop() ?? "", version: subVersion, kind };
    const made = sub.verbs
      .filter((verb) => operations[verb] !== undefined)
      .map((verb) => [
        operations[verb]?.[0] ?? verb,
        operation(
          document,
          verb,
          subFact,
          sub.type ?? (name === "status" ? fact.type : undefined),
          "",
        ),
      ]);
    out[`${collection}/{name}/${name}`] = { ...Object.fromEntries(made), parameters: named };
  }
  return out;
}

/** File below `openapi/v3/` → its text; `index` lists them. */
export function openApiDocuments(): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const index: Json = {};
  const versions = new Set(resources.map(({ group, version }) => `${group}/${version}`));
  for (const id of versions) {
    const own = resources.filter(({ group, version }) => `${group}/${version}` === id);
    const document = new Document();
    const paths = Object.assign({}, ...own.map((fact) => pathsOf(document, fact))) as Json;
    const text = JSON.stringify({
      openapi: "3.0.0",
      info: { title: "Kubernetes", version: "v1.36.2" },
      paths,
      components: { schemas: document.schemas },
    });
    const file = id.startsWith("/") ? `api${id}` : `apis/${id}`;
    const hash = createHash("sha256").update(text).digest("hex").toUpperCase();
    index[file] = { serverRelativeURL: `/openapi/v3/${file}?hash=${hash}` };
    out.set(file, text);
  }
  out.set("index", JSON.stringify({ paths: index }));
  return out;
}
