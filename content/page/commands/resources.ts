/** Names that kubectl takes for resources, and where they lie. */

export interface Resource {
  readonly plural: string;
  /** `api/v1` or `apis/<group>/<version>` */
  readonly base: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly names: readonly string[];
}

const of = (
  base: string,
  kind: string,
  plural: string,
  names: readonly string[],
  namespaced = true,
): Resource => ({
  plural,
  base,
  namespaced,
  kind,
  names: [plural, kind.toLowerCase(), ...names],
});

export const resources: readonly Resource[] = [
  of("api/v1", "Node", "nodes", ["no"], false),
  of("api/v1", "Namespace", "namespaces", ["ns"], false),
  of("api/v1", "Pod", "pods", ["po"]),
  of("api/v1", "Service", "services", ["svc"]),
  of("api/v1", "ConfigMap", "configmaps", ["cm"]),
  of("api/v1", "Secret", "secrets", []),
  of("api/v1", "Event", "events", ["ev"]),
  of("api/v1", "ServiceAccount", "serviceaccounts", ["sa"]),
  of("api/v1", "Endpoints", "endpoints", ["ep"]),
  of("apis/apps/v1", "Deployment", "deployments", ["deploy"]),
  of("apis/apps/v1", "ReplicaSet", "replicasets", ["rs"]),
  of("apis/apps/v1", "DaemonSet", "daemonsets", ["ds"]),
  of("apis/discovery.k8s.io/v1", "EndpointSlice", "endpointslices", []),
  of("apis/coordination.k8s.io/v1", "Lease", "leases", []),
];

export function resourceNamed(name: string): Resource {
  const bare = name.split(".")[0]?.toLowerCase() ?? "";
  const found = resources.find(({ names }) => names.includes(bare));
  if (found === undefined)
    throw new Error(`error: the server doesn't have a resource type "${name}"`);
  return found;
}

export function resourceOfKind(apiVersion: string, kind: string): Resource {
  const base = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
  const found = resources.find((one) => one.kind === kind && one.base === base);
  return found ?? of(base, kind, `${kind.toLowerCase()}s`, []);
}

export const urlOf = (
  { base, plural, namespaced }: Resource,
  namespace: string,
  name = "",
): string =>
  `${base}${namespaced && namespace !== "" ? `/namespaces/${namespace}` : ""}/${plural}${name === "" ? "" : `/${name}`}`;

/** `deployment.apps/web` */
export const shown = ({ base, kind }: Resource, name: string): string => {
  const group = base.startsWith("apis/") ? `.${base.split("/")[1]}` : "";
  return `${kind.toLowerCase()}${group}/${name}`;
};
