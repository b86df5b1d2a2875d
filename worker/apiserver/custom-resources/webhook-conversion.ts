/**
 * Versions that only a webhook can convert: a request is answered by the stored version, converted on its way in
 * and its answer on the way out. On the way in nothing is written yet, so the gates may wait (awaiting.ts); the
 * answer is converted after the commit, by whoever took the request in.
 * Upstream: apiextensions-apiserver/pkg/apiserver/conversion/webhook_converter.go.
 * Differs: such a version cannot be watched or applied to, because a watch's events and owned fields are not converted.
 */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { jsonPatch } from "#apimachinery/json-patch.ts";
import { mergePatch } from "#apimachinery/merge-patch.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { sha256 } from "#apimachinery/sha256.ts";
import { notFound, StatusError, unsupportedMediaType } from "#apimachinery/status.ts";
import { refusedAddress, urlOf } from "#apiserver/admission/webhooks/address.ts";
import { serviceFailure } from "#apiserver/admission/webhooks/service.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import { answerTo, type Errand } from "#apiserver/awaiting.ts";
import { structural } from "#apiserver/gates/decode.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { ApiRequest } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import type { Heard } from "#apiserver/world.ts";
import { stored } from "#apiserver/verbs/update.ts";

const timeoutSeconds = 30;

/** `pass`: what the gates do with a call of the stored version. */
export function throughWebhook(call: Call, pass: (call: Call) => Answer): Answer {
  const { request, resource, server } = call;
  const storage = server.registry.storedAs(resource);
  const asStored = (more: Partial<ApiRequest>): Call => {
    const info = { ...(more.info ?? request.info), version: storage.version };
    return { ...call, resource: storage, request: { ...request, ...more, info } };
  };
  const { verb } = request.info;
  // A Scale is the same in every version.
  if (request.info.subresource === "scale") return pass(asStored({}));
  if (verb === "create" || verb === "update")
    return shownAs(call, pass(asStored({ body: incoming(call, storage, request.body) })));
  if (verb !== "patch") return shownAs(call, pass(asStored({})));
  const info = { ...request.info, verb: "update" };
  const body = incoming(call, storage, patched(call));
  return shownAs(call, pass(asStored({ info, body, patch: undefined })));
}

/** The body in the stored version. */
function incoming(call: Call, storage: Resource, body: unknown): KubeObject {
  const own = structural(call, call.resource, body);
  if (own.apiVersion === storage.apiVersion) return own;
  const errand = conversion(call, [own], storage.apiVersion);
  return converted(call, [own], storage.apiVersion, answerTo(call.request, errand))[0] ?? own;
}

/** The patch applied to the object as this version shows it. */
function patched(call: Call): unknown {
  const { request, resource } = call;
  const { previous } = stored(call);
  if (previous === undefined) throw notFound(resource.groupResource, request.info.name);
  const { patch } = request;
  if (patch === undefined || (patch.type !== "json" && patch.type !== "merge"))
    throw unsupportedMediaType(["application/json-patch+json", "application/merge-patch+json"]);
  const old = previous.value as KubeObject;
  const errand = conversion(call, [old], resource.apiVersion);
  const heard = answerTo(call.request, errand);
  const [shown = old] = converted(call, [old], resource.apiVersion, heard);
  return patch.type === "json" ? jsonPatch(shown, patch.value) : mergePatch(shown, patch.value);
}

/** The answer in this version, once its objects are converted. */
function shownAs(call: Call, answer: Answer): Answer {
  const { resource } = call;
  const objects = answer.items ?? (answer.object === undefined ? [] : [answer.object]);
  const foreign = objects.filter(({ apiVersion }) => apiVersion !== resource.apiVersion);
  if (answer.items !== undefined) {
    return {
      ...answer,
      later: async () => {
        const made = await outgoing(call, foreign);
        const list = JSON.parse([answer.body()].flat().join("")) as object;
        const items = objects.map((one) => made.get(one) ?? one);
        const whole = { ...list, apiVersion: resource.apiVersion, items };
        return { ...objectAnswer(whole as unknown as KubeObject, answer.wrote), items };
      },
    };
  }
  if (foreign.length === 0) return answer;
  return {
    ...answer,
    later: async () => {
      const [object] = [...(await outgoing(call, foreign)).values()];
      return objectAnswer(object as KubeObject, answer.wrote, answer.code, answer.warnings);
    },
  };
}

async function outgoing(
  call: Call,
  objects: readonly KubeObject[],
): Promise<ReadonlyMap<KubeObject, KubeObject>> {
  if (objects.length === 0) return new Map();
  const { apiVersion } = call.resource;
  const heard = await conversion(call, objects, apiVersion).run();
  const made = converted(call, objects, apiVersion, heard);
  return new Map(objects.map((object, i) => [object, made[i] as KubeObject]));
}

const definitionOf = ({ resource }: Call): V1CustomResourceDefinition | undefined =>
  resource.custom?.definition;

/** One question to the webhook; the same objects are the same question. */
function conversion(call: Call, objects: readonly KubeObject[], to: string): Errand<Heard> {
  const { world } = call;
  const webhook = definitionOf(call)?.spec.conversion?.webhook;
  const client = webhook?.clientConfig ?? {};
  const url = urlOf(client as Parameters<typeof urlOf>[0], timeoutSeconds);
  const uid = uidOf(objects, to);
  const apiVersion = `apiextensions.k8s.io/${webhook?.conversionReviewVersions.find((one) => one === "v1" || one === "v1beta1") ?? "v1"}`;
  const body = JSON.stringify({
    kind: "ConversionReview",
    apiVersion,
    request: { uid, desiredAPIVersion: to, objects },
  });
  return {
    id: `conversion ${uid}`,
    run: async () => {
      const problem =
        client.service === undefined
          ? addressProblem(call, url)
          : serviceFailure({ context: kindContext(call.server, "") }, client.service);
      if (problem !== undefined || world.outside === undefined)
        return { failure: problem ?? "dial tcp: connect: network is unreachable" };
      return world.outside.post({ url, body, timeoutMs: timeoutSeconds * 1000 });
    },
  };
}

const addressProblem = ({ world }: Call, url: string): string | undefined =>
  URL.canParse(url)
    ? refusedAddress(new URL(url), world.outside?.allowedOrigins ?? [])
    : `parse ${JSON.stringify(url)}: invalid URI for request`;

/** In the form of a uid. */
function uidOf(objects: readonly KubeObject[], to: string): string {
  const hex = [...sha256(`${to} ${JSON.stringify(objects)}`).subarray(0, 16)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

interface Reviewed {
  readonly response?: {
    readonly uid?: string;
    readonly result?: { readonly status?: string; readonly message?: string };
    readonly convertedObjects?: readonly KubeObject[];
  };
}

/** The webhook's answer, checked; metadata but labels and annotations stay. */
function converted(
  call: Call,
  objects: readonly KubeObject[],
  to: string,
  heard: Heard,
): readonly KubeObject[] {
  const [first] = objects;
  const of = `conversion webhook for ${first?.apiVersion}, Kind=${first?.kind}`;
  const client = definitionOf(call)?.spec.conversion?.webhook?.clientConfig ?? {};
  if ("failure" in heard) {
    const url = urlOf(client as Parameters<typeof urlOf>[0], timeoutSeconds);
    throw failed(`${of} failed: Post ${JSON.stringify(url)}: ${heard.failure}`);
  }
  const { response } = reviewed(heard.text);
  if (heard.status >= 300 || response === undefined)
    throw failed(`${of} failed: no response provided`);
  const { uid, result, convertedObjects: made = [] } = response;
  if (uid !== uidOf(objects, to))
    throw failed(
      `${of} failed: expected response.uid=${JSON.stringify(uidOf(objects, to))}, got ${JSON.stringify(uid ?? "")}`,
    );
  if (result?.status !== "Success")
    throw failed(
      `${of} failed: ${result?.message || `response.result.status was '${result?.status ?? ""}', not 'Success'`}`,
    );
  if (made.length !== objects.length)
    throw failed(`${of} returned ${made.length} objects, expected ${objects.length}`);
  return objects.map((object, i) =>
    checked(
      object,
      made[i] as KubeObject,
      to,
      `${of} returned invalid converted object at index ${i}`,
    ),
  );
}

function checked(object: KubeObject, made: KubeObject, to: string, invalid: string): KubeObject {
  if (made.apiVersion !== to)
    throw failed(`${invalid}: invalid groupVersion (expected ${to}, received ${made.apiVersion})`);
  if (made.kind !== object.kind)
    throw failed(`${invalid}: invalid kind (expected ${object.kind}, received ${made.kind})`);
  const { labels, annotations, name } = made.metadata ?? {};
  if (name !== object.metadata.name)
    throw failed(`${invalid}: must have the same name: ${object.metadata.name} != ${name}`);
  const { labels: _labels, annotations: _annotations, ...metadata } = object.metadata;
  const { kind, apiVersion, metadata: _metadata, ...rest } = made;
  return {
    kind,
    apiVersion,
    metadata: {
      ...metadata,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...rest,
  };
}

function reviewed(text: string): Reviewed {
  try {
    return JSON.parse(text) as Reviewed;
  } catch {
    return {};
  }
}

const failed = (message: string): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    code: 500,
  });
