/** What the plugins fill in and what they refuse, through the whole API server. */
import { expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi({ preset: "zones", zones: 2 });
const inDefault = (plural: string): string => `/api/v1/namespaces/default/${plural}`;
const pods = inDefault("pods");
const claims = inDefault("persistentvolumeclaims");
const classes = "/apis/storage.k8s.io/v1/storageclasses";

const pod = (name: string, spec: Json = {}, metadata: Json = {}): Json => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: "main", image: "nginx" }], ...spec },
});
const claim = (name: string, spec: Json = {}): Json => ({
  metadata: { name },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
    ...spec,
  },
});
const post = async (path: string, body: Json, headers = {}): Promise<Json> => {
  const { code, body: answer } = await api.request("POST", path, body, headers);
  return code < 300 ? answer : { refused: `${code} ${answer.message}` };
};
const mergePatch = { "content-type": "application/merge-patch+json" };
const as = (user: string, ...groups: readonly string[]): Record<string, string> => ({
  "impersonate-user": user,
  ...(groups.length === 0 ? {} : { "impersonate-group": groups.join(", ") }),
});

await post(classes, {
  metadata: {
    name: "quick",
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  },
  provisioner: "example.com/disk",
  allowVolumeExpansion: true,
});
await post("/apis/node.k8s.io/v1/runtimeclasses", {
  metadata: { name: "sandboxed" },
  handler: "runsc",
  overhead: { podFixed: { cpu: "250m", memory: "120Mi" } },
  scheduling: { nodeSelector: { sandbox: "yes" }, tolerations: [{ key: "s", operator: "Exists" }] },
});
await post("/apis/networking.k8s.io/v1/ingressclasses", {
  metadata: {
    name: "edge",
    annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
  },
  spec: { controller: "example.com/edge" },
});
await post("/apis/scheduling.k8s.io/v1/priorityclasses", {
  metadata: { name: "usual" },
  value: 5,
  globalDefault: true,
});

test("a claim gets the default class and is protected", async () => {
  const made = await post(claims, claim("data"));
  expect(made.spec.storageClassName).toBe("quick");
  expect(made.metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
  const none = await post(claims, claim("raw", { storageClassName: "" }));
  expect(none.spec.storageClassName).toBe("");
});

test("a protected claim goes when no scheduled Pod uses it", async () => {
  await post(claims, claim("busy"));
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "busy" } }];
  await post(pods, pod("user", { volumes, nodeName: "worker-1" }));
  await api.request("DELETE", `${claims}/busy`);
  await api.advance("5s");
  expect((await api.get(`${claims}/busy`)).metadata.deletionTimestamp).toBeDefined();
  await api.request("DELETE", `${pods}/user?gracePeriodSeconds=0`);
  await api.advance("60s");
  expect((await api.request("GET", `${claims}/busy`)).code).toBe(404);
});

test("a claim that is not bound does not grow: validation comes before plugins", async () => {
  await post(claims, claim("grow"));
  const bigger = { spec: { resources: { requests: { storage: "2Gi" } } } };
  const { code, body } = await api.request("PATCH", `${claims}/grow`, bigger, mergePatch);
  expect([code, body.message]).toEqual([
    422,
    'PersistentVolumeClaim "grow" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
  ]);
});

test("a Pod takes overhead and scheduling of its runtime class", async () => {
  const made = await post(pods, pod("boxed", { runtimeClassName: "sandboxed" }));
  expect(made.spec.overhead).toEqual({ cpu: "250m", memory: "120Mi" });
  expect(made.spec.nodeSelector).toEqual({ sandbox: "yes" });
  expect(made.spec.tolerations).toContainEqual({ key: "s", operator: "Exists" });
});

test.each<[string, Json, string]>([
  [
    "an unknown runtime class",
    { runtimeClassName: "none" },
    '403 pods "p" is forbidden: pod rejected: RuntimeClass "none" not found',
  ],
  [
    "overhead that nothing explains",
    { overhead: { cpu: "1" } },
    `403 pods "p" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead`,
  ],
  [
    "overhead that is another",
    { runtimeClassName: "sandboxed", overhead: { cpu: "1" } },
    `403 pods "p" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead`,
  ],
  [
    "a selector that contradicts",
    { runtimeClassName: "sandboxed", nodeSelector: { sandbox: "no" } },
    '403 pods "p" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
  ],
  [
    "an unknown priority class",
    { priorityClassName: "none" },
    '403 pods "p" is forbidden: no PriorityClass with name none was found',
  ],
  [
    "an account that does not exist",
    { serviceAccountName: "none" },
    '403 pods "p" is forbidden: error looking up service account default/none: serviceaccount "none" not found',
  ],
])("a Pod is refused: %s", async (_, spec, message) => {
  expect(await post(pods, pod("p", spec))).toEqual({ refused: message });
});

test("before its name is generated, a refused Pod is called by the beginning of it", async () => {
  const asked = { ...pod("", { priorityClassName: "none" }), metadata: { generateName: "web-" } };
  expect(await post(pods, asked)).toEqual({
    refused: '403 pods "web-" is forbidden: no PriorityClass with name none was found',
  });
});

test("priorities come from the default class and stay", async () => {
  const made = await post(pods, pod("ranked"));
  expect(made.spec).toMatchObject({ priority: 5, priorityClassName: "usual" });
  const second = { metadata: { name: "other" }, value: 9, globalDefault: true };
  expect(await post("/apis/scheduling.k8s.io/v1/priorityclasses", second)).toEqual({
    refused:
      '403 priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist',
  });
});

test("an Ingress gets the default class", async () => {
  const spec = { defaultBackend: { service: { name: "web", port: { number: 80 } } } };
  const made = await post("/apis/networking.k8s.io/v1/namespaces/default/ingresses", {
    metadata: { name: "web" },
    spec,
  });
  expect(made.spec.ingressClassName).toBe("edge");
});

test("a bound Pod carries the zone of its node", async () => {
  await post(pods, pod("placed"));
  await api.advance("30s");
  const placed = await api.get(`${pods}/placed`);
  const node = await api.get(`/api/v1/nodes/${placed.spec.nodeName}`);
  const zone = "topology.kubernetes.io/zone";
  expect(node.metadata.labels[zone]).toBeDefined();
  expect(placed.metadata.labels[zone]).toBe(node.metadata.labels[zone]);
});

test("an account that names its secrets lets no other be used", async () => {
  await post(inDefault("serviceaccounts"), {
    metadata: {
      name: "strict",
      annotations: { "kubernetes.io/enforce-mountable-secrets": "true" },
    },
    secrets: [{ name: "mine" }],
    imagePullSecrets: [{ name: "pull" }],
  });
  const volumes = [{ name: "s", secret: { secretName: "theirs" } }];
  expect(await post(pods, pod("p", { serviceAccountName: "strict", volumes }))).toEqual({
    refused:
      '403 pods "p" is forbidden: volume with secret.secretName="theirs" is not allowed because service account strict does not reference that secret',
  });
  const made = await post(pods, pod("fine", { serviceAccountName: "strict" }));
  expect(made.spec.imagePullSecrets).toEqual([{ name: "pull" }]);
  const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "theirs", key: "a" } } }];
  const { code, body } = await api.request(
    "PATCH",
    `${pods}/fine/ephemeralcontainers`,
    { spec: { ephemeralContainers: [{ name: "debug", image: "busybox", env }] } },
    { "content-type": "application/strategic-merge-patch+json" },
  );
  expect([code, body.message]).toEqual([
    500,
    'ephemeral container debug with envVar A referencing secret.secretName="theirs" is not allowed because service account strict does not reference that secret',
  ]);
});

test("a Pod's tolerations are merged with those of its runtime class", async () => {
  await post("/apis/node.k8s.io/v1/runtimeclasses", {
    metadata: { name: "tolerant" },
    handler: "runsc",
    scheduling: {
      tolerations: [
        { key: "wide", operator: "Exists" },
        { key: "narrow", operator: "Equal", value: "a", effect: "NoSchedule" },
      ],
    },
  });
  const tolerations = [
    { key: "wide", operator: "Equal", value: "x", effect: "NoSchedule" },
    { key: "narrow", operator: "Exists", effect: "NoSchedule" },
  ];
  const made = await post(pods, pod("merged", { runtimeClassName: "tolerant", tolerations }));
  const own = made.spec.tolerations.filter(({ key }: Json) => !key.startsWith("node."));
  expect(own).toEqual([
    { key: "narrow", operator: "Exists", effect: "NoSchedule" },
    { key: "wide", operator: "Exists" },
  ]);
});

test("who replaces a Pod without its tolerations keeps five minutes on lost nodes", async () => {
  const made = await post(pods, pod("replaced"));
  const { tolerations: _left, ...spec } = made.spec;
  const { code, body } = await api.request("PUT", `${pods}/replaced`, { ...made, spec });
  expect(code, body.message).toBe(200);
  expect(body.spec.tolerations).toEqual(made.spec.tolerations);
});

test("a Pod made on a node takes the node's zone, whatever it says", async () => {
  const zone = "topology.kubernetes.io/zone";
  const { metadata } = await api.get("/api/v1/nodes/worker-1");
  const made = await post(
    pods,
    pod("moved", { nodeName: "worker-1" }, { labels: { [zone]: "elsewhere" } }),
  );
  expect(made.metadata.labels[zone]).toBe(metadata.labels[zone]);
});

test("a Pod does not grow beyond its node", async () => {
  const resources = { requests: { cpu: "100m", memory: "64Mi" } };
  const containers = [{ name: "main", image: "nginx", resources }];
  await post(pods, pod("growing", { nodeName: "worker-1", containers }));
  const { status } = await api.get("/api/v1/nodes/worker-1");
  const grown = { name: "main", resources: { requests: { cpu: "1000", memory: "1Mi" } } };
  const { code, body } = await api.request(
    "PATCH",
    `${pods}/growing/resize`,
    { spec: { containers: [grown] } },
    { "content-type": "application/strategic-merge-patch+json" },
  );
  const most = Number(status.allocatable.cpu) * 1000;
  expect([code, body.message, body.details.causes]).toEqual([
    403,
    `pods "growing" is forbidden: node didn't have enough allocatable resources: cpu, requested: 1000000, allocatable: ${most}`,
    [{ reason: "NodeCapacity" }],
  ]);
});

test("a node of an older version: no Pod changes there in a way that it cannot follow", async () => {
  const { status } = await api.get("/api/v1/nodes/worker-1");
  expect(status.declaredFeatures).toEqual([
    "ExtendWebSocketsToKubelet",
    "InPlacePodLevelResourcesVerticalScaling",
    "InPlacePodVerticalScalingInitContainers",
    "RestartAllContainersOnContainerExits",
  ]);
  const { allocatable, capacity } = status;
  await post("/api/v1/nodes", {
    metadata: { name: "aged", labels: { age: "old" } },
    status: { allocatable, capacity },
  });
  const sized = (cpu: string): Json => ({ resources: { requests: { cpu } } });
  const resized = async (name: string): Promise<Json> => {
    const type = { "content-type": "application/merge-patch+json" };
    const spec = sized("200m");
    return (await api.request("PATCH", `${pods}/${name}/resize`, { spec }, type)).body;
  };
  await post(pods, pod("there", { nodeName: "aged", ...sized("100m") }));
  expect((await resized("there")).message).toBe(
    'pods "there" is forbidden: pod update requires features InPlacePodLevelResourcesVerticalScaling which are not available on node "aged"',
  );
  await post(pods, pod("here", { nodeName: "worker-1", ...sized("100m") }));
  expect((await resized("here")).spec.resources).toEqual(sized("200m").resources);
});

test.each<[string, Json, string]>([
  [
    "no mirror Pod",
    {},
    'pod does not have "kubernetes.io/config.mirror" annotation, node "worker-1" can only create mirror pods',
  ],
  [
    "nobody's mirror Pod",
    { annotations: { "kubernetes.io/config.mirror": "x" } },
    'node "worker-1" can only create pods with an owner reference set to itself',
  ],
])("a kubelet creates %s: refused", async (_, metadata, why) => {
  const node = as("system:node:worker-1", "system:nodes");
  const asked = pod("m", { nodeName: "worker-1" }, metadata);
  expect(await post(pods, asked, node)).toEqual({ refused: `403 pods "m" is forbidden: ${why}` });
});

test("a kubelet leaves labels and taints alone", async () => {
  const node = as("system:node:worker-1", "system:nodes");
  const patch = async (body: Json): Promise<string> =>
    (await api.request("PATCH", "/api/v1/nodes/worker-1", body, { ...mergePatch, ...node })).body
      .message;
  const labels = { "node-restriction.kubernetes.io/a": "1", "k8s.io/b": "2", "example.com/c": "3" };
  expect(await patch({ metadata: { labels } })).toBe(
    'nodes "worker-1" is forbidden: is not allowed to modify labels: k8s.io/b, node-restriction.kubernetes.io/a',
  );
  expect(await patch({ spec: { taints: [{ key: "a", effect: "NoSchedule" }] } })).toBe(
    'nodes "worker-1" is forbidden: node "worker-1" is not allowed to modify taints',
  );
});

test("in a namespace that is going nothing new begins", async () => {
  await post("/api/v1/namespaces", { metadata: { name: "going" } });
  await api.request("DELETE", "/api/v1/namespaces/going");
  const { body } = await api.request("POST", "/api/v1/namespaces/going/configmaps", {
    metadata: { name: "late" },
  });
  expect(body).toMatchObject({
    code: 403,
    message:
      'configmaps "late" is forbidden: unable to create new content in namespace going because it is being terminated',
    details: { causes: [{ reason: "NamespaceTerminating" }] },
  });
  const { body: immortal } = await api.request("DELETE", "/api/v1/namespaces/kube-system");
  expect(immortal.message).toBe(
    'namespaces "kube-system" is forbidden: this namespace may not be deleted',
  );
});
