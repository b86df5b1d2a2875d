/**
 * Gate 3, decode and default: a body becomes a complete object of its kind.
 * Upstream: apimachinery/pkg/runtime/serializer/json, apiserver/pkg/endpoints/handlers/create.go, pkg/apis/<group>/v1/defaults.go.
 */
import { decodeObject, type Decoding } from "#apimachinery/api/decode.ts";
import { fieldsBefore } from "#apimachinery/json-scan.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest } from "#apimachinery/status.ts";
import { decodeCustom } from "#apiserver/custom-resources/custom.ts";
import { heldAs, toHeld } from "#apiserver/held.ts";
import type { Finding } from "#apiserver/rpc.ts";
import type { Call } from "#apiserver/server.ts";
import { checkKind, type Decoded } from "./body-kind.ts";

/** The object a write asks for, as the gates hold it, with defaults. */
export function decode(call: Call, body: unknown): KubeObject {
  const { request, resource } = call;
  const own = request.trusted === true ? (body as KubeObject) : structural(call, resource, body);
  return defaulted(call, toHeld(resource, own));
}

/** By the wire type, or by the schema of a custom resource. */
export const decodeAs = (
  { type, custom }: Pick<Decoded, "type" | "custom">,
  body: unknown,
): Decoding => (custom === undefined ? decodeObject(body, type) : decodeCustom(custom, body));

/** Defaults of the kind as it is held; the same reference when the object is complete. */
export function defaulted({ server, resource }: Call, object: KubeObject): KubeObject {
  const { kind } = heldAs(server.registry, resource);
  return kind.defaults === undefined ? object : kind.defaults(object);
}

/** An object of `resource`'s wire type, or a 400 in upstream's words. Findings become warnings or refusals. */
export function structural(call: Call, resource: Decoded, body: unknown): KubeObject {
  const { apiVersion, kindName } = resource;
  if (body === undefined) throw badRequest("unable to decode: the request has no body");
  checkKind(call.server.registry, resource, body);
  const { value, unknown, error } = decodeAs(resource, body);
  if (error !== undefined) throw badRequest(unhandled(resource, error));
  heed(call, resource, strictFindings(call, unknown, body));
  const { kind: _kind, apiVersion: _version, metadata, ...rest } = value;
  return { kind: kindName, apiVersion, metadata: metadata ?? {}, ...rest } as unknown as KubeObject;
}

const nothing: readonly string[] = [];

/**
 * What strict decoding finds: fields that stand twice, and fields that nobody knows (in which nobody looks further);
 * in the order of the text when `read` was made of it, as a patched object is not.
 */
export function strictFindings(
  { request: { findings = [] } }: Call,
  unknown: readonly string[],
  read?: unknown,
): readonly string[] {
  if (findings.length === 0 && unknown.length === 0) return nothing;
  const outside = findings.filter(
    ({ text }) => !unknown.some((path) => text.startsWith(`duplicate field "${path}.`)),
  );
  const before =
    outside.length === 0 || read === undefined ? undefined : fieldsBefore(read, unknown);
  const strangers = unknown.map((path) => ({
    text: `unknown field ${JSON.stringify(path)}`,
    behind: before?.get(path),
  }));
  const all: readonly Finding[] = [...outside, ...strangers];
  const ordered =
    before === undefined ? all : all.toSorted((a, b) => (a.behind ?? 0) - (b.behind ?? 0));
  return ordered.map(({ text }) => text);
}

/** What field validation makes of findings: nothing, warnings, a refusal. Upstream: handlers/create.go, patch.go. */
export function heed(
  { request, passage }: Call,
  resource: Pick<Decoded, "kindName" | "version">,
  findings: readonly string[],
): void {
  if (findings.length === 0) return;
  const { fieldValidation = "Warn" } = request.options;
  if (fieldValidation === "Strict")
    throw badRequest(unhandled(resource, `strict decoding error: ${findings.join(", ")}`));
  if (fieldValidation === "Warn") passage.warnings.push(...findings);
}

export const unhandled = (
  { kindName, version }: Pick<Decoded, "kindName" | "version">,
  why: string,
): string =>
  `${kindName} in version ${JSON.stringify(version)} cannot be handled as a ${kindName}: ${why}`;
