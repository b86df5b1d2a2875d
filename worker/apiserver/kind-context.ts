/** What strategies and admission see of the world: the newest state, read through the registry. */
import type { KubeObject } from "#apimachinery/object.ts";
import { noSuchResource } from "#apimachinery/status.ts";
import type { Entry } from "#store/entry.ts";
import { heldEntry } from "./held.ts";
import type { KindContext } from "./kinds/kind.ts";
import { type Resource, storageKey } from "./registry.ts";
import type { UserInfo } from "./request.ts";
import type { ApiServer } from "./server.ts";

/** A custom resource in the version that is asked for, unless a webhook would have to make it. */
const valueIn = (resource: Resource, entry: Entry): unknown =>
  resource.custom?.needsWebhook === true ? entry.value : heldEntry(resource, entry).value;

/** `key` tells this request's draws from those of others at the same revision; `drawnAt`: that revision, if not the newest. */
export function kindContext(
  server: ApiServer,
  key: string,
  user?: UserInfo,
  drawnAt?: number,
): KindContext {
  const { world, registry } = server;
  const resourceOf = (gvk: string): Resource => {
    const found = registry.ofKind(gvk);
    if (found === undefined) throw noSuchResource();
    return found;
  };
  return {
    nowMs: world.nowMs(),
    authorizer: world.authorizer,
    user,
    get: <T extends KubeObject>(gvk: string, namespace: string, name: string) => {
      const resource = resourceOf(gvk);
      const entry = world.store.get(storageKey(resource, namespace, name));
      return entry && (valueIn(resource, entry) as T);
    },
    list: <T extends KubeObject>(gvk: string, namespace?: string) => {
      const resource = resourceOf(gvk);
      const { directory } = resource;
      const prefix = namespace === undefined ? directory : `${directory}${namespace}/`;
      return world.store.range({ prefix }).entries.map((entry) => valueIn(resource, entry) as T);
    },
    resourceOf: (gvk) => registry.ofKind(gvk)?.plural,
    random: (purpose) => world.random(purpose, `${key}@${drawnAt ?? world.store.revision}`),
  };
}
