/**
 * Bodies as clients send them (JSON, YAML, protobuf) → JSON text for the cluster, with what strict decoding finds.
 * Upstream: apimachinery/pkg/runtime/serializer, apiserver/pkg/endpoints/handlers/{create,patch,rest}.go.
 */
import { decodeProtobuf } from "#apimachinery/api/protobuf.ts";
import { ProtobufError } from "#apimachinery/api/protobuf/messages.ts";
import { plainValue, scanJson } from "#apimachinery/json-scan.ts";
import {
  badRequest,
  type StatusError,
  tooLarge,
  unsupportedMediaType,
} from "#apimachinery/status.ts";
import type { Limits } from "#apiserver/limits.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { RequestInfo } from "#apiserver/request.ts";
import type { Decoded, Finding } from "#apiserver/rpc.ts";
import { mediaTypes } from "./accept.ts";
import { readYaml, YamlError } from "./yaml.ts";

/** Upstream: apiserver MaxRequestBodyBytes. */
const mostBodyBytes = 3 * 1024 * 1024;
export const bodyLimit = ({ requestBytes }: Pick<Limits, "requestBytes">): number =>
  Math.min(requestBytes, mostBodyBytes);

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

export const isBodyless = ({ method }: Request): boolean => method === "GET" || method === "HEAD";

/** What the path takes, for the words of a refusal; "" for options of a deletion. */
export function kindAt({ verb, subresource }: RequestInfo, named: Resource | undefined): string {
  if (verb === "delete" || verb === "deletecollection") return "";
  const kind = named?.facts.subresources?.[subresource]?.kind ?? named?.kindName ?? "object";
  return kind.split("/").at(-1) ?? "";
}

function contentTypeOf({ headers }: Request): string {
  const given = headers.get("content-type") ?? json;
  return given === json ? json : given.split(";")[0]?.trim().toLowerCase() || json;
}
const acceptedBy = ({ method }: Request): readonly string[] =>
  method === "PATCH" ? patchTypes : mediaTypes;

/** JSON of a size that is known and allowed: the cluster can read it as it came. */
export function isPlainJson(request: Request, mostBytes: number): boolean {
  const length = request.headers.get("content-length");
  if (length === null || Number(length) > mostBytes) return false;
  const contentType = contentTypeOf(request);
  return contentType.endsWith("json") && acceptedBy(request).includes(contentType);
}

/** What `isPlainJson` is. Never throws, as `readBody`; without a value there is no body, or it is refused. */
export async function readPlainJson(
  request: Request,
  kindName: string,
): Promise<{ readonly value: unknown; readonly decoded: Decoded }> {
  const sent = await request.text();
  const plain = plainValue(sent);
  if (plain !== undefined)
    return { value: plain, decoded: { contentType: contentTypeOf(request) } };
  const { text, decoded } = decodedAs(request, kindName, {
    isEmpty: sent === "",
    read: () => readJson(sent),
    bytes: () => new TextEncoder().encode(sent),
  });
  return { value: text === "" ? undefined : JSON.parse(text), decoded };
}

/** Never throws: a refusal travels with the request, so that authentication and authorisation come first. */
export async function readBody(
  request: Request,
  kindName: string,
  mostBytes: number,
): Promise<ReadBody> {
  const contentType = contentTypeOf(request);
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > mostBytes) return refused(contentType, tooLarge(`limit is ${mostBytes}`));
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > mostBytes) return refused(contentType, tooLarge(`limit is ${mostBytes}`));
  const accepted = acceptedBy(request);
  const isEmpty = bytes.length === 0;
  if (!accepted.includes(contentType) && (request.method === "PATCH" || !isEmpty))
    return refused(contentType, unsupportedMediaType(accepted));
  const read = (): Readable => readAs(bytes, contentType);
  return decodedAs(request, kindName, { isEmpty, read, bytes: () => bytes });
}

interface Readable {
  readonly text: string;
  readonly findings: readonly Finding[];
}
interface Sent {
  readonly isEmpty: boolean;
  /** Throws what is wrong with it. */
  read(): Readable;
  bytes(): Uint8Array;
}

function decodedAs(request: Request, kindName: string, { isEmpty, read, bytes }: Sent): ReadBody {
  const contentType = contentTypeOf(request);
  const isPatch = request.method === "PATCH";
  // A deletion needs no options; everything else needs a body.
  if (isEmpty && (kindName === "" || isPatch)) return { text: "", decoded: { contentType } };
  try {
    const { text, findings } = read();
    return { text, decoded: { contentType, ...(findings.length > 0 ? { findings } : {}) } };
  } catch (error) {
    return refused(contentType, badRequest(wordsOf(error, { bytes, kindName, isPatch })));
  }
}

class Unreadable extends Error {}

function readAs(bytes: Uint8Array, contentType: string): Readable {
  if (contentType.endsWith("protobuf"))
    return { text: JSON.stringify(decodeProtobuf(bytes)), findings: [] };
  const text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: false }).decode(bytes);
  if (!contentType.endsWith("yaml")) return readJson(text);
  const { json: made, findings } = readYaml(text);
  return { text: made, findings: findings.map((one) => ({ text: one })) };
}

function readJson(text: string): Readable {
  const { error, duplicates } = scanJson(text);
  if (error !== undefined) throw new Unreadable(error);
  const findings = duplicates.map(({ path, behind }) => ({
    text: `duplicate field ${JSON.stringify(path)}`,
    behind,
  }));
  return { text, findings };
}

interface Asked {
  bytes(): Uint8Array;
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
    : `the object provided is unrecognized (must be of type ${kindName}): ${why} (${summary(bytes())})`;
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
