/** RBAC, storage, flow control, scheduling, coordination, node and resource: what is refused, what is shown. */
import { describe, expect, test } from "vitest";
import { cells, changeProblems, complete, kindOf, problems } from "./problems.ts";

const rbac = (kind: string): string => `rbac.authorization.k8s.io/v1/${kind}`;
const storage = (kind: string): string => `storage.k8s.io/v1/${kind}`;
const flow = (kind: string): string => `flowcontrol.apiserver.k8s.io/v1/${kind}`;
const devices = (kind: string): string => `resource.k8s.io/v1/${kind}`;
const priorityClass = "scheduling.k8s.io/v1/PriorityClass";
const ref = { kind: "Role", name: "r" };
const bound = (subject: object): object => ({ roleRef: ref, subjects: [subject] });
const lifted = { nominalConcurrencyShares: 1, limitResponse: { type: "Reject" } };
const queued = (queuing: object): object => ({
  spec: { type: "Limited", limited: { ...lifted, limitResponse: { type: "Queue", queuing } } },
});
const schema = (over: object): object => ({
  spec: {
    priorityLevelConfiguration: { name: "p" },
    rules: [
      {
        subjects: [{ kind: "User", user: { name: "a" } }],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      },
    ],
    ...over,
  },
});
const claim = (request: object): object => ({ spec: { devices: { requests: [request] } } });
const exactly = (over: object): object =>
  claim({ name: "a", exactly: { deviceClassName: "gpu", ...over } });
const slice = (over: object): object => ({
  spec: {
    driver: "a.example",
    pool: { name: "n", resourceSliceCount: 1, generation: 1 },
    nodeName: "n",
    ...over,
  },
});

describe("new objects", () => {
  test.each<[string, string, object, readonly string[]]>([
    [
      "a rule without verbs",
      rbac("Role"),
      { rules: [{ apiGroups: [""], resources: ["pods"] }] },
      ["rules[0].verbs: Required value: verbs must contain at least one value"],
    ],
    [
      "a path in a namespace",
      rbac("Role"),
      { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] },
      [
        'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
      ],
    ],
    [
      "a path for the cluster",
      rbac("ClusterRole"),
      { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] },
      [],
    ],
    [
      "paths and resources",
      rbac("ClusterRole"),
      { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"], resources: ["pods"] }] },
      [
        'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
      ],
    ],
    [
      "an aggregation of nothing",
      rbac("ClusterRole"),
      { aggregationRule: {} },
      [
        "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil",
      ],
    ],
    [
      "an aggregation that cannot be read",
      rbac("ClusterRole"),
      { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "-" } }] } },
      [
        `aggregationRule.clusterRoleSelectors[0].matchLabels: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
        "aggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.",
      ],
    ],
    [
      "another sort of subject",
      rbac("RoleBinding"),
      bound({ kind: "Robot", name: "a" }),
      [
        'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
      ],
    ],
    [
      "an account of no namespace",
      rbac("ClusterRoleBinding"),
      {
        roleRef: { kind: "ClusterRole", name: "r" },
        subjects: [{ kind: "ServiceAccount", name: "a" }],
      },
      ["subjects[0].namespace: Required value"],
    ],
    [
      "a role for the cluster",
      rbac("ClusterRoleBinding"),
      { roleRef: ref },
      ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
    ],
    [
      "a role of no group, which is RBAC's",
      rbac("RoleBinding"),
      { roleRef: { ...ref, apiGroup: "" } },
      [],
    ],
    [
      "no role",
      rbac("RoleBinding"),
      { roleRef: { kind: "Role" } },
      ["roleRef.name: Required value"],
    ],

    ["no provisioner", storage("StorageClass"), {}, ["provisioner: Required value"]],
    [
      "another mode",
      storage("StorageClass"),
      { provisioner: "a/b", volumeBindingMode: "Soon" },
      [
        'volumeBindingMode: Unsupported value: "Soon": supported values: "Immediate", "WaitForFirstConsumer"',
      ],
    ],
    [
      "another policy",
      storage("StorageClass"),
      { provisioner: "a/b", reclaimPolicy: "Recycle" },
      ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      "a short token",
      storage("CSIDriver"),
      { spec: { tokenRequests: [{ audience: "a", expirationSeconds: 5 }] } },
      [
        "spec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes",
      ],
    ],
    [
      "an audience twice",
      storage("CSIDriver"),
      { spec: { tokenRequests: [{ audience: "a" }, { audience: "a" }] } },
      ['spec.tokenRequests[1].audience: Duplicate value: "a"'],
    ],
    [
      "a driver of no node",
      storage("CSINode"),
      { spec: { drivers: [{ name: "a.example", nodeID: "" }] } },
      ["spec.drivers[0].nodeID: Required value"],
    ],
    [
      "nothing to attach",
      storage("VolumeAttachment"),
      { spec: { attacher: "a.example", nodeName: "n", source: {} } },
      [
        "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
      ],
    ],
    [
      "a volume within, as it must be",
      storage("VolumeAttachment"),
      {
        spec: {
          attacher: "a.example",
          nodeName: "n",
          source: {
            inlineVolumeSpec: {
              accessModes: ["ReadWriteOnce"],
              persistentVolumeReclaimPolicy: "Retain",
              volumeMode: "Filesystem",
              csi: { driver: "a.example", volumeHandle: "v" },
            },
          },
        },
      },
      [],
    ],
    [
      "a volume within, with what only a PersistentVolume has",
      storage("VolumeAttachment"),
      {
        spec: {
          attacher: "a.example",
          nodeName: "n",
          source: {
            inlineVolumeSpec: {
              claimRef: { name: "c" },
              capacity: { storage: "1Gi" },
              persistentVolumeReclaimPolicy: "Delete",
              nodeAffinity: {},
              hostPath: { path: "/a" },
              storageClassName: "s",
              volumeMode: "Block",
            },
          },
        },
      },
      [
        "claimRef: Forbidden: may not be specified in the context of inline volumes",
        "capacity: Forbidden: may not be specified in the context of inline volumes",
        "csi: Required value: has to be specified in the context of inline volumes",
        "accessModes: Required value",
        "persistentVolumeReclaimPolicy: Forbidden: may only be Retain in the context of inline volumes",
        "nodeAffinity: Forbidden: may not be specified in the context of inline volumes",
        "storageClassName: Forbidden: may not be specified in the context of inline volumes",
        "volumeMode: Forbidden: may not specify volumeMode other than Filesystem in the context of inline volumes",
      ].map((problem) => `spec.source.inlineVolumeSpec.${problem}`),
    ],
    [
      "other ways, tokens for nobody",
      storage("CSIDriver"),
      { spec: { volumeLifecycleModes: ["Always"], serviceAccountTokenInSecrets: true } },
      [
        'spec.volumeLifecycleModes: Unsupported value: "Always": supported values: "Persistent", "Ephemeral"',
        "spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified",
      ],
    ],
    [
      "a provisioner in capitals",
      storage("StorageClass"),
      { provisioner: "A/B/C" },
      [
        `provisioner: Invalid value: "a/b/c": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    ],
    [
      "less than nothing",
      storage("CSIStorageCapacity"),
      { storageClassName: "a", capacity: "-1" },
      ['capacity: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      "a class without parameters",
      storage("VolumeAttributesClass"),
      { driverName: "a.example" },
      ["parameters: Required value: must contain at least one key/value pair"],
    ],

    [
      "the first place",
      flow("FlowSchema"),
      schema({ matchingPrecedence: 1 }),
      [
        "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
      ],
    ],
    [
      "no level",
      flow("FlowSchema"),
      schema({ priorityLevelConfiguration: {} }),
      ["spec.priorityLevelConfiguration.name: Required value: must reference a priority level"],
    ],
    [
      "another method",
      flow("FlowSchema"),
      schema({ distinguisherMethod: { type: "ByMood" } }),
      [
        'spec.distinguisherMethod.type: Unsupported value: {"Type":"ByMood"}: supported values: "ByNamespace", "ByUser"',
      ],
    ],
    [
      "nobody",
      flow("FlowSchema"),
      schema({ rules: [{ subjects: [], resourceRules: [] }] }),
      [
        "spec.rules[0].subjects: Required value: subjects must contain at least one value",
        "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty",
      ],
    ],
    [
      "exempt by another name",
      flow("PriorityLevelConfiguration"),
      { spec: { type: "Exempt" } },
      ["spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"],
    ],
    [
      "exempt and limited, in the way of an older version",
      flow("PriorityLevelConfiguration"),
      {
        metadata: {
          name: "exempt",
          annotations: { "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares": "" },
        },
        spec: { type: "Exempt", exempt: { nominalConcurrencyShares: -1 }, limited: {} },
      },
      [
        "metadata.annotations: Forbidden: annotation 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares' is forbidden",
        "spec.limited: Forbidden: must be nil if the type is not Limited",
        "spec.exempt.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
        'spec: Invalid value: {"type":"Exempt","exempt":{"nominalConcurrencyShares":-1,"lendablePercent":0},"limited":{"nominalConcurrencyShares":30,"lendablePercent":0}}: spec of \'exempt\' except the \'spec.exempt\' field must equal the fixed value',
      ],
    ],
    [
      "a hand bigger than the deck",
      flow("PriorityLevelConfiguration"),
      queued({ queues: 2, handSize: 3 }),
      [
        "spec.limited.limitResponse.queuing.handSize: Invalid value: 3: should not be greater than queues (2)",
      ],
    ],
    [
      "too many cards",
      flow("PriorityLevelConfiguration"),
      queued({ queues: 512, handSize: 8 }),
      [
        "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 512 and handSize 8 should not be greater than 60",
      ],
    ],
    [
      "a queue where none is",
      flow("PriorityLevelConfiguration"),
      { spec: { type: "Limited", limited: { limitResponse: { type: "Reject", queuing: {} } } } },
      [
        "spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited",
      ],
    ],
    [
      "another catch-all",
      flow("PriorityLevelConfiguration"),
      { metadata: { name: "catch-all" }, spec: { type: "Limited", limited: lifted } },
      [
        'spec: Invalid value: {"type":"Limited","limited":{"nominalConcurrencyShares":1,"lendablePercent":0,"limitResponse":{"type":"Reject"}}}: spec of \'catch-all\' must equal the fixed value',
      ],
    ],

    [
      "above the system",
      priorityClass,
      { value: 1_000_000_001 },
      ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    ],
    [
      "a system's name",
      priorityClass,
      { metadata: { name: "system-mine" }, value: 1 },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [
      "another policy of preemption",
      priorityClass,
      { value: 1, preemptionPolicy: "Sometimes" },
      [
        'preemptionPolicy: Unsupported value: "Sometimes": supported values: "PreemptLowerPriority", "Never"',
      ],
    ],
    [
      "a lease of no time",
      "coordination.k8s.io/v1/Lease",
      { spec: { leaseDurationSeconds: 0 } },
      ["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"],
    ],
    ["a runtime of nothing", "node.k8s.io/v1/RuntimeClass", {}, ["handler: Required value"]],
    [
      "a runtime that costs and tolerates what nobody knows",
      "node.k8s.io/v1/RuntimeClass",
      {
        handler: "run",
        overhead: { podFixed: { gpu: "-1" } },
        scheduling: { tolerations: [{ key: "a" }, { key: "a" }, { operator: "Equal" }] },
      },
      [
        'overhead.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'overhead.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers',
        'overhead.limits[gpu]: Invalid value: "-1": must be greater than or equal to 0',
        'scheduling.tolerations[2].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        'scheduling.tolerations[1]: Duplicate value: {"Key":"a","Operator":"","Value":"","Effect":"","TolerationSeconds":null}',
      ],
    ],
    [
      "a runtime without a handler",
      "node.k8s.io/v1/RuntimeClass",
      { handler: "run c" },
      [
        "handler: Invalid value: \"run c\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
  ])("%s", (_, gvk, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
});

test.each<[string, string, object, object, readonly string[]]>([
  [
    "a binding keeps its role",
    rbac("RoleBinding"),
    { roleRef: ref },
    { roleRef: { kind: "Role", name: "s" } },
    [
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"s"}: cannot change roleRef',
    ],
  ],
  [
    "a class keeps its parameters",
    storage("StorageClass"),
    { provisioner: "a/b" },
    { provisioner: "a/b", parameters: { a: "b" } },
    ['parameters: Invalid value: {"a":"b"}: field is immutable'],
  ],
  [
    "so does one of attributes, in other words",
    storage("VolumeAttributesClass"),
    { driverName: "a.example", parameters: { a: "b" } },
    { driverName: "a.example", parameters: { a: "c" } },
    ["parameters: Forbidden: updates to parameters are forbidden."],
  ],
  [
    "a driver keeps its node's name, not its count",
    storage("CSINode"),
    { spec: { drivers: [{ name: "a", nodeID: "n", allocatable: { count: 1 } }] } },
    { spec: { drivers: [{ name: "a", nodeID: "m", allocatable: { count: 2 } }] } },
    [
      'spec.drivers: Invalid value: {"Name":"a","NodeID":"m","TopologyKeys":null,"Allocatable":null}: field is immutable',
    ],
  ],
  [
    "a driver keeps how it attaches",
    storage("CSIDriver"),
    { spec: {} },
    { spec: { attachRequired: false } },
    ["spec.attachedRequired: Invalid value: false: field is immutable"],
  ],
  [
    "a priority keeps its value",
    priorityClass,
    { value: 1 },
    { value: 2 },
    ["value: Forbidden: may not be changed in an update."],
  ],
  [
    "a runtime keeps its handler",
    "node.k8s.io/v1/RuntimeClass",
    { handler: "a" },
    { handler: "b" },
    ['handler: Invalid value: "b": field is immutable'],
  ],
])("%s", (_, gvk, previous, next, expected) => {
  expect(changeProblems(gvk, previous, next)).toEqual(expected);
});

test.each<[string, string, object, object]>([
  [
    "a driver",
    storage("CSIDriver"),
    { spec: {} },
    {
      spec: {
        attachRequired: true,
        podInfoOnMount: false,
        fsGroupPolicy: "ReadWriteOnceWithFSType",
        volumeLifecycleModes: ["Persistent"],
      },
    },
  ],
  ["a schema", flow("FlowSchema"), schema({}), { spec: { matchingPrecedence: 1000 } }],
  [
    "a level",
    flow("PriorityLevelConfiguration"),
    { spec: { type: "Limited", limited: { limitResponse: { type: "Queue", queuing: {} } } } },
    {
      spec: {
        limited: {
          nominalConcurrencyShares: 30,
          lendablePercent: 0,
          limitResponse: { queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
        },
      },
    },
  ],
  [
    "a claim",
    devices("ResourceClaim"),
    exactly({}),
    { spec: { devices: { requests: [{ exactly: { allocationMode: "ExactCount", count: 1 } }] } } },
  ],
])("what nobody says of %s", (_, gvk, given, expected) => {
  expect(complete(gvk, given)).toMatchObject(expected);
});

test.each<[string, object, readonly string[]]>([
  [
    storage("CSIDriver"),
    { spec: { tokenRequests: [{ audience: "a" }] } },
    [
      "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes",
    ],
  ],
  [
    storage("StorageClass"),
    {
      provisioner: "a/b",
      allowedTopologies: [
        {
          matchLabelExpressions: [{ key: "failure-domain.beta.kubernetes.io/zone", values: ["a"] }],
        },
      ],
    },
    [
      'allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    ],
  ],
  [
    "node.k8s.io/v1/RuntimeClass",
    { handler: "a", scheduling: { nodeSelector: { "beta.kubernetes.io/arch": "amd64" } } },
    ['scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ],
  [
    "node.k8s.io/v1/RuntimeClass",
    {
      handler: "a",
      scheduling: {
        nodeSelector: {
          "node-role.kubernetes.io/master": "",
          "app.kubernetes.io/created-by": "me",
          "scheduler.alpha.kubernetes.io/preferAvoidPods": "",
          constructor: "anybody",
        },
      },
    },
    [
      'scheduling.nodeSelector: use "node-role.kubernetes.io/control-plane" instead',
      "scheduling.nodeSelector: deprecated since v1.9",
      "scheduling.nodeSelector: deprecated since v1.22; use Taints and Tolerations instead",
    ],
  ],
  [
    storage("CSIStorageCapacity"),
    { storageClassName: "a", nodeTopology: { matchLabels: { "beta.kubernetes.io/os": "linux" } } },
    [
      'nodeTopology.matchLabels.beta.kubernetes.io/os: deprecated since v1.14; use "kubernetes.io/os" instead',
    ],
  ],
])("%s warns", (gvk, given, expected) => {
  expect(kindOf(gvk).warnings?.(complete(gvk, given))).toEqual(expected);
});

test.each<[string, object, readonly unknown[]]>([
  [
    rbac("RoleBinding"),
    {
      roleRef: ref,
      subjects: [
        { kind: "User", name: "a" },
        { kind: "User", name: "b" },
        { kind: "ServiceAccount", name: "c", namespace: "d" },
      ],
    },
    ["x", "Role/r", "<unknown>", "a, b", "", "d/c"],
  ],
  [
    storage("StorageClass"),
    {
      provisioner: "a/b",
      metadata: {
        name: "fast",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
    },
    ["fast (default)", "a/b", "Delete", "Immediate", false, "<unknown>"],
  ],
  [
    storage("CSIDriver"),
    { spec: {} },
    ["x", true, false, false, "<unset>", false, "Persistent", "<unknown>"],
  ],
  [flow("FlowSchema"), schema({}), ["x", "p", 1000, "<none>", "<unknown>", "?"]],
  [
    flow("PriorityLevelConfiguration"),
    { spec: { type: "Exempt", exempt: {} } },
    ["x", "Exempt", "<none>", "<none>", "<none>", "<none>", "<unknown>"],
  ],
  [priorityClass, { value: 5 }, ["x", 5, false, "<unknown>", "PreemptLowerPriority"]],
  [devices("ResourceClaim"), exactly({}), ["x", "pending", "<unknown>"]],
  [devices("ResourceSlice"), slice({}), ["x", "n", "a.example", "n", "<unknown>"]],
])("%s shows", (gvk, given, expected) => {
  expect(cells(gvk, given)).toEqual(expected);
});
