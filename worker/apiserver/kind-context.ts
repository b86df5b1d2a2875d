/** What strategies and admission see of the world: the newest state, read through the registry. */
import type { KubeObject } from "#apimachinery/object.ts";
import { noSuchResource } from "#apimachinery/status.ts";
import type { KindContext } from "./kinds/kind.ts";
import { type Resource, storageKey } from "./registry.ts";
import type { UserInfo } from "./request.ts";
import type { ApiServer } from "./server.ts";

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
    get: <T extends KubeObject>(gvk: string, namespace: string, name: string) =>
      world.store.get(storageKey(resourceOf(gvk), namespace, name))?.value as T | undefined,
    list: <T extends KubeObject>(gvk: string, namespace?: string) => {
      const { directory } = resourceOf(gvk);
      const prefix = namespace === undefined ? directory : `${directory}${namespace}/`;
      return world.store.range({ prefix }).entries.map(({ value }) => value as T);
    },
    resourceOf: (gvk) => registry.ofKind(gvk)?.plural,
    random: (purpose) => world.random(purpose, `${key}@${drawnAt ?? world.store.revision}`),
  };
}
