/** What each subresource refuses and lets through, in upstream's words. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, type Json, newApi, type Reply } from "#test/support/api.ts";

const inDefault = "/api/v1/namespaces/default";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const merge = { "content-type": "application/merge-patch+json" };
const strategic = { "content-type": "application/strategic-merge-patch+json" };

let api: Api;
const said = ({ code, body }: Reply): readonly unknown[] => [code, body.message];
const makePod = async (name: string, spec: Json = {}): Promise<Json> => {
  const containers = [{ name: "web", image: "nginx" }];
  const body = { metadata: { name }, spec: { containers, ...spec } };
  const { code, body: made } = await api.request("POST", `${inDefault}/pods`, body);
  expect(code).toBe(201);
  return made;
};
beforeAll(async () => {
  api = await newApi();
  const labels = { app: "web" };
  await api.request("POST", deployments, {
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      selector: {
        matchLabels: labels,
        matchExpressions: [{ key: "tier", operator: "NotIn", values: ["b", "a"] }],
      },
      template: { metadata: { labels }, spec: { containers: [{ name: "a", image: "nginx" }] } },
    },
  });
});

describe("a scale", () => {
  const path = `${deployments}/web/scale`;
  const scaleTo = (replicas: number, metadata: Json = {}): Promise<Reply> =>
    api.request("PUT", path, {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "web", namespace: "default", ...metadata },
      spec: { replicas },
    });
  const patch = (body: Json): Promise<Reply> => api.request("PATCH", path, body, merge);

  test("shows the size, and whom it counts", async () => {
    const { metadata } = await api.get(`${deployments}/web`);
    const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
    expect(await api.get(path)).toEqual({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: "app=web,tier notin (a,b)" },
    });
  });
  test("below zero is no size", async () => {
    const wrong =
      'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0';
    expect(said(await scaleTo(-1))).toEqual([422, wrong]);
    expect(said(await patch({ spec: { replicas: -1 } }))).toEqual([422, wrong]);
  });
  test("is meant for one object, by a PUT and by a patch", async () => {
    const { uid } = (await api.get(path)).metadata;
    const failed = `Precondition failed: UID in precondition: other, UID in object meta: ${uid}`;
    expect(said(await scaleTo(3, { uid: "other" }))).toEqual([
      409,
      `Operation cannot be fulfilled on deployments.apps "web": StorageError: invalid object, Code: 4, Key: /registry/deployments/default/web, ResourceVersion: 0, AdditionalErrorMsg: ${failed}`,
    ]);
    expect(said(await patch({ metadata: { uid: "other" } }))).toEqual([
      409,
      `Operation cannot be fulfilled on deployments/scale.apps "web": ${failed}`,
    ]);
  });
  test("of what is not there: read by its name, written by its scale", async () => {
    const nowhere = `${deployments}/nowhere/scale`;
    expect(said(await api.request("GET", nowhere))).toEqual([
      404,
      'deployments.apps "nowhere" not found',
    ]);
    expect(said(await api.request("PATCH", nowhere, {}, merge))).toEqual([
      404,
      'deployments/scale.apps "nowhere" not found',
    ]);
  });
  test("counts as a new generation, and its writer owns the replicas alone", async () => {
    const { code, body } = await api.request("PUT", `${path}?fieldManager=me`, {
      metadata: { name: "web" },
      spec: { replicas: 4 },
    });
    expect([code, body.spec.replicas]).toEqual([200, 4]);
    const { metadata, spec } = await api.get(`${deployments}/web`);
    expect([spec.replicas, metadata.generation]).toEqual([4, 2]);
    const own = metadata.managedFields.find((one: Json) => one.manager === "me");
    expect(own).toMatchObject({
      operation: "Update",
      subresource: "scale",
      apiVersion: "apps/v1",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    });
  });
});

describe("a binding", () => {
  const bindTo = (name: string, more: Json = {}): Promise<Reply> =>
    api.request("POST", `${inDefault}/pods/${name}/binding`, {
      metadata: { name },
      target: { name: "worker-1" },
      ...more,
    });

  test.each<[string, Json, number, string]>([
    ["to no node", { target: {} }, 422, 'Binding "bound" is invalid: target.name: Required value'],
    [
      "to something else",
      { target: { kind: "Pod", name: "a" } },
      422,
      'Binding "bound" is invalid: target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"',
    ],
    [
      "of another name",
      { metadata: { name: "other" } },
      400,
      "name in URL does not match name in Binding object",
    ],
    [
      "of another's uid",
      { metadata: { name: "bound", uid: "other" } },
      409,
      "Precondition failed: UID in precondition: other, UID in object meta: ",
    ],
  ])("%s is refused", async (_, more, code, message) => {
    await api.request("DELETE", `${inDefault}/pods/bound`);
    await makePod("bound");
    const { code: is, body } = await bindTo("bound", more);
    expect(is).toBe(code);
    expect(body.message).toContain(message);
  });

  test("writes the node and what it says of the Pod, once; no new generation", async () => {
    await makePod("once");
    const nominated = { status: { nominatedNodeName: "worker-2" } };
    await api.request("PATCH", `${inDefault}/pods/once/status`, nominated, merge);
    const { code, body } = await bindTo("once", {
      metadata: { name: "once", annotations: { by: "me" } },
    });
    expect([code, body]).toEqual([
      201,
      { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    ]);
    const { metadata, spec, status } = await api.get(`${inDefault}/pods/once`);
    expect([spec.nodeName, metadata.annotations, metadata.generation]).toEqual([
      "worker-1",
      { by: "me" },
      1,
    ]);
    expect(status.nominatedNodeName).toBeUndefined();
    expect(status.conditions).toEqual([
      {
        type: "PodScheduled",
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: expect.any(String),
      },
    ]);
    expect(said(await bindTo("once"))).toEqual([
      409,
      'Operation cannot be fulfilled on pods/binding "once": pod once is already assigned to node "worker-1"',
    ]);
    await api.request("DELETE", `${inDefault}/pods/once`);
    expect(said(await bindTo("once"))).toEqual([
      409,
      'Operation cannot be fulfilled on pods/binding "once": pod once is being deleted, cannot be assigned to a host',
    ]);
  });

  test("waits for the gates", async () => {
    await makePod("gated", { schedulingGates: [{ name: "example.com/wait" }] });
    expect(said(await bindTo("gated"))).toEqual([
      409,
      'Operation cannot be fulfilled on pods/binding "gated": pod gated has non-empty .spec.schedulingGates',
    ]);
  });

  test("by its older path", async () => {
    await makePod("legacy");
    const post = (body: Json, headers = {}): Promise<Reply> =>
      api.request("POST", `${inDefault}/bindings`, body, headers);
    const body = { metadata: { name: "legacy" }, target: { name: "worker-1" } };
    expect(said(await post(body, { "impersonate-user": "jane" }))).toEqual([
      403,
      'bindings is forbidden: User "jane" cannot create resource "bindings" in API group "" in the namespace "default"',
    ]);
    expect(said(await post({ ...body, metadata: {} }))).toEqual([400, "Name parameter required."]);
    expect((await post(body)).code).toBe(201);
    expect((await api.get(`${inDefault}/pods/legacy`)).spec.nodeName).toBe("worker-1");
  });
});

describe("ephemeral containers", () => {
  const path = `${inDefault}/pods/debugged/ephemeralcontainers`;
  const debug = { name: "debug", image: "busybox", targetContainerName: "web" };
  const ask = (list: readonly Json[]): Promise<Reply> =>
    api.request("PATCH", path, { spec: { ephemeralContainers: list } }, merge);

  test("come, with defaults, and nothing else does", async () => {
    await makePod("debugged");
    const { code, body } = await api.request(
      "PATCH",
      path,
      {
        metadata: { labels: { a: "b" } },
        spec: { ephemeralContainers: [debug], hostNetwork: true },
      },
      strategic,
    );
    expect([code, body.metadata.labels, body.spec.hostNetwork, body.metadata.generation]).toEqual([
      200,
      undefined,
      undefined,
      2,
    ]);
    expect(body.spec.ephemeralContainers).toEqual([
      {
        ...debug,
        imagePullPolicy: "Always",
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      },
    ]);
  });
  test.each<[string, readonly Json[], string]>([
    ["go", [], 'existing ephemeral containers "debug" may not be removed'],
    [
      "change",
      [{ ...debug, image: "alpine" }],
      'existing ephemeral containers "debug" may not be changed',
    ],
  ])("never %s", async (_, list, why) => {
    const { code, body } = await ask(list);
    expect([code, body.details.causes]).toEqual([
      422,
      [
        {
          reason: "FieldValueForbidden",
          field: "spec.ephemeralContainers",
          message: `Forbidden: ${why}\n`,
        },
      ],
    ]);
  });
  test("are containers that a Pod may have", async () => {
    const { code, body } = await ask([
      debug,
      { name: "other", image: "a", targetContainerName: "no" },
    ]);
    expect([code, body.details.causes.map(({ field }: Json) => field)]).toEqual([
      422,
      ["spec.ephemeralContainers[1].targetContainerName"],
    ]);
  });
});

describe("a resize", () => {
  const requests = { cpu: "100m", memory: "64Mi" };
  const container = { name: "web", image: "nginx", resources: { requests } };
  const resizeTo = (spec: Json): Promise<Reply> =>
    api.request("PATCH", `${inDefault}/pods/sized/resize`, { spec }, strategic);

  test("changes cpu and memory, and nothing else", async () => {
    await makePod("sized", { containers: [container] });
    const more = { requests: { cpu: "200m", memory: "64Mi" } };
    const { code, body } = await resizeTo({
      containers: [{ name: "web", image: "other", resources: more }],
    });
    expect([code, body.spec.containers[0].image, body.spec.containers[0].resources]).toEqual([
      200,
      "nginx",
      more,
    ]);
    expect(body.metadata.generation).toBe(2);
  });
  test("is refused where it changes the class of the Pod", async () => {
    const limits = { cpu: "200m", memory: "64Mi" };
    expect(said(await resizeTo({ containers: [{ name: "web", resources: { limits } }] }))).toEqual([
      422,
      'Pod "sized" is invalid: spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    ]);
  });
  test("is refused where a Pod may not have it", async () => {
    const { code, body } = await resizeTo({
      containers: [{ name: "web", resources: { requests: { cpu: "-1" } } }],
    });
    expect([code, body.details.causes[0].field]).toEqual([
      422,
      "spec.containers[0].resources.requests[cpu]",
    ]);
  });
});

test("a namespace is finalized by finalizers that are qualified names", async () => {
  await api.request("POST", "/api/v1/namespaces", { metadata: { name: "ending" } });
  const live = await api.get("/api/v1/namespaces/ending");
  const finalizeBy = (finalizers: readonly string[]): Promise<Reply> =>
    api.request("PUT", "/api/v1/namespaces/ending/finalize", { ...live, spec: { finalizers } });
  const { code, body } = await finalizeBy(["kubernetes", "plain"]);
  expect([code, body.details.causes[0].field]).toEqual([422, "spec.finalizers[1]"]);
  const done = await finalizeBy(["kubernetes", "example.com/own"]);
  expect([done.code, done.body.spec.finalizers]).toEqual([200, ["kubernetes", "example.com/own"]]);
});
