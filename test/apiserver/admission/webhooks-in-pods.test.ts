/** Webhooks that run in the cluster's own Pods: agnhost's, behind a Service, over TLS. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";
import { newAuthority, newLeaf } from "#test/support/tls.ts";

const authority = await newAuthority("my-ca");
const other = await newAuthority("another-ca");
const leaf = await newLeaf(authority, { names: ["hook.default.svc", "converter.default.svc"] });
const api = await newApi();
const base = "/api/v1/namespaces/default";
const configurations = "/apis/admissionregistration.k8s.io/v1";
const mount = "/certs";

const post = async (path: string, body: object): Promise<void> => {
  const { code, body: said } = await api.request("POST", path, body);
  expect([code, said.message]).toEqual([201, undefined]);
};

/** A server with its Service at port 443. */
async function serve(name: string, subcommand: string): Promise<void> {
  await post(`${base}/pods`, {
    metadata: { name, labels: { app: name } },
    spec: {
      volumes: [{ name: "certs", secret: { secretName: "certs" } }],
      containers: [
        {
          name: "hook",
          image: "registry.k8s.io/e2e-test-images/agnhost:2.63.0",
          args: [
            subcommand,
            `--tls-cert-file=${mount}/tls.crt`,
            `--tls-private-key-file=${mount}/tls.key`,
            "--port=8444",
            "-v=4",
          ],
          volumeMounts: [{ name: "certs", mountPath: mount, readOnly: true }],
          readinessProbe: { httpGet: { scheme: "HTTPS", port: 8444, path: "/readyz" } },
        },
      ],
    },
  });
  await post(`${base}/services`, {
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 443, targetPort: 8444 }] },
  });
}

beforeAll(async () => {
  await api.advance("10s");
  await post(`${base}/secrets`, {
    metadata: { name: "certs" },
    type: "kubernetes.io/tls",
    data: { "tls.crt": btoa(leaf.certificate), "tls.key": btoa(leaf.key) },
  });
  await serve("hook", "webhook");
  await serve("converter", "crd-conversion-webhook");
  await post(`${base}/pods`, {
    metadata: { name: "web", labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: "nginx:1.27" }] },
  });
  await post(`${base}/services`, {
    metadata: { name: "plain" },
    spec: { selector: { app: "web" }, ports: [{ port: 443, targetPort: 80 }] },
  });
  await post(`${base}/services`, {
    metadata: { name: "empty" },
    spec: { selector: { app: "nobody" }, ports: [{ port: 443 }] },
  });
  await api.advance("30s");
});

interface Asked {
  readonly path: string;
  readonly service?: string;
  readonly ca?: string;
  readonly timeoutSeconds?: number;
  readonly failurePolicy?: string;
}
const clientConfig = ({ path, service = "hook", ca = authority.certificate }: Asked): Json => ({
  service: { name: service, namespace: "default", path },
  caBundle: btoa(ca),
});

/** What becomes of a ConfigMap with this data. */
async function through(
  sort: "validating" | "mutating",
  asked: Asked,
  data: Json = {},
): Promise<Json> {
  const { timeoutSeconds = 10, failurePolicy = "Fail" } = asked;
  await post(`${configurations}/${sort}webhookconfigurations`, {
    metadata: { name: "one" },
    webhooks: [
      {
        name: "hook.example.com",
        clientConfig: clientConfig(asked),
        timeoutSeconds,
        failurePolicy,
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        rules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] },
        ],
      },
    ],
  });
  const { body } = await api.request("POST", `${base}/configmaps?dryRun=All`, {
    metadata: { name: "c" },
    data,
  });
  await api.request("DELETE", `${configurations}/${sort}webhookconfigurations/one`);
  return body;
}

describe("what a webhook says", () => {
  test("it refuses", async () => {
    const { message, code } = await through("validating", { path: "/always-deny" });
    expect([code, message]).toEqual([
      400,
      'admission webhook "hook.example.com" denied the request: this webhook denies all requests',
    ]);
  });
  test("it refuses certain data, with a reason", async () => {
    const { message } = await through(
      "validating",
      { path: "/configmaps" },
      {
        "webhook-e2e-test": "webhook-disallow",
      },
    );
    expect(message).toBe(
      'admission webhook "hook.example.com" denied the request: the configmap contains unwanted key and value',
    );
  });
  test("it changes data", async () => {
    const { data } = await through(
      "mutating",
      { path: "/mutating-configmaps" },
      {
        "mutation-start": "yes",
      },
    );
    expect(data).toEqual({ "mutation-start": "yes", "mutation-stage-1": "yes" });
  });
  test("it adds a label", async () => {
    const { metadata } = await through("mutating", { path: "/add-label" });
    expect(metadata.labels).toEqual({ "added-label": "yes" });
  });
  test("its log tells what it was asked", async () => {
    await through("validating", { path: "/always-deny" });
    const { body } = await api.request("GET", `${base}/pods/hook/log`);
    expect(body).toMatch(
      /^I\d{4} \S+ {7}1 main\.go:108\] handling request: \{"kind":"AdmissionReview"/m,
    );
  });
});

const called = (service: string, path: string, timeout = 10): string =>
  `Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://${service}.default.svc:443${path}?timeout=${timeout}s": `;

test.each<[string, Asked, string]>([
  [
    "another authority is believed",
    { path: "/always-deny", ca: other.certificate },
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  ],
  [
    "the certificate is for others",
    { path: "/always-deny", service: "alias" },
    "tls: failed to verify certificate: x509: certificate is valid for hook.default.svc, converter.default.svc, not alias.default.svc",
  ],
  [
    "it speaks plain HTTP",
    { path: "/", service: "plain" },
    "http: server gave HTTP response to HTTPS client",
  ],
  [
    "it takes its time",
    { path: "/always-allow-delay-5s", timeoutSeconds: 1 },
    "context deadline exceeded",
  ],
])("%s", async (_, asked, why) => {
  if (asked.service === "alias")
    await post(`${base}/services`, {
      metadata: { name: "alias" },
      spec: { selector: { app: "hook" }, ports: [{ port: 443, targetPort: 8444 }] },
    });
  await api.advance("2s");
  const { code, message } = await through("validating", asked);
  const { service = "hook", path, timeoutSeconds } = asked;
  expect([code, message]).toEqual([500, called(service, path, timeoutSeconds) + why]);
});

test("nobody is there", async () => {
  const { message } = await through("validating", { path: "/x", service: "empty" });
  expect(message).toMatch(/dial tcp 10\.\d+\.\d+\.\d+:443: connect: connection refused$/);
});

test("a failure is ignored where the policy says so", async () => {
  const asked = { path: "/always-deny", ca: other.certificate, failurePolicy: "Ignore" };
  expect((await through("validating", asked)).kind).toBe("ConfigMap");
});

test("a custom resource's versions are converted", async () => {
  const version = (name: string, storage: boolean, fields: readonly string[]): Json => ({
    name,
    served: true,
    storage,
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: Object.fromEntries(fields.map((field) => [field, { type: "string" }])),
      },
    },
  });
  await post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
    metadata: { name: "backends.stable.example.com" },
    spec: {
      group: "stable.example.com",
      scope: "Namespaced",
      names: { plural: "backends", kind: "Backend" },
      versions: [version("v1", true, ["hostPort"]), version("v2", false, ["host", "port"])],
      conversion: {
        strategy: "Webhook",
        webhook: {
          conversionReviewVersions: ["v1"],
          clientConfig: clientConfig({ path: "/crdconvert", service: "converter" }),
        },
      },
    },
  });
  await api.advance("2s");
  const at = (name: string): string =>
    `/apis/stable.example.com/${name}/namespaces/default/backends`;
  await post(at("v1"), {
    apiVersion: "stable.example.com/v1",
    kind: "Backend",
    metadata: { name: "b" },
    hostPort: "there:80",
  });
  const { host, port, apiVersion } = await api.get(`${at("v2")}/b`);
  expect([apiVersion, host, port]).toEqual(["stable.example.com/v2", "there", "80"]);

  // What was stored in another version is converted, what is stored in this one is not.
  await api.request(
    "PATCH",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/backends.stable.example.com",
    [
      { op: "replace", path: "/spec/versions/0/storage", value: false },
      { op: "replace", path: "/spec/versions/1/storage", value: true },
    ],
    { "content-type": "application/json-patch+json" },
  );
  await api.advance("5s");
  await post(at("v1"), {
    apiVersion: "stable.example.com/v1",
    kind: "Backend",
    metadata: { name: "c" },
    hostPort: "here:81",
  });
  const ofList = async (name: string): Promise<Json> => (await api.get(at(name))).items;
  expect((await ofList("v1")).map(({ hostPort }: Json) => hostPort)).toEqual([
    "there:80",
    "here:81",
  ]);
  expect((await ofList("v2")).map(({ port }: Json) => port)).toEqual(["80", "81"]);

  // The definition's finalizer reads them, so it asks the webhook, too: once.
  const definition =
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/backends.stable.example.com";
  await api.request("DELETE", definition);
  await api.advance("30s");
  expect((await api.request("GET", definition)).code).toBe(404);
});
