/** What the API server writes by itself on behalf of a request, as a client of its own. Upstream: the loopback client, pkg/controlplane/instance.go. */
import type { KubeObject } from "#apimachinery/object.ts";
import type { UserInfo } from "./request.ts";
import type { Call } from "./server.ts";

const name = "kube-apiserver";
const apiServer: UserInfo = { name: "system:apiserver", groups: ["system:masters"] };

/** PUT /status of an object in the version it is stored as, because of `call`. Throws StatusError. */
export function updateOwnStatus(call: Call, gvk: string, object: KubeObject): void {
  const { server, request } = call;
  const resource = server.registry.ofKind(gvk);
  if (resource === undefined) throw new Error(`no resource of ${gvk}`);
  const { group, version, plural } = resource;
  server.handle({
    info: {
      isResource: true,
      path: "",
      verb: "update",
      group,
      version,
      resource: plural,
      subresource: "status",
      namespace: object.metadata.namespace ?? "",
      name: object.metadata.name ?? "",
    },
    user: apiServer,
    userAgent: name,
    actor: { name, cause: request.actor.cause },
    options: {},
    body: object,
    trusted: true,
    answers: request.answers,
  });
}
