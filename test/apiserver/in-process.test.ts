/** The product in this process (test/support/api.ts) is the product: bodies, forms, steps and refusals. */
import { expect, test } from "vitest";
import { newApi, newWorker } from "#test/support/api.ts";

const api = await newApi();
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "nginx" }] },
    },
  },
};
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const pods = "/api/v1/namespaces/default/pods";

test("what is created moves when the clock does, and not before", async () => {
  expect((await api.request("POST", deployments, deployment)).code).toBe(201);
  expect((await api.get(pods)).items).toEqual([]);
  await api.advance("60s");
  const phases = (await api.get(pods)).items.map(
    ({ status }: { status: { phase: string } }) => status.phase,
  );
  expect(phases).toEqual(["Running", "Running", "Running"]);
});

test.each([
  ["YAML in", "application/yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", 201],
  ["what is no YAML", "application/yaml", "a: [", 400],
  ["an unknown type", "text/html", "<p>", 415],
])("%s", async (_, type, body, code) => {
  const { code: got } = await api.request("POST", "/api/v1/namespaces/default/configmaps", body, {
    "content-type": type,
  });
  expect(got).toBe(code);
});

test("a table for kubectl, YAML for people", async () => {
  const table = await api.get("/api/v1/nodes", {
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
  });
  expect(table).toMatchObject({ kind: "Table" });
  expect(table.rows).toHaveLength(3);
  expect(await api.get("/api/v1/nodes", { accept: "application/yaml" })).toMatch(/^apiVersion: v1/);
});

test("a watch tells of what follows, once it is committed", async () => {
  const { metadata } = await api.get("/api/v1/namespaces");
  const watch = await api.fetch(
    "GET",
    `/api/v1/namespaces?watch=1&resourceVersion=${metadata.resourceVersion}`,
  );
  await api.request("POST", "/api/v1/namespaces", { metadata: { name: "seen" } });
  const reader = watch.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  expect(JSON.parse(new TextDecoder().decode(value))).toMatchObject({
    type: "ADDED",
    object: { metadata: { name: "seen" } },
  });
});

test("another worker knows nothing of this cluster", async () => {
  const other = newWorker();
  expect((await other(`${new URL(api.url).pathname}/api/v1/nodes`)).status).toBe(404);
});
