/**
 * Bodies as clients send them (JSON, YAML, protobuf) → JSON text for the cluster, with what strict decoding finds.
 * Upstream: apimachinery/pkg/runtime/serializer, apiserver/pkg/endpoints/handlers/{create,patch,rest}.go.
 */
import { decodeProtobuf, ProtobufError } from "#apimachinery/api/protobuf.ts";
import { scanJson } from "#apimachinery/json-scan.ts";
import {
  badRequest,
  type StatusError,
  tooLarge,
  unsupportedMediaType,
} from "#apimachinery/status.ts";
import type { Decoded } from "#apiserver/rpc.ts";
import { mediaTypes } from "./accept.ts";
import { readYaml, YamlError } from "./yaml.ts";

/** Upstream: apiserver MaxRequestBodyBytes. */
export const mostBodyBytes = 3 * 1024 * 1024;

export interface ReadBody {
  readonly text: string;
  readonly decoded: Decoded;
}

const json = "application/json";
const patchTypes: readonly string[] = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

const refused = (contentType: string, error: StatusError): ReadBody => ({
  text: "",
  decoded: { contentType, error: error.status },
});

/**
 * `kindName`: what the path takes, for the words of a refusal; "" for options of a deletion.
 * Never throws: a refusal travels with the request, so that authentication and authorisation come first.
 */
export async function readBody(
  request: Request,
  kindName: string,
  mostBytes: number = mostBodyBytes,
): Promise<ReadBody> {
  const contentType =
    (request.headers.get("content-type") ?? json).split(";")[0]?.trim().toLowerCase() || json;
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > mostBytes) return refused(contentType, tooLarge(`limit is ${mostBytes}`));
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > mostBytes) return refused(contentType, tooLarge(`limit is ${mostBytes}`));
  const isPatch = request.method === "PATCH";
  const accepted = isPatch ? patchTypes : mediaTypes;
  if (!accepted.includes(contentType) && (isPatch || bytes.length > 0))
    return refused(contentType, unsupportedMediaType(accepted));
  // A deletion needs no options; everything else needs a body.
  if (bytes.length === 0 && (kindName === "" || isPatch))
    return { text: "", decoded: { contentType } };
  try {
    const { text, findings } = read(bytes, contentType);
    return { text, decoded: { contentType, ...(findings.length > 0 ? { findings } : {}) } };
  } catch (error) {
    return refused(contentType, badRequest(wordsOf(error, { bytes, kindName, isPatch })));
  }
}

class Unreadable extends Error {}

function read(
  bytes: Uint8Array,
  contentType: string,
): { readonly text: string; readonly findings: readonly string[] } {
  if (contentType.endsWith("protobuf"))
    return { text: JSON.stringify(decodeProtobuf(bytes)), findings: [] };
  const text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: false }).decode(bytes);
  if (contentType.endsWith("yaml")) {
    const { json: made, findings } = readYaml(text);
    return { text: made, findings };
  }
  const { error, duplicates } = scanJson(text);
  if (error !== undefined) throw new Unreadable(error);
  return { text, findings: duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`) };
}

interface Asked {
  readonly bytes: Uint8Array;
  readonly kindName: string;
  readonly isPatch: boolean;
}

/** Upstream: handlers/rest.go transformDecodeError. */
function wordsOf(error: unknown, { bytes, kindName, isPatch }: Asked): string {
  let why: string;
  if (error instanceof Unreadable)
    why = isPatch
      ? `error decoding patch: ${error.message}`
      : `couldn't get version/kind; json parse error: ${error.message}`;
  else if (error instanceof YamlError || error instanceof ProtobufError) why = error.message;
  else throw error;
  return isPatch || kindName === ""
    ? why
    : `the object provided is unrecognized (must be of type ${kindName}): ${why} (${summary(bytes)})`;
}

const shown = 30;
function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<empty>";
  const head = bytes.subarray(0, shown);
  const text =
    bytes[0] === 0x7b
      ? new TextDecoder().decode(head)
      : Array.from(head, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > shown ? `${text} ...` : text;
}
