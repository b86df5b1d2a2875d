/** The components' wire: calls of the client become requests to the API server next door. */
import type { KubeObject } from "#apimachinery/object.ts";
import { noSuchResource } from "#apimachinery/status.ts";
import type { Explanation } from "#apimachinery/trace.ts";
import type { Registry } from "#apiserver/registry.ts";
import type { PatchBody, RequestInfo, RequestOptions, UserInfo } from "#apiserver/request.ts";
import type { ApiServer } from "#apiserver/server.ts";
import type { Gvk } from "#client/client.ts";
import type { Identity } from "#client/component.ts";
import type { WatchEvent } from "#client/informer.ts";
import type { Answer, Call, Transport } from "#client/transport.ts";
import { userAgentOf } from "./user-agent.ts";

const noOptions = {};

export class InProcessTransport implements Transport {
  readonly #api: ApiServer;
  readonly #registry: Registry;
  /** One UserInfo per identity, so that the authorizer's cache may go by identity. */
  readonly #users = new WeakMap<Identity, UserInfo>();

  constructor(api: ApiServer, registry: Registry) {
    this.#api = api;
    this.#registry = registry;
  }

  call(
    identity: Identity,
    call: Call,
    cause: number,
    explanation: Explanation | undefined,
  ): Answer {
    const patch = patchOf(call);
    return this.#api.handle({
      info: this.#infoOf(call),
      user: this.#userOf(identity),
      userAgent: userAgentOf(identity),
      actor: { name: identity.name, cause, explanation },
      options: optionsOf(call),
      body: call.body,
      patch,
      delete: call.delete === undefined ? undefined : deleteOptions(call),
      trusted: true,
      answers: call.answers,
    });
  }

  listAndWatch(
    identity: Identity,
    kind: Gvk,
    sink: (event: WatchEvent) => void,
  ): { readonly objects: readonly KubeObject[]; readonly revision: number } {
    const call: Call = { verb: "list", kind, namespace: "", name: "", subresource: "" };
    return this.#api.listAndWatch(this.#userOf(identity), this.#infoOf(call), sink);
  }

  #userOf(identity: Identity): UserInfo {
    const known = this.#users.get(identity);
    if (known !== undefined) return known;
    const user = { name: identity.user, groups: identity.groups };
    this.#users.set(identity, user);
    return user;
  }

  #infoOf({ verb, kind, namespace, name, subresource }: Call): RequestInfo {
    const resource = this.#registry.ofKind(kind);
    if (resource === undefined) throw noSuchResource();
    const { group, version, plural } = resource;
    return {
      isResource: true,
      path: "",
      verb,
      group,
      version,
      resource: plural,
      subresource,
      namespace,
      name,
    };
  }
}

function patchOf({ apply, configuration }: Call): PatchBody | undefined {
  if (configuration !== undefined) return { type: "apply", value: configuration.value };
  return apply === undefined ? undefined : { type: "function", apply };
}

function optionsOf({ list, configuration }: Call): RequestOptions {
  if (configuration !== undefined) return { fieldManager: configuration.fieldManager, force: true };
  return list === undefined
    ? noOptions
    : { labelSelector: list.labelSelector, fieldSelector: list.fieldSelector };
}

const deleteOptions = ({ delete: asked = {} }: Call): object => ({
  ...(asked.gracePeriodSeconds === undefined
    ? {}
    : { gracePeriodSeconds: asked.gracePeriodSeconds }),
  ...(asked.propagationPolicy === undefined ? {} : { propagationPolicy: asked.propagationPolicy }),
  ...(asked.uid === undefined && asked.resourceVersion === undefined
    ? {}
    : { preconditions: { uid: asked.uid, resourceVersion: asked.resourceVersion } }),
});
