import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Api, type Json, newApi } from "#test/support/api.ts";
import { type WebhookServer, webhookServer } from "#test/support/webhook.ts";

let api: Api;
let server: WebhookServer;
/** What the webhook answers instead. */
let instead: ((request: Json) => Json) | undefined;
const merge = { "content-type": "application/merge-patch+json" };

/** v1 has `host` and `port`, v1beta1 both in `address`; `leaves` are `wings` in v1. */
function convert(object: Json, to: string): Json {
  const { spec, ...rest } = object;
  if (to.endsWith("/v1")) {
    const { address, leaves: wings } = spec;
    const [host, port] = address.split(":");
    return { ...rest, apiVersion: to, spec: { host, port: Number(port), wings } };
  }
  const { host, port, wings: leaves } = spec;
  return { ...rest, apiVersion: to, spec: { address: `${host}:${port}`, leaves } };
}
const answer = (request: Json): Json =>
  instead?.(request) ?? {
    result: { status: "Success" },
    convertedObjects: request.objects.map((one: Json) => convert(one, request.desiredAPIVersion)),
  };

const version = (name: string, storage: boolean, replicas: string, properties: Json): Json => ({
  name,
  served: true,
  storage,
  subresources: {
    status: {},
    scale: { specReplicasPath: `.spec.${replicas}`, statusReplicasPath: ".status.open" },
  },
  schema: {
    openAPIV3Schema: {
      type: "object",
      properties: {
        spec: {
          type: "object",
          properties: { ...properties, [replicas]: { type: "integer", maximum: 4 } },
        },
        status: { type: "object", properties: { open: { type: "integer" } } },
      },
    },
  },
});
const text = { type: "string" };

beforeAll(async () => {
  server = await webhookServer({ "/convert": answer });
  const origin = server.origin.replace("http:", "https:");
  // A webhook's address is https; the test's server speaks without.
  const plain = globalThis.fetch;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
    plain(url.replace(origin, server.origin), init),
  );
  api = await newApi({}, { WEBHOOK_ORIGINS: origin });
  await api.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
    metadata: { name: "doors.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "doors", kind: "Door" },
      versions: [
        version("v1", true, "wings", { host: text, port: { type: "integer", minimum: 1 } }),
        version("v1beta1", false, "leaves", { address: { ...text, pattern: ":[0-9]+$" } }),
      ],
      conversion: {
        strategy: "Webhook",
        webhook: {
          conversionReviewVersions: ["v1"],
          clientConfig: { url: `${origin}/convert` },
        },
      },
    },
  });
  await api.advance("1s");
});
beforeEach(() => {
  instead = undefined;
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.close();
});

const doors = (name: string): string => `/apis/example.com/${name}/namespaces/default/doors`;
const door = (name: string, address: string): Json => ({
  apiVersion: "example.com/v1beta1",
  kind: "Door",
  metadata: { name },
  spec: { address },
});

test("a webhook's Service listens at 443 unless it says otherwise", async () => {
  const service = { namespace: "default", name: "hook" };
  const webhook = { clientConfig: { service }, conversionReviewVersions: ["v1"] };
  const { code, body } = await api.request(
    "POST",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All",
    {
      metadata: { name: "gates.example.com" },
      spec: {
        group: "example.com",
        scope: "Cluster",
        names: { plural: "gates", kind: "Gate" },
        versions: [version("v1", true, "wings", {})],
        conversion: { strategy: "Webhook", webhook },
      },
    },
  );
  expect(code, JSON.stringify(body)).toBe(201);
  expect(body.spec.conversion.webhook.clientConfig.service.port).toBe(443);
});

test("what is written in one version is stored in the other, and read in both", async () => {
  const made = await api.request("POST", doors("v1beta1"), door("front", "home:80"));
  expect(made.code, JSON.stringify(made.body)).toBe(201);
  expect(made.body).toMatchObject({
    apiVersion: "example.com/v1beta1",
    metadata: { name: "front", generation: 1 },
    spec: { address: "home:80" },
  });
  expect((await api.get(`${doors("v1")}/front`)).spec).toEqual({ host: "home", port: 80 });
  expect((await api.get(`${doors("v1beta1")}/front`)).spec).toEqual({ address: "home:80" });
  const list = await api.get(doors("v1beta1"));
  expect([list.kind, list.apiVersion]).toEqual(["DoorList", "example.com/v1beta1"]);
  const [item] = list.items;
  expect([item.kind, item.apiVersion, item.spec]).toEqual([
    "Door",
    "example.com/v1beta1",
    { address: "home:80" },
  ]);
});

test("patches apply to what the version shows", async () => {
  const body = { spec: { address: "home:443" } };
  const patched = await api.request("PATCH", `${doors("v1beta1")}/front`, body, merge);
  expect(patched.body).toMatchObject({ spec: body.spec, metadata: { generation: 2 } });
  expect((await api.get(`${doors("v1")}/front`)).spec).toEqual({ host: "home", port: 443 });
});

test("the schema of the request's version judges, not that of the stored one", async () => {
  const bad = await api.request("POST", doors("v1beta1"), door("bad", "home"));
  expect([bad.code, bad.body.message]).toEqual([
    422,
    `Door.example.com "bad" is invalid: spec.address: Invalid value: "home": spec.address in body should match ':[0-9]+$'`,
  ]);
  const good = await api.request("POST", doors("v1beta1"), door("good", "home:0"));
  expect(good.code, JSON.stringify(good.body)).toBe(201);
  const path = `${doors("v1")}/good`;
  const refused = await api.request("PATCH", path, { spec: { port: -1 } }, merge);
  expect([refused.code, refused.body.message]).toEqual([
    422,
    'Door.example.com "good" is invalid: spec.port: Invalid value: -1: spec.port in body should be greater than or equal to 1',
  ]);
  // What it is already may stay.
  expect((await api.request("PATCH", path, { spec: { host: "barn" } }, merge)).code).toBe(200);
  const { body } = await api.request("DELETE", `${doors("v1beta1")}/good`);
  expect(body.status).toBe("Success");
});

test("status and scale are read and written in the request's version", async () => {
  const path = `${doors("v1beta1")}/front`;
  const status = await api.request("PATCH", `${path}/status`, { status: { open: 1 } }, merge);
  expect([status.code, status.body.apiVersion, status.body.status, status.body.spec]).toEqual([
    200,
    "example.com/v1beta1",
    { open: 1 },
    { address: "home:443" },
  ]);
  const scale = await api.request("PATCH", `${path}/scale`, { spec: { replicas: 2 } }, merge);
  expect([scale.code, scale.body.spec, scale.body.status]).toEqual([
    200,
    { replicas: 2 },
    { replicas: 1 },
  ]);
  expect((await api.get(`${doors("v1")}/front`)).spec.wings).toBe(2);
  const { code, body } = await api.request(
    "PATCH",
    `${path}/scale`,
    { spec: { replicas: 5 } },
    merge,
  );
  expect([code, body.message]).toEqual([
    422,
    'Door.example.com "front" is invalid: spec.leaves: Invalid value: 5: spec.leaves in body should be less than or equal to 4',
  ]);
  await api.request("PATCH", path, { spec: { leaves: null } }, merge);
  const none = await api.request("GET", `${path}/scale`);
  expect([none.code, none.body.message]).toEqual([
    500,
    'Internal error occurred: the spec replicas field ".spec.leaves" does not exist',
  ]);
});

const failure = "conversion webhook for example.com/v1beta1, Kind=Door";
/** An answer that converts, but for one thing. */
const but =
  (change: (object: Json) => Json) =>
  ({ objects, desiredAPIVersion }: Json): Json => ({
    result: { status: "Success" },
    convertedObjects: objects.map((one: Json) => change(convert(one, desiredAPIVersion))),
  });
test.each<[string, (request: Json) => Json, string]>([
  [
    "says no",
    () => ({ result: { status: "Failed", message: "not today" }, convertedObjects: [] }),
    `${failure} failed: not today`,
  ],
  [
    "says nothing",
    () => ({ convertedObjects: [] }),
    `${failure} failed: response.result.status was '', not 'Success'`,
  ],
  [
    "forgets an object",
    () => ({ result: { status: "Success" }, convertedObjects: [] }),
    `${failure} returned 0 objects, expected 1`,
  ],
  [
    "converts to something else",
    ({ objects }) => ({ result: { status: "Success" }, convertedObjects: objects }),
    `${failure} returned invalid object at index 0: invalid groupVersion (expected example.com/v1, received example.com/v1beta1)`,
  ],
  [
    "makes another kind of it",
    but((one) => ({ ...one, kind: "Window" })),
    `${failure} returned invalid object at index 0: invalid kind (expected Door, received Window)`,
  ],
  [
    "renames it",
    but((one) => ({ ...one, metadata: { ...one.metadata, name: "found" } })),
    `${failure} returned invalid object: must have the same name: lost != found`,
  ],
  [
    "moves it",
    but((one) => ({ ...one, metadata: { ...one.metadata, namespace: "home" } })),
    `${failure} returned invalid object: must have the same namespace: default != home`,
  ],
  [
    "answers without metadata",
    but(({ metadata: _metadata, ...one }) => one),
    `${failure} returned invalid object: must have the same name: lost != `,
  ],
  [
    "labels it badly",
    but((one) => ({ ...one, metadata: { ...one.metadata, labels: { a: "b c" } } })),
    `${failure} returned invalid metadata: metadata.labels: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  ],
  [
    "labels it with a number",
    but((one) => ({ ...one, metadata: { ...one.metadata, labels: { a: 1 } } })),
    `${failure} returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object`,
  ],
  [
    "answers another request",
    () => ({ uid: "x", result: { status: "Success" }, convertedObjects: [] }),
    `${failure} failed: expected response.uid="UID", got "x"`,
  ],
  [
    "answers nonsense",
    () => ({ status: 200, text: "nonsense" }),
    `${failure} failed: couldn't get version/kind; json parse error: invalid character 'n' looking for beginning of value`,
  ],
  [
    "answers something else",
    () => ({ status: 200, text: JSON.stringify({ kind: "Pod", apiVersion: "v1" }) }),
    `${failure} failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got v1, Kind=Pod`,
  ],
  [
    "is broken",
    () => ({ status: 500, text: "boom" }),
    `${failure} failed: an error on the server ("boom") has prevented the request from succeeding`,
  ],
])("a webhook that %s", async (_, said, message) => {
  instead = said;
  const { code, body } = await api.request("POST", doors("v1beta1"), door("lost", "home:1"));
  expect([code, body.message.replace(/[0-9a-f]{8}-[-0-9a-f]{27}/, "UID")]).toEqual([500, message]);
  instead = undefined;
  expect((await api.request("GET", `${doors("v1")}/lost`)).code).toBe(404);
});

/** The events of a watch, as many as asked for. */
async function events(path: string, count: number, act?: () => Promise<void>): Promise<Json[]> {
  const { body } = await api.fetch("GET", path);
  await act?.();
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.split("\n").length <= count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("a watch tells of every change in its version, in order", async () => {
  const seen = await events(`${doors("v1beta1")}?watch=1`, 4, async () => {
    await api.request("POST", doors("v1"), {
      apiVersion: "example.com/v1",
      kind: "Door",
      metadata: { name: "seen" },
      spec: { host: "a", port: 1 },
    });
    await api.request("PATCH", `${doors("v1")}/seen`, { spec: { port: 2 } }, merge);
    await api.request("DELETE", `${doors("v1")}/seen`);
  });
  expect(
    seen.map(({ type, object }) => [type, object.apiVersion, object.metadata.name, object.spec]),
  ).toEqual([
    ["ADDED", "example.com/v1beta1", "front", { address: "home:443" }],
    ["ADDED", "example.com/v1beta1", "seen", { address: "a:1" }],
    ["MODIFIED", "example.com/v1beta1", "seen", { address: "a:2" }],
    ["DELETED", "example.com/v1beta1", "seen", { address: "a:2" }],
  ]);
});

test("a watch from a revision converts the history", async () => {
  const { metadata } = await api.get(doors("v1"));
  for (const port of [5, 6])
    await api.request("PATCH", `${doors("v1")}/front`, { spec: { port } }, merge);
  const path = `${doors("v1beta1")}?watch=1&resourceVersion=${metadata.resourceVersion}`;
  const seen = await events(path, 2);
  expect(seen.map(({ type, object }) => [type, object.spec.address])).toEqual([
    ["MODIFIED", "home:5"],
    ["MODIFIED", "home:6"],
  ]);
});

test("a watch ends when the webhook fails", async () => {
  instead = () => ({ result: { status: "Failed", message: "gone fishing" } });
  const [event] = await events(`${doors("v1beta1")}?watch=1`, 1);
  expect([event.type, event.object.code, event.object.message]).toEqual([
    "ERROR",
    500,
    "conversion webhook for example.com/v1, Kind=DoorList failed: gone fishing",
  ]);
});

const apply = { "content-type": "application/apply-patch+yaml" };
const applied = (version: string, name: string, spec: Json): Json => ({
  apiVersion: `example.com/${version}`,
  kind: "Door",
  metadata: { name },
  spec,
});
const ownersOf = ({ metadata }: Json): Json =>
  metadata.managedFields.map(({ manager, operation, apiVersion, fieldsV1 }: Json) => [
    manager,
    operation,
    apiVersion,
    fieldsV1["f:spec"],
  ]);

test("a version that is converted can be applied to, and owned", async () => {
  const path = `${doors("v1beta1")}/side?fieldManager=`;
  const first = applied("v1beta1", "side", { address: "garden:8" });
  const made = await api.request("PATCH", `${path}gardener`, first, apply);
  expect(made.code, JSON.stringify(made.body)).toBe(201);
  expect(made.body.spec).toEqual({ address: "garden:8" });
  expect((await api.get(`${doors("v1")}/side`)).spec).toEqual({ host: "garden", port: 8 });
  expect(ownersOf(made.body)).toEqual([
    ["gardener", "Apply", "example.com/v1beta1", { "f:address": {} }],
  ]);
  // Nothing new: no revision.
  const again = await api.request("PATCH", `${path}gardener`, first, apply);
  expect(again.body.metadata).toEqual(made.body.metadata);
  const other = applied("v1beta1", "side", { address: "street:8" });
  const refused = await api.request("PATCH", `${path}thief`, other, apply);
  expect([refused.code, refused.body.message]).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "gardener": .spec.address',
  ]);
});

test("who writes in one version takes what others own in another", async () => {
  const v1 = applied("v1", "side", { host: "street", port: 8 });
  const refused = await api.request("PATCH", `${doors("v1")}/side?fieldManager=thief`, v1, apply);
  expect([refused.code, refused.body.message]).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "gardener": .spec.address',
  ]);
  const forced = await api.request(
    "PATCH",
    `${doors("v1")}/side?fieldManager=thief&force=true`,
    v1,
    apply,
  );
  expect(ownersOf(forced.body)).toEqual([
    ["thief", "Apply", "example.com/v1", { "f:host": {}, "f:port": {} }],
  ]);
});

test("a list selects by what its version shows", async () => {
  const { items } = await api.get(`${doors("v1beta1")}?labelSelector=!none`);
  expect(items.map(({ metadata, spec }: Json) => [metadata.name, spec.address])).toEqual([
    ["front", "home:6"],
    ["side", "street:8"],
  ]);
});

test("a collection is deleted and shown in the request's version", async () => {
  const { code, body } = await api.request("DELETE", doors("v1beta1"));
  expect(code).toBe(200);
  expect(body.items.map(({ spec }: Json) => spec.address)).toEqual(["home:6", "street:8"]);
  expect((await api.get(doors("v1"))).items).toEqual([]);
});
