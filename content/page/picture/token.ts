/** One outline for each kind, drawn round (0, 0) in a square of about 20. */

export type TokenKind =
  | "deployment"
  | "replicaset"
  | "pod"
  | "service"
  | "event"
  | "binding"
  | "node"
  | "bell"
  | "sheet";

export const tokenPaths: Readonly<Record<TokenKind, string>> = {
  deployment: "M-8 -10H4L9 -5V10H-8Z M4 -10V-5H9",
  replicaset: "M-10 -5H5V10H-10Z M-6 -5V-9H9V6H5",
  pod: "M-4 -7H4A7 7 0 0 1 4 7H-4A7 7 0 0 1 -4 -7Z",
  service: "M0 -11L11 0L0 11L-11 0Z",
  event: "M-7 11V-10H9L5 -5L9 0H-7",
  binding: "M-10 -7H10V-2A2.4 2.4 0 0 0 10 2V7H-10V2A2.4 2.4 0 0 0 -10 -2Z M4 -7V7",
  node: "M-9 -8H9V8H-9Z M-9 4H9",
  bell: "M-7 5C-4 3 -5 -1 -4 -4A4.2 4.2 0 0 1 4 -4C5 -1 4 3 7 5Z M-2 7.5A2 2 0 0 0 2 7.5",
  sheet: "M-8 -10H8V10H-8Z M-4 -4H4 M-4 1H4",
};

const byResource: Readonly<Record<string, TokenKind>> = {
  deployments: "deployment",
  replicasets: "replicaset",
  daemonsets: "replicaset",
  statefulsets: "replicaset",
  pods: "pod",
  services: "service",
  events: "event",
  nodes: "node",
};

const kinds: Readonly<Record<string, string>> = {
  configmaps: "ConfigMap",
  daemonsets: "DaemonSet",
  deployments: "Deployment",
  endpoints: "Endpoints",
  endpointslices: "EndpointSlice",
  events: "Event",
  leases: "Lease",
  namespaces: "Namespace",
  nodes: "Node",
  pods: "Pod",
  replicasets: "ReplicaSet",
  secrets: "Secret",
  serviceaccounts: "ServiceAccount",
  services: "Service",
};

/** `pods/default/web-1/binding` in its parts. */
export interface ObjectName {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly sub: string;
}

/** Resources without a namespace that a learner meets; their third part is a subresource. */
const clusterScoped = new Set([
  "nodes",
  "namespaces",
  "clusterroles",
  "clusterrolebindings",
  "priorityclasses",
  "storageclasses",
  "persistentvolumes",
  "customresourcedefinitions",
  "apiservices",
  "flowschemas",
  "prioritylevelconfigurations",
  "certificatesigningrequests",
  "ipaddresses",
  "servicecidrs",
  "runtimeclasses",
  "csinodes",
  "csidrivers",
]);

export function objectName(obj: string): ObjectName {
  const [resource = "", second = "", third = "", fourth = ""] = obj.split("/");
  return clusterScoped.has(resource) || third === ""
    ? { resource, namespace: "", name: second, sub: third }
    : { resource, namespace: second, name: third, sub: fourth };
}

export function tokenOf({ resource, sub }: ObjectName): TokenKind {
  return sub === "binding" ? "binding" : (byResource[resource] ?? "sheet");
}

export const kindOf = (resource: string): string =>
  kinds[resource] ?? resource.replace(/s$/, "").replace(/^./, (c) => c.toUpperCase());

/** The part of a name that tells it from its siblings: `b9qf7` of `web-6d4cf56db6-b9qf7`. */
export function shortName(name: string): string {
  const parts = name.split("-");
  const last = parts.at(-1) ?? name;
  return parts.length > 2 && /^[a-z0-9]{5}$/.test(last) ? last : name;
}
