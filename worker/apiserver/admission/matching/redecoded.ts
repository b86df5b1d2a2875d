/** What a policy or a webhook made of an object, as an object of its kind again: decoded, with defaults. */
import type { KubeObject } from "#apimachinery/object.ts";
import { decodeAs, defaulted, unhandled } from "#apiserver/gates/decode.ts";
import { internalError } from "#apimachinery/status.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import { heldFrom } from "#apiserver/held.ts";
import type { Resource } from "#apiserver/registry.ts";
import { isOwnKind } from "./attributes.ts";

/** `json` is in the version of `target`; the answer as the gates hold it. Fields nobody knows are dropped. */
export function redecoded(
  { call, info, object }: AdmissionRequest,
  json: unknown,
  target: Resource,
): KubeObject {
  if (!isOwnKind(target, info.subresource)) return json as KubeObject;
  const { value, error } = decodeAs(target, json);
  if (error !== undefined) throw internalError(unhandled(target, error));
  const { kindName: kind, apiVersion } = target;
  const { kind: _kind, apiVersion: _version, metadata, ...rest } = value;
  const made = { kind, apiVersion, metadata: metadata ?? {}, ...rest } as unknown as KubeObject;
  const complete = defaulted(
    { ...call, resource: target },
    heldFrom(call.resource, call.conversions?.bound(target) ?? target, made),
  );
  return object === undefined
    ? complete
    : { ...complete, kind: object.kind, apiVersion: object.apiVersion };
}
