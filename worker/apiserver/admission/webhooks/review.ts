/**
 * What is asked of a webhook and what it answers: admission.k8s.io AdmissionReview.
 * Upstream: apiserver/pkg/admission/plugin/webhook/request/admissionreview.go, plugin/webhook/errors/statuserror.go.
 */
import { bytesIn } from "#apimachinery/base64.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { type Status, StatusError } from "#apimachinery/status.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import { versioned } from "#apiserver/admission/matching/attributes.ts";
import { requestFields } from "#apiserver/admission/policies/variables.ts";
import type { Call } from "./hooks.ts";

type Json = Record<string, unknown>;
const known = ["v1", "v1beta1"];

export interface Review {
  readonly uid: string;
  /** JSON. */
  readonly body: string;
  readonly apiVersion: string;
}

/** Undefined: the hook takes no version that is spoken here. */
export const versionOf = ({ hook }: Call): string | undefined =>
  hook.webhook.admissionReviewVersions.find((version) => known.includes(version));

export function reviewOf(
  request: AdmissionRequest,
  call: Call,
  uid: string,
  version: string,
): Review {
  const { object, previous } = request;
  const { dryRun, options, ...fields } = requestFields(request, call.target);
  const shown = (one: KubeObject | undefined): unknown =>
    versioned(request, one, call.target) ?? null;
  const apiVersion = `admission.k8s.io/${version}`;
  const body = JSON.stringify({
    kind: "AdmissionReview",
    apiVersion,
    request: {
      uid,
      ...fields,
      object: shown(object),
      oldObject: shown(previous),
      dryRun,
      options: options ?? null,
    },
  });
  return { uid, body, apiVersion };
}

/** Of what two rounds of the same request differ in: what the server gives a new object. */
export function questionOf(request: AdmissionRequest, call: Call): string {
  const { object, previous } = request;
  return JSON.stringify([
    requestFields(request, call.target),
    object === undefined ? null : withoutGiven(object, previous === undefined),
    previous?.metadata.resourceVersion ?? null,
  ]);
}
function withoutGiven({ metadata, ...rest }: KubeObject, isNew: boolean): unknown {
  const { uid, creationTimestamp, managedFields, resourceVersion, generation, ...kept } = metadata;
  return [
    rest,
    kept,
    isNew
      ? null
      : [uid, creationTimestamp, resourceVersion, generation, managedFields !== undefined],
  ];
}

export interface Reply {
  readonly allowed: boolean;
  readonly result: Partial<Status> | undefined;
  /** Base64; only a mutating hook may send one. */
  readonly patch: string | undefined;
  readonly patchType: string | undefined;
  readonly warnings: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}
export type Verified = Reply | { readonly invalid: string };

const quoted = (text: unknown): string => JSON.stringify(text ?? "");

export function verified(text: string, { uid, apiVersion }: Review, isMutating: boolean): Verified {
  const review = parsedReview(text);
  if (typeof review === "string") return { invalid: `failed to call webhook: ${review}` };
  const response = review["response"] as Json | null | undefined;
  if (response === undefined || response === null)
    return { invalid: "received invalid webhook response: webhook response was absent" };
  const wrong = (why: string): Verified => ({
    invalid: `received invalid webhook response: ${why}`,
  });
  const isV1 = apiVersion.endsWith("/v1");
  if (isV1) {
    if (response["uid"] !== uid)
      return wrong(`expected response.uid=${quoted(uid)}, got ${quoted(response["uid"])}`);
    if (review["apiVersion"] !== apiVersion || review["kind"] !== "AdmissionReview")
      return wrong(
        `expected webhook response of ${apiVersion}, Kind=AdmissionReview, got ${String(review["apiVersion"])}, Kind=${String(review["kind"])}`,
      );
  }
  const { patch, patchType } = response as { patch?: string; patchType?: string };
  const problem = isV1 ? patchProblem(patch, patchType, isMutating) : undefined;
  if (problem !== undefined) return wrong(problem);
  return {
    allowed: response["allowed"] === true,
    result: response["status"] as Partial<Status> | undefined,
    patch: isMutating && patch ? patch : undefined,
    // Older reviews did not look at it.
    patchType: isV1 ? patchType : jsonPatchType,
    warnings: strings(response["warnings"]),
    annotations: (response["auditAnnotations"] ?? {}) as Record<string, string>,
  };
}

function patchProblem(
  patch: string | undefined,
  patchType: string | undefined,
  isMutating: boolean,
): string | undefined {
  if (!isMutating) {
    if (patch) return "validating webhook may not return response.patch";
    return patchType === undefined
      ? undefined
      : "validating webhook may not return response.patchType";
  }
  if (patch && patchType === undefined)
    return "webhook returned response.patch but not response.patchType";
  if (!patch && patchType !== undefined)
    return "webhook returned response.patchType but not response.patch";
  return patchType === "" ? 'webhook returned invalid response.patchType of ""' : undefined;
}

/** The patch of a reply, decoded; undefined: there is none. */
export function patchOf({ patch, patchType }: Reply): unknown {
  if (patch === undefined) return undefined;
  const decoded = decodedPatch(patch);
  if (decoded === undefinedPatch)
    return new BadPatch(
      "received undecodable patch in webhook response: invalid character looking for beginning of value",
    );
  if (Array.isArray(decoded) && decoded.length === 0) return undefined;
  return patchType === jsonPatchType
    ? decoded
    : new BadPatch(`unsupported patch type ${quoted(patchType)}`);
}
/** Why a patch cannot be used. */
export class BadPatch {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}
const jsonPatchType = "JSONPatch";

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/** A review of any sort; a text: why it is none. */
export function parsedReview(text: string): Json | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const first = JSON.stringify(text.trim().charAt(0)).slice(1, -1);
    return `couldn't get version/kind; json parse error: invalid character '${first}' looking for beginning of value`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || !("kind" in value))
    return `Object 'Kind' is missing in '${text.trim()}'`;
  return value as Json;
}

const undefinedPatch = Symbol("no patch");
function decodedPatch(base64: string): unknown {
  try {
    const bytes = bytesIn(base64);
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // What a webhook sends is told to whoever made the request.
    return undefinedPatch;
  }
}

/** The hook's own words, with its name before them, and never less than a 400. */
export function rejection(name: string, result: Partial<Status> = {}): StatusError {
  const by = `admission webhook ${quoted(name)} denied the request`;
  const { message, reason, code = 0 } = result;
  const text = message
    ? `${by}: ${message}`
    : reason
      ? `${by}: ${reason}`
      : `${by} without explanation`;
  return new StatusError({
    ...result,
    kind: "Status",
    apiVersion: "v1",
    metadata: result.metadata ?? {},
    status: "Failure",
    message: text,
    code: code < 400 ? 400 : code,
  });
}
