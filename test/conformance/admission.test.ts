/** Webhooks, policies and quotas on the wire, as the conformance list of Kubernetes asks for them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve, type Served } from "#local/serve.ts";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { webhookServer, type WebhookServer } from "#test/support/webhook.ts";
import { type Called, wire, type Wire } from "#test/support/wire.ts";

const group = "/apis/admissionregistration.k8s.io/v1";
const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";
const cakes = "/apis/shop.example/v1/namespaces/default/cakes";
const map = (name: string, more: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...more },
});
const rule = (
  resource: string,
  operations: readonly string[] = ["CREATE"],
  apiGroup = "",
): object => ({
  apiGroups: [apiGroup],
  apiVersions: ["v1"],
  operations,
  resources: [resource],
});
const cake = (name: string, more: object = {}): object => ({
  apiVersion: "shop.example/v1",
  kind: "Cake",
  metadata: { name },
  ...more,
});
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "cakes.shop.example" },
  spec: {
    group: "shop.example",
    scope: "Namespaced",
    names: { plural: "cakes", kind: "Cake" },
    versions: ["v1", "v2"].map((name) => ({
      name,
      served: true,
      storage: name === "v1",
      schema: {
        openAPIV3Schema: {
          type: "object",
          properties: { size: { type: "string" }, by: { type: "string" } },
        },
      },
    })),
  },
};

let hooks: WebhookServer;
let served: Served;
let w: Wire;
beforeAll(async () => {
  hooks = await webhookServer({
    "/deny": () => ({ allowed: false, status: { message: "not this one" } }),
    "/deny-bad": ({ object, oldObject }) => ({
      allowed: ((object ?? oldObject)?.metadata.labels?.bad ?? "") === "",
      status: { message: "it is bad" },
    }),
    "/mark": () => ({ allowed: true, patch: [{ op: "add", path: "/by", value: "hook" }] }),
    "/mark-unknown": () => ({
      allowed: true,
      patch: [{ op: "add", path: "/unknown", value: "x" }],
    }),
    "/label": () => ({
      allowed: true,
      patch: [{ op: "add", path: "/metadata/labels", value: { by: "hook" } }],
    }),
    "/container": () => ({
      allowed: true,
      patch: [
        { op: "add", path: "/spec/initContainers", value: [{ name: "before", image: "busybox" }] },
      ],
    }),
    "/silence": () => undefined,
  });
  served = await serve({ host: "127.0.0.1", port: 0, webhookOrigins: [hooks.origin] });
  w = wire(await newCluster({ workers: 1 }, served.url));
  await w.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  await eventually("the definition is served", async () => (await w.get(cakes)).code === 200);
});
afterAll(async () => {
  hooks.close();
  await served.close();
});

type Sort = "validating" | "mutating";
const at = (sort: Sort): string => `${group}/${sort}webhookconfigurations`;
const configuration = (path: string, rules: readonly object[], more: object = {}): object => ({
  metadata: { name: "one", labels: { swept: "yes" } },
  webhooks: [
    {
      name: "one.example.com",
      clientConfig: { url: `${hooks.named}${path}` },
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      rules,
      ...more,
    },
  ],
});
/** What happens while a webhook is there. */
async function during(sort: Sort, body: object, then: () => Promise<void>): Promise<void> {
  expect(await w.post(at(sort), body)).toMatchObject({ code: 201 });
  try {
    await then();
  } finally {
    await w.delete(`${at(sort)}/one`);
  }
}
const denied = (message: string): object => ({
  code: 400,
  body: { message: `admission webhook "one.example.com" denied the request: ${message}` },
});
const tried = (name: string): Promise<Called> => w.post(`${maps}?dryRun=All`, map(name));

describe("webhooks", () => {
  test("a configuration is replaced, patched and swept, and heeded as it is", async () => {
    const { body } = await w.post(at("validating"), configuration("/deny", [rule("configmaps")]));
    expect(await tried("a")).toMatchObject(denied("not this one"));
    const { metadata } = body as { metadata: object };
    const updates = configuration("/deny", [rule("configmaps", ["UPDATE"])]);
    expect(await w.put(`${at("validating")}/one`, { ...updates, metadata })).toMatchObject({
      code: 200,
    });
    expect(await tried("a")).toMatchObject({ code: 201 });
    const path = "/webhooks/0/rules/0/operations";
    await w.patch(
      `${at("validating")}/one`,
      [{ op: "replace", path, value: ["CREATE"] }],
      "application/json-patch+json",
    );
    expect(await tried("a")).toMatchObject(denied("not this one"));
    expect((await w.get(`${at("validating")}?labelSelector=swept=yes`)).body).toMatchObject({
      items: [{}],
    });
    await w.delete(`${at("validating")}?labelSelector=swept=yes`);
    expect(await tried("a")).toMatchObject({ code: 201 });
  });
  test("a changing one, too", async () => {
    const by = async (): Promise<unknown> =>
      ((await tried("a")).body as { metadata: { labels?: object } }).metadata.labels;
    await w.post(at("mutating"), configuration("/label", [rule("configmaps")]));
    expect(await by()).toEqual({ by: "hook" });
    await w.patch(
      `${at("mutating")}/one`,
      [{ op: "replace", path: "/webhooks/0/rules/0/operations", value: ["UPDATE"] }],
      "application/json-patch+json",
    );
    expect(await by()).toBeUndefined();
    await w.delete(`${at("mutating")}?labelSelector=swept=yes`);
    expect((await w.get(`${at("mutating")}`)).body).toMatchObject({ items: [] });
  });
  test("Pods, ConfigMaps and whole namespaces' contents are denied; attaching, too", async () => {
    const pod = {
      metadata: { name: "p" },
      spec: { containers: [{ name: "c", image: "nginx:1.27" }] },
    };
    await during(
      "validating",
      configuration("/deny", [rule("pods"), rule("configmaps", ["*"])]),
      async () => {
        expect(await w.post(pods, pod)).toMatchObject(denied("not this one"));
        expect(await tried("a")).toMatchObject(denied("not this one"));
        expect(await w.patch(`${maps}/kube-root-ca.crt`, { data: { a: "b" } })).toMatchObject(
          denied("not this one"),
        );
      },
    );
    expect(await w.post(pods, pod)).toMatchObject({ code: 201 });
    await during(
      "validating",
      configuration("/deny", [rule("pods/attach", ["CONNECT"])]),
      async () => {
        await eventually("it runs", async () =>
          JSON.stringify((await w.get(`${pods}/p`)).body).includes('"phase":"Running"'),
        );
        expect(await w.post(`${pods}/p/attach?container=c&stdout=1`, {})).toMatchObject(
          denied("not this one"),
        );
      },
    );
    await w.delete(`${pods}/p`, { gracePeriodSeconds: 0 });
  });
  test("custom objects: made, changed and deleted only as the webhook lets", async () => {
    const bad = cake("bad", { metadata: { name: "bad", labels: { bad: "yes" } } });
    await w.post(cakes, bad);
    await during(
      "validating",
      configuration("/deny-bad", [rule("cakes", ["*"], "shop.example")]),
      async () => {
        expect(
          await w.post(cakes, { ...bad, metadata: { name: "b", labels: { bad: "1" } } }),
        ).toMatchObject(denied("it is bad"));
        expect(await w.delete(`${cakes}/bad`)).toMatchObject(denied("it is bad"));
        expect(await w.post(cakes, cake("good"))).toMatchObject({ code: 201 });
        expect(
          await w.patch(`${cakes}/good`, { metadata: { labels: { bad: "1" } } }),
        ).toMatchObject(denied("it is bad"));
        expect(await w.patch(`${cakes}/bad`, { metadata: { labels: null } })).toMatchObject({
          code: 200,
        });
        expect(await w.delete(`${cakes}/bad`)).toMatchObject({ code: 200 });
      },
    );
    await w.delete(`${cakes}/good`);
  });
  test("custom objects: changed before they are stored, in each version, and pruned afterwards", async () => {
    await during(
      "mutating",
      configuration("/mark", [rule("cakes", ["*"], "shop.example")]),
      async () => {
        expect(await w.post(cakes, cake("c", { size: "s" }))).toMatchObject({
          body: { size: "s", by: "hook" },
        });
        const v2 = cakes.replace("v1", "v2");
        // The rule names v1; who writes v2 is asked about as v1.
        expect(await w.post(v2, { ...cake("d"), apiVersion: "shop.example/v2" })).toMatchObject({
          body: { apiVersion: "shop.example/v2", by: "hook" },
        });
      },
    );
    await during(
      "mutating",
      configuration("/mark-unknown", [rule("cakes", ["*"], "shop.example")]),
      async () => {
        const { body } = await w.post(cakes, cake("e"));
        expect(body).not.toHaveProperty("unknown");
      },
    );
  });
  test("a definition is denied like anything else", async () => {
    const crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const other = { ...definition, metadata: { name: "pies.shop.example" } };
    await during(
      "validating",
      configuration("/deny", [rule("customresourcedefinitions", ["*"], "apiextensions.k8s.io")]),
      async () => {
        expect(
          await w.post(crd, {
            ...other,
            spec: { ...definition.spec, names: { plural: "pies", kind: "Pie" } },
          }),
        ).toMatchObject(denied("not this one"));
      },
    );
  });
  test("webhook configurations are nobody's to deny or to change", async () => {
    const everything = [rule("*", ["*"], "admissionregistration.k8s.io")];
    await during("validating", configuration("/deny", everything), async () => {
      const two = { ...configuration("/label", [rule("pods")]), metadata: { name: "two" } };
      expect(await w.post(at("mutating"), two)).toMatchObject({ code: 201 });
      expect(await w.delete(`${at("mutating")}/two`)).toMatchObject({ code: 200 });
    });
    await during("mutating", configuration("/label", everything), async () => {
      const two = { ...configuration("/label", [rule("pods")]), metadata: { name: "two" } };
      const { body } = await w.post(at("validating"), two);
      expect(body).not.toHaveProperty("metadata.labels");
      await w.delete(`${at("validating")}/two`);
    });
  });
  test("a Pod that is changed gets its defaults afterwards", async () => {
    await during("mutating", configuration("/container", [rule("pods")]), async () => {
      const { body } = await w.post(`${pods}?dryRun=All`, {
        metadata: { name: "p" },
        spec: { containers: [{ name: "c", image: "nginx:1.27" }] },
      });
      expect(body).toMatchObject({
        spec: {
          initContainers: [
            { name: "before", terminationMessagePolicy: "File", imagePullPolicy: "Always" },
          ],
        },
      });
    });
  });
  test("one that does not answer: refused when it fails closed, passed over when open, within its time", async () => {
    const slow = (failurePolicy: string): object =>
      configuration("/silence", [rule("configmaps")], { failurePolicy, timeoutSeconds: 1 });
    await during("validating", slow("Fail"), async () => {
      expect(await tried("a")).toMatchObject({
        code: 500,
        body: {
          message: expect.stringContaining('failed calling webhook "one.example.com"') as string,
        },
      });
    });
    await during("validating", slow("Ignore"), async () => {
      expect(await tried("a")).toMatchObject({ code: 201 });
    });
  });
  test("conditions of a match: kept when they compile, heeded, refused when they do not", async () => {
    const conditioned = (expression: string): object =>
      configuration("/deny", [rule("configmaps")], {
        matchConditions: [{ name: "c", expression }],
      });
    for (const sort of ["validating", "mutating"] as const)
      expect(await w.post(at(sort), conditioned("..object"))).toMatchObject({ code: 422 });
    await during("validating", conditioned("object.metadata.name == 'chosen'"), async () => {
      expect(await tried("chosen")).toMatchObject(denied("not this one"));
      expect(await tried("other")).toMatchObject({ code: 201 });
      expect(await w.patch(`${at("validating")}/one`, { webhooks: null })).toMatchObject({
        code: 200,
      });
      expect(await tried("chosen")).toMatchObject({ code: 201 });
    });
  });
  test("the group is in the discovery", async () => {
    expect((await w.get(group)).body).toMatchObject({
      resources: expect.arrayContaining([
        expect.objectContaining({ name: "mutatingwebhookconfigurations", namespaced: false }),
        expect.objectContaining({ name: "validatingwebhookconfigurations", namespaced: false }),
      ]) as object[],
    });
  });
});

describe("policies", () => {
  const constraints = (resource: string): object => ({
    resourceRules: [
      {
        apiGroups: ["apps"],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: [resource],
      },
    ],
  });
  const deployment = (replicas: number): object => ({
    metadata: { name: "d" },
    spec: {
      replicas,
      selector: { matchLabels: { a: "b" } },
      template: {
        metadata: { labels: { a: "b" } },
        spec: { containers: [{ name: "c", image: "nginx:1.27" }] },
      },
    },
  });
  const path = "/apis/apps/v1/namespaces/default/deployments?dryRun=All";
  test("a mutating one labels and annotates what comes", async () => {
    const metadata = { name: "marks" };
    await w.post(`${group}/mutatingadmissionpolicies`, {
      metadata,
      spec: {
        matchConstraints: constraints("deployments"),
        failurePolicy: "Fail",
        reinvocationPolicy: "Never",
        mutations: [
          {
            patchType: "ApplyConfiguration",
            applyConfiguration: {
              expression: `Object{metadata: Object.metadata{annotations: {"marked": "yes"}, labels: {"marked": "yes"}}}`,
            },
          },
        ],
      },
    });
    await w.post(`${group}/mutatingadmissionpolicybindings`, {
      metadata,
      spec: { policyName: "marks" },
    });
    expect((await w.post(path, deployment(1))).body).toMatchObject({
      metadata: { annotations: { marked: "yes" }, labels: { marked: "yes" } },
    });
    await w.delete(`${group}/mutatingadmissionpolicies/marks`);
    await w.delete(`${group}/mutatingadmissionpolicybindings/marks`);
    expect((await w.post(path, deployment(1))).body).not.toHaveProperty("metadata.labels");
  });
  test("a validating one counts with variables, and its status says what it checked", async () => {
    const metadata = { name: "few" };
    await w.post(`${group}/validatingadmissionpolicies`, {
      metadata,
      spec: {
        matchConstraints: constraints("deployments"),
        variables: [{ name: "many", expression: "object.spec.replicas > 1" }],
        validations: [{ expression: "!variables.many", message: "one is enough" }],
      },
    });
    await w.post(`${group}/validatingadmissionpolicybindings`, {
      metadata,
      spec: { policyName: "few", validationActions: ["Deny"] },
    });
    expect(await w.post(path, deployment(2))).toMatchObject({
      code: 422,
      body: {
        message: `deployments.apps "d" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few' denied request: one is enough`,
      },
    });
    expect(await w.post(path, deployment(1))).toMatchObject({ code: 201 });
    await eventually("its types are checked", async () =>
      JSON.stringify(
        (await w.get(`${group}/validatingadmissionpolicies/few/status`)).body,
      ).includes("observedGeneration"),
    );
    await w.delete(`${group}/validatingadmissionpolicies/few`);
    await w.delete(`${group}/validatingadmissionpolicybindings/few`);
  });
});

describe("quotas", () => {
  const core = "/api/v1/namespaces/counted";
  const used = async (): Promise<Readonly<Record<string, string>>> =>
    (
      (await w.get(`${core}/resourcequotas/all`)).body as {
        status: { used?: Record<string, string> };
      }
    ).status.used ?? {};
  const until = (what: string, count: string): Promise<unknown> =>
    eventually(`${what} is ${count}`, async () => (await used())[what] === count, 5_000);
  beforeAll(async () => {
    await w.post("/api/v1/namespaces", { metadata: { name: "counted" } });
    await eventually(
      "its account",
      async () => (await w.get(`${core}/serviceaccounts/default`)).code === 200,
    );
    const hard = Object.fromEntries(
      [
        "pods",
        "services",
        "secrets",
        "replicationcontrollers",
        "count/replicasets.apps",
        "configmaps",
        "requests.cpu",
      ].map((name) => [name, "5"]),
    );
    await w.post(`${core}/resourcequotas`, { metadata: { name: "all" }, spec: { hard } });
  });
  test("is promptly calculated", async () => {
    await until("configmaps", "1");
    expect(await used()).toMatchObject({
      pods: "0",
      services: "0",
      secrets: "0",
      replicationcontrollers: "0",
    });
  });
  const spec = {
    containers: [{ name: "c", image: "nginx:1.27", resources: { requests: { cpu: "1" } } }],
  };
  const template = { metadata: { labels: { a: "b" } }, spec };
  test.each<[string, string, string, object, string]>([
    ["configmaps", `${core}/configmaps`, "2", {}, "1"],
    ["secrets", `${core}/secrets`, "1", {}, "0"],
    ["services", `${core}/services`, "1", { spec: { ports: [{ port: 80 }] } }, "0"],
    ["pods", `${core}/pods`, "1", { spec }, "0"],
    [
      "replicationcontrollers",
      `${core}/replicationcontrollers`,
      "1",
      { spec: { replicas: 0, selector: { a: "b" }, template } },
      "0",
    ],
    [
      "count/replicasets.apps",
      "/apis/apps/v1/namespaces/counted/replicasets",
      "1",
      { spec: { replicas: 0, selector: { matchLabels: { a: "b" } }, template } },
      "0",
    ],
  ])("the life of %s", async (what, path, most, body, least) => {
    expect(await w.post(path, { metadata: { name: "x" }, ...body })).toMatchObject({ code: 201 });
    expect(await used()).toMatchObject({ [what]: most });
    await w.delete(`${path}/x`, { gracePeriodSeconds: 0 });
    await until(what, least);
  });
  test("is changed, patched, and its status written; what is too much is refused", async () => {
    const path = `${core}/resourcequotas/all`;
    await w.patch(path, { spec: { hard: { configmaps: "1" } } });
    await eventually(
      "it is heeded",
      async () =>
        JSON.stringify((await w.get(path)).body).includes('"hard":{"configmaps":"1"') ||
        ((await w.get(path)).body as { status: { hard: Record<string, string> } }).status.hard[
          "configmaps"
        ] === "1",
    );
    expect(await w.post(`${core}/configmaps`, map("more"))).toMatchObject({
      code: 403,
      body: {
        message:
          'configmaps "more" is forbidden: exceeded quota: all, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
      },
    });
    const { body } = await w.patch(`${path}/status`, { status: { hard: { pods: "9" } } });
    expect(body).toMatchObject({ status: { hard: { pods: "9" } } });
    expect(await w.delete(`${core}/resourcequotas`)).toMatchObject({ code: 200 });
    expect(await w.post(`${core}/configmaps`, map("more"))).toMatchObject({ code: 201 });
  });
  test("counts by scope: what asks for nothing, and what has an end", async () => {
    const scoped = (name: string, scope: string): Promise<Called> =>
      w.post(`${core}/resourcequotas`, {
        metadata: { name },
        spec: { hard: { pods: "5" }, scopes: [scope] },
      });
    for (const scope of ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating"])
      expect(await scoped(scope.toLowerCase(), scope)).toMatchObject({ code: 201 });
    const counts = async (): Promise<readonly string[]> => {
      const { items } = (await w.get(`${core}/resourcequotas`)).body as {
        items: readonly { metadata: { name: string }; status: { used?: { pods: string } } }[];
      };
      return items.map(({ metadata, status }) => `${metadata.name} ${status.used?.pods ?? ""}`);
    };
    await eventually("all are counted", async () =>
      (await counts()).every((one) => / \d/.test(one)),
    );
    await w.post(`${core}/pods`, {
      metadata: { name: "best" },
      spec: { containers: [{ name: "c", image: "nginx:1.27" }] },
    });
    await w.post(`${core}/pods`, {
      metadata: { name: "ends" },
      spec: { ...spec, activeDeadlineSeconds: 3600 },
    });
    expect(await counts()).toEqual([
      "besteffort 1",
      "notbesteffort 1",
      "notterminating 1",
      "terminating 1",
    ]);
  });
});
