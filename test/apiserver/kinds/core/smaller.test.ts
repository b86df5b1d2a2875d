/** The other kinds of the core group: faults, what may change, columns. */
import { describe, expect, test } from "vitest";
import type { V1PersistentVolume, V1PersistentVolumeClaim } from "#apimachinery/api/core-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { configMap } from "#apiserver/kinds/core/config-map.ts";
import { endpoints } from "#apiserver/kinds/core/endpoints.ts";
import { limitRange } from "#apiserver/kinds/core/limit-range.ts";
import { namespace } from "#apiserver/kinds/core/namespace.ts";
import { node } from "#apiserver/kinds/core/node.ts";
import { persistentVolumeClaim } from "#apiserver/kinds/core/persistent-volume-claim.ts";
import { persistentVolume } from "#apiserver/kinds/core/persistent-volume.ts";
import { podTemplate } from "#apiserver/kinds/core/pod-template.ts";
import { replicationController } from "#apiserver/kinds/core/replication-controller.ts";
import { resourceQuota } from "#apiserver/kinds/core/resource-quota.ts";
import { secret } from "#apiserver/kinds/core/secret.ts";
import { serviceAccount } from "#apiserver/kinds/core/service-account.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { cidrWarnings } from "#apiserver/kinds/rules/cidr.ts";
import {
  cells,
  type Changes,
  changed,
  created,
  statusUpdated,
  updated,
} from "#test/support/kinds.ts";

const metadata = { name: "a", namespace: "default" };
const classNote = "volume.beta.kubernetes.io/storage-class";
const containers = [{ name: "c", image: "nginx" }];
const objects = {
  ConfigMap: [configMap, { metadata }],
  Secret: [secret, { metadata }],
  Endpoints: [endpoints, { metadata }],
  LimitRange: [limitRange, { metadata, spec: { limits: [{ type: "Container" }] } }],
  ResourceQuota: [resourceQuota, { metadata, spec: { hard: {} } }],
  Namespace: [namespace, { metadata: { name: "a" } }],
  Node: [node, { metadata: { name: "a" }, spec: {} }],
  PersistentVolume: [
    persistentVolume,
    {
      metadata: { name: "a" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        hostPath: { path: "/data" },
      },
    },
  ],
  PersistentVolumeClaim: [
    persistentVolumeClaim,
    {
      metadata,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  ],
  PodTemplate: [podTemplate, { metadata, template: { spec: { containers } } }],
  ReplicationController: [
    replicationController,
    {
      metadata,
      spec: { template: { metadata: { labels: { app: "a" } }, spec: { containers } } },
    },
  ],
} as const;
type Name = keyof typeof objects;
const of = (name: Name): [Kind<never>, unknown] =>
  objects[name] as unknown as [Kind<never>, unknown];
const base64 = (text: string): string => Buffer.from(text).toString("base64");
/** An empty sequence, unless told otherwise. */
const pem = (type: string, body = "MAA="): string =>
  `-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`;

const key =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

test.each(Object.keys(objects) as Name[])(
  "%s: sound as it is, and defaults are idempotent",
  (name) => {
    const [kind, base] = of(name);
    const { object, errors, warnings } = created(kind, base);
    expect(errors).toEqual([]);
    expect(warnings).toEqual([]);
    if (kind.defaults !== undefined) expect(kind.defaults(object)).toBe(object);
  },
);

test.each<readonly [Name, string, Changes, readonly string[]]>([
  [
    "ConfigMap",
    "keys",
    { data: { "a/b": "", c: "" }, binaryData: { c: "" } },
    [
      `data[a/b]: Invalid value: "a/b": ${key}`,
      `data[c]: Invalid value: "c": duplicate of key present in binaryData`,
    ],
  ],
  [
    "ConfigMap",
    "a megabyte and more",
    { data: { a: "x".repeat(1024 * 1024 + 1) } },
    ["[]: Too long: may not be more than 1048576 bytes"],
  ],
  [
    "Secret",
    "basic-auth",
    { type: "kubernetes.io/basic-auth" },
    ["data[username]: Required value", "data[password]: Required value"],
  ],
  [
    "Secret",
    "tls",
    { type: "kubernetes.io/tls", data: { "tls.crt": "" } },
    ["data[tls.key]: Required value"],
  ],
  [
    "Secret",
    "docker's JSON",
    { type: "kubernetes.io/dockerconfigjson" },
    ["data[.dockerconfigjson]: Required value"],
  ],
  [
    "Secret",
    "docker's JSON that is none",
    { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": base64('{"a"') } },
    [
      `data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input`,
    ],
  ],
  [
    "Secret",
    "docker's JSON of another sort",
    { type: "kubernetes.io/dockercfg", data: { ".dockercfg": base64("[]") } },
    [
      `data[.dockercfg]: Invalid value: "<secret contents redacted>": json: cannot unmarshal array into Go value of type map[string]interface {}`,
    ],
  ],
  [
    "Secret",
    "a token of nobody",
    { type: "kubernetes.io/service-account-token" },
    ["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
  ],
  [
    "Endpoints",
    "addresses",
    { subsets: [{}, { addresses: [{ ip: "169.254.1.1" }], ports: [{ port: 80 }, { port: 81 }] }] },
    [
      "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
      `subsets[1].addresses[0].ip: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)`,
      "subsets[1].ports[0].name: Required value",
      "subsets[1].ports[1].name: Required value",
    ],
  ],
  [
    "LimitRange",
    "more at least than at most",
    { "spec.limits.0.min": { cpu: "2" }, "spec.limits.0.max": { cpu: "1" } },
    [
      `spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1`,
      `spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1`,
      `spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1`,
    ],
  ],
  [
    "LimitRange",
    "defaults of Pods, a type twice",
    {
      "spec.limits": [
        { type: "Pod", default: { cpu: "1" } },
        { type: "Pod" },
        { type: "PersistentVolumeClaim" },
        { type: "Thing" },
      ],
    },
    [
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
      `spec.limits[1].type: Duplicate value: "Pod"`,
      "spec.limits[2].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
      `spec.limits[3].type: Invalid value: "Thing": must be a standard limit type or fully qualified`,
    ],
  ],
  [
    "ResourceQuota",
    "names, amounts and scopes",
    {
      "spec.hard": { things: "1", pods: "1500m", services: "1" },
      "spec.scopes": ["BestEffort", "NotBestEffort"],
    },
    [
      `spec.hard[things]: Invalid value: "things": must be a standard resource type or fully qualified`,
      `spec.hard[things]: Invalid value: "things": must be a standard resource for quota`,
      `spec.hard[pods]: Invalid value: "1500m": must be an integer`,
      `spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource`,
      `spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource`,
      `spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes`,
    ],
  ],
  [
    "Node",
    "taints and ranges",
    {
      "spec.taints": [{ key: "a", effect: "Never" }],
      "spec.podCIDRs": ["10.0.0.0/24", "10.0.1.0/24"],
    },
    [
      `metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
      `spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family`,
    ],
  ],
  [
    "PersistentVolume",
    "the root, by a detour, to be recycled",
    {
      "spec.hostPath.path": "/a/..",
      "spec.persistentVolumeReclaimPolicy": "Recycle",
    },
    [
      `spec.hostPath.path: Invalid value: "/a/..": must not contain '..'`,
      "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
    ],
  ],
  [
    "PersistentVolume",
    "nothing of what it needs",
    { spec: { persistentVolumeReclaimPolicy: "Burn" } },
    [
      "spec.accessModes: Required value",
      "spec.capacity: Required value",
      `spec.capacity: Unsupported value: null: supported values: "storage"`,
      `spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"`,
      "spec: Required value: must specify a volume type",
    ],
  ],
  [
    "Node",
    "lists that annotations held",
    {
      "metadata.annotations": {
        "scheduler.alpha.kubernetes.io/taints": `[{"Key":"a","Effect":"Never"}]`,
        "scheduler.alpha.kubernetes.io/preferAvoidPods": `{"preferAvoidPods":[{},{"podSignature":{"podController":{"controller":false}}}]}`,
      },
    },
    [
      `metadata.annotations.scheduler.alpha.kubernetes.io/taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
      "metadata.annotations.scheduler.alpha.kubernetes.io/preferAvoidPods[0].PodSignature: Required value",
      "metadata.annotations.scheduler.alpha.kubernetes.io/preferAvoidPods[1].PodSignature.PodController.Controller: Invalid value: false: must point to a controller",
    ],
  ],
  [
    "Node",
    "annotations that hold no lists",
    {
      "metadata.annotations": {
        "scheduler.alpha.kubernetes.io/taints": "{}",
        "scheduler.alpha.kubernetes.io/preferAvoidPods": "[",
      },
    },
    [
      `metadata.annotations: Invalid value: "scheduler.alpha.kubernetes.io/taints": json: cannot unmarshal object into Go value of type []core.Taint`,
      `metadata.annotations.AvoidPods: Invalid value: "scheduler.alpha.kubernetes.io/preferAvoidPods": unexpected end of JSON input`,
    ],
  ],
  [
    "Node",
    "features, swap and resources",
    {
      "status.declaredFeatures": ["B", "A", "A", "a"],
      "status.nodeInfo": { swap: { capacity: 0 } },
      "status.capacity": { "example.com/gpu": "500m" },
    },
    [
      `status.capacity.example.com/gpu: Invalid value: "500m": must be an integer`,
      `status.allocatable.example.com/gpu: Invalid value: "500m": must be an integer`,
      "metadata.nodeSwapStatus.capacity: Invalid value: 0: must be greater than zero",
      `status.declaredFeatures[1]: Invalid value: "A": list must be sorted alphabetically`,
      `status.declaredFeatures[2]: Duplicate value: "A"`,
      `status.declaredFeatures[3]: Invalid value: "a": invalid feature name "a": must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`,
    ],
  ],
  [
    "PersistentVolume",
    "secrets and names of its driver",
    {
      "spec.hostPath": undefined,
      "spec.csi": {
        driver: "d",
        volumeHandle: "",
        nodePublishSecretRef: { name: "", namespace: "a.b" },
      },
    },
    [
      "spec.csi.volumeHandle: Required value",
      "spec.csi.nodePublishSecretRef.name: Required value",
      `spec.csi.nodePublishSecretRef.namespace: Invalid value: "a.b": must not contain dots`,
    ],
  ],
  [
    "PersistentVolume",
    "two sorts, a size below nothing, options that it cannot have",
    {
      "spec.capacity": { storage: "-1Gi" },
      "spec.local": { path: "a/../b" },
      "metadata.annotations": { "volume.beta.kubernetes.io/mount-options": "ro" },
    },
    [
      "spec.capacity[storage]: Invalid value: -1073741824: must be a valid resource quantity",
      `spec.capacity[storage]: Invalid value: "-1Gi": must be greater than zero`,
      "spec.local: Forbidden: may not specify more than 1 volume type",
      "metadata.annotations.volume.beta.kubernetes.io/mount-options: Forbidden: may not specify mount options for this volume type",
    ],
  ],
  [
    "PersistentVolume",
    "iscsi",
    {
      "spec.hostPath": undefined,
      "spec.iscsi": {
        targetPortal: "p".repeat(63),
        iqn: "a",
        lun: 0,
        initiatorName: "iqn.2015-02.example.com:init",
        secretRef: { name: "" },
      },
    },
    [
      `spec.iscsi.iqn: Invalid value: "a": must be valid format`,
      "spec.iscsi.secretRef.name: Required value",
      `spec.iscsi.targetportal: Invalid value: "${"p".repeat(63)}": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.`,
    ],
  ],
  [
    "PersistentVolume",
    "local without a node",
    { "spec.hostPath": undefined, "spec.local": { path: "/a" } },
    ["spec.nodeAffinity: Required value: Local volume requires node affinity"],
  ],
  [
    "PersistentVolumeClaim",
    "nothing of what it needs",
    { spec: { volumeMode: "Tape" } },
    [
      "spec.accessModes: Required value: at least 1 access mode is required",
      "spec.resources[storage]: Required value",
      `spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"`,
    ],
  ],
  [
    "PodTemplate",
    "no image",
    { "template.spec.containers.0.image": "" },
    ["template.spec.containers[0].image: Required value"],
  ],
  [
    "ReplicationController",
    "not its own Pods, not for ever",
    { "spec.selector": { app: "b" }, "spec.template.spec.restartPolicy": "Never" },
    [
      `spec.template.metadata.labels: Invalid value: {"app":"a"}: \`selector\` does not match template \`labels\``,
      `spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"`,
    ],
  ],
])("%s: %s", (name, _, changes, errors) => {
  const [kind, base] = of(name);
  expect(created(kind, changed(base, changes)).errors).toEqual(errors);
});

const frozen = "Forbidden: field is immutable when `immutable` is set";
test.each<readonly [Name, string, Changes, Changes, readonly string[]]>([
  [
    "ConfigMap",
    "frozen",
    { immutable: true, data: { a: "1" } },
    { immutable: false, data: { a: "2" } },
    [`immutable: ${frozen}`, `data: ${frozen}`],
  ],
  ["Secret", "frozen", { immutable: true, data: {} }, { data: { a: "" } }, [`data: ${frozen}`]],
  [
    "Secret",
    "frozen, before what is wrong with it",
    { immutable: true },
    { data: { "a/b": "" } },
    [`data: ${frozen}`, `data[a/b]: Invalid value: "a/b": ${key}`],
  ],
  [
    "ConfigMap",
    "frozen, before what is wrong with it",
    { immutable: true },
    { data: { "a/b": "" } },
    [`data: ${frozen}`, `data[a/b]: Invalid value: "a/b": ${key}`],
  ],
  ["Secret", "type", {}, { type: "x" }, [`type: Invalid value: "x": field is immutable`]],
  [
    "ResourceQuota",
    "scopes",
    {},
    { "spec.scopes": ["BestEffort"] },
    [`spec.scopes: Invalid value: ["BestEffort"]: field is immutable`],
  ],
  [
    "Node",
    "an address twice",
    {},
    {
      "status.addresses": [
        { type: "InternalIP", address: "10.0.0.1" },
        { type: "InternalIP", address: "10.0.0.1" },
      ],
    },
    [`status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"10.0.0.1"}`],
  ],
  [
    "Node",
    "ranges and provider",
    { "spec.podCIDR": "10.0.0.0/24", "spec.providerID": "a" },
    { "spec.podCIDR": "10.0.1.0/24", "spec.providerID": "b", "spec.externalID": "c" },
    [
      `spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid`,
      `spec.providerID: Forbidden: node updates may not change providerID except from "" to valid`,
      "spec.externalID: Forbidden: may not be updated",
    ],
  ],
  ...(
    [
      [["beta.kubernetes.io/os", "kubernetes.io/arch"], false],
      [["kubernetes.io/os", "kubernetes.io/arch"], false],
      [["kubernetes.io/os", "beta.kubernetes.io/arch"], false],
      [["kubernetes.io/hostname", "kubernetes.io/arch"], true],
    ] as const
  ).map(([keys, isRefused]) => {
    const affinity = (names: readonly string[]): unknown => ({
      required: {
        nodeSelectorTerms: [
          { matchExpressions: names.map((one) => ({ key: one, operator: "Exists" })) },
        ],
      },
    });
    const shown = (one: string): string => `{"Key":"${one}","Operator":"Exists","Values":null}`;
    return [
      "PersistentVolume",
      `keys renewed, some or all: ${keys.join()}`,
      { "spec.nodeAffinity": affinity(["beta.kubernetes.io/os", "beta.kubernetes.io/arch"]) },
      { "spec.nodeAffinity": affinity(keys) },
      isRefused
        ? [
            `nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[${keys.map(shown).join()}],"MatchFields":null}]}}: field is immutable, except for updating from beta label to GA`,
          ]
        : [],
    ] as const;
  }),
  [
    "PersistentVolume",
    "its source",
    {},
    { "spec.hostPath": { path: "/other" } },
    [
      "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation",
    ],
  ],
  [
    "PersistentVolumeClaim",
    "unbound",
    {},
    { "spec.resources.requests.storage": "2Gi" },
    [
      "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    ],
  ],
  ["PersistentVolumeClaim", "the volume, once", {}, { "spec.volumeName": "v" }, []],
  ["PersistentVolumeClaim", "the class, late", {}, { "spec.storageClassName": "c" }, []],
  [
    "PersistentVolumeClaim",
    "the class",
    { "spec.storageClassName": "c" },
    { "spec.storageClassName": "d" },
    [
      "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    ],
  ],
  [
    "PersistentVolumeClaim",
    "the class by annotation",
    { "metadata.annotations": { [classNote]: "c" } },
    { "metadata.annotations": { [classNote]: "d" } },
    [`metadata.annotations.${classNote}: Invalid value: "d": field is immutable`],
  ],
  [
    "PersistentVolumeClaim",
    "the class by annotation into the field",
    { "metadata.annotations": { [classNote]: "c" } },
    { "metadata.annotations": undefined, "spec.storageClassName": "c" },
    [],
  ],
  [
    "PersistentVolumeClaim",
    "the size, downwards",
    {},
    { "spec.resources.requests.storage": "1Mi" },
    [
      "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    ],
  ],
  [
    "Endpoints",
    "odd addresses that it had",
    { subsets: [{ addresses: [{ ip: "127.0.0.1" }] }] },
    { "metadata.labels": { a: "b" } },
    [],
  ],
])("%s: a change of %s", (name, _, was, becomes, errors) => {
  const [kind, base] = of(name);
  const previous = created(kind, changed(base, was)).object;
  expect(updated(kind, previous, changed(previous, becomes)).errors).toEqual(errors);
});

test.each<readonly [string, Changes, Changes, readonly string[]]>([
  ["grows", {}, { "spec.resources.requests.storage": "2Gi" }, []],
  [
    "shrinks to what it has, not below",
    { "status.capacity": { storage: "1Mi" } },
    { "spec.resources.requests.storage": "1Ki" },
    ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"],
  ],
  [
    "shrinks",
    { "status.capacity": { storage: "1Mi" } },
    { "spec.resources.requests.storage": "2Mi" },
    [],
  ],
  [
    "gets other attributes, and keeps some",
    { "status.currentVolumeAttributesClassName": "a", "spec.volumeAttributesClassName": "a" },
    { "spec.volumeAttributesClassName": "" },
    [
      "spec.volumeAttributesClassName: Forbidden: update to empty string is forbidden when status.currentVolumeAttributesClassName is not nil",
    ],
  ],
])("a bound claim %s", (_, was, becomes, errors) => {
  const [kind, base] = of("PersistentVolumeClaim");
  const previous = changed(created(kind, base).object, { "status.phase": "Bound", ...was });
  expect(updated(kind, previous, changed(previous, becomes)).errors).toEqual(errors);
});

test("a claim's status", () => {
  const [kind, base] = of("PersistentVolumeClaim");
  const previous = created(kind, base).object;
  const next = changed(previous, {
    "status.capacity": { storage: "-1" },
    "status.allocatedResourceStatuses": { cpu: "NodeResizePending", storage: "Stuck" },
    "status.allocatedResources": { storage: "-1" },
  });
  expect(statusUpdated(kind, previous, next).errors).toEqual([
    "status.capacity[storage]: Invalid value: -1: must be a valid resource quantity",
    `status.allocatedResourceStatuses: Unsupported value: "cpu": supported values: "storage"`,
    `status.allocatedResourceStatuses: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"`,
    "status.allocatedResources[storage]: Invalid value: -1: must be a valid resource quantity",
  ]);
});

describe("what a claim's volume is filled from", () => {
  const snapshot = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "s" };
  const other = { apiGroup: "example.com", kind: "Thing", name: "t" };
  test.each<readonly [string, Changes, object]>([
    [
      "one field stands for both",
      { dataSource: snapshot },
      { dataSource: snapshot, dataSourceRef: snapshot },
    ],
    ["the other too", { dataSourceRef: other }, { dataSource: other, dataSourceRef: other }],
    ["the older field knows no other things", { dataSource: other }, {}],
    ["nothing of other namespaces", { dataSourceRef: { ...other, namespace: "b" } }, {}],
  ])("%s", (_, given, made) => {
    const [kind, base] = of("PersistentVolumeClaim");
    const spec = Object.fromEntries(
      Object.entries(given).map(([name, one]) => [`spec.${name}`, one]),
    );
    const { spec: found } = created(kind, changed(base, spec)).object as V1PersistentVolumeClaim;
    const { dataSource, dataSourceRef } = found ?? {};
    expect({ ...(dataSource && { dataSource }), ...(dataSourceRef && { dataSourceRef }) }).toEqual(
      made,
    );
  });
});

test("a volume tells when its phase changed, unless its writer does", () => {
  const [kind, base] = of("PersistentVolume");
  const since = "2025-01-01T00:00:00Z";
  const previous = changed(created(kind, base).object, { "status.lastPhaseTransitionTime": since });
  const told = (changes: Changes): unknown =>
    (statusUpdated(kind, previous, changed(previous, changes)).object as V1PersistentVolume).status
      ?.lastPhaseTransitionTime;
  const now = "2026-01-01T00:00:00Z";
  expect(told({ "status.phase": "Bound" })).toBe(now);
  expect(told({ status: { phase: "Bound" } })).toBe(now);
  expect(told({ status: { phase: "Pending" } })).toBe(since);
  const own = "2025-06-01T00:00:00Z";
  expect(told({ status: { phase: "Bound", lastPhaseTransitionTime: own } })).toBe(own);
});

test.each<readonly [Name, string, Changes, readonly string[]]>([
  [
    "PersistentVolume",
    "of old",
    {
      "metadata.annotations": { [classNote]: "a" },
      "spec.persistentVolumeReclaimPolicy": "Recycle",
      "spec.hostPath": undefined,
      "spec.rbd": { monitors: ["a"], image: "b" },
    },
    [
      `metadata.annotations[${classNote}]: deprecated since v1.8; use "storageClassName" attribute instead`,
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
      "spec.rbd: deprecated in v1.28, non-functional in v1.31+",
    ],
  ],
  [
    "PersistentVolumeClaim",
    "of old, in fractions",
    {
      "metadata.annotations": { [classNote]: "a" },
      "spec.resources.requests.storage": "1500m",
    },
    [
      `metadata.annotations[${classNote}]: deprecated since v1.8; use "storageClassName" attribute instead`,
      `spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer`,
    ],
  ],
  [
    "ResourceQuota",
    "more asked than allowed",
    { "spec.hard": { cpu: "2", "limits.cpu": "1", "requests.memory": "1", "limits.memory": "2" } },
    ["ResourceQuota cpu (2) should be less than limits.cpu (1)"],
  ],
  [
    "Node",
    "ranges",
    { "spec.podCIDR": "2001:DB8::/64", "spec.externalID": "a" },
    [
      "spec.externalID: this field is deprecated, and is unused by Kubernetes",
      `spec.podCIDRs[0]: IPv6 CIDR value "2001:DB8::/64" should be in RFC 5952 canonical format ("2001:db8::/64")`,
    ],
  ],
  [
    "ReplicationController",
    "a name",
    { "metadata.name": "a.b" },
    [
      "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ],
  ],
  ...(
    [
      ["", "", "tls: failed to find any PEM data in certificate input"],
      [
        pem("EC PRIVATE KEY"),
        "",
        "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
      ],
      [
        pem("A") + pem("B"),
        "",
        'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [A B]',
      ],
      [pem("CERTIFICATE"), "", "tls: failed to find any PEM data in key input"],
      [
        pem("CERTIFICATE"),
        pem("CERTIFICATE"),
        "tls: found a certificate rather than a key in the PEM for the private key",
      ],
      [pem("CERTIFICATE", "AAAA"), pem("PRIVATE KEY"), "x509: malformed certificate"],
      [pem("CERTIFICATE"), pem("PRIVATE KEY", "AAAA"), "tls: failed to parse private key"],
      [pem("CERTIFICATE"), pem("PRIVATE KEY"), undefined],
    ] as const
  ).map(
    ([certificate, own, problem]) =>
      [
        "Secret",
        problem ?? "nothing of a pair",
        {
          type: "kubernetes.io/tls",
          data: { "tls.crt": base64(certificate), "tls.key": base64(own) },
        },
        problem === undefined ? [] : [problem],
      ] as const,
  ),
  ["PodTemplate", "a name is no matter", { "metadata.name": "a.b" }, []],
  [
    "PodTemplate",
    "a negative grace",
    { "template.spec.terminationGracePeriodSeconds": -1 },
    [
      "template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
    ],
  ],
])("%s: warnings about %s", (name, _, changes, warnings) => {
  const [kind, base] = of(name);
  expect(created(kind, changed(base, changes)).warnings).toEqual(warnings);
});

test.each([
  ["10.0.0.1/24", ['ambiguous in this context (should be "10.0.0.0/24" or "10.0.0.1/32"?)']],
  ["010.0.0.0/24", ["non-standard"]],
  ["::ffff:10.0.0.0/120", ["non-standard"]],
  ["10.0.0.0/24", []],
  ["2001:db8::/32", []],
])("a range %s", (range, texts) => {
  const found = cidrWarnings(new FieldPath("a"), range);
  expect(found).toHaveLength(texts.length);
  for (const [i, text] of texts.entries()) expect(found[i]).toContain(text);
});

test("a Namespace keeps the finalizers that it came with, and a ServiceAccount the names of its secrets", () => {
  const made = created(namespace, { metadata: { name: "a" }, spec: { finalizers: ["b/c"] } });
  expect(made.object.spec).toEqual({ finalizers: ["b/c", "kubernetes"] });
  const account = created(serviceAccount, { metadata, secrets: [{ name: "a", namespace: "b" }] });
  expect(account.object.secrets).toEqual([{ name: "a" }]);
});

test("a Namespace's phase goes with its deletion", () => {
  const [kind, base] = of("Namespace");
  const previous = created(kind, base).object;
  const next = changed(previous, { "status.phase": "Terminating" });
  expect(statusUpdated(kind, previous, next).errors).toEqual([
    `status.Phase: Invalid value: "Terminating": may only be 'Active' if \`deletionTimestamp\` is empty`,
  ]);
});

test("stringData becomes data", () => {
  const { object } = created(secret, { metadata, stringData: { a: "ü" } });
  expect(object).toMatchObject({ type: "Opaque", data: { a: base64("ü") } });
  expect(object).not.toHaveProperty("stringData");
});

test("what kubectl shows", () => {
  expect(cells(configMap, { metadata, data: { a: "" } } as never)).toMatchObject({ Data: 1 });
  const quota = {
    metadata,
    status: { hard: { pods: "3", "limits.cpu": "2" }, used: { pods: "1" } },
  };
  expect(cells(resourceQuota, quota as never)).toMatchObject({
    Request: "pods: 1/3",
    Limit: "limits.cpu: 0/2",
  });
});
