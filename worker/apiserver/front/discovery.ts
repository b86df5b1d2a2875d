/**
 * Discovery: which groups, versions and resources there are, in all three forms that clients ask for.
 * Upstream: apiserver/pkg/endpoints/discovery, staging k8s.io/api/apidiscovery/v2.
 */
import { type ResourceFacts, resources } from "#apimachinery/api/schema.ts";
import { fnv1a } from "#apimachinery/hash.ts";

const groupVersionOf = (group: string, version: string): string =>
  group === "" ? version : `${group}/${version}`;

interface GroupVersions {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

const groups: readonly GroupVersions[] = [...new Set(resources.map(({ group }) => group))].map(
  (group) => ({
    group,
    versions: [
      ...new Set(resources.filter((one) => one.group === group).map(({ version }) => version)),
    ].toSorted((a, b) => b.localeCompare(a)),
  }),
);

const of = (group: string, version: string): readonly ResourceFacts[] =>
  resources.filter((one) => one.group === group && one.version === version);

/** `autoscaling/v1/Scale` → its parts; `v1/Pod` has no group. */
function kindParts(text: string): {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
} {
  const parts = text.split("/");
  const kind = parts.pop() ?? "";
  const version = parts.pop() ?? "";
  return { group: parts.pop() ?? "", version, kind };
}

const singular = ({ singular: name, kind }: ResourceFacts): string => name ?? kind.toLowerCase();

/** GET /api */
export const apiVersions = (): object => ({
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "172.18.0.2:6443" }],
});

const groupOf = ({ group, versions }: GroupVersions): object => {
  const all = versions.map((version) => ({
    groupVersion: groupVersionOf(group, version),
    version,
  }));
  return { name: group, versions: all, preferredVersion: all[0] };
};

/** GET /apis, the legacy form. */
export const groupList = (): object => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groups.filter(({ group }) => group !== "").map(groupOf),
});

/** GET /apis/<group> */
export function groupDocument(name: string): object | undefined {
  const found = groups.find(({ group }) => group === name && group !== "");
  return found === undefined
    ? undefined
    : { kind: "APIGroup", apiVersion: "v1", ...groupOf(found) };
}

/** GET /api/v1, /apis/<group>/<version> */
export function resourceList(group: string, version: string): object | undefined {
  const own = of(group, version);
  if (own.length === 0) return undefined;
  const listed = own.flatMap((one) => {
    const { plural, kind, namespaced, verbs, shortNames, categories, subresources = {} } = one;
    const main = {
      name: plural,
      singularName: singular(one),
      namespaced,
      kind,
      verbs: [...verbs].toSorted(),
      ...(shortNames ? { shortNames } : {}),
      ...(categories ? { categories } : {}),
    };
    const subs = Object.entries(subresources).map(([name, sub]) => {
      const parts = kindParts(sub.kind);
      const foreign = parts.group !== group || parts.version !== version;
      return {
        name: `${plural}/${name}`,
        singularName: "",
        namespaced,
        ...(foreign ? { group: parts.group, version: parts.version } : {}),
        kind: parts.kind,
        verbs: [...sub.verbs].toSorted(),
      };
    });
    return [main, ...subs];
  });
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: groupVersionOf(group, version),
    resources: listed,
  };
}

const discovered = (one: ResourceFacts): object => {
  const {
    group,
    version,
    plural,
    kind,
    namespaced,
    verbs,
    shortNames,
    categories,
    subresources = {},
  } = one;
  const subs = Object.entries(subresources).map(([subresource, sub]) => ({
    subresource,
    responseKind: kindParts(sub.kind),
    verbs: [...sub.verbs].toSorted(),
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular(one),
    verbs: [...verbs].toSorted(),
    ...(shortNames ? { shortNames } : {}),
    ...(categories ? { categories } : {}),
    ...(subs.length > 0 ? { subresources: subs } : {}),
  };
};

const texts = new Map<string, { readonly text: string; readonly etag: string }>();

/** GET /api (`core`) or /apis with the aggregated type; one text for all clusters. */
export function aggregatedGroups(
  core: boolean,
  version: "v2" | "v2beta1",
): { readonly text: string; readonly etag: string } {
  const id = `${core} ${version}`;
  const known = texts.get(id);
  if (known !== undefined) return known;
  const items = groups
    .filter(({ group }) => (group === "") === core)
    .map(({ group, versions }) => ({
      metadata:
        group === "" ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
      versions: versions.map((one) => ({
        version: one,
        resources: of(group, one).map(discovered),
        freshness: "Current",
      })),
    }));
  const text = JSON.stringify({
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items,
  });
  const made = { text, etag: `"${fnv1a(text).toString(16)}"` };
  texts.set(id, made);
  return made;
}

/** GET / */
export const rootPaths = (): readonly string[] => [
  "/.well-known/openid-configuration",
  "/api",
  "/api/v1",
  "/apis",
  ...groups
    .filter(({ group }) => group !== "")
    .flatMap(({ group, versions }) => [
      `/apis/${group}`,
      ...versions.map((version) => `/apis/${group}/${version}`),
    ]),
  "/healthz",
  "/healthz/etcd",
  "/healthz/ping",
  "/livez",
  "/livez/ping",
  "/metrics",
  "/openapi/v2",
  "/openapi/v3",
  "/openid/v1/jwks",
  "/readyz",
  "/readyz/ping",
  "/version",
];
