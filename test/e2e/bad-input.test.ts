/** What is wrong gets Kubernetes' own code, reason, message and causes; nothing changes, the next request works. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Cluster, newCluster } from "#test/support/cluster.ts";

const pods = "/api/v1/namespaces/default/pods";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const container = { name: "c", image: "nginx" };
const pod = (metadata: object, spec: object = { containers: [container] }): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata,
  spec,
});
const deployment = (spec: object): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec,
});
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };
const selector = { matchLabels: { app: "web" } };

interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly reason: string;
  readonly message: string | RegExp;
  /** Fields of the causes, in order. */
  readonly fields?: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: "malformed JSON",
    path: pods,
    body: "{",
    code: 400,
    reason: "BadRequest",
    message: /json parse error: unexpected end of JSON input \(\{\)$/,
  },
  {
    name: "malformed YAML",
    path: pods,
    body: "a: [",
    type: "application/yaml",
    code: 400,
    reason: "BadRequest",
    message: /yaml/i,
  },
  { name: "an empty body", path: pods, body: "", code: 400, reason: "BadRequest", message: /./ },
  {
    name: "a wrong kind",
    path: pods,
    body: { apiVersion: "v1", kind: "Service", metadata: { name: "x" } },
    code: 400,
    reason: "BadRequest",
    message: /cannot be handled as a Pod/,
  },
  {
    name: "a wrong apiVersion",
    path: pods,
    body: { apiVersion: "v2", kind: "Pod", metadata: { name: "x" } },
    code: 400,
    reason: "BadRequest",
    message:
      'Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered for version "v2" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  },
  {
    name: "a wrong type",
    path: deployments,
    body: deployment({ replicas: "three", selector, template }),
    code: 400,
    reason: "BadRequest",
    message:
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  },
  {
    name: "an unknown field, strict",
    path: `${pods}?fieldValidation=Strict`,
    body: pod({ name: "x" }, { containers: [container], foo: 1 }),
    code: 400,
    reason: "BadRequest",
    message:
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.foo"',
  },
  {
    name: "a name that is no DNS subdomain",
    path: pods,
    body: pod({ name: "Bad_Name" }),
    code: 422,
    reason: "Invalid",
    message:
      /^Pod "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'/,
    fields: ["metadata.name"],
  },
  {
    name: "no name",
    path: pods,
    body: pod({}),
    code: 422,
    reason: "Invalid",
    message: /metadata.name: Required value: name or generateName is required/,
    fields: ["metadata.name"],
  },
  {
    name: "no containers",
    path: pods,
    body: pod({ name: "x" }, {}),
    code: 422,
    reason: "Invalid",
    message: 'Pod "x" is invalid: spec.containers: Required value',
    fields: ["spec.containers"],
  },
  {
    name: "no image",
    path: pods,
    body: pod({ name: "x" }, { containers: [{ name: "c" }] }),
    code: 422,
    reason: "Invalid",
    message: 'Pod "x" is invalid: spec.containers[0].image: Required value',
    fields: ["spec.containers[0].image"],
  },
  {
    name: "several faults at once",
    path: pods,
    body: pod(
      { name: "x" },
      {
        restartPolicy: "Sometimes",
        containers: [{ name: "C", image: "nginx" }, container, container],
      },
    ),
    code: 422,
    reason: "Invalid",
    message:
      /^Pod "x" is invalid: \[spec\.containers\[0\]\.name: Invalid value: "C".*spec\.containers\[2\]\.name: Duplicate value: "c".*spec\.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"\]$/,
    fields: ["spec.containers[0].name", "spec.containers[2].name", "spec.restartPolicy"],
  },
  {
    name: "a selector that does not match",
    path: deployments,
    body: deployment({ selector: { matchLabels: { app: "wbe" } }, template }),
    code: 422,
    reason: "Invalid",
    message:
      'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    fields: ["spec.template.metadata.labels"],
  },
  {
    name: "negative replicas",
    path: deployments,
    body: deployment({ replicas: -1, selector, template }),
    code: 422,
    reason: "Invalid",
    message:
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    fields: ["spec.replicas"],
  },
  {
    name: "a request above its limit",
    path: pods,
    body: pod(
      { name: "x" },
      {
        containers: [{ ...container, resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }],
      },
    ),
    code: 422,
    reason: "Invalid",
    message:
      'Pod "x" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    fields: ["spec.containers[0].resources.requests"],
  },
  {
    name: "a mount of no volume",
    path: pods,
    body: pod(
      { name: "x" },
      { containers: [{ ...container, volumeMounts: [{ name: "v", mountPath: "/v" }] }] },
    ),
    code: 422,
    reason: "Invalid",
    message: 'Pod "x" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "v"',
    fields: ["spec.containers[0].volumeMounts[0].name"],
  },
  {
    name: "an unknown service account",
    path: pods,
    body: pod({ name: "x" }, { serviceAccountName: "nobody", containers: [container] }),
    code: 403,
    reason: "Forbidden",
    message:
      'pods "x" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
  },
  {
    name: "an unknown priority class",
    path: pods,
    body: pod({ name: "x" }, { priorityClassName: "high", containers: [container] }),
    code: 403,
    reason: "Forbidden",
    message: 'pods "x" is forbidden: no PriorityClass with name high was found',
  },
  {
    name: "a missing namespace",
    path: "/api/v1/namespaces/nowhere/pods",
    body: pod({ name: "x" }),
    code: 404,
    reason: "NotFound",
    message: 'namespaces "nowhere" not found',
  },
  {
    name: "another namespace in the body",
    path: pods,
    body: pod({ name: "x", namespace: "other" }),
    code: 400,
    reason: "BadRequest",
    message:
      "the namespace of the provided object does not match the namespace sent on the request",
  },
  {
    name: "a resourceVersion at creation",
    path: pods,
    body: pod({ name: "x", resourceVersion: "1" }),
    code: 400,
    reason: "BadRequest",
    message: "resourceVersion should not be set on objects to be created",
  },
  {
    name: "an object that is there",
    path: "/api/v1/namespaces",
    body: { metadata: { name: "default" } },
    code: 409,
    reason: "AlreadyExists",
    message: 'namespaces "default" already exists',
  },
  {
    name: "a missing object",
    method: "GET",
    path: `${pods}/nobody`,
    code: 404,
    reason: "NotFound",
    message: 'pods "nobody" not found',
  },
  {
    name: "an unknown resource",
    method: "GET",
    path: "/api/v1/namespaces/default/pears",
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
  },
  {
    name: "an unknown group",
    method: "GET",
    path: "/apis/fruit.example/v1/pears",
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
  },
  {
    name: "a wrong verb",
    method: "PUT",
    path: pods,
    body: pod({ name: "x" }),
    code: 405,
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
  },
  {
    name: "an unknown media type",
    path: pods,
    body: "<pod/>",
    type: "application/xml",
    code: 415,
    reason: "UnsupportedMediaType",
    message: /the body of the request was in an unknown format/,
  },
  {
    name: "a bad label selector",
    method: "GET",
    path: `${pods}?labelSelector=a%3D%3D%3Db`,
    code: 400,
    reason: "BadRequest",
    message: /unable to parse requirement|couldn't parse/,
  },
  {
    name: "a field selector nobody knows",
    method: "GET",
    path: `${pods}?fieldSelector=spec.colour%3Dred`,
    code: 400,
    reason: "BadRequest",
    message: /field label not supported: spec.colour/,
  },
  {
    name: "a revision that has not come",
    method: "GET",
    path: `${pods}?resourceVersion=99999999`,
    code: 504,
    reason: "Timeout",
    message: /Too large resource version: 99999999, current: \d+/,
  },
  {
    name: "a kept namespace",
    method: "DELETE",
    path: "/api/v1/namespaces/kube-system",
    code: 403,
    reason: "Forbidden",
    message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
  },
  {
    name: "an address that is taken",
    path: "/api/v1/namespaces/default/services",
    body: { metadata: { name: "s" }, spec: { clusterIP: "10.96.0.10", ports: [{ port: 80 }] } },
    code: 422,
    reason: "Invalid",
    message: /failed to allocate IP 10\.96\.0\.10: provided IP is already allocated/,
    fields: ["spec.clusterIPs"],
  },
  {
    name: "a port out of range",
    path: "/api/v1/namespaces/default/services",
    body: { metadata: { name: "s" }, spec: { ports: [{ port: 70_000 }] } },
    code: 422,
    reason: "Invalid",
    message: /spec\.ports\[0\]\.port: Invalid value: 70000: must be between 1 and 65535, inclusive/,
  },
  {
    name: "what a user may not do",
    method: "GET",
    path: "/api/v1/secrets",
    headers: { "impersonate-user": "ann" },
    code: 403,
    reason: "Forbidden",
    message:
      'secrets is forbidden: User "ann" cannot list resource "secrets" in API group "" at the cluster scope',
  },
  {
    name: "more than 3 MiB",
    path: pods,
    body: pod({ name: "x", annotations: { big: "x".repeat(3.2 * 1024 * 1024) } }),
    code: 413,
    reason: "RequestEntityTooLarge",
    message: /Request entity too large: limit is 3145728/,
  },
  {
    name: "annotations over 256 KiB",
    path: pods,
    body: pod({ name: "x", annotations: { big: "x".repeat(300_000) } }),
    code: 422,
    reason: "Invalid",
    message: /metadata.annotations: Too long: may not be more than 262144 bytes/,
  },
];

interface Status {
  readonly kind: string;
  readonly status: string;
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: { readonly causes?: readonly { readonly field: string }[] };
}

describe("bad input", () => {
  let cluster: Cluster;
  let before: number;
  const revision = async (): Promise<number> =>
    (await cluster.json<{ readonly rev: number }>("/-/clock")).rev;
  beforeAll(async () => {
    cluster = await newCluster({ clock: "paused" });
    before = await revision();
  });

  test.each(cases)(
    "$name: $code $reason",
    async ({
      method = "POST",
      path,
      body,
      type = "application/json",
      headers,
      code,
      reason,
      message,
      fields,
    }) => {
      const answer = await fetch(`${cluster.url}${path}`, {
        method,
        headers: {
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": type }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const status = (await answer.json()) as Status;
      expect(status).toMatchObject({ kind: "Status", status: "Failure", reason, code });
      expect(answer.status).toBe(code);
      if (typeof message === "string") expect(status.message).toBe(message);
      else expect(status.message).toMatch(message);
      if (fields !== undefined)
        expect(status.details?.causes?.map(({ field }) => field)).toEqual(fields);
    },
  );

  test("an unknown field is a warning, or nothing, as asked", async () => {
    const send = async (validation: string): Promise<string | null> => {
      const answer = await fetch(`${cluster.url}${pods}?dryRun=All&fieldValidation=${validation}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(pod({ name: "x" }, { containers: [container], foo: 1 })),
      });
      expect(answer.status).toBe(201);
      return answer.headers.get("warning");
    };
    expect(await send("Warn")).toContain('unknown field \\"spec.foo\\"');
    expect(await send("Ignore")).toBeNull();
  });

  test("a compacted revision and one that is no number", async () => {
    const answer = await fetch(`${cluster.url}${pods}?watch=1&resourceVersion=abc`, {
      headers: { accept: "application/json" },
    });
    expect(answer.status).toBe(400);
  });

  test("nothing has changed, and the cluster works", async () => {
    expect(await revision()).toBe(before);
    const { stdout } = await cluster.kubectl("get", "nodes", "-o", "name");
    expect(stdout).toContain("node/worker-1");
  });
});

describe("clusters", () => {
  test("without or with a wrong key nobody gets in", async () => {
    const cluster = await newCluster();
    const [base = "", key = ""] = cluster.url.split(/-(?=[^-]+$)/);
    const wrong = `${base}-${"a".repeat(key.length)}`;
    for (const path of ["/api/v1/nodes", "/-/clock", "/-/trace"])
      expect((await fetch(`${wrong}${path}`)).status, path).toBe(401);
    const anonymous = await fetch(`${base}/api/v1/nodes`);
    expect(anonymous.status).toBe(403);
    expect(((await anonymous.json()) as Status).message).toContain(
      'User "system:anonymous" cannot list resource "nodes"',
    );
    const bearer = (token: string): Promise<Response> =>
      fetch(`${base}/api/v1/nodes`, { headers: { authorization: `Bearer ${token}` } });
    expect((await bearer(key)).status).toBe(200);
    expect((await bearer("guess")).status).toBe(401);
    expect((await fetch(`${wrong}/-/`, { method: "DELETE" })).status).toBe(401);
    expect((await fetch(`${cluster.url}/api/v1/nodes`)).status).toBe(200);
  });

  test("nobody speaks in the front's name", async () => {
    const { url } = await newCluster();
    const word = JSON.stringify({ decoded: { contentType: "application/json", error: {} } });
    const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "own" } });
    const headers = { "content-type": "application/json", "x-kubestep-front": word };
    const path = `${url}/api/v1/namespaces/default/configmaps`;
    expect((await fetch(path, { method: "POST", headers, body })).status).toBe(201);
    headers["x-kubestep-front"] = "no JSON";
    expect((await fetch(path, { headers })).status).toBe(200);
  });

  test("a cluster that does not exist is a 404 for kubectl and for people", async () => {
    const cluster = await newCluster();
    const nowhere = cluster.url.replace(/clusters\/[a-z]{5}/, "clusters/zzzzz");
    const api = await fetch(`${nowhere}/api/v1/nodes`);
    expect([api.status, ((await api.json()) as Status).reason]).toEqual([404, "NotFound"]);
    expect((await fetch(`${nowhere}/-/clock`)).status).toBe(404);
  });

  test("the end of a cluster is the end of its data", async () => {
    const cluster = await newCluster();
    expect((await fetch(`${cluster.url}/-/`, { method: "DELETE" })).status).toBe(200);
    expect((await fetch(`${cluster.url}/api/v1/nodes`)).status).toBe(404);
  });
});
