/**
 * The body of a request to a subresource that has a kind of its own: a Binding, an Eviction, a Scale.
 * Upstream: apiserver/pkg/endpoints/handlers/create.go, rest.GroupVersionKindProvider.
 */
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";
import type { SubresourceFacts } from "#apimachinery/api/schema.ts";
import { badRequest } from "#apimachinery/status.ts";
import type { Decoded } from "#apiserver/gates/body-kind.ts";
import { structural } from "#apiserver/gates/decode.ts";
import type { Call } from "#apiserver/server.ts";

/** Upstream: EvictionREST.AcceptsGroupVersion. */
const accepted: Readonly<Record<string, readonly string[]>> = {
  "policy/v1/Eviction": ["policy/v1beta1"],
};

function kindOf({ kind, type = "" }: SubresourceFacts): Decoded {
  const slash = kind.lastIndexOf("/");
  const apiVersion = kind.slice(0, slash);
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  const kindName = kind.slice(slash + 1);
  return { apiVersion, version, kindName, type, accepts: accepted[kind] };
}

/** Decoded, of its kind, for the request's namespace. Components are trusted. Throws 400. */
export function ownObject<T extends { readonly metadata?: V1ObjectMeta | undefined }>(
  call: Call,
  body: unknown = call.request.body,
): T {
  const { request, resource } = call;
  if (request.trusted === true) return body as T;
  const { namespace, subresource } = request.info;
  const facts = resource.facts.subresources?.[subresource];
  const object = structural(
    call,
    facts === undefined ? resource : kindOf(facts),
    body,
  ) as unknown as T;
  const given = object.metadata?.namespace;
  if (given && given !== namespace)
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  return object;
}
