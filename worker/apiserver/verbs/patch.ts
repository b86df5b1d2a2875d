/** PATCH: JSON, merge, strategic, apply, or (components) a pure function. Upstream: apiserver/pkg/endpoints/handlers/patch.go. */
import { jsonPatch, JsonPatchError } from "#apimachinery/json-patch.ts";
import { mergePatch } from "#apimachinery/merge-patch.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import {
  badRequest,
  invalid,
  notFound,
  StatusError,
  unsupportedMediaType,
} from "#apimachinery/status.ts";
import { strategicMergePatch, StrategicPatchError } from "#apimachinery/strategic-merge-patch.ts";
import { goPrinted } from "#apimachinery/typed/value.ts";
import type { Answer } from "#apiserver/answer.ts";
import { checkTypeMeta, otherKind } from "#apiserver/gates/body-kind.ts";
import { decodeAs, defaulted, heed, strictFindings } from "#apiserver/gates/decode.ts";
import { fromHeld, toHeld } from "#apiserver/held.ts";
import type { Owners } from "#apiserver/ownership/owner.ts";
import type { PatchBody } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import type { Entry } from "#store/entry.ts";
import { applied, apply, configOf } from "./apply.ts";
import { checkNamed } from "./named.ts";
import { checkPatchOptions } from "./patch-options.ts";
import { held, type Part, replace, scopeOf } from "./update.ts";

export const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

/** Strategic merge needs Go's struct tags. Upstream: customresource_handler.go ServeHTTP. */
const customPatchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml",
];

export function patch(call: Call, part?: Part): Answer {
  const { request, resource } = call;
  const { name, subresource } = request.info;
  const body = request.patch;
  if (body === undefined) throw unsupportedMediaType(patchTypes);
  checkPatchOptions(request);
  if (body.type === "apply" && subresource === "") return apply(call, body.value);
  const previous = held(call);
  // As upstream: an applied configuration is looked at before the object is.
  const config = body.type === "apply" ? configOf(call, body.value) : undefined;
  if (previous === undefined) throw notFound(resource.groupResource, name);
  const next =
    config === undefined ? patched(call, previous, body) : applied(call, config, previous);
  const wanted = part?.(next.object, previous.value as KubeObject, call) ?? next.object;
  const { owners } = next;
  return replace(call, wanted, previous, { scope: scopeOf(call), owners, part });
}

export interface Patched {
  /** As the gates hold it. */
  readonly object: KubeObject;
  /** After an apply; else they follow from what changed. */
  readonly owners?: Owners;
}

/** What a patch of any sort makes of the stored object, decoded and with defaults. */
export function patched(call: Call, previous: Entry, body: PatchBody): Patched {
  const { resource } = call;
  const old = previous.value as KubeObject;
  if (body.type === "apply") return applied(call, configOf(call, body.value), previous);
  if (body.type === "function") {
    const shown = fromHeld(resource, old);
    const next = body.apply(shown as never) as KubeObject;
    return { object: next === shown ? old : toHeld(resource, next) };
  }
  const whole = looksAtOwners(body) ? call.server.fields.shown(old, previous) : old;
  const shown = fromHeld(resource, whole);
  if (resource.custom !== undefined && body.type === "strategic")
    throw unsupportedMediaType(customPatchTypes);
  const next = complete(call, patchedData(resource.type, shown, body), body);
  checkNamed(call, next);
  return { object: defaulted(call, toHeld(resource, next)) };
}

type DataPatch = Exclude<PatchBody, { type: "function" }>;

/** Only such a patch needs to see managedFields, which no object in memory has. */
function looksAtOwners({ type, value }: DataPatch): boolean {
  const whole = (path: unknown): boolean => path === "" || path === "/metadata";
  return (
    JSON.stringify(value ?? null).includes("managedFields") ||
    (type === "json" &&
      Array.isArray(value) &&
      (value as readonly { path?: unknown; from?: unknown }[]).some(
        (one) => whole(one?.path) || whole(one?.from),
      ))
  );
}

/** What a patch makes of a value of a type in the schema. Throws 400, 413, 422. */
export function patchedData(type: string, shown: KubeObject, body: DataPatch): unknown {
  try {
    if (body.type === "json") return jsonPatch(shown, body.value);
    if (body.type === "strategic") return strategicMergePatch(shown, body.value, type);
  } catch (error) {
    // Differs: 400 for every patch that cannot be merged, where upstream has 500 for some, because it is the client's.
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

/**
 * Why the result is of another kind than the object. Throws 422 for a custom resource that says so. A strategic patch
 * is merged into the kind's own type, which stays what it is. Upstream: patch.go jsonPatcher, smpPatcher.
 */
function kindProblem(call: Call, result: unknown, { type }: DataPatch): string | undefined {
  const { resource, server } = call;
  const said = (result ?? {}) as Partial<KubeObject>;
  if (said.kind === resource.kindName && said.apiVersion === resource.apiVersion) return undefined;
  if (type === "strategic") return undefined;
  if (resource.custom === undefined) return otherKind(server.registry, resource, said)?.why;
  if (!said.kind) return `Object 'Kind' is missing in '${JSON.stringify(result)}'`;
  checkTypeMeta(resource, said);
  return undefined;
}

/** What came out must be an object of the kind; else the patch is invalid. */
function complete(call: Call, result: unknown, patch: DataPatch): KubeObject {
  const { resource, request } = call;
  const { type, value: given } = patch;
  const wrongKind = kindProblem(call, result, patch);
  const { value, unknown, error: jsonError, converterError } = decodeAs(resource, result);
  const error = wrongKind ?? (type === "strategic" ? (converterError ?? jsonError) : jsonError);
  const findings = strictFindings(call, unknown);
  const isStrict = request.options.fieldValidation === "Strict" && findings.length > 0;
  if (error !== undefined || isStrict) {
    const why = error ?? `strict decoding error: ${findings.join(", ")}`;
    const shown = type === "strategic" ? goPrinted(given) : JSON.stringify(result);
    const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`;
    throw invalid({ group: "", kind: "" }, "", [
      { reason: "FieldValueInvalid", field: "patch", message },
    ]);
  }
  heed(call, resource, findings);
  const { kind: _kind, apiVersion: _version, metadata = {}, ...rest } = value;
  return {
    kind: resource.kindName,
    apiVersion: resource.apiVersion,
    metadata,
    ...rest,
  } as unknown as KubeObject;
}
