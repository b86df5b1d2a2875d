import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Api, type Json, newApi } from "#test/support/api.ts";
import { type WebhookServer, webhookServer } from "#test/support/webhook.ts";

let api: Api;
let server: WebhookServer;
/** What the webhook answers instead. */
let instead: ((request: Json) => Json) | undefined;
const merge = { "content-type": "application/merge-patch+json" };

/** v1 has `host` and `port`, v1beta1 both in `address`. */
function convert(object: Json, to: string): Json {
  const { spec, ...rest } = object;
  if (to.endsWith("/v1")) {
    const [host, port] = spec.address.split(":");
    return { ...rest, apiVersion: to, spec: { host, port: Number(port) } };
  }
  return { ...rest, apiVersion: to, spec: { address: `${spec.host}:${spec.port}` } };
}
const answer = (request: Json): Json =>
  instead?.(request) ?? {
    result: { status: "Success" },
    convertedObjects: request.objects.map((one: Json) => convert(one, request.desiredAPIVersion)),
  };

const version = (name: string, storage: boolean, properties: Json): Json => ({
  name,
  served: true,
  storage,
  schema: {
    openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } },
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
        version("v1", true, { host: text, port: { type: "integer", minimum: 1 } }),
        version("v1beta1", false, { address: text }),
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
  expect(list.items.map(({ spec }: Json) => spec)).toEqual([{ address: "home:80" }]);
});

test("patches apply to what the version shows", async () => {
  const body = { spec: { address: "home:443" } };
  const patched = await api.request("PATCH", `${doors("v1beta1")}/front`, body, merge);
  expect(patched.body).toMatchObject({ spec: body.spec, metadata: { generation: 2 } });
  expect((await api.get(`${doors("v1")}/front`)).spec).toEqual({ host: "home", port: 443 });
});

test("the stored version's schema judges", async () => {
  const { code, body } = await api.request("POST", doors("v1beta1"), door("bad", "home:0"));
  expect([code, body.message]).toEqual([
    422,
    'Door.example.com "bad" is invalid: spec.port: Invalid value: 0: spec.port in body should be greater than or equal to 1',
  ]);
});

const failure = "conversion webhook for example.com/v1beta1, Kind=Door";
test.each<[string, (request: Json) => Json, string]>([
  [
    "says no",
    () => ({ result: { status: "Failed", message: "not today" }, convertedObjects: [] }),
    `${failure} failed: not today`,
  ],
  [
    "forgets an object",
    () => ({ result: { status: "Success" }, convertedObjects: [] }),
    `${failure} returned 0 objects, expected 1`,
  ],
  [
    "converts to something else",
    ({ objects }) => ({ result: { status: "Success" }, convertedObjects: objects }),
    `${failure} returned invalid converted object at index 0: invalid groupVersion (expected example.com/v1, received example.com/v1beta1)`,
  ],
  [
    "answers nonsense",
    () => ({ status: 200, text: "nonsense" }),
    `${failure} failed: no response provided`,
  ],
])("a webhook that %s", async (_, said, message) => {
  instead = said;
  const { code, body } = await api.request("POST", doors("v1beta1"), door("lost", "home:1"));
  expect([code, body.message]).toEqual([500, message]);
  instead = undefined;
  expect((await api.request("GET", `${doors("v1")}/lost`)).code).toBe(404);
});

test("what is converted cannot be watched", async () => {
  const { code } = await api.request("GET", `${doors("v1beta1")}?watch=1`);
  expect(code).toBe(405);
});
