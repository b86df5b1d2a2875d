/** Webhooks: who is asked, what is asked, what becomes of the answers, and where nobody is called. */
import { afterAll, expect, test } from "vitest";
import { refusedAddress } from "#apiserver/admission/webhooks/address.ts";
import { type Json, newApi } from "#test/support/api.ts";
import { webhookServer } from "#test/support/webhook.ts";

let changes = 0;
const hooks = await webhookServer({
  "/allow": () => ({
    allowed: true,
    warnings: ["mind the gap"],
    auditAnnotations: { seen: "yes" },
  }),
  "/deny": () => ({ allowed: false, status: { code: 418, reason: "Teapot", message: "no tea" } }),
  "/deny-silently": () => ({ allowed: false }),
  "/deny-aloud": () => ({
    allowed: false,
    warnings: ["so there"],
    auditAnnotations: { because: "tea" },
  }),
  "/other-patch": () => ({ allowed: true, patch: "W3t9XQ==", patchType: "MergePatch" }),
  "/label": () => ({
    allowed: true,
    patch: [{ op: "add", path: "/metadata/labels", value: { by: "hook" } }],
  }),
  "/count": ({ object }) => ({
    allowed: true,
    patch: [
      {
        op: "add",
        path: "/metadata/annotations",
        value: {
          labels: Object.keys(object.metadata.labels ?? {}).join(),
          calls: String((changes += 1)),
        },
      },
    ],
  }),
  "/label-too": () => ({
    allowed: true,
    patch: [{ op: "add", path: "/metadata/labels/by", value: "hook" }],
  }),
  "/bad-patch": () => ({ allowed: true, patch: [{ op: "remove", path: "/nothing" }] }),
  "/wrong-uid": () => ({ uid: "another", allowed: true }),
  "/no-json": () => ({ status: 200, text: "hello" }),
  "/broken": () => ({ status: 500, text: "boom" }),
  "/missing": () => ({ status: 404, text: "" }),
  "/silence": () => undefined,
  "/patch-though-validating": () => ({ allowed: true, patch: [{ op: "remove", path: "/x" }] }),
});
afterAll(() => hooks.close());
const api = await newApi({}, { WEBHOOK_ORIGINS: hooks.origin });
const group = "/apis/admissionregistration.k8s.io/v1";
const configMaps = "/api/v1/namespaces/default/configmaps";
await api.advance("1s");

const hookOf = (path: string, more: Json = {}): Json => ({
  name: `${path.slice(1)}.example.com`,
  clientConfig: { url: hooks.named + path },
  admissionReviewVersions: ["v1"],
  sideEffects: "None",
  rules: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      operations: ["*"],
      resources: ["configmaps"],
      scope: "*",
    },
  ],
  ...more,
});
type Sort = "validating" | "mutating";
async function configure(sort: Sort, name: string, webhooks: readonly Json[]): Promise<void> {
  const { code, body } = await api.request("POST", `${group}/${sort}webhookconfigurations`, {
    metadata: { name },
    webhooks,
  });
  expect([code, body.message]).toEqual([201, undefined]);
}
const remove = (sort: Sort, name: string): Promise<Json> =>
  api.request("DELETE", `${group}/${sort}webhookconfigurations/${name}`);
const make = async (query = "", metadata: Json = {}): Promise<Json> => {
  const { code, body, headers } = await api.request("POST", configMaps + query, {
    metadata: { name: "c", ...metadata },
  });
  return {
    code,
    message: body.message,
    reason: body.reason,
    body,
    warning: headers.get("warning"),
  };
};
async function through(
  sort: Sort,
  webhooks: readonly Json[],
  query = "?dryRun=All",
  metadata: Json = {},
): Promise<Json> {
  hooks.asked.length = 0;
  await configure(sort, "one", webhooks);
  const answer = await make(query, metadata);
  await remove(sort, "one");
  return answer;
}

test("the question is an AdmissionReview", async () => {
  const answer = await through("validating", [hookOf("/allow")]);
  expect([answer.code, answer.warning]).toEqual([201, '299 - "mind the gap"']);
  expect(hooks.asked).toHaveLength(1);
  const [request] = hooks.asked;
  expect(request).toMatchObject({
    kind: { group: "", version: "v1", kind: "ConfigMap" },
    resource: { group: "", version: "v1", resource: "configmaps" },
    requestKind: { group: "", version: "v1", kind: "ConfigMap" },
    requestResource: { group: "", version: "v1", resource: "configmaps" },
    name: "c",
    namespace: "default",
    operation: "CREATE",
    userInfo: { username: "kubernetes-admin" },
    object: { kind: "ConfigMap", apiVersion: "v1", metadata: { name: "c", namespace: "default" } },
    oldObject: null,
    dryRun: true,
    options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1", dryRun: ["All"] },
  });
  expect(request.uid).toMatch(/^[0-9a-f-]{36}$/);
});

test.each<[string, Json, number, string]>([
  ["/deny", {}, 418, 'admission webhook "deny.example.com" denied the request: no tea'],
  [
    "/deny-silently",
    {},
    400,
    'admission webhook "deny-silently.example.com" denied the request without explanation',
  ],
  ["/wrong-uid", {}, 500, 'received invalid webhook response: expected response.uid="'],
  [
    "/no-json",
    {},
    500,
    "failed to call webhook: couldn't get version/kind; json parse error: invalid character 'h' looking for beginning of value",
  ],
  [
    "/broken",
    {},
    500,
    'failed to call webhook: an error on the server ("boom") has prevented the request from succeeding',
  ],
  ["/missing", {}, 500, "failed to call webhook: the server could not find the requested resource"],
  [
    "/silence",
    { timeoutSeconds: 1 },
    500,
    `failed to call webhook: Post "${hooks.named}/silence?timeout=1s": context deadline exceeded`,
  ],
  [
    "/patch-though-validating",
    {},
    500,
    "received invalid webhook response: validating webhook may not return response.patch",
  ],
  [
    "/allow",
    { clientConfig: { url: "https://10.0.0.7/x" } },
    500,
    'Post "https://10.0.0.7/x?timeout=10s": dial tcp: 10.0.0.7 is not a public address',
  ],
  [
    "/allow",
    { clientConfig: { service: { name: "s", namespace: "default", path: "/x" } } },
    500,
    'Post "https://s.default.svc:443/x?timeout=10s": service "s" not found',
  ],
  [
    "/allow",
    { clientConfig: { service: { name: "kubernetes", namespace: "default", port: 1 } } },
    500,
    'no service port 1 found for service "kubernetes"',
  ],
  [
    "/allow",
    { clientConfig: { service: { name: "kube-dns", namespace: "kube-system", port: 53 } } },
    500,
    "http: server gave HTTP response to HTTPS client",
  ],
  [
    "/allow",
    { matchConditions: [{ name: "c", expression: "object.nothing == 1" }] },
    403,
    "configmaps \"c\" is forbidden: expression 'object.nothing == 1' resulted in error: no such key: nothing",
  ],
])("%s %j: %i", async (path, more, code, message) => {
  const answer = await through("validating", [hookOf(path, more)]);
  expect([answer.code, answer.message]).toEqual([code, expect.stringContaining(message)]);
  if (code === 500)
    expect(answer.message).toMatch(
      /^Internal error occurred: failed calling webhook "\S+\.example\.com": /,
    );
});

test("failures are ignored where the policy says so", async () => {
  const answer = await through("validating", [hookOf("/broken", { failurePolicy: "Ignore" })]);
  expect(answer.code).toBe(201);
});

test.each<[string, Json]>([
  [
    "another resource",
    {
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["secrets"] }],
    },
  ],
  [
    "another operation",
    {
      rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["DELETE"], resources: ["*/*"] }],
    },
  ],
  [
    "the cluster's objects",
    {
      rules: [
        {
          apiGroups: ["*"],
          apiVersions: ["*"],
          operations: ["*"],
          resources: ["*"],
          scope: "Cluster",
        },
      ],
    },
  ],
  ["other namespaces", { namespaceSelector: { matchLabels: { a: "b" } } }],
  ["other objects", { objectSelector: { matchLabels: { a: "b" } } }],
  ["a condition", { matchConditions: [{ name: "c", expression: "object.metadata.name != 'c'" }] }],
])("who is for %s is not asked", async (_, more) => {
  expect((await through("validating", [hookOf("/deny", more)])).code).toBe(201);
  expect(hooks.asked).toEqual([]);
});

test("a change is made, and those who asked for it see it", async () => {
  changes = 0;
  const answer = await through(
    "mutating",
    [hookOf("/count", { reinvocationPolicy: "IfNeeded" }), hookOf("/label")],
    "?dryRun=All",
  );
  expect(answer.body.metadata).toMatchObject({
    labels: { by: "hook" },
    annotations: { labels: "by", calls: "2" },
  });
  expect(hooks.asked.map(({ object }) => Object.keys(object.metadata.labels ?? {}))).toEqual([
    [],
    [],
    ["by"],
  ]);
});

test("a patch that does not apply is an error of the server", async () => {
  const answer = await through("mutating", [hookOf("/bad-patch")]);
  expect([answer.code, answer.message]).toEqual([
    500,
    "Internal error occurred: remove operation does not apply: doc is missing path: /nothing: missing value",
  ]);
});

test("a patch of another sort is a failure to call, which may be ignored", async () => {
  const closed = await through("mutating", [hookOf("/other-patch")]);
  expect([closed.code, closed.message]).toEqual([
    500,
    'Internal error occurred: failed calling webhook "other-patch.example.com": unsupported patch type "MergePatch"',
  ]);
  const open = await through("mutating", [hookOf("/other-patch", { failurePolicy: "Ignore" })]);
  expect(open.code).toBe(201);
});

test.each<Sort>(["validating", "mutating"])(
  "a %s one that refuses is heard all the same",
  async (sort) => {
    const answer = await through(sort, [hookOf("/deny-aloud")]);
    expect([answer.code, answer.warning]).toEqual([400, '299 - "so there"']);
    const { items } = await api.get("/-/audit?verb=create&obj=configmaps/default");
    expect(items.at(-1).annotations["deny-aloud.example.com/because"]).toBe("tea");
  },
);

test("the audit log tells who changed what", async () => {
  const query = "?dryRun=All&fieldManager=told";
  await through("mutating", [hookOf("/label"), hookOf("/allow")], query);
  const annotations = async (level: string): Promise<Json> =>
    (await api.get(`/-/audit?verb=create&level=${level}`)).items.findLast(
      ({ requestURI }: Json) => requestURI === configMaps + query,
    ).annotations;
  const mutation = "mutation.webhook.admission.k8s.io/round_0_index_";
  const again = "mutation.webhook.admission.k8s.io/round_1_index_";
  const metadata = await annotations("Metadata");
  expect(metadata).toMatchObject({
    "allow.example.com/seen": "yes",
    "authorization.k8s.io/decision": "allow",
    [`${mutation}0`]: '{"configuration":"one","webhook":"label.example.com","mutated":true}',
    [`${mutation}1`]: '{"configuration":"one","webhook":"allow.example.com","mutated":false}',
  });
  expect(Object.keys(metadata).filter((key) => key.startsWith(again))).toEqual([]);
  const patch = "patch.webhook.admission.k8s.io/round_0_index_0";
  expect(metadata[patch]).toBeUndefined();
  expect((await annotations("Request"))[patch]).toBe(
    '{"configuration":"one","webhook":"label.example.com","patch":[{"op":"add","path":"/metadata/labels","value":{"by":"hook"}}],"patchType":"JSONPatch"}',
  );
});

test("how a request was made: by what it does", async () => {
  const patch = { "content-type": "application/merge-patch+json" };
  await api.request("POST", configMaps, { metadata: { name: "options" } });
  hooks.asked.length = 0;
  await configure("validating", "one", [hookOf("/allow")]);
  const path = `${configMaps}/options`;
  await api.request("PATCH", `${path}?fieldManager=me`, { data: { a: "1" } }, patch);
  await api.request("DELETE", path);
  await remove("validating", "one");
  expect(hooks.asked.map(({ options }) => options)).toEqual([
    { kind: "UpdateOptions", apiVersion: "meta.k8s.io/v1", fieldManager: "me" },
    { kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1" },
  ]);
});

test("what is asked for a generated name is what is stored", async () => {
  hooks.asked.length = 0;
  await configure("validating", "one", [hookOf("/allow")]);
  const { body } = await api.request("POST", configMaps, { metadata: { generateName: "gen-" } });
  await remove("validating", "one");
  expect(hooks.asked.map(({ object }) => object.metadata.name)).toEqual([body.metadata.name]);
  expect(hooks.asked[0].name).toBe(body.metadata.name);
});

test("a controller's write waits, and is refused or changed like any other", async () => {
  hooks.asked.length = 0;
  const pods = {
    rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
  };
  await configure("mutating", "pods", [hookOf("/label-too", pods)]);
  const deployment = {
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "nginx" }] },
      },
    },
  };
  await api.request("POST", "/apis/apps/v1/namespaces/default/deployments", deployment);
  await api.advance("60s");
  const { items } = await api.get("/api/v1/namespaces/default/pods");
  expect(items.map(({ status }: Json) => status.phase)).toEqual(["Running", "Running"]);
  expect(items.map(({ metadata }: Json) => metadata.labels)).toEqual([
    expect.objectContaining({ app: "web", by: "hook" }),
    expect.objectContaining({ app: "web", by: "hook" }),
  ]);
  const users = new Set(hooks.asked.map(({ userInfo }) => userInfo.username));
  expect([...users]).toEqual(["system:serviceaccount:kube-system:replicaset-controller"]);
  await remove("mutating", "pods");
});

test("a collection goes though each deletion is asked about", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `many-${i}`);
  for (const name of names)
    await api.request("POST", configMaps, { metadata: { name, labels: { many: "yes" } } });
  hooks.asked.length = 0;
  await configure("validating", "one", [hookOf("/allow")]);
  const { code } = await api.request("DELETE", `${configMaps}?labelSelector=many`);
  await remove("validating", "one");
  const { items } = await api.get(`${configMaps}?labelSelector=many`);
  expect([code, items]).toEqual([200, []]);
  expect(
    hooks.asked
      .map(({ operation, oldObject }) => `${operation} ${oldObject.metadata.name}`)
      .toSorted(),
  ).toEqual(names.map((name) => `DELETE ${name}`).toSorted());
});

test("a controller hears of a refusal, and tells it as an event", async () => {
  const pods = {
    rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
  };
  await configure("validating", "pods", [hookOf("/deny", pods)]);
  const spec = {
    replicas: 1,
    selector: { matchLabels: { a: "b" } },
    template: {
      metadata: { labels: { a: "b" } },
      spec: { containers: [{ name: "c", image: "nginx" }] },
    },
  };
  await api.request("POST", "/apis/apps/v1/namespaces/default/replicasets", {
    metadata: { name: "no" },
    spec,
  });
  await api.advance("1s");
  await remove("validating", "pods");
  const { items } = await api.get("/api/v1/namespaces/default/events");
  const said = items.filter(({ involvedObject }: Json) => involvedObject.name === "no");
  expect(said.map(({ reason, message }: Json) => [reason, message])).toContainEqual([
    "FailedCreate",
    'Error creating: admission webhook "deny.example.com" denied the request: no tea',
  ]);
});

test.each<[string, boolean]>([
  ["https://hooks.example.com/x", true],
  ["https://8.8.8.8/x", true],
  ["http://hooks.example.com/x", false],
  ["https://127.0.0.1/x", false],
  ["https://2130706433/x", false],
  ["https://0x7f.1/x", false],
  ["https://10.1.2.3/x", false],
  ["https://169.254.169.254/x", false],
  ["https://100.64.0.1/x", false],
  ["https://[::1]/x", false],
  ["https://[::ffff:10.0.0.1]/x", false],
  ["https://[fd00::1]/x", false],
  ["https://localhost/x", false],
  ["https://LOCALHOST./x", false],
  ["https://kubernetes.default.svc/x", false],
  ["https://printer/x", false],
  ["https://10-0-0-1.nip.io/x", false],
  ["https://a.192.168.1.1.sslip.io/x", false],
  ["https://8.8.8.8.nip.io/x", true],
])("%s: %s", (url, isCalled) => {
  expect(refusedAddress(new URL(url), []) === undefined).toBe(isCalled);
});

test("a collection is deleted when the webhooks have answered, and shown as it was", async () => {
  for (const [name, labels] of [
    ["watched", { collected: "yes", asked: "yes" }],
    ["left-alone", { collected: "yes" }],
  ])
    await make("", { name, labels });
  await configure("validating", "one", [
    hookOf("/allow", { objectSelector: { matchLabels: { asked: "yes" } } }),
  ]);
  hooks.asked.length = 0;
  const { code, body } = await api.request("DELETE", `${configMaps}?labelSelector=collected`);
  await remove("validating", "one");
  expect([code, body.items.map(({ metadata }: Json) => metadata.name)]).toEqual([
    200,
    ["left-alone", "watched"],
  ]);
  expect(hooks.asked.map(({ operation, name }) => [operation, name])).toEqual([
    ["DELETE", "watched"],
  ]);
  expect((await api.get(`${configMaps}?labelSelector=collected`)).items).toEqual([]);
});

test("what the server keeps beside an object is asked about before either is written", async () => {
  const services = "/api/v1/namespaces/default/services";
  const addresses = { apiGroups: ["networking.k8s.io"], resources: ["ipaddresses"] };
  const hook = (path: string): Json => {
    const { rules, ...rest } = hookOf(path);
    return { ...rest, rules: [{ ...rules[0], ...addresses }] };
  };
  await configure("validating", "one", [hook("/deny")]);
  const refused = await api.request("POST", services, {
    metadata: { name: "web" },
    spec: { ports: [{ port: 80 }] },
  });
  await remove("validating", "one");
  expect([refused.code, refused.body.message]).toEqual([
    418,
    'admission webhook "deny.example.com" denied the request: no tea',
  ]);
  hooks.asked.length = 0;
  await configure("validating", "one", [hook("/allow")]);
  const { code, body } = await api.request("POST", services, {
    metadata: { name: "web" },
    spec: { ports: [{ port: 80 }] },
  });
  expect([code, (await api.request("DELETE", `${services}/web`)).code]).toEqual([201, 200]);
  await remove("validating", "one");
  expect(
    hooks.asked.map(({ operation, name, userInfo }) => [operation, name, userInfo.username]),
  ).toEqual([
    ["CREATE", body.spec.clusterIP, "system:apiserver"],
    ["DELETE", body.spec.clusterIP, "system:apiserver"],
  ]);
});
