/**
 * Bodies in Kubernetes' protobuf: `k8s\0`, a runtime.Unknown, in it the message that its typeMeta names.
 * Upstream: apimachinery/pkg/runtime/serializer/protobuf/protobuf.go.
 */
import { BackwardWriter } from "./protobuf/backward-writer.ts";
import { type Json, messageNamed, ProtobufError } from "./protobuf/messages.ts";
import { expectBytes, messageValue, Reader } from "./protobuf/read.ts";
import { writeMessage } from "./protobuf/write.ts";

const utf8 = new TextDecoder();
const magic = [0x6b, 0x38, 0x73, 0x00];

export const isProtobuf = (bytes: Uint8Array): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

/**
 * `apps/v1` + `Deployment` → `apps.v1.Deployment`; groups lose their dots' tails, as Go's packages have it.
 * Options are of every group version. Upstream: apimachinery/pkg/apis/meta/v1/register.go AddToGroupVersion.
 */
function messageOf(apiVersion: string, kind: string): string {
  const [first = "", last] = apiVersion.split("/");
  const group = last === undefined ? "core" : (groupAliases[first] ?? first.split(".")[0] ?? "");
  const own = `${group}.${last ?? first}.${kind}`;
  return messageNamed(own) === undefined ? `meta.v1.${kind}` : own;
}
const groupAliases: Readonly<Record<string, string>> = {
  "rbac.authorization.k8s.io": "rbac",
  "flowcontrol.apiserver.k8s.io": "flowcontrol",
  "events.k8s.io": "events",
  "meta.k8s.io": "meta",
};

/** A body as the JSON value it stands for, with kind and apiVersion. Throws ProtobufError. */
export function decodeProtobuf(bytes: Uint8Array): Json {
  if (!isProtobuf(bytes))
    throw new ProtobufError(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  const unknown = new Map<number, Uint8Array>();
  const reader = new Reader(bytes.subarray(4));
  while (!reader.done) {
    const tag = Number(reader.varint());
    unknown.set(tag >>> 3, expectBytes(reader.value(tag & 7)));
  }
  const meta = new Map<number, string>();
  const typeMeta = new Reader(unknown.get(1) ?? new Uint8Array());
  while (!typeMeta.done) {
    const tag = Number(typeMeta.varint());
    meta.set(tag >>> 3, utf8.decode(expectBytes(typeMeta.value(tag & 7))));
  }
  const apiVersion = meta.get(1) ?? "";
  const kind = meta.get(2) ?? "";
  const name = messageOf(apiVersion, kind);
  if (messageNamed(name) === undefined)
    throw new ProtobufError(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  return {
    kind,
    apiVersion,
    ...(messageValue(unknown.get(2) ?? new Uint8Array(), name, 0) as Json),
  };
}

/** An object (or a list) as a whole body. Throws ProtobufError when its kind has no message. */
export function encodeProtobuf(object: Json): Uint8Array<ArrayBuffer> {
  const apiVersion = String(object["apiVersion"] ?? "");
  const kind = String(object["kind"] ?? "");
  const writer = new BackwardWriter();
  // runtime.Unknown: 1 typeMeta, 2 raw, 3 contentEncoding, 4 contentType.
  writer.close(4, writer.length);
  writer.close(3, writer.length);
  let before = writer.length;
  writeBody(writer, object, { apiVersion, kind });
  writer.close(2, before);
  before = writer.length;
  for (const [number, text] of [
    [2, kind],
    [1, apiVersion],
  ] as const) {
    const inside = writer.length;
    writer.text(text);
    writer.close(number, inside);
  }
  writer.close(1, before);
  writer.raw(Uint8Array.from(magic));
  return writer.done();
}

function writeBody(
  writer: BackwardWriter,
  object: Json,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): void {
  const name = messageOf(apiVersion, kind);
  if (messageNamed(name) !== undefined) return writeMessage(writer, object, name);
  // Lists are not in the table: metadata, then items, for every kind.
  const item = kind.endsWith("List") ? messageOf(apiVersion, kind.slice(0, -4)) : "";
  if (messageNamed(item) === undefined)
    throw new ProtobufError(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  const items = (object["items"] ?? []) as readonly unknown[];
  for (let i = items.length - 1; i >= 0; i -= 1) {
    const before = writer.length;
    writeMessage(writer, items[i], item);
    writer.close(2, before);
  }
  const before = writer.length;
  writeMessage(writer, object["metadata"], "meta.v1.ListMeta");
  writer.close(1, before);
}

/** Can the object (or list) be written? */
export function hasMessage({ apiVersion, kind }: Json): boolean {
  const [version, name] = [String(apiVersion ?? ""), String(kind ?? "")];
  return [name, name.replace(/List$/, "")].some(
    (one) => one !== "" && messageNamed(messageOf(version, one)) !== undefined,
  );
}

/** An event of a watch around an object's whole body; bare, as streams have it. */
export function encodeWatchEvent(type: string, object: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = new BackwardWriter();
  // WatchEvent: 1 type, 2 object; RawExtension: 1 raw.
  writer.raw(object);
  writer.close(1, 0);
  writer.close(2, 0);
  const before = writer.length;
  writer.text(type);
  writer.close(1, before);
  return writer.done();
}
