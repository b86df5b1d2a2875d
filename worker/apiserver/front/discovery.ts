/**
 * Discovery: which groups, versions and resources there are, in both forms that clients ask for.
 * Upstream: apiserver/pkg/endpoints/discovery, kube-aggregator/pkg/apiserver/handler_apis.go.
 */
import { base64Of } from "#apimachinery/base64.ts";
import type { ResourceFacts } from "#apimachinery/api/schema.ts";
import { fnv1a } from "#apimachinery/hash.ts";
import { sha256 } from "#apimachinery/sha256.ts";
import { newerFirst, priorityOf } from "#apimachinery/group-priority.ts";

interface GroupVersions {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}
interface Document {
  readonly text: string;
  readonly etag: string;
}

/** What is the same for every answer about these resources; kept with their list. */
export class Discovery {
  readonly #resources: readonly ResourceFacts[];
  readonly #groups: readonly GroupVersions[];
  readonly #aggregated = new Map<boolean, Document>();

  constructor(resources: readonly ResourceFacts[]) {
    this.#resources = resources;
    const names = [...new Set(resources.map(({ group }) => group))];
    this.#groups = names
      .toSorted((a, b) => priorityOf(b) - priorityOf(a) || (a < b ? -1 : 1))
      .map((group) => {
        const own = resources.filter((one) => one.group === group);
        return {
          group,
          versions: [...new Set(own.map(({ version }) => version))].toSorted(newerFirst),
        };
      });
  }

  /** GET /apis, the legacy form. */
  groupList(): object {
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: this.#groups.filter(({ group }) => group !== "").map(groupOf),
    };
  }

  /** GET /apis/<group> */
  group(name: string): object | undefined {
    const found = this.#groups.find(({ group }) => group === name && group !== "");
    return found === undefined
      ? undefined
      : { kind: "APIGroup", apiVersion: "v1", ...groupOf(found) };
  }

  /** GET /api/v1, /apis/<group>/<version> */
  resourceList(group: string, version: string): object | undefined {
    const own = this.#of(group, version);
    if (own.length === 0) return undefined;
    const groupVersion = groupVersionOf(group, version);
    return {
      kind: "APIResourceList",
      // The core's list is older than its version.
      ...(group === "" ? {} : { apiVersion: "v1" }),
      groupVersion,
      resources: own.flatMap(legacy),
    };
  }

  /** GET /api (`core`) or /apis as an APIGroupDiscoveryList of apidiscovery.k8s.io/v2. */
  aggregated(core: boolean): Document {
    const known = this.#aggregated.get(core);
    if (known !== undefined) return known;
    const items = this.#groups
      .filter(({ group }) => (group === "") === core)
      .map(({ group, versions }) => ({
        metadata: group === "" ? {} : { name: group },
        versions: versions.map((version) => ({
          version,
          resources: this.#of(group, version).map(discovered),
          freshness: "Current",
        })),
      }));
    const head = { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2" };
    const text = JSON.stringify({ ...head, metadata: {}, items });
    const made = { text, etag: `"${fnv1a(text).toString(16).toUpperCase()}"` };
    this.#aggregated.set(core, made);
    return made;
  }

  /** Paths of all groups and versions, as the root lists them. */
  paths(): readonly string[] {
    return this.#groups.flatMap(({ group, versions }) =>
      group === ""
        ? versions.map((version) => `/api/${version}`)
        : [`/apis/${group}`, ...versions.map((version) => `/apis/${group}/${version}`)],
    );
  }

  #of(group: string, version: string): readonly ResourceFacts[] {
    return this.#resources.filter((one) => one.group === group && one.version === version);
  }
}

const made = new WeakMap<readonly ResourceFacts[], Discovery>();
/** Made once for each list of resources. */
export function discoveryOf(resources: readonly ResourceFacts[]): Discovery {
  const known = made.get(resources) ?? new Discovery(resources);
  made.set(resources, known);
  return known;
}

/** GET /api */
export const apiVersions = (): object => ({
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "172.18.0.2:6443" }],
});

const groupVersionOf = (group: string, version: string): string =>
  group === "" ? version : `${group}/${version}`;

const groupOf = ({ group, versions }: GroupVersions): object => {
  const all = versions.map((version) => ({
    groupVersion: groupVersionOf(group, version),
    version,
  }));
  return { name: group, versions: all, preferredVersion: all[0] };
};

/** `autoscaling/v1/Scale` → its parts; `v1/Pod` has no group. */
function kindParts(text: string): {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
} {
  const [kind = "", version = "", group = ""] = text.split("/").toReversed();
  return { group, version, kind };
}

/** Group and version of a response are told only where they are not the path's own. */
function foreign(
  of: ResourceFacts,
  kindText: string,
): { group: string; version: string; kind: string } {
  const parts = kindParts(kindText);
  const isOwn = parts.group === of.group && parts.version === of.version;
  return isOwn ? { group: "", version: "", kind: parts.kind } : parts;
}

const singular = ({ singular: name, kind }: ResourceFacts): string => name ?? kind.toLowerCase();

/** Of kinds that are kept. Upstream: discovery/storageversionhash.go. */
function storageVersionHash({ group, version, kind, verbs }: ResourceFacts): object {
  if (!verbs.includes("get") || !verbs.includes("create")) return {};
  const [name, at] = storedElsewhere[`${group}/${kind}`] ?? [group, version];
  const bytes = sha256(`${name}/${at}/${kind}`).subarray(0, 8);
  return { storageVersionHash: base64Of(bytes) };
}
/** By group and kind, where upstream keeps objects in another group or version than it prefers. */
const storedElsewhere: Readonly<Record<string, readonly [string, string]>> = {
  "events.k8s.io/Event": ["", "v1"],
  "autoscaling/HorizontalPodAutoscaler": ["autoscaling", "v2"],
  "apiextensions.k8s.io/CustomResourceDefinition": ["apiextensions.k8s.io", "v1beta1"],
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": [
    "admissionregistration.k8s.io",
    "v1beta1",
  ],
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": [
    "admissionregistration.k8s.io",
    "v1beta1",
  ],
};

/** A connection is made by any of these methods; clients know verbs alone. */
const connections: Readonly<Record<string, readonly string[]>> = {
  proxy: ["create", "delete", "get", "patch", "update"],
};
const verbsAt = (subresource: string, verbs: readonly string[]): readonly string[] =>
  verbs.includes("connect") ? (connections[subresource] ?? ["create", "get"]) : verbs.toSorted();

const names = ({ shortNames, categories }: ResourceFacts): object => ({
  ...(shortNames ? { shortNames } : {}),
  ...(categories ? { categories } : {}),
});

function legacy(one: ResourceFacts): readonly object[] {
  const { plural, kind, namespaced, verbs, subresources = {} } = one;
  const main = {
    name: plural,
    singularName: singular(one),
    namespaced,
    kind,
    verbs: [...verbs].toSorted(),
    ...names(one),
    ...storageVersionHash(one),
  };
  const subs = Object.entries(subresources).map(([name, sub]) => {
    const { group, version, kind: own } = foreign(one, sub.kind);
    return {
      name: `${plural}/${name}`,
      singularName: "",
      namespaced,
      ...(version === "" ? {} : { ...(group === "" ? {} : { group }), version }),
      kind: own,
      verbs: verbsAt(name, sub.verbs),
    };
  });
  return [main, ...subs];
}

function discovered(one: ResourceFacts): object {
  const { plural, kind, namespaced, verbs, subresources = {} } = one;
  const subs = Object.entries(subresources).map(([subresource, sub]) => ({
    subresource,
    responseKind: foreign(one, sub.kind),
    verbs: verbsAt(subresource, sub.verbs),
  }));
  return {
    resource: plural,
    responseKind: { group: "", version: "", kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular(one),
    verbs: [...verbs].toSorted(),
    ...names(one),
    ...(subs.length > 0 ? { subresources: subs } : {}),
  };
}
