/** /etc/kubernetes/manifests of each control-plane node. Upstream: cmd/kubeadm/app/phases/{controlplane,etcd}. */
import type { V1Container, V1Pod, V1Probe, V1Volume } from "#apimachinery/api/core-v1.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import { release } from "#apiserver/http/version.ts";
import { clusterCidr, type PlannedNode, plannedNodes } from "./network-plan.ts";
import { serviceCidr } from "#apimachinery/service-range.ts";

interface Component {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly requests: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly probePort: number;
  readonly scheme: "HTTP" | "HTTPS";
  /** Where its probes ask; a missing path means no such probe. */
  readonly host: string;
  readonly liveness: string;
  readonly readiness?: string;
  readonly startup: string;
  /** Name → path on the node. */
  readonly mounts: Readonly<Record<string, string>>;
}
const pki = "/etc/kubernetes/pki";
const flag = (name: string, value: string): string => `--${name}=${value}`;

const certificates = {
  "k8s-certs": pki,
  "ca-certs": "/etc/ssl/certs",
  "usr-share-ca-certificates": "/usr/share/ca-certificates",
};

const etcd = ({ name, ip }: PlannedNode, peers: readonly PlannedNode[]): Component => ({
  name: "etcd",
  image: "registry.k8s.io/etcd:3.6.8-0",
  command: [
    "etcd",
    flag("advertise-client-urls", `https://${ip}:2379`),
    flag("cert-file", `${pki}/etcd/server.crt`),
    "--client-cert-auth=true",
    "--data-dir=/var/lib/etcd",
    "--feature-gates=InitialCorruptCheck=true",
    flag("initial-advertise-peer-urls", `https://${ip}:2380`),
    flag("initial-cluster", peers.map((peer) => `${peer.name}=https://${peer.ip}:2380`).join(",")),
    flag("key-file", `${pki}/etcd/server.key`),
    flag("listen-client-urls", `https://127.0.0.1:2379,https://${ip}:2379`),
    "--listen-metrics-urls=http://127.0.0.1:2381",
    flag("listen-peer-urls", `https://${ip}:2380`),
    flag("name", name),
    flag("peer-cert-file", `${pki}/etcd/peer.crt`),
    "--peer-client-cert-auth=true",
    flag("peer-key-file", `${pki}/etcd/peer.key`),
    flag("peer-trusted-ca-file", `${pki}/etcd/ca.crt`),
    "--snapshot-count=10000",
    flag("trusted-ca-file", `${pki}/etcd/ca.crt`),
    "--watch-progress-notify-interval=5s",
  ],
  requests: { cpu: "100m", memory: "100Mi" },
  annotations: { "kubeadm.kubernetes.io/etcd.advertise-client-urls": `https://${ip}:2379` },
  probePort: 2381,
  scheme: "HTTP",
  host: "127.0.0.1",
  liveness: "/livez",
  readiness: "/readyz",
  startup: "/readyz",
  mounts: { "etcd-data": "/var/lib/etcd", "etcd-certs": `${pki}/etcd` },
});

const apiserver = ({ ip }: PlannedNode): Component => ({
  name: "kube-apiserver",
  image: `registry.k8s.io/kube-apiserver:${release.gitVersion}`,
  command: [
    "kube-apiserver",
    flag("advertise-address", ip),
    "--allow-privileged=true",
    "--authorization-mode=Node,RBAC",
    flag("client-ca-file", `${pki}/ca.crt`),
    "--enable-admission-plugins=NodeRestriction",
    "--enable-bootstrap-token-auth=true",
    flag("etcd-cafile", `${pki}/etcd/ca.crt`),
    flag("etcd-certfile", `${pki}/apiserver-etcd-client.crt`),
    flag("etcd-keyfile", `${pki}/apiserver-etcd-client.key`),
    "--etcd-servers=https://127.0.0.1:2379",
    flag("kubelet-client-certificate", `${pki}/apiserver-kubelet-client.crt`),
    flag("kubelet-client-key", `${pki}/apiserver-kubelet-client.key`),
    "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
    flag("proxy-client-cert-file", `${pki}/front-proxy-client.crt`),
    flag("proxy-client-key-file", `${pki}/front-proxy-client.key`),
    "--requestheader-allowed-names=front-proxy-client",
    flag("requestheader-client-ca-file", `${pki}/front-proxy-ca.crt`),
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User",
    "--secure-port=6443",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    flag("service-account-key-file", `${pki}/sa.pub`),
    flag("service-account-signing-key-file", `${pki}/sa.key`),
    flag("service-cluster-ip-range", serviceCidr),
    flag("tls-cert-file", `${pki}/apiserver.crt`),
    flag("tls-private-key-file", `${pki}/apiserver.key`),
  ],
  requests: { cpu: "250m" },
  annotations: { "kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint": `${ip}:6443` },
  probePort: 6443,
  scheme: "HTTPS",
  host: ip,
  liveness: "/livez",
  readiness: "/readyz",
  startup: "/livez",
  mounts: certificates,
});

const controllerManager = (options: ClusterOptions): Component => ({
  name: "kube-controller-manager",
  image: `registry.k8s.io/kube-controller-manager:${release.gitVersion}`,
  command: [
    "kube-controller-manager",
    "--allocate-node-cidrs=true",
    "--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf",
    "--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf",
    "--bind-address=127.0.0.1",
    flag("client-ca-file", `${pki}/ca.crt`),
    flag("cluster-cidr", clusterCidr(options)),
    "--cluster-name=kubernetes",
    flag("cluster-signing-cert-file", `${pki}/ca.crt`),
    flag("cluster-signing-key-file", `${pki}/ca.key`),
    "--controllers=*,bootstrapsigner,tokencleaner",
    "--kubeconfig=/etc/kubernetes/controller-manager.conf",
    "--leader-elect=true",
    flag("requestheader-client-ca-file", `${pki}/front-proxy-ca.crt`),
    flag("root-ca-file", `${pki}/ca.crt`),
    flag("service-account-private-key-file", `${pki}/sa.key`),
    flag("service-cluster-ip-range", serviceCidr),
    "--use-service-account-credentials=true",
  ],
  requests: { cpu: "200m" },
  probePort: 10_257,
  scheme: "HTTPS",
  host: "127.0.0.1",
  liveness: "/healthz",
  startup: "/healthz",
  mounts: { ...certificates, kubeconfig: "/etc/kubernetes/controller-manager.conf" },
});

const kubeScheduler: Component = {
  name: "kube-scheduler",
  image: `registry.k8s.io/kube-scheduler:${release.gitVersion}`,
  command: [
    "kube-scheduler",
    "--authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
    "--authorization-kubeconfig=/etc/kubernetes/scheduler.conf",
    "--bind-address=127.0.0.1",
    "--kubeconfig=/etc/kubernetes/scheduler.conf",
    "--leader-elect=true",
  ],
  requests: { cpu: "100m" },
  probePort: 10_259,
  scheme: "HTTPS",
  host: "127.0.0.1",
  liveness: "/livez",
  readiness: "/readyz",
  startup: "/livez",
  mounts: { kubeconfig: "/etc/kubernetes/scheduler.conf" },
};

type Timing = Pick<
  V1Probe,
  "failureThreshold" | "initialDelaySeconds" | "periodSeconds" | "timeoutSeconds"
>;
const timings = {
  liveness: { failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 15 },
  readiness: { failureThreshold: 3, periodSeconds: 1, timeoutSeconds: 15 },
  startup: { failureThreshold: 24, initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 15 },
} satisfies Record<string, Timing>;

function podOf(component: Component): V1Pod {
  const {
    name,
    image,
    command,
    requests,
    annotations,
    probePort,
    scheme,
    host,
    liveness,
    readiness,
    startup,
    mounts,
  } = component;
  const probe = (path: string, timing: Timing): V1Probe => ({
    httpGet: { host, path, port: "probe-port", scheme },
    successThreshold: 1,
    ...timing,
  });
  const isWritable = (volume: string): boolean => volume === "etcd-data" || volume === "etcd-certs";
  const container: V1Container = {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command,
    resources: { requests },
    ports: [{ name: "probe-port", containerPort: probePort, protocol: "TCP" }],
    livenessProbe: probe(liveness, timings.liveness),
    ...(readiness === undefined ? {} : { readinessProbe: probe(readiness, timings.readiness) }),
    startupProbe: probe(startup, timings.startup),
    volumeMounts: Object.entries(mounts).map(([volume, mountPath]) => ({
      name: volume,
      mountPath,
      ...(isWritable(volume) ? {} : { readOnly: true }),
    })),
  };
  const volumes: readonly V1Volume[] = Object.entries(mounts).map(([volume, path]) => ({
    name: volume,
    hostPath: { path, type: volume === "kubeconfig" ? "FileOrCreate" : "DirectoryOrCreate" },
  }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "kube-system",
      labels: { component: name, tier: "control-plane" },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      containers: [container],
      hostNetwork: true,
      priority: 2_000_001_000,
      priorityClassName: "system-node-critical",
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      volumes,
    },
  };
}

/** Node → its manifests, in the order kubeadm writes them. */
export function staticManifests(options: ClusterOptions): ReadonlyMap<string, readonly V1Pod[]> {
  const members = plannedNodes(options).filter(({ isControlPlane }) => isControlPlane);
  return new Map(
    members.map((node) => [
      node.name,
      [etcd(node, members), apiserver(node), controllerManager(options), kubeScheduler].map(podOf),
    ]),
  );
}
