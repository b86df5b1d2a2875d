/**
 * The smallest valid object of every kind that can be created, as a person would write it: what the
 * contract suites run over. A new resource of the API's facts needs a line here.
 */
export type Body = Readonly<Record<string, unknown>>;

const container = { name: "web", image: "nginx" };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };
const selector = { matchLabels: { app: "web" } };
const jobTemplate = { spec: { containers: [container], restartPolicy: "Never" } };
const webhook = {
  name: "check.example.com",
  clientConfig: { url: "https://example.com/check" },
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
  rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
  // It asks about nothing here: nobody waits for it.
  objectSelector: { matchLabels: { "no-object": "has-this" } },
};
const target = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
const subjects = [{ kind: "User", name: "jane", apiGroup: "rbac.authorization.k8s.io" }];
const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const policy = {
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: ["apps"],
        apiVersions: ["v1"],
        operations: ["CREATE"],
        resources: ["daemonsets"],
      },
    ],
    objectSelector: { matchLabels: { "no-object": "has-this" } },
  },
};
/** `openssl req -new -subj /CN=jane/O=dev`, base64 as the API wants it. */
const signingRequest = btoa(`-----BEGIN CERTIFICATE REQUEST-----
MIHXMH8CAQAwHTENMAsGA1UEAwwEamFuZTEMMAoGA1UECgwDZGV2MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE6HolOa/KE/tFrA315kg8xqGJMEkqi+I/omSTAB74
bYWUlgi8m7w3GP46YwFTobyt9dn93SCxAkjfrFZlZ2a1bKAAMAoGCCqGSM49BAMC
A0gAMEUCIBf3c7S9LD0EP+vYGQVqMGMBcqkPmb98gGhB/BtK/HCPAiEAvfsrtMAh
kULnt4HpJdCFWl5WvqcqBgKheU4twATLA0E=
-----END CERTIFICATE REQUEST-----
`);
const device = { name: "gpu-0" };
const claimSpec = {
  devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu.example.com" } }] },
};

/** By `<apiVersion>/<kind>`, without apiVersion, kind and name. */
export const samples: Readonly<Record<string, Body>> = {
  "v1/ConfigMap": { data: { a: "1" } },
  "v1/Endpoints": {
    subsets: [{ addresses: [{ ip: "10.1.2.3" }], ports: [{ port: 80, protocol: "TCP" }] }],
  },
  "v1/Event": {
    involvedObject: { kind: "Pod", name: "web", namespace: "default" },
    reason: "Seen",
    type: "Normal",
  },
  "v1/LimitRange": { spec: { limits: [{ type: "Container", default: { cpu: "500m" } }] } },
  "v1/Namespace": {},
  "v1/Node": {},
  "v1/PersistentVolumeClaim": {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  },
  "v1/PersistentVolume": {
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/data" },
    },
  },
  "v1/Pod": { spec: { containers: [container] } },
  "v1/PodTemplate": { template },
  "v1/ReplicationController": { spec: { replicas: 0, selector: { app: "web" }, template } },
  "v1/ResourceQuota": { spec: { hard: { pods: "1k" } } },
  "v1/Secret": { data: { a: btoa("1") } },
  "v1/ServiceAccount": {},
  "v1/Service": { spec: { selector: { app: "web" }, ports: [{ port: 80 }] } },
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy": {
    spec: {
      ...policy,
      reinvocationPolicy: "Never",
      mutations: [
        {
          patchType: "ApplyConfiguration",
          applyConfiguration: {
            expression: 'Object{metadata: Object.metadata{labels: {"a": "b"}}}',
          },
        },
      ],
    },
  },
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding": {
    spec: { policyName: "nobody" },
  },
  "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration": { webhooks: [webhook] },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": {
    spec: { ...policy, validations: [{ expression: "true" }] },
  },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": {
    spec: { policyName: "nobody", validationActions: ["Deny"] },
  },
  "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration": { webhooks: [webhook] },
  "apiextensions.k8s.io/v1/CustomResourceDefinition": {
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object" } },
        },
      ],
    },
  },
  "apiregistration.k8s.io/v1/APIService": {
    spec: {
      group: "example.org",
      version: "v1",
      groupPriorityMinimum: 100,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service: { namespace: "default", name: "nobody" },
    },
  },
  "apps/v1/ControllerRevision": { revision: 1, data: { a: 1 } },
  "apps/v1/DaemonSet": { spec: { selector, template } },
  "apps/v1/Deployment": { spec: { replicas: 0, selector, template } },
  "apps/v1/ReplicaSet": { spec: { replicas: 0, selector, template } },
  "apps/v1/StatefulSet": { spec: { replicas: 0, serviceName: "web", selector, template } },
  "autoscaling/v1/HorizontalPodAutoscaler": { spec: { scaleTargetRef: target, maxReplicas: 3 } },
  "autoscaling/v2/HorizontalPodAutoscaler": { spec: { scaleTargetRef: target, maxReplicas: 3 } },
  "batch/v1/CronJob": {
    spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: jobTemplate } } },
  },
  "batch/v1/Job": { spec: { template: jobTemplate } },
  "certificates.k8s.io/v1/CertificateSigningRequest": {
    spec: {
      request: signingRequest,
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
    },
  },
  "coordination.k8s.io/v1/Lease": { spec: { holderIdentity: "me", leaseDurationSeconds: 15 } },
  "discovery.k8s.io/v1/EndpointSlice": {
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [{ name: "http", port: 80, protocol: "TCP" }],
  },
  "events.k8s.io/v1/Event": {
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "example.com/me",
    reportingInstance: "me-1",
    action: "Look",
    reason: "Seen",
    type: "Normal",
    regarding: { kind: "Pod", name: "web", namespace: "default" },
  },
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema": {
    spec: { priorityLevelConfiguration: { name: "global-default" }, matchingPrecedence: 1000 },
  },
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration": {
    spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } },
  },
  "networking.k8s.io/v1/IngressClass": { spec: { controller: "example.com/ingress" } },
  "networking.k8s.io/v1/Ingress": {
    spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
  },
  "networking.k8s.io/v1/IPAddress": {
    spec: { parentRef: { resource: "services", name: "web", namespace: "default" } },
  },
  "networking.k8s.io/v1/NetworkPolicy": { spec: { podSelector: {} } },
  "networking.k8s.io/v1/ServiceCIDR": { spec: { cidrs: ["10.200.0.0/24"] } },
  "node.k8s.io/v1/RuntimeClass": { handler: "runc" },
  "policy/v1/PodDisruptionBudget": { spec: { minAvailable: 1, selector } },
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": { roleRef, subjects },
  "rbac.authorization.k8s.io/v1/ClusterRole": { rules },
  "rbac.authorization.k8s.io/v1/RoleBinding": { roleRef, subjects },
  "rbac.authorization.k8s.io/v1/Role": { rules },
  "resource.k8s.io/v1/DeviceClass": { spec: {} },
  "resource.k8s.io/v1/ResourceClaim": { spec: claimSpec },
  "resource.k8s.io/v1/ResourceClaimTemplate": { spec: { spec: claimSpec } },
  "resource.k8s.io/v1/ResourceSlice": {
    spec: {
      driver: "gpu.example.com",
      nodeName: "worker-1",
      pool: { name: "worker-1", generation: 1, resourceSliceCount: 1 },
      devices: [device],
    },
  },
  "scheduling.k8s.io/v1/PriorityClass": { value: 10 },
  "storage.k8s.io/v1/CSIDriver": { spec: {} },
  "storage.k8s.io/v1/CSINode": { spec: { drivers: [] } },
  "storage.k8s.io/v1/CSIStorageCapacity": { storageClassName: "standard", capacity: "1Gi" },
  "storage.k8s.io/v1/StorageClass": { provisioner: "example.com/disk" },
  "storage.k8s.io/v1/VolumeAttachment": {
    spec: {
      attacher: "example.com",
      nodeName: "worker-1",
      source: { persistentVolumeName: "data" },
    },
  },
  "storage.k8s.io/v1/VolumeAttributesClass": {
    driverName: "example.com",
    parameters: { iops: "100" },
  },
};

/** Kinds whose name says something. */
const names: Readonly<Record<string, string>> = {
  "apiextensions.k8s.io/v1/CustomResourceDefinition": "widgets.example.com",
  "apiregistration.k8s.io/v1/APIService": "v1.example.org",
  "networking.k8s.io/v1/IPAddress": "10.96.77.1",
};

/** A sample as it is sent. */
export function sampleOf(gvk: string, namespaced: boolean, name = names[gvk] ?? "sample"): Body {
  const at = gvk.lastIndexOf("/");
  const body = samples[gvk];
  if (body === undefined) throw new Error(`no sample of ${gvk} in test/apiserver/samples.ts`);
  const metadata = { name, ...(namespaced ? { namespace: "default" } : {}) };
  return { apiVersion: gvk.slice(0, at), kind: gvk.slice(at + 1), metadata, ...body };
}
