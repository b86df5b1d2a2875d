/** Every object of a new cluster, in the order in which the parts of a real one write them. */
import type {
  V1ConfigMap,
  V1Endpoints,
  V1Namespace,
  V1Service,
} from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import type { V1PriorityClass } from "#apimachinery/api/scheduling-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { release } from "#apiserver/http/version.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import type { Identity } from "#client/component.ts";
import { addOns } from "./add-ons.ts";
import { apiServerPolicy, controllerAccounts, kubeadmPolicy } from "./cluster-roles.ts";
import { flowControl } from "./flow-control.ts";
import { apiServerIp, clusterCidr, plannedNodes } from "./network-plan.ts";
import { serviceCidr } from "#apimachinery/service-range.ts";
import { nodes } from "./nodes.ts";

/** The API server's own client. Upstream: apiserver/pkg/authentication/user APIServerUser. */
export const apiServer: Identity = {
  name: "kube-apiserver",
  user: "system:apiserver",
  groups: ["system:masters"],
};
/** The person's hand at `kubeadm init`. */
const kubeadm: Identity = {
  name: "kubeadm",
  user: "kubernetes-super-admin",
  groups: ["system:masters"],
};
const manager: Identity = {
  name: "kube-controller-manager",
  user: "system:kube-controller-manager",
  groups: ["system:authenticated"],
};

/** Who writes a new cluster's objects. */
export const bootIdentities: readonly Identity[] = [apiServer, kubeadm, manager];

const namespaces = ["kube-system", "kube-public", "kube-node-lease", "default"];
const namespaceOf = (name: string): V1Namespace => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

const priorityClass = (name: string, value: number, description: string): V1PriorityClass => ({
  apiVersion: "scheduling.k8s.io/v1",
  kind: "PriorityClass",
  metadata: { name },
  value,
  description,
});
const priorityClasses = [
  priorityClass(
    "system-cluster-critical",
    2_000_000_000,
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  ),
  priorityClass(
    "system-node-critical",
    2_000_001_000,
    "Used for system critical pods that must not be moved from their current node.",
  ),
];

const kubernetesService: V1Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: "kubernetes",
    namespace: "default",
    labels: { component: "apiserver", provider: "kubernetes" },
  },
  spec: {
    clusterIP: apiServerIp,
    ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
  },
};
/** Kept by the API server itself: the Service has no selector. */
const kubernetesSlice = (options: ClusterOptions): V1EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "kubernetes",
    namespace: "default",
    labels: { "kubernetes.io/service-name": "kubernetes" },
  },
  addressType: "IPv4",
  endpoints: plannedNodes(options)
    .filter(({ isControlPlane }) => isControlPlane)
    .map(({ ip }) => ({ addresses: [ip], conditions: { ready: true } })),
  ports: [{ name: "https", port: 6443, protocol: "TCP" }],
});
const kubernetesEndpoints = (options: ClusterOptions): V1Endpoints => ({
  apiVersion: "v1",
  kind: "Endpoints",
  metadata: {
    name: "kubernetes",
    namespace: "default",
    labels: { "endpointslice.kubernetes.io/skip-mirror": "true" },
  },
  subsets: [
    {
      addresses: plannedNodes(options)
        .filter(({ isControlPlane }) => isControlPlane)
        .map(({ ip }) => ({ ip })),
      ports: [{ name: "https", port: 6443, protocol: "TCP" }],
    },
  ],
});
const serviceCidrObject: KubeObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "ServiceCIDR",
  metadata: { name: "kubernetes" },
  spec: { cidrs: [serviceCidr] },
} as KubeObject;

const configMap = (
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
): V1ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});
/** What a machine needs to find the cluster, for everybody to read. */
const clusterInfo = (options: ClusterOptions, rootCa: string): V1ConfigMap =>
  configMap("kube-public", "cluster-info", {
    kubeconfig: `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${btoa(rootCa)}
    server: https://${plannedNodes(options)[0]?.ip}:6443
  name: ""
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`,
  });
const configMaps = (options: ClusterOptions): readonly V1ConfigMap[] => [
  configMap("kube-system", "kubeadm-config", {
    ClusterConfiguration: `apiVersion: kubeadm.k8s.io/v1beta4
clusterName: ${options.name}
kind: ClusterConfiguration
kubernetesVersion: ${release.gitVersion}
networking:
  dnsDomain: cluster.local
  podSubnet: ${clusterCidr(options)}
  serviceSubnet: ${serviceCidr}
`,
  }),
  configMap("kube-system", "kubelet-config", {
    kubelet: `apiVersion: kubelet.config.k8s.io/v1beta1
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
kind: KubeletConfiguration
staticPodPath: /etc/kubernetes/manifests
`,
  }),
];

const serviceAccountOf = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace: "kube-system" },
});

/** `as` writes its `objects`, in order. `rootCa`: PEM. */
export function bootstrapObjects(
  options: ClusterOptions,
  rootCa: string,
): readonly { readonly as: Identity; readonly objects: readonly KubeObject[] }[] {
  return [
    {
      as: apiServer,
      objects: [
        ...namespaces.map(namespaceOf),
        ...apiServerPolicy,
        ...priorityClasses,
        ...flowControl,
        serviceCidrObject,
        kubernetesService,
        kubernetesSlice(options),
        kubernetesEndpoints(options),
      ],
    },
    { as: manager, objects: controllerAccounts.map(serviceAccountOf) },
    {
      as: kubeadm,
      objects: [
        ...kubeadmPolicy,
        ...configMaps(options),
        clusterInfo(options, rootCa),
        ...nodes(options),
        ...addOns(options),
      ],
    },
  ];
}
