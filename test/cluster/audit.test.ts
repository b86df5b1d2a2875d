/** The audit log: one event for each request, by whom, to what, with what answer; nothing recorded for it. */
import { describe, expect, test } from "vitest";
import { newApi, type Json } from "#test/support/api.ts";

const api = await newApi();
const pods = "/api/v1/namespaces/default/pods";
const pod = (name: string): Json => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "main", image: "nginx" }] },
});
const audit = async (query: string): Promise<readonly Json[]> =>
  (await api.get(`/-/audit?${query}`)).items;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const admin = {
  username: "kubernetes-admin",
  groups: ["kubeadm:cluster-admins", "system:authenticated"],
};

describe("a person's request", () => {
  test("that writes", async () => {
    await api.request("POST", `${pods}?fieldManager=me`, pod("web"), { "user-agent": "kubectl/1" });
    const [event] = await audit("obj=pods/default/web&verb=create");
    expect(event).toMatchObject({
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Metadata",
      stage: "ResponseComplete",
      requestURI: `${pods}?fieldManager=me`,
      verb: "create",
      user: admin,
      userAgent: "kubectl/1",
      objectRef: { resource: "pods", namespace: "default", name: "web", apiVersion: "v1" },
      responseStatus: { metadata: {}, code: 201 },
      annotations: {
        "authorization.k8s.io/decision": "allow",
        "authorization.k8s.io/reason":
          'RBAC: allowed by ClusterRoleBinding "kubeadm:cluster-admins" of ClusterRole "cluster-admin" to Group "kubeadm:cluster-admins"',
      },
    });
    expect(event.auditID).toMatch(uuid);
    expect(event.requestReceivedTimestamp).toMatch(/^\d{4}-.*\.\d{6}Z$/);
    expect(event.requestObject).toBeUndefined();
  });

  test("that is refused, as somebody else", async () => {
    await api.request("DELETE", `${pods}/web`, undefined, {
      "impersonate-user": "jane",
      "impersonate-group": "dev",
    });
    const [event] = await audit("verb=delete&user=kubernetes-admin");
    expect(event).toMatchObject({
      user: admin,
      impersonatedUser: { username: "jane", groups: ["dev", "system:authenticated"] },
      authenticationMetadata: { impersonationConstraint: "impersonate:user-info" },
      responseStatus: {
        status: "Failure",
        code: 403,
        message:
          'pods "web" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "default"',
      },
      annotations: { "authorization.k8s.io/decision": "forbid", "authorization.k8s.io/reason": "" },
    });
  });

  test("with a bad token, to a path, to a list", async () => {
    await api.request("GET", "/version", undefined, { authorization: "Bearer rubbish" });
    await api.request("GET", "/version");
    await api.request("GET", `${pods}?limit=1`);
    const [bad] = (await audit("verb=get")).filter(
      ({ responseStatus }) => responseStatus.code === 401,
    );
    const [version] = (await audit("user=kubernetes-admin")).filter(
      ({ requestURI }) => requestURI === "/version",
    );
    const [list] = await audit("verb=list");
    expect([bad.user, bad.annotations]).toEqual([{}, {}]);
    expect(version).toMatchObject({ verb: "get", responseStatus: { code: 200 } });
    expect(version.objectRef).toBeUndefined();
    expect(list.objectRef).toEqual({ resource: "pods", namespace: "default", apiVersion: "v1" });
  });
});

describe("annotations of admission", () => {
  const namespace = "/api/v1/namespaces/strict/pods";
  test("Pod Security tells what was enforced; a refusal there was allowed by the authorizer", async () => {
    await api.request("POST", pods, pod("plain"));
    const [plain] = await audit("obj=pods/default/plain&verb=create");
    expect(plain.annotations["pod-security.kubernetes.io/enforce-policy"]).toBe(
      "privileged:latest",
    );
    await api.request("POST", "/api/v1/namespaces", {
      metadata: {
        name: "strict",
        labels: {
          "pod-security.kubernetes.io/enforce": "baseline",
          "pod-security.kubernetes.io/audit": "restricted",
        },
      },
    });
    await api.advance("1s");
    const privileged = pod("bad");
    privileged.spec.hostNetwork = true;
    await api.request("POST", namespace, privileged);
    const [refused] = (await audit("verb=create")).filter(
      ({ requestURI }) => requestURI === namespace,
    );
    expect(refused.annotations).toMatchObject({
      "authorization.k8s.io/decision": "allow",
      "pod-security.kubernetes.io/enforce-policy": "baseline:latest",
      "pod-security.kubernetes.io/audit-violations": expect.stringMatching(
        /^would violate PodSecurity "restricted:latest": host namespaces \(hostNetwork=true\), /,
      ),
    });
    expect(refused.responseStatus).toMatchObject({
      status: "Failure",
      reason: "Forbidden",
      details: { name: "bad", kind: "pods" },
      code: 403,
    });
  });

  test("a token tells its id", async () => {
    const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
    await api.request("POST", path, { spec: {} });
    const [event] = (await audit("verb=create")).filter(({ requestURI }) => requestURI === path);
    expect(event.annotations["authentication.kubernetes.io/issued-credential-id"]).toMatch(
      /^JTI=[0-9a-f-]{36}$/,
    );
  });
});

test("a component's request: its own user, and because of what", async () => {
  await api.advance("5s");
  const events = await audit("obj=pods/default/web");
  const binding = events.find(({ objectRef }) => objectRef?.subresource === "binding");
  expect(binding).toMatchObject({
    verb: "create",
    requestURI: `${pods}/web/binding`,
    user: { username: "system:kube-scheduler" },
    responseStatus: { code: 201 },
  });
  expect(Number(binding.annotations["kubestep.dev/because-of-revision"])).toBeGreaterThan(0);
  const status = events.find(({ user }) => user.username.startsWith("system:node:"));
  expect(status).toMatchObject({
    verb: expect.stringMatching(/^(patch|update)$/),
    user: { groups: ["system:nodes", "system:authenticated"] },
    objectRef: { subresource: "status" },
  });
});

test("bodies, when they are asked for and are nobody's secret", async () => {
  await api.request("POST", "/api/v1/namespaces/default/secrets", {
    metadata: { name: "hidden" },
    stringData: { a: "b" },
  });
  const [made] = await audit("level=Request&obj=pods/default/web&verb=create");
  expect(made).toMatchObject({ level: "Request", requestObject: { metadata: { name: "web" } } });
  expect(made.responseObject).toBeUndefined();
  const [both] = await audit("level=RequestResponse&obj=pods/default/web&verb=create");
  expect(both.responseObject.metadata.name).toBe("web");
  const [secret] = await audit("level=RequestResponse&obj=secrets/default/hidden&verb=create");
  expect(secret.level).toBe("Metadata");
  expect(JSON.stringify(secret)).not.toContain(btoa("b"));
  expect((await api.request("GET", "/-/audit?level=All")).body.message).toBe(
    'level "All": there are Metadata, Request, RequestResponse',
  );
});

test("for curl: one event a line, the same ones", async () => {
  const { body } = await api.request("GET", "/-/audit?verb=create&obj=pods", undefined, {
    accept: "text/plain",
  });
  const lines = (body as string).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(await audit("verb=create&obj=pods"));
});

test("a controller that may not do its work", async () => {
  const binding = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
  await api.request("DELETE", `${binding}/system:controller:replicaset-controller`);
  await api.request("POST", "/apis/apps/v1/namespaces/default/replicasets", {
    metadata: { name: "stuck" },
    spec: {
      selector: { matchLabels: { app: "stuck" } },
      template: { metadata: { labels: { app: "stuck" } }, spec: pod("x").spec },
    },
  });
  await api.advance("1s");
  const events = await audit("user=system:serviceaccount:kube-system:replicaset-controller");
  const event = events.find(({ responseStatus }) => responseStatus.code === 403);
  expect(event).toMatchObject({
    verb: "create",
    objectRef: { resource: "pods", namespace: "default" },
    responseStatus: {
      status: "Failure",
      code: 403,
      message:
        'pods is forbidden: User "system:serviceaccount:kube-system:replicaset-controller" cannot create resource "pods" in API group "" in the namespace "default"',
    },
  });
});
