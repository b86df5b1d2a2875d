/**
 * Objects that the server keeps beside another one: made just before it is stored, taken away just before it goes
 * or needs them no more, so that whoever must wait for a webhook has written nothing yet. The server writes them as
 * itself, through all gates.
 * Upstream: pkg/registry/core/service/storage/storage.go beginCreate, beginUpdate, AfterDelete.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { StatusError } from "#apimachinery/status.ts";
import type { UserInfo } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";

const user: UserInfo = {
  name: "system:apiserver",
  groups: ["system:masters", "system:authenticated"],
};
const actor = "kube-apiserver";
const userAgent = actor;
const none: readonly KubeObject[] = [];

function of({ server, resource }: Call, object: KubeObject | undefined): readonly KubeObject[] {
  if (object === undefined) return none;
  return server.registry.storedAs(resource).kind.companions?.(object) ?? none;
}

const isAmong = (all: readonly KubeObject[], { metadata }: KubeObject): boolean =>
  all.some((one) => one.metadata.name === metadata.name);

function write({ server, request }: Call, verb: "create" | "delete", object: KubeObject): void {
  const resource = server.registry.ofKind(`${object.apiVersion}/${object.kind}`);
  if (resource === undefined) return;
  const { name = "", namespace = "" } = object.metadata;
  server.handle({
    info: {
      isResource: true,
      path: "",
      verb,
      group: resource.group,
      version: resource.version,
      resource: resource.plural,
      subresource: "",
      namespace,
      name: verb === "create" ? "" : name,
    },
    user,
    userAgent,
    actor: { name: actor, cause: request.actor.cause },
    options: {},
    ...(verb === "create" ? { body: object } : {}),
    trusted: true,
    answers: request.answers,
  });
}

/** Before `next` is stored in place of `previous`. */
export function makeCompanions(
  call: Call,
  next: KubeObject,
  previous: KubeObject | undefined,
): void {
  const wanted = of(call, next);
  if (wanted.length === 0) return;
  const before = of(call, previous);
  for (const one of wanted) if (!isAmong(before, one)) write(call, "create", one);
}

/** Before `next` is stored in place of `previous`; undefined: `previous` goes. What cannot go stays, as upstream. */
export function dropCompanions(
  call: Call,
  next: KubeObject | undefined,
  previous: KubeObject | undefined,
): void {
  const before = of(call, previous);
  if (before.length === 0) return;
  const wanted = of(call, next);
  for (const one of before) {
    if (isAmong(wanted, one)) continue;
    try {
      write(call, "delete", one);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
