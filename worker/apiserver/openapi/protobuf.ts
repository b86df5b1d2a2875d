/**
 * OpenAPI v2 as protobuf: the form in which kubectl asks for it before it validates a List by itself.
 * Definitions alone: nobody who reads this form looks at the paths.
 * Upstream: gnostic-models openapiv2/OpenAPIv2.proto (field numbers), kube-openapi/pkg/handler/handler.go.
 */
import { joined } from "#apimachinery/bytes.ts";

type Json = Record<string, unknown>;
type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = new TextEncoder();

function varint(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return new Uint8Array([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

const lengthDelimited = 2;
/** One field: a message, or text. */
function field(number: number, value: Bytes | string): Bytes {
  const bytes = typeof value === "string" ? new Uint8Array(utf8.encode(value)) : value;
  return joined([varint(number * 8 + lengthDelimited), varint(bytes.length), bytes]);
}
const truth = (number: number): Bytes => joined([varint(number * 8), varint(1)]);

/** `NamedSchema` and `NamedAny`: a name and a value. */
const named = (name: string, value: Bytes): Bytes => joined([field(1, name), field(2, value)]);
/** `Any`, as YAML; JSON is YAML. */
const any = (value: unknown): Bytes => field(2, JSON.stringify(value));

const texts: Readonly<Record<string, number>> = {
  $ref: 1,
  format: 2,
  title: 3,
  description: 4,
  pattern: 13,
};
const properties = (schemas: Json): Bytes =>
  joined(Object.entries(schemas).map(([name, one]) => field(1, named(name, schema(one as Json)))));

/** How a keyword of a schema is written; what is not here (and no extension) is left out. */
const keywords: Readonly<Record<string, (value: never) => Bytes>> = {
  default: (value: unknown) => field(5, any(value)),
  required: (names: readonly string[]) => joined(names.map((name) => field(19, name))),
  enum: (values: readonly unknown[]) => joined(values.map((value) => field(20, any(value)))),
  additionalProperties: (value: Json | boolean) =>
    field(
      21,
      typeof value === "boolean" ? (value ? truth(2) : new Uint8Array()) : field(1, schema(value)),
    ),
  type: (name: string) => field(22, field(1, name)),
  items: (one: Json) => field(23, field(1, schema(one))),
  properties: (schemas: Json) => field(25, properties(schemas)),
};

function schema(value: Json): Bytes {
  const parts = Object.entries(value).map(([keyword, one]) => {
    const number = texts[keyword];
    if (number !== undefined) return field(number, one as string);
    if (keyword.startsWith("x-")) return field(31, named(keyword, any(one)));
    return keywords[keyword]?.(one as never) ?? new Uint8Array();
  });
  return joined(parts);
}

/** More definitions, to stand behind those of a document: a message that comes twice is one. */
export const definitionsProtobuf = (definitions: Json): Bytes => field(9, properties(definitions));

/** The document of `openapi/v2.json`, encoded. */
export function openApiProtobuf(text: string): Bytes {
  const { swagger, info, definitions } = JSON.parse(text) as {
    readonly swagger: string;
    readonly info: { readonly title: string; readonly version: string };
    readonly definitions: Json;
  };
  return joined([
    field(1, swagger),
    field(2, joined([field(1, info.title), field(2, info.version)])),
    field(8, new Uint8Array()),
    definitionsProtobuf(definitions),
  ]);
}
