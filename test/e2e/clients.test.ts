/** The official JavaScript client: typed calls, watches, an informer. And many clients at once. */
import { AppsV1Api, CoreV1Api, KubeConfig, makeInformer, Watch } from "@kubernetes/client-node";
import { beforeAll, expect, test } from "vitest";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";

let cluster: Cluster;
let config: KubeConfig;
beforeAll(async () => {
  cluster = await newCluster();
  config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
});

test("create, read, list, patch, delete", async () => {
  const core = config.makeApiClient(CoreV1Api);
  const namespace = "default";
  const made = await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: "a" }, data: { k: "1" } },
  });
  expect(made.metadata?.uid).toMatch(/^[0-9a-f]{8}-/);
  expect((await core.readNamespacedConfigMap({ namespace, name: "a" })).data).toEqual({ k: "1" });
  const put = await core.replaceNamespacedConfigMap({
    namespace,
    name: "a",
    body: { ...made, data: { k: "2" } },
  });
  expect(Number(put.metadata?.resourceVersion)).toBeGreaterThan(
    Number(made.metadata?.resourceVersion),
  );
  await expect(
    core.replaceNamespacedConfigMap({ namespace, name: "a", body: { ...made, data: { k: "3" } } }),
  ).rejects.toMatchObject({ code: 409 });
  const { items } = await core.listNamespacedConfigMap({ namespace });
  expect(items.map(({ metadata }) => metadata?.name)).toEqual(["a", "kube-root-ca.crt"]);
  await core.deleteNamespacedConfigMap({ namespace, name: "a" });
  await expect(core.readNamespacedConfigMap({ namespace, name: "a" })).rejects.toMatchObject({
    code: 404,
  });
});

test("limit and continue walk a list at one revision", async () => {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: "pages" } } });
  for (let n = 0; n < 25; n += 1)
    await core.createNamespacedSecret({
      namespace: "pages",
      body: { metadata: { name: `s${String(n).padStart(2, "0")}` }, stringData: { n: String(n) } },
    });
  const names: string[] = [];
  let next: string | undefined;
  do {
    const page = await core.listNamespacedSecret({
      namespace: "pages",
      limit: 10,
      ...(next === undefined ? {} : { _continue: next }),
    });
    if (names.length === 0)
      await core.createNamespacedSecret({
        namespace: "pages",
        body: { metadata: { name: "s99-late" } },
      });
    names.push(...page.items.map(({ metadata }) => metadata?.name ?? ""));
    next = page.metadata?._continue || undefined;
  } while (next !== undefined);
  expect(names).toEqual(Array.from({ length: 25 }, (_, n) => `s${String(n).padStart(2, "0")}`));
});

test("a watch tells every change once, in order", async () => {
  const core = config.makeApiClient(CoreV1Api);
  const seen: string[] = [];
  const { metadata } = await core.listNamespacedConfigMap({ namespace: "default" });
  const watch = new Watch(config);
  const stop = await watch.watch(
    "/api/v1/namespaces/default/configmaps",
    { resourceVersion: metadata?.resourceVersion },
    (type: string, object: { metadata: { name: string; resourceVersion: string } }) =>
      seen.push(`${type} ${object.metadata.name}`),
    () => undefined,
  );
  await core.createNamespacedConfigMap({ namespace: "default", body: { metadata: { name: "w" } } });
  await core.patchNamespacedConfigMap({
    namespace: "default",
    name: "w",
    body: [{ op: "add", path: "/data", value: { a: "1" } }],
  });
  await core.deleteNamespacedConfigMap({ namespace: "default", name: "w" });
  await eventually("three events", async () => seen.length === 3);
  expect(seen).toEqual(["ADDED w", "MODIFIED w", "DELETED w"]);
  stop.abort();
});

test("an informer knows what the cluster knows", async () => {
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const informer = makeInformer(config, "/api/v1/namespaces/default/pods", () =>
    core.listNamespacedPod({ namespace: "default" }),
  );
  await informer.start();
  const labels = { app: "informed" };
  await apps.createNamespacedDeployment({
    namespace: "default",
    body: {
      metadata: { name: "informed" },
      spec: {
        replicas: 5,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx" }] } },
      },
    },
  });
  const running = (): number =>
    informer
      .list()
      .filter(
        ({ status }) =>
          status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ===
          true,
      ).length;
  await eventually("five Pods Ready in the informer", async () => running() === 5);
  await apps.deleteNamespacedDeployment({ namespace: "default", name: "informed" });
  await eventually("no Pods in the informer", async () => informer.list().length === 0);
  await informer.stop();
});

test("writers that race get conflicts, never a lost update", async () => {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedConfigMap({
    namespace: "default",
    body: { metadata: { name: "count" }, data: { n: "0" } },
  });
  const add = async (): Promise<void> => {
    for (;;) {
      const now = await core.readNamespacedConfigMap({ namespace: "default", name: "count" });
      try {
        await core.replaceNamespacedConfigMap({
          namespace: "default",
          name: "count",
          body: { ...now, data: { n: String(Number(now.data?.["n"]) + 1) } },
        });
        return;
      } catch (error) {
        if ((error as { code?: number }).code !== 409) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: 20 }, add));
  expect(
    (await core.readNamespacedConfigMap({ namespace: "default", name: "count" })).data,
  ).toEqual({ n: "20" });
});
