/** Does what a patch made still lie where the path says? Upstream: endpoints/handlers/rest.go checkName, rest/meta.go. */
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest } from "#apimachinery/status.ts";
import type { Call } from "#apiserver/server.ts";

/** Throws 400. */
export function checkNamed({ request, resource }: Call, { metadata }: KubeObject): void {
  const { name: wanted, namespace: wantedNamespace } = request.info;
  const { name = "", namespace = "" } = metadata;
  if (resource.namespaced && namespace !== "" && namespace !== wantedNamespace)
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  if (name === "")
    throw badRequest(
      `the name of the object (${wanted} based on URL) was undeterminable: name must be provided`,
    );
  if (name !== wanted)
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${wanted})`,
    );
}
