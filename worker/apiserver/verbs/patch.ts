/** PATCH: JSON, merge, strategic, or (components) a pure function. Upstream: apiserver/pkg/endpoints/handlers/patch.go. */
import { jsonPatch, JsonPatchError } from "#apimachinery/json-patch.ts";
import { mergePatch } from "#apimachinery/merge-patch.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest, notFound, StatusError, unsupportedMediaType } from "#apimachinery/status.ts";
import { strategicMergePatch, StrategicPatchError } from "#apimachinery/strategic-merge-patch.ts";
import type { Answer } from "#apiserver/answer.ts";
import { decodeAs, defaulted, heed, strictFindings, unhandled } from "#apiserver/gates/decode.ts";
import type { PatchBody } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import { replace, scopeOf, stored } from "./update.ts";

const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

/** Strategic merge needs Go's struct tags. Upstream: customresource_handler.go ServeHTTP. */
const customPatchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml",
];

export function patch(call: Call): Answer {
  const { request, resource } = call;
  const { name } = request.info;
  const { previous } = stored(call);
  if (request.patch === undefined || request.patch.type === "apply") {
    throw unsupportedMediaType(patchTypes);
  }
  if (previous === undefined) throw notFound(resource.groupResource, name);
  const old = previous.value as KubeObject;
  const next = patched(call, old, request.patch);
  return replace(call, next, previous, scopeOf(call));
}

/** The stored kind's object after the patch, decoded and with defaults. */
export function patched(call: Call, old: KubeObject, body: PatchBody): KubeObject {
  const { face } = call.resource;
  const shown = face === undefined ? old : face.fromStored(old);
  if (body.type === "function") {
    const next = body.apply(shown as never) as KubeObject;
    return next === shown ? old : face === undefined ? next : face.toStored(next);
  }
  const applied = applyPatch(call, shown, body);
  const next = complete(call, applied);
  return defaulted(call, face === undefined ? next : face.toStored(next));
}

function applyPatch(
  { resource }: Call,
  shown: KubeObject,
  body: Exclude<PatchBody, { type: "function" }>,
): unknown {
  if (resource.custom !== undefined && body.type === "strategic")
    throw unsupportedMediaType(customPatchTypes);
  try {
    if (body.type === "json") return jsonPatch(shown, body.value);
    if (body.type === "strategic") return strategicMergePatch(shown, body.value, resource.type);
  } catch (error) {
    if (error instanceof StrategicPatchError) throw badRequest(error.message);
    if (error instanceof JsonPatchError) throw refusedPatch(error);
    throw error;
  }
  if (typeof body.value !== "object" || body.value === null || Array.isArray(body.value)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    );
  }
  return mergePatch(shown, body.value);
}

/** Upstream: patch.go; an inapplicable JSON patch is 422 without details. */
function refusedPatch({ code, message }: JsonPatchError): StatusError {
  if (code === 400) return badRequest(message);
  const reason = code === 413 ? "RequestEntityTooLarge" : "Invalid";
  const text =
    code === 413
      ? `Request entity too large: ${message}`
      : `the server rejected our request due to an error in our request`;
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: text,
    reason,
    details: { causes: [{ message }] },
    code,
  });
}

function complete(call: Call, applied: unknown): KubeObject {
  const { resource } = call;
  const { value, unknown, error } = decodeAs(resource, applied);
  if (error !== undefined) throw badRequest(unhandled(resource, error));
  heed(call, resource, strictFindings(call, unknown));
  const { kind: _kind, apiVersion: _version, metadata, ...rest } = value;
  return {
    kind: resource.kindName,
    apiVersion: resource.apiVersion,
    metadata,
    ...rest,
  } as unknown as KubeObject;
}
