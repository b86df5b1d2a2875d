/**
 * Keeps the registry in step with the definitions there are: what is established is served, from the commit on.
 * Upstream: apiextensions-apiserver/pkg/apiserver/customresource_handler.go, customresource_discovery_controller.go.
 */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import type { Registry } from "#apiserver/registry.ts";
import type { WatchHub } from "#apiserver/watch.ts";
import type { Store } from "#store/store.ts";
import { hasCondition, resourcesOf } from "./resources.ts";

export const definitionKind = "apiextensions.k8s.io/v1/CustomResourceDefinition";

/** Is it served the same way? Status updates that change nothing of that are the usual case. */
function isSame(a: V1CustomResourceDefinition, b: V1CustomResourceDefinition): boolean {
  return (
    a.spec === b.spec &&
    a.status?.acceptedNames === b.status?.acceptedNames &&
    ["Established", "Terminating"].every((type) => hasCondition(a, type) === hasCondition(b, type))
  );
}

export function followDefinitions(registry: Registry, watches: WatchHub, store: Store): void {
  const resource = registry.ofKind(definitionKind);
  if (resource === undefined) return;
  for (const { value } of store.range({ prefix: resource.directory }).entries) {
    const definition = value as V1CustomResourceDefinition;
    registry.setCustom(definition.metadata.name ?? "", resourcesOf(definition));
  }
  watches.subscribe(resource, ({ type, object, previous }) => {
    const definition = object as V1CustomResourceDefinition;
    const name = definition.metadata.name ?? "";
    if (type === "DELETED") registry.setCustom(name, []);
    else if (previous === undefined || !isSame(definition, previous as V1CustomResourceDefinition))
      registry.setCustom(name, resourcesOf(definition));
  });
}
