/** Kinds that definitions serve, as upstream's controllers find them by discovery. Upstream: client-go/discovery, controller/garbagecollector Sync. */
import type { V1CustomResourceDefinition as Definition } from "#apimachinery/api/apiextensions-v1.ts";

export const definitionKind = "apiextensions.k8s.io/v1/CustomResourceDefinition";

export interface CustomKind {
  /** The version that controllers speak: the stored one, where it is served. */
  readonly gvk: string;
  /** In every version that is served. */
  readonly gvks: readonly string[];
  readonly namespaced: boolean;
  /** `crontabs.stable.example.com` */
  readonly text: string;
}

/** Undefined while it is not established, or serves nothing. */
export function customKind({ spec, status }: Definition): CustomKind | undefined {
  const isEstablished = status?.conditions?.some(
    (one) => one.type === "Established" && one.status === "True",
  );
  const served = spec.versions.filter((version) => version.served);
  const version = served.find(({ storage }) => storage) ?? served[0];
  if (isEstablished !== true || version === undefined) return undefined;
  const { kind, plural } = status?.acceptedNames ?? spec.names;
  const gvkOf = (name: string): string => `${spec.group}/${name}/${kind}`;
  return {
    gvk: gvkOf(version.name),
    gvks: served.map(({ name }) => gvkOf(name)),
    namespaced: spec.scope === "Namespaced",
    text: `${plural}.${spec.group}`,
  };
}
