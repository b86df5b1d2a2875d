/** Server-side apply through the whole API server: creation, conflicts, removal, sharing, upgrade from client-side apply. */
import { expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const configMaps = "/api/v1/namespaces/default/configmaps";
const patchType = { "content-type": "application/apply-patch+yaml" };

const deployment = (name: string, spec: object = {}, container: object = {}): Json => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "nginx", ...container }] },
    },
    ...spec,
  },
});
const config = (name: string, data: object, metadata: object = {}): Json => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});

const apply = (path: string, body: unknown, query: string) =>
  api.request("PATCH", `${path}?${query}`, body, patchType);
const merge = (path: string, body: unknown, query = "fieldManager=editor") =>
  api.request("PATCH", `${path}?${query}`, body, {
    "content-type": "application/merge-patch+json",
  });
/** Manager → what it owns. */
const owned = ({ metadata }: Json): Json =>
  Object.fromEntries(
    (metadata.managedFields ?? []).map((entry: Json) => [
      `${entry.manager} ${entry.operation}${entry.subresource ? ` ${entry.subresource}` : ""}`,
      entry.fieldsV1,
    ]),
  );

test("creates what is not there, owns what it said and nothing else", async () => {
  const { code, body } = await apply(
    `${configMaps}/made`,
    config("made", { a: "1" }),
    "fieldManager=me",
  );
  expect(code).toBe(201);
  expect(body.metadata.managedFields).toEqual([
    {
      manager: "me",
      operation: "Apply",
      apiVersion: "v1",
      time: body.metadata.creationTimestamp,
      fieldsType: "FieldsV1",
      fieldsV1: { "f:data": { "f:a": {} } },
    },
  ]);
  const again = await apply(`${configMaps}/made`, config("made", { a: "1" }), "fieldManager=me");
  expect(again.code).toBe(200);
  expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
});

test("an applier's keys of a list map, and what it leaves out later", async () => {
  const path = `${deployments}/ports`;
  const ports = [{ containerPort: 80 }, { containerPort: 443, protocol: "TCP" }];
  const made = await apply(path, deployment("ports", {}, { ports }), "fieldManager=me");
  expect(made.code).toBe(201);
  const [container] = made.body.spec.template.spec.containers;
  expect(container.ports).toEqual([
    { containerPort: 80, protocol: "TCP" },
    { containerPort: 443, protocol: "TCP" },
  ]);
  expect(owned(made.body)["me Apply"]["f:spec"]["f:template"]["f:spec"]["f:containers"]).toEqual({
    'k:{"name":"web"}': {
      ".": {},
      "f:image": {},
      "f:name": {},
      "f:ports": {
        'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
        'k:{"containerPort":443,"protocol":"TCP"}': {
          ".": {},
          "f:containerPort": {},
          "f:protocol": {},
        },
      },
    },
  });
  const less = await apply(
    path,
    deployment("ports", {}, { ports: [{ containerPort: 443 }] }),
    "fieldManager=me",
  );
  expect(less.body.spec.template.spec.containers[0].ports).toEqual([
    { containerPort: 443, protocol: "TCP" },
  ]);
});

test("another's field is a conflict, in upstream's words, until it is forced", async () => {
  const path = `${deployments}/fought`;
  await apply(path, deployment("fought", { replicas: 1 }), "fieldManager=one");
  const { code, body } = await apply(
    path,
    deployment("fought", { replicas: 2 }),
    "fieldManager=two",
  );
  expect(code).toBe(409);
  expect(body).toMatchObject({
    reason: "Conflict",
    message: 'Apply failed with 1 conflict: conflict with "one": .spec.replicas',
    details: {
      causes: [
        {
          reason: "FieldManagerConflict",
          message: 'conflict with "one"',
          field: ".spec.replicas",
        },
      ],
    },
  });
  const forced = await apply(
    path,
    deployment("fought", { replicas: 2 }),
    "fieldManager=two&force=true",
  );
  expect(forced.body.spec.replicas).toBe(2);
  expect(owned(forced.body)["two Apply"]["f:spec"]).toHaveProperty("f:replicas");
  expect(owned(forced.body)["one Apply"]["f:spec"]).not.toHaveProperty("f:replicas");
});

test("several conflicts stand by manager", async () => {
  const path = `${deployments}/crowd`;
  await api.request(
    "POST",
    `${deployments}?fieldManager=maker`,
    deployment("crowd", { replicas: 1 }),
  );
  await merge(`${path}`, { spec: { replicas: 3 } }, "fieldManager=scaler");
  const { body } = await apply(
    path,
    deployment("crowd", { replicas: 2 }, { image: "httpd" }),
    "fieldManager=me",
  );
  expect(body.message).toBe(
    [
      'Apply failed with 2 conflicts: conflicts with "maker" using apps/v1:',
      '- .spec.template.spec.containers[name="web"].image',
      'conflicts with "scaler" using apps/v1:',
      "- .spec.replicas",
    ].join("\n"),
  );
});

test("the same value is shared, and stays until the last who owns it lets go", async () => {
  const path = `${configMaps}/shared`;
  await apply(path, config("shared", { a: "1", b: "1" }), "fieldManager=one");
  await apply(path, config("shared", { a: "1" }), "fieldManager=two");
  const first = await apply(path, config("shared", { b: "1" }), "fieldManager=one");
  expect(first.body.data).toEqual({ a: "1", b: "1" });
  const second = await apply(path, config("shared", {}), "fieldManager=two");
  expect(second.body.data).toEqual({ b: "1" });
  expect(owned(second.body)).toEqual({
    "one Apply": { "f:data": { "f:b": {} } },
    "two Apply": { "f:data": {} },
  });
});

test("what an updater changed is its own, and an applier that leaves it out does not remove it", async () => {
  const path = `${deployments}/handed`;
  await apply(path, deployment("handed", { replicas: 1 }), "fieldManager=me");
  const scaled = await merge(path, { spec: { replicas: 5 } });
  expect(owned(scaled.body)["editor Update"]).toEqual({ "f:spec": { "f:replicas": {} } });
  const { body } = await apply(path, deployment("handed"), "fieldManager=me");
  expect(body.spec.replicas).toBe(5);
});

test("who resizes a Pod or adds to its ephemeral containers owns that and nothing else", async () => {
  const pods = "/api/v1/namespaces/default/pods";
  const resources = { requests: { cpu: "100m" }, limits: { cpu: "200m" } };
  await api.request("POST", pods, {
    metadata: { name: "sized" },
    spec: { containers: [{ name: "web", image: "nginx", resources }] },
  });
  const patched = (subresource: string, body: Json): Promise<{ body: Json }> =>
    api.request("PATCH", `${pods}/sized/${subresource}?fieldManager=editor`, body, {
      "content-type": "application/strategic-merge-patch+json",
    });
  const more = { requests: { cpu: "150m" } };
  const resized = await patched("resize", {
    metadata: { labels: { by: "editor" } },
    spec: { containers: [{ name: "web", image: "other", resources: more }] },
  });
  expect(owned(resized.body)["editor Update resize"]).toEqual({
    "f:spec": {
      "f:containers": {
        'k:{"name":"web"}': { "f:resources": { "f:requests": { "f:cpu": {} } } },
      },
    },
  });
  const { body } = await patched("ephemeralcontainers", {
    metadata: { labels: { by: "editor" } },
    spec: { ephemeralContainers: [{ name: "debug", image: "busybox" }] },
  });
  expect(Object.keys(owned(body)["editor Update ephemeralcontainers"])).toEqual(["f:spec"]);
});

test("scale is owned by its subresource", async () => {
  const path = `${deployments}/scaled`;
  await apply(path, deployment("scaled", { replicas: 1 }), "fieldManager=me");
  await merge(`${path}/scale`, { spec: { replicas: 2 } }, "fieldManager=kubectl-scale");
  const { code, body } = await apply(
    path,
    deployment("scaled", { replicas: 1 }),
    "fieldManager=me",
  );
  expect(code).toBe(409);
  expect(body.message).toBe(
    'Apply failed with 1 conflict: conflict with "kubectl-scale" with subresource "scale" using apps/v1: .spec.replicas',
  );
});

test("a Scale is applied like any object, and its applier owns the replicas", async () => {
  const path = `${deployments}/applied-scale`;
  const scale = (replicas: number): Json => ({
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: { name: "applied-scale" },
    spec: { replicas },
  });
  await apply(path, deployment("applied-scale", { replicas: 1 }), "fieldManager=me");
  const fought = await apply(`${path}/scale`, scale(3), "fieldManager=scaler");
  expect([fought.code, fought.body.message]).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "me": .spec.replicas',
  ]);
  const { code, body } = await apply(`${path}/scale`, scale(3), "fieldManager=scaler&force=true");
  expect([code, body.kind, body.spec.replicas]).toEqual([200, "Scale", 3]);
  const owners = owned(await api.get(path));
  expect(owners["scaler Apply scale"]).toEqual({ "f:spec": { "f:replicas": {} } });
  expect(owners["me Apply"]["f:spec"]).not.toHaveProperty("f:replicas");
});

test("status is another writer's, and the object's writer does not own it", async () => {
  const path = `${deployments}/told`;
  const made = await apply(
    path,
    { ...deployment("told"), status: { replicas: 9 } },
    "fieldManager=me",
  );
  expect(owned(made.body)["me Apply"]).not.toHaveProperty("f:status");
  const status = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "told" },
    status: { observedGeneration: 7 },
  };
  const { body } = await apply(`${path}/status`, status, "fieldManager=boss");
  expect(body.status.observedGeneration).toBe(7);
  expect(owned(body)["boss Apply status"]).toEqual({ "f:status": { "f:observedGeneration": {} } });
  expect(
    (
      await apply(
        `${deployments}/told2/status`,
        { ...status, metadata: { name: "told2" } },
        "fieldManager=boss",
      )
    ).code,
  ).toBe(404);
});

test("dry run: told, not done", async () => {
  const { code, body } = await apply(
    `${configMaps}/dry`,
    config("dry", { a: "1" }),
    "fieldManager=me&dryRun=All",
  );
  expect(code).toBe(201);
  expect(owned(body)).toEqual({ "me Apply": { "f:data": { "f:a": {} } } });
  expect((await api.request("GET", `${configMaps}/dry`)).code).toBe(404);
});

test("a null value takes the field away and is owned", async () => {
  const path = `${deployments}/nulled`;
  await apply(path, deployment("nulled", { replicas: 3 }), "fieldManager=me");
  const { body } = await apply(path, deployment("nulled", { replicas: null }), "fieldManager=me");
  expect(body.spec.replicas).toBe(1);
  expect(owned(body)["me Apply"]["f:spec"]).toHaveProperty("f:replicas");
});

test("kubectl takes over from its own client-side apply without a conflict", async () => {
  const path = `${deployments}/upgraded`;
  const lastApplied = JSON.stringify(deployment("upgraded", { replicas: 1 }));
  const body = deployment("upgraded", { replicas: 1 });
  body.metadata.annotations = { "kubectl.kubernetes.io/last-applied-configuration": lastApplied };
  await api.request("POST", `${deployments}?fieldManager=kubectl-client-side-apply`, body);
  const taken = await apply(path, deployment("upgraded", { replicas: 2 }), "fieldManager=kubectl");
  expect(taken.code).toBe(200);
  expect(taken.body.spec.replicas).toBe(2);
  const annotation =
    taken.body.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"];
  expect(JSON.parse(annotation).spec.replicas).toBe(2);
  const other = await apply(path, deployment("upgraded", { replicas: 3 }), "fieldManager=other");
  expect(other.code).toBe(409);
});

test("an object nobody is known to own belongs to before-first-apply", async () => {
  const path = `${configMaps}/old`;
  await api.request("POST", configMaps, config("old", { a: "1" }));
  const cleared = await merge(path, { metadata: { managedFields: [{}] } });
  expect(cleared.body.metadata).not.toHaveProperty("managedFields");
  const edited = await merge(path, { data: { b: "2" } });
  expect(edited.body.metadata).not.toHaveProperty("managedFields");
  const { code, body } = await apply(path, config("old", { a: "2" }), "fieldManager=me");
  expect(code).toBe(409);
  expect(body.message).toBe(
    'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
  );
});

test.each<[string, string, unknown, number, string]>([
  [
    "no manager",
    "",
    config("bad", {}),
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  ],
  [
    "another kind",
    "fieldManager=me",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "bad" } },
    400,
    "invalid object type: /v1, Kind=Secret",
  ],
  [
    "no kind",
    "fieldManager=me",
    { metadata: { name: "bad" } },
    400,
    "invalid object type: /, Kind=",
  ],
  [
    "managedFields",
    "fieldManager=me",
    config("bad", {}, { managedFields: [] }),
    400,
    "metadata.managedFields must be nil",
  ],
  [
    "an unknown field",
    "fieldManager=me",
    { ...config("bad", {}), foo: 1 },
    400,
    "failed to create typed patch object (/bad; /v1, Kind=ConfigMap): .foo: field not declared in schema",
  ],
  [
    "a wrong type",
    "fieldManager=me",
    config("bad", { a: { b: 1 } }),
    400,
    'failed to create typed patch object (/bad; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"b":1}}',
  ],
  [
    "another name",
    "fieldManager=me",
    config("worse", {}),
    400,
    "the name of the object (worse) does not match the name on the URL (bad)",
  ],
  [
    "no name",
    "fieldManager=me",
    { apiVersion: "v1", kind: "ConfigMap" },
    400,
    "the name of the object (bad based on URL) was undeterminable: name must be provided",
  ],
  [
    "a uid of nothing",
    "fieldManager=me",
    config("bad", {}, { uid: "x" }),
    409,
    'Operation cannot be fulfilled on configmaps "bad": uid mismatch: the provided object specified uid x, and no existing object was found',
  ],
  [
    "a list",
    "fieldManager=me",
    [],
    400,
    "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
  ],
])("refused: %s", async (_, query, body, code, message) => {
  const answer = await apply(`${configMaps}/bad`, body, query);
  expect([answer.code, answer.body.message]).toEqual([code, message]);
});

test("duplicate items are refused", async () => {
  const ports = [{ containerPort: 80 }, { containerPort: 80 }];
  const { code, body } = await apply(
    `${deployments}/twice`,
    deployment("twice", {}, { ports }),
    "fieldManager=me",
  );
  expect(code).toBe(400);
  expect(body.message).toBe(
    'failed to create typed patch object (/twice; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="web"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
  );
});

test("a stale resourceVersion in the configuration is a conflict", async () => {
  const path = `${configMaps}/stale`;
  await apply(path, config("stale", { a: "1" }), "fieldManager=me");
  const { code } = await apply(
    path,
    config("stale", { a: "2" }, { resourceVersion: "1" }),
    "fieldManager=me",
  );
  expect(code).toBe(409);
});

test("etcd holds the object as it is served, owners too", async () => {
  await apply(`${configMaps}/kept`, config("kept", { a: "1" }), "fieldManager=me");
  const key = btoa("/registry/configmaps/default/kept");
  const { body } = await api.request("POST", "/-/etcd/v3/kv/range", { key });
  expect(JSON.parse(atob(body.kvs[0].value))).toEqual(await api.get(`${configMaps}/kept`));
});

test("who judges FlowSchemas applies what it says of them", async () => {
  const path = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas";
  const name = "lost";
  const spec = {
    priorityLevelConfiguration: { name: "nowhere" },
    rules: [
      {
        subjects: [{ kind: "User", user: { name: "a" } }],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      },
    ],
  };
  await api.request("POST", `${path}?fieldManager=me`, { metadata: { name }, spec });
  await api.advance("1s");
  const { status, metadata } = await api.get(`${path}/${name}`);
  expect(status.conditions).toMatchObject([{ type: "Dangling", status: "True" }]);
  const fields = Object.fromEntries(
    ["", "lastTransitionTime", "message", "reason", "status", "type"].map((field) => [
      field === "" ? "." : `f:${field}`,
      {},
    ]),
  );
  expect(metadata.managedFields).toMatchObject([
    {
      manager: "api-priority-and-fairness-config-consumer-v1",
      operation: "Apply",
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      subresource: "status",
      fieldsV1: { "f:status": { "f:conditions": { 'k:{"type":"Dangling"}': fields } } },
    },
    { manager: "me", operation: "Update" },
  ]);
});
