/** What controllers, the scheduler and nodes make of objects, as the conformance list of Kubernetes asks for it. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";
import { wire, type Wire } from "#test/support/wire.ts";

const space = "/api/v1/namespaces/default";
const apps = "/apis/apps/v1/namespaces/default";
const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
const container = { name: "c", image: "nginx:1.27" };
const template = (app: string): object => ({
  metadata: { labels: { app } },
  spec: { containers: [container] },
});
const pod = (name: string, spec: object = {}, metadata: object = {}): object => ({
  metadata: { name, ...metadata },
  spec: { containers: [container], ...spec },
});
interface Item {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly ownerReferences?: readonly { name: string }[];
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- an object of any kind
  readonly [field: string]: any;
}

describe("cluster", () => {
  let cluster: Cluster;
  let w: Wire;
  beforeAll(async () => {
    cluster = await newCluster({ workers: 2 });
    w = wire(cluster);
    await eventually(
      "the account is there",
      async () => (await w.get(`${space}/serviceaccounts/default`)).code === 200,
    );
  });
  const items = async (path: string): Promise<readonly Item[]> =>
    ((await w.get(path)).body as { items?: readonly Item[] }).items ?? [];
  const got = async (path: string): Promise<Item> => (await w.get(path)).body as Item;
  const until = (what: string, path: string, holds: (object: Item) => boolean): Promise<unknown> =>
    eventually(what, async () => {
      const { code, body } = await w.get(path);
      return code === 200 && holds(body as Item);
    });
  const made = async (path: string, body: object): Promise<Item> => {
    const answer = await w.post(path, body);
    expect(answer).toMatchObject({ code: 201 });
    return answer.body as Item;
  };
  const running = (name: string): Promise<unknown> =>
    until(`${name} runs`, `${space}/pods/${name}`, ({ status }) => status.phase === "Running");

  test("the API's own Service has an address, endpoints and slices", async () => {
    expect(await got(`${space}/services/kubernetes`)).toMatchObject({
      spec: { clusterIP: "10.96.0.1", ports: [{ name: "https", port: 443 }] },
    });
    expect((await got(`${space}/endpoints/kubernetes`))["subsets"]).toMatchObject([
      { ports: [{ name: "https", port: 6443 }] },
    ]);
    expect(
      await items(`${slices}?labelSelector=kubernetes.io/service-name=kubernetes`),
    ).toMatchObject([{ endpoints: [{}] }]);
  });
  test("Services of Pods and of none: their Endpoints and slices come, follow and go", async () => {
    await made(`${space}/pods`, pod("seen", {}, { labels: { app: "seen" } }));
    await running("seen");
    const ports = [
      { name: "one", port: 80 },
      { name: "two", port: 81, targetPort: 8081, protocol: "UDP" },
    ];
    await made(`${space}/services`, {
      metadata: { name: "seen" },
      spec: { selector: { app: "seen" }, ports },
    });
    await made(`${space}/services`, {
      metadata: { name: "none" },
      spec: { selector: { app: "none" }, ports: [{ port: 80 }] },
    });
    await until(
      "the Pod is an endpoint",
      `${space}/endpoints/seen`,
      ({ subsets }) => subsets?.[0]?.addresses?.length === 1,
    );
    expect((await got(`${space}/endpoints/seen`))["subsets"][0].ports).toMatchObject([
      { port: 80 },
      { port: 8081, protocol: "UDP" },
    ]);
    expect(await items(`${slices}?labelSelector=kubernetes.io/service-name=seen`)).toMatchObject([
      {
        ports: [{ port: 80 }, { port: 8081 }],
        endpoints: [{ conditions: { ready: true }, targetRef: { name: "seen" } }],
      },
    ]);
    await eventually(
      "a slice of nobody",
      async () =>
        (await items(`${slices}?labelSelector=kubernetes.io/service-name=none`)).length === 1,
    );
    for (const name of ["seen", "none"]) await w.delete(`${space}/services/${name}`);
    await eventually(
      "all are gone",
      async () =>
        (await items(`${slices}?labelSelector=kubernetes.io/service-name in (seen,none)`))
          .length === 0 && (await w.get(`${space}/endpoints/seen`)).code === 404,
    );
    await w.delete(`${space}/pods/seen`, { gracePeriodSeconds: 0 });
  });
  test("a Service changes its type: name outside, ClusterIP, node port and back; its affinity is switched", async () => {
    const path = `${space}/services/turning`;
    const ports = [{ port: 80, protocol: "TCP" }];
    await made(`${space}/services`, {
      metadata: { name: "turning" },
      spec: { type: "ExternalName", externalName: "example.com" },
    });
    const spec = async (change: object): Promise<Item["spec"]> =>
      ((await w.patch(path, { spec: change })).body as Item)["spec"];
    expect(await spec({ type: "ClusterIP", externalName: null, ports })).toMatchObject({
      clusterIP: expect.stringMatching(/^10\.(9[6-9]|10\d|11[01])\./) as string,
    });
    expect(
      await spec({
        type: "ExternalName",
        externalName: "example.com",
        clusterIP: null,
        clusterIPs: null,
      }),
    ).not.toHaveProperty("clusterIP");
    expect(await spec({ type: "NodePort", externalName: null, ports })).toMatchObject({
      ports: [{ nodePort: expect.any(Number) as number }],
    });
    expect(await spec({ sessionAffinity: "ClientIP" })).toMatchObject({
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    });
    expect(await spec({ sessionAffinity: "None", sessionAffinityConfig: null })).not.toHaveProperty(
      "sessionAffinityConfig",
    );
    expect(
      await spec({
        type: "ExternalName",
        externalName: "example.com",
        clusterIP: null,
        clusterIPs: null,
        ports: null,
      }),
    ).not.toHaveProperty("clusterIP");
    await w.delete(path);
  });
  test("a Service's status is written by its own path alone", async () => {
    await made(`${space}/services`, {
      metadata: { name: "balanced" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    });
    const path = `${space}/services/balanced`;
    const status = { loadBalancer: { ingress: [{ ip: "203.0.113.1" }] } };
    expect(await w.patch(path, { status })).toMatchObject({
      body: { status: { loadBalancer: {} } },
    });
    expect(await w.patch(`${path}/status`, { status })).toMatchObject({
      body: { status: { loadBalancer: { ingress: [{ ip: "203.0.113.1", ipMode: "VIP" }] } } },
    });
    expect((await items("/api/v1/services")).map(({ metadata }) => metadata.name)).toContain(
      "balanced",
    );
    await w.delete(`${space}/services?labelSelector=none`);
    await w.delete(path);
  });
  test("Sets and controllers adopt what matches, and release what matches no more", async () => {
    for (const [path, kind, selector] of [
      [`${apps}/replicasets`, "set", { matchLabels: { app: "set" } }],
      [`${space}/replicationcontrollers`, "rc", { app: "rc" }],
    ] as const) {
      await made(`${space}/pods`, pod(`${kind}-orphan`, {}, { labels: { app: kind } }));
      await made(path, {
        metadata: { name: kind },
        spec: { replicas: 1, selector, template: template(kind) },
      });
      await until(
        "it is adopted",
        `${space}/pods/${kind}-orphan`,
        ({ metadata }) => metadata.ownerReferences?.[0]?.name === kind,
      );
      await w.patch(`${space}/pods/${kind}-orphan`, { metadata: { labels: { app: "free" } } });
      await until(
        "it is released",
        `${space}/pods/${kind}-orphan`,
        ({ metadata }) => metadata.ownerReferences === undefined,
      );
      await eventually(
        "another one comes",
        async () => (await items(`${space}/pods?labelSelector=app=${kind}`)).length === 1,
      );
      await w.delete(`${path}/${kind}`, { propagationPolicy: "Background" });
      await eventually(
        "its Pods go with it",
        async () => (await items(`${space}/pods?labelSelector=app=${kind}`)).length === 0,
      );
      expect(await w.get(`${space}/pods/${kind}-orphan`)).toMatchObject({ code: 200 });
      await w.delete(`${space}/pods/${kind}-orphan`, { gracePeriodSeconds: 0 });
    }
  });
  test("a ReplicationController that may not make Pods says so, until it may", async () => {
    await made(`${space}/resourcequotas`, {
      metadata: { name: "two" },
      spec: { hard: { pods: "2" } },
    });
    await until(
      "it is counted",
      `${space}/resourcequotas/two`,
      ({ status }) => status.used !== undefined,
    );
    await made(`${space}/replicationcontrollers`, {
      metadata: { name: "three" },
      spec: { replicas: 3, selector: { app: "three" }, template: template("three") },
    });
    const path = `${space}/replicationcontrollers/three`;
    await until(
      "it says so",
      path,
      ({ status }) => status.conditions?.[0]?.type === "ReplicaFailure",
    );
    await w.patch(`${path}/scale`, { spec: { replicas: 2 } });
    await until(
      "it says nothing any more",
      path,
      ({ status }) => (status.conditions ?? []).length === 0,
    );
    await w.delete(path, { propagationPolicy: "Foreground" });
    await eventually("it goes last", async () => (await w.get(path)).code === 404);
    expect(await items(`${space}/pods?labelSelector=app=three`)).toEqual([]);
    await w.delete(`${space}/resourcequotas/two`);
  });
  test("each replica of a Set and of a controller answers by its proxy", async () => {
    for (const [path, name, selector] of [
      [`${apps}/replicasets`, "web-set", { matchLabels: { app: "web-set" } }],
      [`${space}/replicationcontrollers`, "web-rc", { app: "web-rc" }],
    ] as const) {
      await made(path, {
        metadata: { name },
        spec: { replicas: 2, selector, template: template(name) },
      });
      await until("both are ready", `${path}/${name}`, ({ status }) => status.readyReplicas === 2);
      for (const { metadata } of await items(`${space}/pods?labelSelector=app=${name}`)) {
        const { code, text } = await w.text(`${space}/pods/${metadata.name}/proxy/`);
        expect({ code, text }).toEqual({
          code: 200,
          text: expect.stringContaining("Welcome to nginx") as string,
        });
      }
      await w.delete(`${path}/${name}`, { propagationPolicy: "Foreground" });
      await eventually("it is gone", async () => (await w.get(`${path}/${name}`)).code === 404);
    }
  });
  test("a Pod's generation begins with 1 and counts its changes, to its end", async () => {
    const of = ({ metadata }: Item): unknown => (metadata as { generation?: number }).generation;
    const path = `${space}/pods/counted`;
    const first = await made(`${space}/pods`, pod("counted", {}, { generation: 100, labels: {} }));
    expect(of(first)).toBe(1);
    await running("counted");
    await w.patch(path, { metadata: { labels: { none: "counts" } } });
    expect(of(await got(path))).toBe(1);
    for (let n = 0; n < 50; n += 1)
      await w.patch(
        path,
        { spec: { containers: [{ name: "c", image: `nginx:1.${n}` }] } },
        "application/strategic-merge-patch+json",
      );
    expect(of(await got(path))).toBe(51);
    await until("it is observed", path, ({ status }) => status.observedGeneration === 51);
    await w.patch(path, { metadata: { finalizers: ["example.com/hold"] } });
    await w.delete(path);
    expect(of(await got(path))).toBe(52);
    await w.patch(path, { metadata: { finalizers: null } });
  });
  test("a Pod with a volume of a CSI driver is kept as it is", async () => {
    const csi = { driver: "e2e.example.com", volumeAttributes: { key: "value" } };
    const body = pod("inline", {
      schedulerName: "nobody",
      volumes: [{ name: "v", csi }],
    });
    await made(`${space}/pods`, body);
    expect((await got(`${space}/pods/inline`))["spec"].volumes).toContainEqual({ name: "v", csi });
    expect(
      await w.patch(`${space}/pods/inline`, { metadata: { labels: { a: "b" } } }),
    ).toMatchObject({
      code: 200,
    });
    await w.delete(`${space}/pods/inline`, { gracePeriodSeconds: 0 });
  });
  test("the status and the scale of what has Pods are read, patched and replaced", async () => {
    for (const [plural, selector] of [
      ["deployments", { matchLabels: { app: "s" } }],
      ["replicasets", { matchLabels: { app: "s" } }],
      ["statefulsets", { matchLabels: { app: "s" } }],
    ] as const) {
      const path = `${apps}/${plural}/s`;
      await made(`${apps}/${plural}`, {
        metadata: { name: "s" },
        spec: {
          replicas: 0,
          selector,
          template: template("s"),
          ...(plural === "statefulsets" ? { serviceName: "s" } : {}),
        },
      });
      const scale = await got(`${path}/scale`);
      expect(scale).toMatchObject({ kind: "Scale", spec: {} });
      expect(await w.put(`${path}/scale`, { ...scale, spec: { replicas: 1 } })).toMatchObject({
        code: 200,
        body: { spec: { replicas: 1 } },
      });
      expect(await w.patch(`${path}/scale`, { spec: { replicas: 0 } })).toMatchObject({
        code: 200,
      });
      const conditions = [{ type: "Seen", status: "True", reason: "Test", message: "told" }];
      expect(await w.patch(`${path}/status`, { status: { conditions } })).toMatchObject({
        code: 200,
        body: {
          status: {
            conditions: expect.arrayContaining([
              expect.objectContaining({ type: "Seen" }),
            ]) as object[],
          },
        },
      });
      await w.delete(path);
    }
  });
  test("Deployments: rolled over in the middle, recreated, in proportion, with as many old Sets as wanted", async () => {
    const path = `${apps}/deployments/roll`;
    const spec = {
      replicas: 2,
      revisionHistoryLimit: 1,
      selector: { matchLabels: { app: "roll" } },
      template: template("roll"),
    };
    const image = (text: string): object => ({
      spec: { template: { spec: { containers: [{ ...container, image: text }] } } },
    });
    const complete = (): Promise<unknown> =>
      until(
        "it is complete",
        path,
        ({ metadata, status, spec: { replicas } }) =>
          status.observedGeneration === (metadata as { generation?: number }).generation &&
          status.updatedReplicas === replicas &&
          status.availableReplicas === replicas &&
          status.replicas === replicas,
      );
    await made(`${apps}/deployments`, { metadata: { name: "roll" }, spec });
    await complete();
    // The second image never starts, the third takes over.
    await w.patch(path, image("nginx:doesnotexist"));
    await eventually(
      "two Sets",
      async () => (await items(`${apps}/replicasets?labelSelector=app=roll`)).length === 2,
    );
    await w.patch(path, image("nginx:1.28"));
    await complete();
    await eventually(
      "one old Set is kept",
      async () => (await items(`${apps}/replicasets?labelSelector=app=roll`)).length === 2,
    );
    await w.patch(path, {
      spec: {
        strategy: { type: "Recreate", rollingUpdate: null },
        ...(image("nginx:1.27") as { spec: object }).spec,
      },
    });
    await complete();
    await w.delete(path, { propagationPolicy: "Orphan" });
    await eventually("it is gone", async () => (await w.get(path)).code === 404);
    expect((await items(`${apps}/replicasets?labelSelector=app=roll`)).length).toBeGreaterThan(0);
    await w.delete(`${apps}/replicasets?labelSelector=app=roll`, {
      propagationPolicy: "Background",
    });
  });
  test("DaemonSets: on every node, on chosen ones, made again when a Pod fails; swept", async () => {
    const path = `${apps}/daemonsets/every`;
    const pods = (): Promise<readonly Item[]> => items(`${space}/pods?labelSelector=app=every`);
    await made(`${apps}/daemonsets`, {
      metadata: { name: "every", labels: { life: "one" } },
      spec: { selector: { matchLabels: { app: "every" } }, template: template("every") },
    });
    await until("both run", path, ({ status }) => status.numberReady === 2);
    const [first] = await pods();
    await w.patch(`${space}/pods/${first?.metadata.name ?? ""}/status`, {
      status: { phase: "Failed" },
    });
    await eventually("the failed one is replaced", async () => {
      const now = await pods();
      return (
        now.length === 2 && now.every(({ metadata }) => metadata.name !== first?.metadata.name)
      );
    });
    await w.patch(path, { spec: { template: { spec: { nodeSelector: { color: "blue" } } } } });
    await until("no node has the label", path, ({ status }) => status.desiredNumberScheduled === 0);
    await w.patch("/api/v1/nodes/worker-1", { metadata: { labels: { color: "blue" } } });
    await until(
      "one has it",
      path,
      ({ status }) => status.numberReady === 1 && status.desiredNumberScheduled === 1,
    );
    expect(
      await w.patch(`${path}/status`, {
        status: { conditions: [{ type: "Seen", status: "True" }] },
      }),
    ).toMatchObject({ code: 200 });
    await w.delete(`${apps}/daemonsets?labelSelector=life=one`);
    await eventually("its Pods go", async () => (await pods()).length === 0);
  });
  test("a Pod is placed by what it selects and needs, and stays where nothing fits", async () => {
    const unplaced = (name: string): Promise<unknown> =>
      until(
        `${name} waits`,
        `${space}/pods/${name}`,
        ({ status }) => status.conditions?.[0]?.reason === "Unschedulable",
      );
    await w.patch("/api/v1/nodes/worker-2", { metadata: { labels: { pick: "me" } } });
    await made(`${space}/pods`, pod("picked", { nodeSelector: { pick: "me" } }));
    await running("picked");
    expect((await got(`${space}/pods/picked`))["spec"].nodeName).toBe("worker-2");
    await made(`${space}/pods`, pod("lost", { nodeSelector: { pick: "none" } }));
    await unplaced("lost");
    await made(
      `${space}/pods`,
      pod("huge", { containers: [{ ...container, resources: { requests: { cpu: "500" } } }] }),
    );
    await unplaced("huge");
    const port = (hostIP?: string, protocol?: string): object => ({
      nodeName: undefined,
      nodeSelector: { pick: "me" },
      containers: [
        {
          ...container,
          ports: [
            {
              containerPort: 80,
              hostPort: 54321,
              ...(hostIP === undefined ? {} : { hostIP }),
              ...(protocol === undefined ? {} : { protocol }),
            },
          ],
        },
      ],
    });
    await made(`${space}/pods`, pod("port-1", port("127.0.0.1")));
    await made(`${space}/pods`, pod("port-2", port("127.0.0.2")));
    await made(`${space}/pods`, pod("port-3", port("127.0.0.2", "UDP")));
    for (const name of ["port-1", "port-2", "port-3"]) await running(name);
    await made(`${space}/pods`, pod("port-4", port()));
    await unplaced("port-4");
    await w.delete(`${space}/pods`, { gracePeriodSeconds: 0 });
  });
  test("a lost node's Pods are evicted when their time is over, unless the taint goes before", async () => {
    const taint = (taints: readonly object[] | null): Promise<unknown> =>
      w.patch("/api/v1/nodes/worker-2", { spec: { taints } });
    const evicting = [{ key: "evict", value: "me", effect: "NoExecute" }];
    const tolerations = (tolerationSeconds: number): object => ({
      nodeName: "worker-2",
      tolerations: [{ key: "evict", operator: "Exists", effect: "NoExecute", tolerationSeconds }],
    });
    await made(`${space}/pods`, pod("soon", tolerations(5)));
    await made(`${space}/pods`, pod("later", tolerations(900)));
    await running("soon");
    await running("later");
    await taint(evicting);
    await eventually("the one goes", async () => (await w.get(`${space}/pods/soon`)).code === 404);
    await taint(null);
    await eventually("it is told", async () =>
      (await items(`${space}/events?fieldSelector=involvedObject.name=later`)).some(
        ({ message }) => message === "Cancelling deletion of Pod default/later",
      ),
    );
    expect(await w.get(`${space}/pods/later`)).toMatchObject({ code: 200 });
    await w.delete(`${space}/pods/later`, { gracePeriodSeconds: 0 });
  });
  test("accounts: their life, the authority's certificate in every namespace, tokens mounted or not", async () => {
    await made(`${space}/serviceaccounts`, {
      metadata: { name: "quiet", labels: { a: "b" } },
      automountServiceAccountToken: false,
    });
    const mounts = async (name: string, spec: object): Promise<number> => {
      const { spec: stored } = await made(`${space}/pods`, pod(name, spec));
      await w.delete(`${space}/pods/${name}`, { gracePeriodSeconds: 0 });
      return (stored.containers[0].volumeMounts ?? []).length;
    };
    expect(await mounts("a", { serviceAccountName: "quiet" })).toBe(0);
    expect(
      await mounts("b", { serviceAccountName: "quiet", automountServiceAccountToken: true }),
    ).toBe(1);
    expect(await mounts("c", {})).toBe(1);
    expect(await mounts("d", { automountServiceAccountToken: false })).toBe(0);
    const root = `${space}/configmaps/kube-root-ca.crt`;
    await w.delete(root);
    await eventually("it comes back", async () => (await w.get(root)).code === 200);
    await w.patch(root, { data: { "ca.crt": "other" } });
    await until("it is set right", root, ({ data }) => data["ca.crt"].startsWith("-----BEGIN"));
    const { body } = await w.post(`${space}/serviceaccounts/quiet/token`, {
      spec: { audiences: [] },
    });
    const { token } = (body as Item)["status"];
    expect(
      await w.post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token } }),
    ).toMatchObject({
      body: {
        status: { authenticated: true, user: { username: "system:serviceaccount:default:quiet" } },
      },
    });
    await w.delete(`${space}/serviceaccounts?labelSelector=a=b`);
    expect(await w.get(`${space}/serviceaccounts/quiet`)).toMatchObject({ code: 404 });
  });
  test("Pods of runtime classes: placed with their overhead, refused when the class is not there", async () => {
    const classes = "/apis/node.k8s.io/v1/runtimeclasses";
    await made(classes, {
      metadata: { name: "heavy" },
      handler: "runc",
      overhead: { podFixed: { cpu: "10m" } },
    });
    expect(await made(`${space}/pods`, pod("heavy", { runtimeClassName: "heavy" }))).toMatchObject({
      spec: { overhead: { cpu: "10m" } },
    });
    await w.delete(`${space}/pods/heavy`, { gracePeriodSeconds: 0 });
    await w.delete(`${classes}/heavy`);
    expect(await w.post(`${space}/pods`, pod("none", { runtimeClassName: "heavy" }))).toMatchObject(
      { code: 403 },
    );
  });
  test("Pods: swept by selector, their status patched, their resources changed in place, their class set", async () => {
    for (const name of ["p1", "p2", "p3"])
      await made(`${space}/pods`, pod(name, {}, { labels: { sweep: "yes" } }));
    await running("p1");
    expect(await w.patch(`${space}/pods/p1/status`, { status: { message: "seen" } })).toMatchObject(
      { body: { status: { message: "seen" } } },
    );
    await w.delete(`${space}/pods?labelSelector=sweep=yes`);
    await eventually(
      "all are gone",
      async () => (await items(`${space}/pods?labelSelector=sweep=yes`)).length === 0,
    );
    const resources = {
      requests: { cpu: "100m", memory: "32Mi" },
      limits: { cpu: "100m", memory: "32Mi" },
    };
    expect(
      await made(`${space}/pods`, pod("sure", { containers: [{ ...container, resources }] })),
    ).toMatchObject({ status: { qosClass: "Guaranteed" } });
    await running("sure");
    const more = {
      requests: { cpu: "200m", memory: "32Mi" },
      limits: { cpu: "200m", memory: "32Mi" },
    };
    expect(
      await w.patch(`${space}/pods/sure/resize`, {
        spec: { containers: [{ ...container, resources: more }] },
      }),
    ).toMatchObject({ code: 200, body: { spec: { containers: [{ resources: more }] } } });
    await w.delete(`${space}/pods/sure`, { gracePeriodSeconds: 0 });
  });
  test("budgets: their status is kept, patched and heeded by evictions, until they allow one", async () => {
    const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    await made(`${space}/pods`, pod("only", {}, { labels: { app: "only" } }));
    await running("only");
    await made(budgets, {
      metadata: { name: "keep" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "only" } } },
    });
    await until(
      "it is told",
      `${budgets}/keep`,
      ({ status }) => status.expectedPods === 1 && status.disruptionsAllowed === 0,
    );
    const evict = (): Promise<{ code: number }> =>
      w.post(`${space}/pods/only/eviction`, {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: "only" },
      });
    expect(await evict()).toMatchObject({ code: 429 });
    await w.patch(`${budgets}/keep`, { spec: { minAvailable: 0 } });
    await until(
      "it allows one",
      `${budgets}/keep`,
      ({ status }) => status.disruptionsAllowed === 1,
    );
    expect(await evict()).toMatchObject({ code: 201 });
    await w.delete(`${budgets}/keep`);
  });
  test("LimitRanges fill in what a Pod leaves out, and are swept", async () => {
    const ranges = `${space}/limitranges`;
    await made(ranges, {
      metadata: { name: "usual", labels: { life: "one" } },
      spec: {
        limits: [
          {
            type: "Container",
            default: { cpu: "500m" },
            defaultRequest: { cpu: "100m" },
            max: { cpu: "1" },
          },
        ],
      },
    });
    expect(await made(`${space}/pods`, pod("filled"))).toMatchObject({
      spec: { containers: [{ resources: { limits: { cpu: "500m" }, requests: { cpu: "100m" } } }] },
    });
    expect(
      await w.post(
        `${space}/pods`,
        pod("much", {
          containers: [
            { ...container, resources: { requests: { cpu: "2" }, limits: { cpu: "2" } } },
          ],
        }),
      ),
    ).toMatchObject({ code: 403 });
    await w.delete(`${ranges}?labelSelector=life=one`);
    expect(await items(ranges)).toEqual([]);
    await w.delete(`${space}/pods/filled`, { gracePeriodSeconds: 0 });
  });
  test("ConfigMaps and Secrets refuse empty keys; nodes, leases and two free nodes are there", async () => {
    for (const kind of ["configmaps", "secrets"])
      expect(
        await w.post(`${space}/${kind}`, { metadata: { name: "empty-key" }, data: { "": "" } }),
      ).toMatchObject({ code: 422 });
    const nodes = await items("/api/v1/nodes");
    expect(nodes.filter(({ spec }) => spec.taints === undefined)).toHaveLength(2);
    expect(
      await w.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1"),
    ).toMatchObject({ code: 200 });
    const { body } = await w.get("/version");
    expect(body).toMatchObject({ major: "1", minor: "36" });
  });
});
