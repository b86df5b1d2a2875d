/**
 * OpenAPI v2, one document for everything, from the documents of v3: for clients that know no other. The one of the
 * built-in API is made at build time; what custom resources add to it is put into its text.
 * Upstream: kube-openapi/pkg/openapiconv, kube-aggregator/pkg/controllers/openapi/aggregator.
 */

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export interface V3 {
  readonly paths: Readonly<Record<string, Json>>;
  readonly components: { readonly schemas: Json };
}
/** Those parts of a document of v2 that speak of resources. */
export interface V2 {
  readonly paths: Readonly<Record<string, Json>>;
  readonly definitions: Readonly<Record<string, Json>>;
}

/** References point to `definitions`, and one that stood in `allOf` for its neighbours' sake stands alone. */
function schemaOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(schemaOf);
  if (!isObject(value)) return value;
  const { allOf, oneOf, ...rest } = value;
  const [only] = Array.isArray(allOf) && allOf.length === 1 ? (allOf as readonly Json[]) : [];
  // v2 has no `oneOf`: what is one of several is told as text.
  const flat = {
    ...(only === undefined ? value : { ...rest, ...only }),
    ...(oneOf === undefined ? {} : { type: "string" }),
  };
  return Object.fromEntries(
    Object.entries(flat)
      .filter(([name]) => name !== "oneOf")
      .map(([name, one]) => [
        name,
        name === "$ref" && typeof one === "string"
          ? one.replace("#/components/schemas/", "#/definitions/")
          : name === "properties"
            ? propertiesOf(one)
            : schemaOf(one),
      ]),
  );
}
/** Their names are anybody's: `oneOf` and `$ref` among them mean nothing. */
const propertiesOf = (properties: unknown): Json =>
  Object.fromEntries(
    Object.entries(properties as Json).map(([name, one]) => [name, schemaOf(one)]),
  );

const parameterOf = ({ schema, ...rest }: Json): Json => ({ ...rest, ...(schema as Json) });

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>;
}
const firstSchema = ({ content }: Content): Json | undefined =>
  Object.values(content ?? {})[0]?.schema;

function operationOf(operation: Json): Json {
  const { requestBody, responses, parameters, ...rest } = operation;
  const body = requestBody as Content | undefined;
  const own = (parameters as readonly Json[] | undefined) ?? [];
  const answers = Object.entries(responses as Readonly<Record<string, Json & Content>>).map(
    ([code, answer]) => {
      const schema = firstSchema(answer);
      const { description } = answer;
      return [
        code,
        schema === undefined ? { description } : { description, schema: schemaOf(schema) },
      ];
    },
  );
  const consumes = Object.keys(body?.content ?? { "*/*": {} });
  const produces = Object.keys((responses as Record<string, Content>)["200"]?.content ?? {});
  return {
    ...rest,
    consumes,
    produces,
    schemes: ["https"],
    parameters: [
      ...(body === undefined
        ? []
        : [{ name: "body", in: "body", required: true, schema: schemaOf(firstSchema(body)) }]),
      ...own.map(parameterOf),
    ],
    responses: Object.fromEntries(answers) as Json,
  };
}

const pathOf = (item: Json): Json =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) =>
      name === "parameters"
        ? [name, (value as readonly Json[]).map(parameterOf)]
        : [name, operationOf(value as Json)],
    ),
  );

export function partsOf(documents: readonly V3[]): V2 {
  const paths = documents.flatMap((document) => Object.entries(document.paths));
  const schemas = documents.flatMap((document) => Object.entries(document.components.schemas));
  return {
    paths: Object.fromEntries(paths.map(([path, item]) => [path, pathOf(item)])),
    definitions: Object.fromEntries(
      schemas.map(([name, schema]) => [name, schemaOf(schema) as Json]),
    ),
  };
}

const pathsStart = '"paths":{';

/** `documents`: texts of OpenAPI v3. */
export const openApiV2 = (documents: readonly string[]): string =>
  JSON.stringify({
    swagger: "2.0",
    info: { title: "Kubernetes", version: "v1.36.2" },
    ...partsOf(documents.map((text) => JSON.parse(text) as V3)),
  });

/** A text that `openApiV2` made, with more in it; nothing of it is parsed. */
export function withParts(text: string, { paths, definitions }: V2): string {
  const at = text.indexOf(pathsStart) + pathsStart.length;
  const [morePaths, moreDefinitions] = [paths, definitions].map((part) =>
    JSON.stringify(part).slice(1, -1),
  );
  // Definitions stand last.
  return `${text.slice(0, at)}${morePaths},${text.slice(at, -2)},${moreDefinitions}}}`;
}
