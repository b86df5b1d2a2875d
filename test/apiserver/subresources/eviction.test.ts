/** Evictions and the budgets that refuse them, with the disruption controller behind it: upstream's EvictionREST and DisruptionController. */
import { beforeAll, describe, expect, test } from "vitest";
import { timeText } from "#apimachinery/time.ts";
import { type Api, type Json, newApi } from "#test/support/api.ts";

const inDefault = "/api/v1/namespaces/default";
const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const merge = { "content-type": "application/merge-patch+json" };
const violated = "Cannot evict pod as it would violate the pod's disruption budget.";

let api: Api;
const post = (path: string, body: Json): ReturnType<Api["request"]> =>
  api.request("POST", path, body);
const evict = (name: string, more: Json = {}, query = ""): ReturnType<Api["request"]> =>
  post(`${inDefault}/pods/${name}/eviction${query}`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace: "default" },
    ...more,
  });
const podsOf = async (app: string): Promise<Json[]> =>
  (await api.get(`${inDefault}/pods?labelSelector=app%3D${app}`)).items;
const budget = (name: string): Promise<Json> => api.get(`${budgets}/${name}`);
const makeBudget = async (name: string, spec: Json): Promise<void> => {
  const app = spec.app ?? name;
  const { app: _, ...rest } = spec;
  const body = { metadata: { name }, spec: { selector: { matchLabels: { app } }, ...rest } };
  expect((await post(budgets, body)).code).toBe(201);
};
const makeDeployment = async (app: string, replicas: number, image = "nginx"): Promise<void> => {
  const labels = { app };
  const body = {
    metadata: { name: app },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image }] } },
    },
  };
  expect((await post(deployments, body)).code).toBe(201);
  await api.advance("30s");
};
const makePod = async (name: string, spec: Json = {}): Promise<Json> => {
  const containers = [{ name: "web", image: "nginx" }];
  const body = { metadata: { name, labels: { app: name } }, spec: { containers, ...spec } };
  return (await post(`${inDefault}/pods`, body)).body;
};
const condition = (object: Json, type: string): Json =>
  object.status.conditions?.find((one: Json) => one.type === type);

beforeAll(async () => {
  api = await newApi();
});

describe("what an Eviction must be", () => {
  test.each<[string, Json, number, string]>([
    ["without a name", { metadata: {} }, 400, "name in URL does not match name in Eviction object"],
    [
      "of another name",
      { metadata: { name: "other" } },
      400,
      "name in URL does not match name in Eviction object",
    ],
    [
      "of another namespace",
      { metadata: { name: "shape", namespace: "kube-system" } },
      400,
      "the namespace of the provided object does not match the namespace sent on the request",
    ],
    [
      "of another version",
      { apiVersion: "policy/v2" },
      400,
      'Eviction in version "v2" cannot be handled as a Eviction: no kind "Eviction" is registered for version "policy/v2" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      "with options that contradict each other",
      { deleteOptions: { propagationPolicy: "Orphan", orphanDependents: true } },
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ],
  ])("%s it is refused", async (_, more, code, message) => {
    await makePod("shape");
    const { code: is, body } = await evict("shape", more);
    expect([is, body.message]).toEqual([code, message]);
  });

  test("by its older version it is one, too", async () => {
    await makePod("older");
    const { code, body } = await evict("older", { apiVersion: "policy/v1beta1" });
    expect([code, body]).toEqual([
      201,
      { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    ]);
  });

  test("a Pod that is not there", async () => {
    const { code, body } = await evict("nowhere");
    expect([code, body.message]).toEqual([404, 'pods "nowhere" not found']);
  });

  test("a dry run leaves no trace, asked for by the path or by the object", async () => {
    await makePod("dry");
    await makeBudget("dry", { minAvailable: 0 });
    await api.advance("30s");
    const before = [await api.get(`${inDefault}/pods/dry`), await budget("dry")];
    expect(before[1].status.disruptionsAllowed).toBe(1);
    expect((await evict("dry", {}, "?dryRun=All")).code).toBe(201);
    expect((await evict("dry", { deleteOptions: { dryRun: ["All"] } })).code).toBe(201);
    expect([await api.get(`${inDefault}/pods/dry`), await budget("dry")]).toEqual(before);
  });

  test.each<[string, Json, string]>([
    ["uid", { uid: "other" }, "UID"],
    ["resourceVersion", { resourceVersion: "1" }, "ResourceVersion"],
  ])("its precondition on the %s holds", async (_, preconditions, what) => {
    await makePod("meant");
    const pod = await api.get(`${inDefault}/pods/meant`);
    const { code, body } = await evict("meant", { deleteOptions: { preconditions } });
    const wanted = preconditions.uid ?? preconditions.resourceVersion;
    const is = preconditions.uid === undefined ? pod.metadata.resourceVersion : pod.metadata.uid;
    const so = preconditions.uid === undefined ? "modified" : "deleted and then recreated";
    expect([code, body.message]).toEqual([
      409,
      `Operation cannot be fulfilled on Pod "meant": the ${what} in the precondition (${wanted}) does not match the ${what} in record (${is}). The object might have been ${so}`,
    ]);
    expect(await api.get(`${inDefault}/pods/meant`)).toEqual(pod);
  });
});

test("an evicted Pod says why it goes, before it does; nobody owns that", async () => {
  await makeDeployment("said", 1);
  const [pod] = await podsOf("said");
  expect((await evict(pod.metadata.name)).code).toBe(201);
  const going = await api.get(`${inDefault}/pods/${pod.metadata.name}?`);
  expect(condition(going, "DisruptionTarget")).toEqual({
    type: "DisruptionTarget",
    status: "True",
    observedGeneration: 1,
    lastProbeTime: null,
    lastTransitionTime: expect.any(String),
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  });
  expect(going.metadata.deletionGracePeriodSeconds).toBe(30);
  expect(JSON.stringify(going.metadata.managedFields)).not.toContain("DisruptionTarget");
});

describe("a budget", () => {
  test("of 2 of 3: one goes, the next is refused until another is ready", async () => {
    await makeDeployment("web", 3);
    await makeBudget("web", { minAvailable: 2 });
    const pods = await podsOf("web");
    // Nobody has looked at it yet.
    const early = await evict(pods[0].metadata.name);
    expect([early.code, early.headers.get("retry-after"), early.body]).toEqual([
      429,
      "10",
      {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: violated,
        reason: "TooManyRequests",
        details: {
          causes: [
            {
              reason: "DisruptionBudget",
              message: "The disruption budget web is still being processed by the server.",
            },
          ],
          retryAfterSeconds: 10,
        },
        code: 429,
      },
    ]);
    await api.advance("1s");
    expect((await budget("web")).status).toEqual({
      observedGeneration: 1,
      disruptionsAllowed: 1,
      currentHealthy: 3,
      desiredHealthy: 2,
      expectedPods: 3,
      conditions: [
        {
          type: "DisruptionAllowed",
          status: "True",
          observedGeneration: 1,
          lastTransitionTime: expect.any(String),
          reason: "SufficientPods",
          message: "",
        },
      ],
    });
    const [first, second] = pods.map(({ metadata }) => metadata.name);
    expect((await evict(first)).code).toBe(201);
    // Paid at once, before the controller looks.
    const paid = await budget("web");
    expect(paid.status).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { [first]: expect.any(String) },
      conditions: [{ status: "False", reason: "InsufficientPods" }],
    });
    expect(paid.metadata.managedFields.at(-1)).toMatchObject({ subresource: "status" });
    const refused = await evict(second);
    expect([refused.code, refused.headers.get("retry-after"), refused.body.details]).toEqual([
      429,
      null,
      {
        causes: [
          {
            reason: "DisruptionBudget",
            message: "The disruption budget web needs 2 healthy pods and has 3 currently",
          },
        ],
      },
    ]);
    await api.advance("60s");
    const later = await budget("web");
    expect(later.status).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 3 });
    expect(later.status.disruptedPods).toBeUndefined();
    expect((await evict(second)).code).toBe(201);
  });

  test.each<[string, Json, Json]>([
    ["minAvailable 50%", { minAvailable: "50%" }, { desiredHealthy: 3, disruptionsAllowed: 2 }],
    ["maxUnavailable 1", { maxUnavailable: 1 }, { desiredHealthy: 4, disruptionsAllowed: 1 }],
    ["maxUnavailable 30%", { maxUnavailable: "30%" }, { desiredHealthy: 3, disruptionsAllowed: 2 }],
    [
      "maxUnavailable 100%",
      { maxUnavailable: "100%" },
      { desiredHealthy: 0, disruptionsAllowed: 5 },
    ],
    ["minAvailable 7", { minAvailable: 7 }, { desiredHealthy: 7, disruptionsAllowed: 0 }],
    ["nothing at all", {}, { desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }],
  ])("%s of five replicas", async (name, spec, counts) => {
    if ((await podsOf("five")).length === 0) await makeDeployment("five", 5);
    const own = `five-${name.replaceAll(/\W/g, "-").toLowerCase()}x`;
    await makeBudget(own, { app: "five", ...spec });
    await api.advance("1s");
    expect((await budget(own)).status).toMatchObject({
      currentHealthy: 5,
      expectedPods: 5,
      ...counts,
    });
    await api.request("DELETE", `${budgets}/${own}`);
  });

  test("counts what the Deployment is scaled to, as soon as it is", async () => {
    await makeDeployment("sized", 2);
    await makeBudget("sized", { maxUnavailable: 1 });
    await api.advance("1s");
    await api.request("PATCH", `${deployments}/sized/scale`, { spec: { replicas: 4 } }, merge);
    await api.advance("1s");
    expect((await budget("sized")).status).toMatchObject({ expectedPods: 4, desiredHealthy: 3 });
  });

  test("two for one Pod: 500, and the Pod stays", async () => {
    await makeDeployment("twice", 1);
    await makeBudget("twice-a", { app: "twice", minAvailable: 0 });
    await makeBudget("twice-b", { app: "twice", minAvailable: 0 });
    await api.advance("1s");
    const [pod] = await podsOf("twice");
    const { code, body } = await evict(pod.metadata.name);
    expect([code, body]).toEqual([
      500,
      {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message:
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
        code: 500,
      },
    ]);
    const { items } = await api.get(`${inDefault}/events`);
    expect(items.map(({ reason, message }: Json) => `${reason}: ${message}`)).toContain(
      `MultiplePodDisruptionBudgets: Pod "default"/"${pod.metadata.name}" matches multiple PodDisruptionBudgets.  Chose "twice-a" arbitrarily.`,
    );
  });

  test("does not keep a Pod that does not run yet, or runs no more", async () => {
    const command = ["true"];
    const containers = [{ name: "once", image: "busybox", command }];
    await makePod("over", { containers, restartPolicy: "Never" });
    await makePod("pending", { nodeSelector: { no: "node" } });
    for (const name of ["over", "pending"]) await makeBudget(name, { minAvailable: 1 });
    await api.advance("30s");
    expect((await api.get(`${inDefault}/pods/over`)).status.phase).toBe("Succeeded");
    for (const name of ["over", "pending"]) {
      expect((await budget(name)).status.disruptionsAllowed).toBe(0);
      expect((await evict(name)).code).toBe(201);
      expect((await api.request("GET", `${inDefault}/pods/${name}`)).code).toBe(404);
    }
  });

  test.each<[string, string | undefined, number]>([
    ["IfHealthyBudget by default: refused", undefined, 429],
    ["AlwaysAllow: goes, and costs nothing", "AlwaysAllow", 201],
  ])("whose Pods are not ready, %s", async (name, unhealthyPodEvictionPolicy, code) => {
    const app = name.startsWith("Always") ? "always" : "healthy";
    const readinessProbe = { exec: { command: ["false"] }, periodSeconds: 5 };
    const containers = [{ name: "web", image: "nginx", readinessProbe }];
    await makePod(app, { containers });
    await makeBudget(app, {
      minAvailable: 1,
      ...(unhealthyPodEvictionPolicy === undefined ? {} : { unhealthyPodEvictionPolicy }),
    });
    await api.advance("30s");
    const before = await budget(app);
    expect(before.status).toMatchObject({ currentHealthy: 0, desiredHealthy: 1 });
    expect((await evict(app)).code).toBe(code);
    expect((await budget(app)).status).toEqual(before.status);
  });

  test("that has enough without it lets an unready Pod go", async () => {
    await makeDeployment("enough", 2);
    await makeBudget("enough", { minAvailable: 2 });
    const readinessProbe = { exec: { command: ["false"] }, periodSeconds: 5 };
    const body = {
      metadata: { name: "enough-unready", labels: { app: "enough" } },
      spec: { containers: [{ name: "web", image: "nginx", readinessProbe }] },
    };
    await post(`${inDefault}/pods`, body);
    await api.advance("30s");
    const { status } = await budget("enough");
    expect(status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
    expect((await evict("enough-unready")).code).toBe(201);
  });

  test("of Pods without a controller says so", async () => {
    await makePod("alone");
    await makeBudget("alone", { maxUnavailable: 1 });
    await api.advance("30s");
    expect((await budget("alone")).status).toMatchObject({
      expectedPods: 0,
      disruptionsAllowed: 0,
    });
    const { items } = await api.get(
      `${inDefault}/events?fieldSelector=involvedObject.name%3Dalone,reason%3DUnmanagedPods`,
    );
    expect(items[0]).toMatchObject({
      type: "Warning",
      source: { component: "controllermanager" },
      message:
        'Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: alone,},MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.',
    });
  });

  test("of Pods whose controller has no size allows nothing, and says why", async () => {
    const labels = { app: "agent" };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: "a", image: "nginx" }] },
    };
    const body = {
      metadata: { name: "agent" },
      spec: { selector: { matchLabels: labels }, template },
    };
    await post("/apis/apps/v1/namespaces/default/daemonsets", body);
    await makeBudget("agent", { maxUnavailable: 1 });
    await api.advance("30s");
    expect((await budget("agent")).status).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [
        {
          type: "DisruptionAllowed",
          status: "False",
          reason: "SyncFailed",
          message: "daemonsets.apps does not implement the scale subresource",
        },
      ],
    });
  });

  test("of no Pods tells it once", async () => {
    await makeBudget("nobody", { minAvailable: 1 });
    await api.advance("5m");
    const { items } = await api.get(
      `${inDefault}/events?fieldSelector=involvedObject.name%3Dnobody`,
    );
    expect(items.map(({ reason, message, count }: Json) => [reason, message, count])).toEqual([
      ["NoPods", "No matching pods found", 1],
    ]);
  });
});

test("a Pod that was to go and stays counts again after two minutes, and waits for its end no more", async () => {
  await makeDeployment("stays", 2);
  await makeBudget("stays", { minAvailable: 1 });
  await api.advance("1s");
  const [
    {
      metadata: { name },
    },
  ] = (await podsOf("stays")) as [Json];
  // As an API server that died between the budget and the deletion.
  const { status } = await budget("stays");
  const { nowMs } = await api.get("/-/clock");
  const now = timeText(nowMs);
  const { code } = await api.request(
    "PATCH",
    `${budgets}/stays/status`,
    { status: { ...status, disruptionsAllowed: 0, disruptedPods: { [name]: now } } },
    merge,
  );
  expect(code).toBe(200);
  const conditions = [
    {
      type: "DisruptionTarget",
      status: "True",
      reason: "EvictionByEvictionAPI",
      lastTransitionTime: now,
    },
  ];
  const strategic = { "content-type": "application/strategic-merge-patch+json" };
  await api.request(
    "PATCH",
    `${inDefault}/pods/${name}/status`,
    { status: { conditions } },
    strategic,
  );
  await api.advance("100s");
  expect((await budget("stays")).status).toMatchObject({
    currentHealthy: 1,
    disruptedPods: { [name]: expect.any(String) },
  });
  await api.advance("30s");
  const late = await budget("stays");
  expect(late.status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 });
  expect(late.status.disruptedPods).toBeUndefined();
  const pod = await api.get(`${inDefault}/pods/${name}`);
  expect(condition(pod, "DisruptionTarget")).toMatchObject({ status: "False" });
  expect(condition(pod, "DisruptionTarget").reason).toBeUndefined();
  const { items } = await api.get(`${inDefault}/events?fieldSelector=reason%3DNotDeleted`);
  expect(items[0].message).toBe(
    "Pod was expected by PDB default/default to be deleted but it wasn't",
  );
});
