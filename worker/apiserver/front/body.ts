/** Bodies as clients send them (JSON, YAML, protobuf) → JSON text for the cluster. Upstream: apimachinery/pkg/runtime/serializer. */
import { parseDocument, YAMLParseError } from "yaml";
import { decodeProtobuf, ProtobufError } from "#apimachinery/api/protobuf.ts";
import {
  badRequest,
  type StatusError,
  tooLarge,
  unsupportedMediaType,
} from "#apimachinery/status.ts";
import type { Decoded } from "#apiserver/rpc.ts";

/** Upstream: apiserver MaxRequestBodyBytes. */
export const mostBodyBytes = 3 * 1024 * 1024;
/** What an alias may unfold to, so that no small text becomes a big one. Upstream: yaml alias limits. */
const mostAliases = 100;

export interface ReadBody {
  readonly text: string;
  readonly decoded: Decoded;
}

const json = "application/json";
const objectTypes: readonly string[] = [
  json,
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
];
const patchTypes: readonly string[] = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

const refused = (contentType: string, error: StatusError): ReadBody => ({
  text: "",
  decoded: { contentType, error: error.status },
});

/** Never throws: a refusal travels with the request, so that authentication and authorisation come first. */
export async function readBody(request: Request): Promise<ReadBody> {
  const contentType =
    (request.headers.get("content-type") ?? json).split(";")[0]?.trim().toLowerCase() || json;
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > mostBodyBytes) return refused(contentType, tooLarge(`limit is ${mostBodyBytes}`));
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > mostBodyBytes)
    return refused(contentType, tooLarge(`limit is ${mostBodyBytes}`));
  const isPatch = request.method === "PATCH";
  if (isPatch && contentType === "application/apply-patch+yaml")
    return read(bytes, contentType, "yaml");
  const accepted = isPatch ? patchTypes : objectTypes;
  if (bytes.length === 0) return { text: "", decoded: { contentType } };
  if (!accepted.includes(contentType)) return refused(contentType, unsupportedMediaType(accepted));
  return read(
    bytes,
    contentType,
    contentType.endsWith("yaml") ? "yaml" : contentType.endsWith("protobuf") ? "protobuf" : "json",
  );
}

function read(
  bytes: Uint8Array,
  contentType: string,
  form: "json" | "yaml" | "protobuf",
): ReadBody {
  try {
    if (form === "protobuf")
      return { text: JSON.stringify(decodeProtobuf(bytes)), decoded: { contentType } };
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    if (form === "json") return { text, decoded: { contentType } };
    const document = parseDocument(text, {
      uniqueKeys: true,
      maxAliasCount: mostAliases,
    } as object);
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    return {
      text: JSON.stringify(document.toJS({ maxAliasCount: mostAliases })),
      decoded: { contentType },
    };
  } catch (error) {
    return refused(contentType, badRequest(messageOf(error)));
  }
}

function messageOf(error: unknown): string {
  if (error instanceof YAMLParseError) return `yaml: ${error.message}`;
  if (error instanceof ProtobufError) return error.message;
  return `unable to decode: ${error instanceof Error ? error.message : String(error)}`;
}
