/** The default ClusterRoles and their bindings. Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go; kubeadm's own. */
import type { KubeObject } from "#apimachinery/object.ts";
import { nodeRules } from "#apiserver/authorization/node-rules.ts";
import { controllerRules, withoutAccount } from "./controller-roles.ts";
import {
  aggregated,
  binding,
  clusterBinding,
  clusterRole,
  eventsRule,
  group,
  plain,
  read,
  readUpdate,
  readWrite,
  role,
  rule,
  serviceAccount,
  urls,
  user,
  write,
} from "./policy.ts";

const to = (name: string): Record<string, string> => ({
  [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true",
});
const health = "/healthz /livez /readyz /version /version/";

const editRules = [
  rule(read, "core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
  rule("impersonate", "core", "serviceaccounts"),
  rule(write, "core", "pods pods/attach pods/exec pods/portforward pods/proxy"),
  rule("create", "core", "pods/eviction"),
  rule(
    write,
    "core",
    "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
  ),
  rule("create", "core", "serviceaccounts/token"),
  rule(write, "core events.k8s.io", "events"),
  rule(
    write,
    "apps",
    "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
  ),
  rule(write, "autoscaling", "horizontalpodautoscalers"),
  rule(write, "batch", "cronjobs jobs"),
  rule(
    write,
    "extensions",
    "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale",
  ),
  rule(write, "policy", "poddisruptionbudgets"),
  rule(write, "networking.k8s.io", "ingresses networkpolicies"),
  rule(readWrite, "coordination.k8s.io", "leases"),
  rule(write, "resource.k8s.io", "resourceclaims resourceclaimtemplates"),
];
const viewRules = [
  rule(
    read,
    "core",
    "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
  ),
  rule(
    read,
    "core",
    "bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
  ),
  rule(read, "core", "namespaces"),
  rule(read, "core events.k8s.io", "events"),
  rule(read, "discovery.k8s.io", "endpointslices"),
  rule(
    read,
    "apps",
    "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
  ),
  rule(read, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
  rule(read, "batch", "cronjobs cronjobs/status jobs jobs/status"),
  rule(
    read,
    "extensions",
    "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale",
  ),
  rule(read, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
  rule(read, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
  rule(read, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates"),
];

const roles: readonly KubeObject[] = [
  clusterRole("cluster-admin", [rule("*", "*", "*"), urls("*", "*")]),
  clusterRole("system:discovery", [
    urls(
      "get",
      `/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/`,
    ),
  ]),
  clusterRole("system:basic-user", [
    rule("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
    rule("create", "authentication.k8s.io", "selfsubjectreviews"),
  ]),
  clusterRole("system:public-info-viewer", [urls("get", health)]),
  clusterRole("system:monitoring", [
    urls(
      "get",
      "/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz",
    ),
    rule("get", "core", "nodes/metrics"),
  ]),
  aggregated("admin", ["admin"]),
  aggregated("edit", ["edit"], to("admin")),
  aggregated("view", ["view"], to("edit")),
  clusterRole(
    "system:aggregate-to-admin",
    [
      rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
      rule(readWrite, "rbac.authorization.k8s.io", "rolebindings roles"),
    ],
    to("admin"),
  ),
  clusterRole("system:aggregate-to-edit", editRules, to("edit")),
  clusterRole("system:aggregate-to-view", viewRules, to("view")),
  clusterRole("system:heapster", [
    rule(read, "core", "events namespaces nodes pods"),
    rule(read, "extensions", "deployments"),
  ]),
  clusterRole("system:node", nodeRules),
  clusterRole("system:node-problem-detector", [
    rule("get", "core", "nodes"),
    rule("patch", "core", "nodes/status"),
    eventsRule,
  ]),
  clusterRole("system:kubelet-api-admin", [
    rule(read, "core", "nodes"),
    rule("proxy", "core", "nodes"),
    rule("*", "core", "nodes/log nodes/metrics nodes/proxy nodes/stats"),
    rule("*", "core", "nodes/configz nodes/healthz nodes/pods"),
  ]),
  clusterRole("system:node-bootstrapper", [
    rule(`create ${read}`, "certificates.k8s.io", "certificatesigningrequests"),
  ]),
  clusterRole("system:auth-delegator", [
    rule("create", "authentication.k8s.io", "tokenreviews"),
    rule("create", "authorization.k8s.io", "subjectaccessreviews"),
  ]),
  clusterRole("system:kube-aggregator", [rule(read, "core", "services endpoints")]),
  clusterRole("system:kube-controller-manager", [
    eventsRule,
    rule("create", "coordination.k8s.io", "leases"),
    rule("get update", "coordination.k8s.io", "leases", "kube-controller-manager"),
    rule("create", "core", "secrets serviceaccounts"),
    rule("delete", "core", "secrets"),
    rule("get", "core", "configmaps namespaces secrets serviceaccounts"),
    rule("update", "core", "secrets serviceaccounts"),
    rule("create", "authentication.k8s.io", "tokenreviews"),
    rule("create", "authorization.k8s.io", "subjectaccessreviews"),
    rule("list watch", "*", "*"),
    rule("create", "core", "serviceaccounts/token"),
  ]),
  clusterRole("system:kube-dns", [rule("list watch", "core", "endpoints services")]),
  clusterRole("system:persistent-volume-provisioner", [
    rule(`${read} create delete`, "core", "persistentvolumes"),
    rule(`${read} update`, "core", "persistentvolumeclaims"),
    rule(read, "storage.k8s.io", "storageclasses"),
    rule("watch", "core", "events"),
    eventsRule,
  ]),
  clusterRole("system:volume-scheduler", [
    rule(readUpdate, "core", "persistentvolumes"),
    rule(read, "storage.k8s.io", "storageclasses"),
    rule(readUpdate, "core", "persistentvolumeclaims"),
  ]),
  ...["nodeclient", "selfnodeclient"].map((name) =>
    clusterRole(`system:certificates.k8s.io:certificatesigningrequests:${name}`, [
      rule("create", "certificates.k8s.io", `certificatesigningrequests/${name}`),
    ]),
  ),
  ...Object.entries({
    "kube-apiserver-client-approver": "kube-apiserver-client",
    "kube-apiserver-client-kubelet-approver": "kube-apiserver-client-kubelet",
    "kubelet-serving-approver": "kubelet-serving",
    "legacy-unknown-approver": "legacy-unknown",
  }).map(([name, signer]) =>
    clusterRole(`system:certificates.k8s.io:${name}`, [
      rule("approve", "certificates.k8s.io", "signers", `kubernetes.io/${signer}`),
    ]),
  ),
  clusterRole("system:service-account-issuer-discovery", [
    urls(
      "get",
      "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/",
    ),
  ]),
  clusterRole("system:node-proxier", [
    rule("list watch", "core", "services endpoints"),
    rule(read, "core", "nodes"),
    eventsRule,
    rule("list watch", "networking.k8s.io", "servicecidrs"),
    rule("list watch", "discovery.k8s.io", "endpointslices"),
  ]),
  clusterRole("system:kube-scheduler", [
    eventsRule,
    rule("create", "coordination.k8s.io", "leases"),
    rule("get list update watch", "coordination.k8s.io", "leases", "kube-scheduler"),
    rule(readWrite, "coordination.k8s.io", "leasecandidates"),
    rule(read, "core", "nodes"),
    rule(`${read} delete`, "core", "pods"),
    rule("create", "core", "bindings pods/binding"),
    rule("patch update", "core", "pods/status"),
    rule(read, "core", "replicationcontrollers services"),
    rule(read, "apps extensions", "replicasets"),
    rule(read, "apps", "statefulsets"),
    rule(read, "policy", "poddisruptionbudgets"),
    rule(read, "core", "persistentvolumeclaims persistentvolumes"),
    rule("create", "authentication.k8s.io", "tokenreviews"),
    rule("create", "authorization.k8s.io", "subjectaccessreviews"),
    rule(read, "storage.k8s.io", "csinodes"),
    rule(read, "storage.k8s.io", "volumeattachments"),
    rule(read, "core", "namespaces"),
    rule(read, "storage.k8s.io", "csidrivers"),
    rule(read, "storage.k8s.io", "csistoragecapacities"),
    rule(read, "resource.k8s.io", "deviceclasses"),
    rule(readUpdate, "resource.k8s.io", "resourceclaims"),
    rule(readUpdate, "resource.k8s.io", "resourceclaims/status"),
    rule("update", "core", "pods/finalizers"),
    rule(read, "resource.k8s.io", "resourceslices"),
    rule("create delete", "resource.k8s.io", "resourceclaims"),
    rule("patch update", "resource.k8s.io", "resourceclaims/binding"),
  ]),
  ...Object.entries(controllerRules).map(([account, rules]) =>
    clusterRole(`system:controller:${account}`, rules),
  ),
];

const bindings: readonly KubeObject[] = [
  clusterBinding("cluster-admin", "cluster-admin", group("system:masters")),
  clusterBinding("system:monitoring", "system:monitoring", group("system:monitoring")),
  clusterBinding("system:discovery", "system:discovery", group("system:authenticated")),
  clusterBinding("system:basic-user", "system:basic-user", group("system:authenticated")),
  clusterBinding(
    "system:public-info-viewer",
    "system:public-info-viewer",
    group("system:authenticated"),
    group("system:unauthenticated"),
  ),
  clusterBinding("system:node-proxier", "system:node-proxier", user("system:kube-proxy")),
  clusterBinding(
    "system:kube-controller-manager",
    "system:kube-controller-manager",
    user("system:kube-controller-manager"),
  ),
  clusterBinding("system:kube-dns", "system:kube-dns", serviceAccount("kube-dns")),
  clusterBinding("system:kube-scheduler", "system:kube-scheduler", user("system:kube-scheduler")),
  clusterBinding(
    "system:volume-scheduler",
    "system:volume-scheduler",
    user("system:kube-scheduler"),
  ),
  clusterBinding(
    "system:service-account-issuer-discovery",
    "system:service-account-issuer-discovery",
    group("system:serviceaccounts"),
  ),
  clusterBinding("system:node", "system:node"),
  ...Object.keys(controllerRules).map((account) =>
    clusterBinding(
      `system:controller:${account}`,
      `system:controller:${account}`,
      serviceAccount(account),
    ),
  ),
];

const locking = (component: string, ...accounts: readonly string[]): readonly KubeObject[] => {
  const name = `system::leader-locking-${component}`;
  return [
    role("kube-system", name, [
      rule("create get list update watch", "coordination.k8s.io", "leases"),
      rule("create get list update watch", "coordination.k8s.io", "leasecandidates"),
    ]),
    binding(
      "kube-system",
      name,
      "Role",
      name,
      user(`system:${component}`),
      ...[component, ...accounts].map((account) => serviceAccount(account)),
    ),
  ];
};
const readConfig = "extension-apiserver-authentication-reader";
const namespaced: readonly KubeObject[] = [
  role("kube-system", readConfig, [
    rule(read, "core", "configmaps", "extension-apiserver-authentication"),
  ]),
  binding(
    "kube-system",
    "system::extension-apiserver-authentication-reader",
    "Role",
    readConfig,
    user("system:kube-controller-manager"),
    user("system:kube-scheduler"),
  ),
  role("kube-system", "system:controller:bootstrap-signer", [rule(read, "core", "secrets")]),
  binding(
    "kube-system",
    "system:controller:bootstrap-signer",
    "Role",
    "system:controller:bootstrap-signer",
    serviceAccount("bootstrap-signer"),
  ),
  role("kube-system", "system:controller:cloud-provider", [
    rule("create get list watch", "core", "configmaps"),
  ]),
  binding(
    "kube-system",
    "system:controller:cloud-provider",
    "Role",
    "system:controller:cloud-provider",
    serviceAccount("cloud-provider"),
  ),
  role("kube-system", "system:controller:token-cleaner", [
    rule(`${read} delete`, "core", "secrets"),
    eventsRule,
  ]),
  binding(
    "kube-system",
    "system:controller:token-cleaner",
    "Role",
    "system:controller:token-cleaner",
    serviceAccount("token-cleaner"),
  ),
  ...locking("kube-controller-manager", "leader-election-controller"),
  ...locking("kube-scheduler"),
  role("kube-public", "system:controller:bootstrap-signer", [
    rule(read, "core", "configmaps"),
    rule("update", "core", "configmaps", "cluster-info"),
    eventsRule,
  ]),
  binding(
    "kube-public",
    "system:controller:bootstrap-signer",
    "Role",
    "system:controller:bootstrap-signer",
    serviceAccount("bootstrap-signer"),
  ),
];

const bootstrappers = group("system:bootstrappers:kubeadm:default-node-token");
const nodeGroup = group("system:nodes");
const reader = (
  namespace: string,
  name: string,
  resource: string,
  ...subjects: readonly ReturnType<typeof group>[]
): readonly KubeObject[] => [
  plain(role(namespace, name, [rule("get", "core", "configmaps", resource)])),
  plain(binding(namespace, name, "Role", name, ...subjects)),
];
const kubeadm: readonly KubeObject[] = [
  plain(clusterRole("kubeadm:get-nodes", [rule("get", "core", "nodes")])),
  plain(clusterBinding("kubeadm:cluster-admins", "cluster-admin", group("kubeadm:cluster-admins"))),
  plain(clusterBinding("kubeadm:get-nodes", "kubeadm:get-nodes", bootstrappers)),
  plain(clusterBinding("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", bootstrappers)),
  plain(
    clusterBinding(
      "kubeadm:node-autoapprove-bootstrap",
      "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
      bootstrappers,
    ),
  ),
  plain(
    clusterBinding(
      "kubeadm:node-autoapprove-certificate-rotation",
      "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
      nodeGroup,
    ),
  ),
  plain(
    clusterBinding(
      "kubeadm:apiserver-kubelet-client",
      "system:kubelet-api-admin",
      user("kube-apiserver-kubelet-client"),
    ),
  ),
  plain(
    clusterBinding("kubeadm:node-proxier", "system:node-proxier", serviceAccount("kube-proxy")),
  ),
  ...reader(
    "kube-public",
    "kubeadm:bootstrap-signer-clusterinfo",
    "cluster-info",
    user("system:anonymous"),
  ),
  ...reader("kube-system", "kube-proxy", "kube-proxy", bootstrappers),
  ...reader("kube-system", "kubeadm:kubelet-config", "kubelet-config", nodeGroup, bootstrappers),
  ...reader(
    "kube-system",
    "kubeadm:nodes-kubeadm-config",
    "kubeadm-config",
    bootstrappers,
    nodeGroup,
  ),
  plain(
    clusterRole("system:coredns", [
      {
        verbs: ["list", "watch"],
        apiGroups: [""],
        resources: ["endpoints", "services", "pods", "namespaces"],
      },
      rule("list watch", "discovery.k8s.io", "endpointslices"),
    ]),
  ),
  plain(clusterBinding("system:coredns", "system:coredns", serviceAccount("coredns"))),
];
/** The one thing of ours: the kubelets of a simulated cluster share their informers. */
const shared: readonly KubeObject[] = [
  plain(clusterRole("kubestep:kubelets", [rule("list watch", "core", "nodes pods")])),
  plain(clusterBinding("kubestep:kubelets", "kubestep:kubelets", user("kubestep:kubelets"))),
];

/** Everything the API server writes when it first starts. */
export const apiServerPolicy: readonly KubeObject[] = [...roles, ...bindings, ...namespaced];
/** What kubeadm and its add-ons bring. */
export const kubeadmPolicy: readonly KubeObject[] = [...kubeadm, ...shared];
/** Service accounts the controller manager makes for its controllers. */
export const controllerAccounts: readonly string[] = [
  ...Object.keys(controllerRules).filter((account) => !withoutAccount.has(account)),
  "bootstrap-signer",
  "token-cleaner",
];
