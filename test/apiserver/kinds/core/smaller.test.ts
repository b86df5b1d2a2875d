/** The other kinds of the core group: faults, what may change, columns. */
import { expect, test } from "vitest";
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
import type { Kind } from "#apiserver/kinds/kind.ts";
import {
  cells,
  type Changes,
  changed,
  created,
  statusUpdated,
  updated,
} from "#test/support/kinds.ts";

const metadata = { name: "a", namespace: "default" };
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

const key =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

test.each(Object.keys(objects) as Name[])(
  "%s: sound as it is, and defaults are idempotent",
  (name) => {
    const [kind, base] = of(name);
    const { object, errors, warnings } = created(kind, base);
    expect(errors).toEqual([]);
    if (name !== "Endpoints") expect(warnings).toEqual([]);
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
    "nothing of what it needs",
    { spec: { persistentVolumeReclaimPolicy: "Burn" } },
    [
      "spec.accessModes: Required value",
      "spec.capacity: Required value",
      `spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"`,
      "spec: Required value: must specify a volume type",
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
    "ranges and provider",
    { "spec.podCIDRs": ["10.0.0.0/24"], "spec.providerID": "a" },
    { "spec.podCIDRs": ["10.0.1.0/24"], "spec.providerID": "b" },
    [
      `spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid`,
      `spec.providerID: Forbidden: node updates may not change providerID except from "" to valid`,
    ],
  ],
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
])("%s: a change of %s", (name, _, was, becomes, errors) => {
  const [kind, base] = of(name);
  const previous = created(kind, changed(base, was)).object;
  expect(updated(kind, previous, changed(previous, becomes)).errors).toEqual(errors);
});

test("a bound claim grows", () => {
  const [kind, base] = of("PersistentVolumeClaim");
  const previous = changed(created(kind, base).object, { "status.phase": "Bound" });
  const grown = changed(previous, { "spec.resources.requests.storage": "2Gi" });
  expect(updated(kind, previous, grown).errors).toEqual([]);
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
