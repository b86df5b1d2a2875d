/** Endpoints written by hand, and the slices they become. Upstream: pkg/controller/endpointslicemirroring/reconciler_test.go. */
import { describe, expect, test } from "vitest";
import { repacked } from "#controllers/endpoint-slice-mirroring/subsets.ts";
import { type Json, newApi } from "#test/support/api.ts";

const http = { name: "http", port: 80, protocol: "TCP" };
const https = { name: "https", port: 443, protocol: "TCP" };
const at = (...ips: string[]): Json[] => ips.map((ip) => ({ ip }));

test.each([
  [
    "ports of the same addresses are together",
    [
      { addresses: at("10.0.0.1"), ports: [http] },
      { addresses: at("10.0.0.1"), ports: [https] },
    ],
    [[["http", "https"], ["10.0.0.1 ready"]]],
  ],
  [
    "ports of others are not",
    [
      { addresses: at("10.0.0.1", "10.0.0.2"), ports: [http] },
      { addresses: at("10.0.0.2"), ports: [https] },
    ],
    [
      [["http"], ["10.0.0.1 ready", "10.0.0.2 ready"]],
      [["https"], ["10.0.0.2 ready"]],
    ],
  ],
  [
    "not ready once is not ready",
    [
      { addresses: at("10.0.0.1", "10.0.0.2"), ports: [http] },
      { notReadyAddresses: at("10.0.0.1"), ports: [http] },
    ],
    [[["http"], ["10.0.0.2 ready", "10.0.0.1 not"]]],
  ],
  ["no ports at all", [{ addresses: at("10.0.0.1") }], [[[], ["10.0.0.1 ready"]]]],
] as const)("%s", (_, subsets, expected) => {
  const found = repacked(subsets as never).map(({ ports, addresses }) => [
    ports.map(({ name }) => name),
    addresses.map(({ address, ready }) => `${address.ip} ${ready ? "ready" : "not"}`),
  ]);
  expect(found).toEqual(expected);
});

describe("mirrored slices", async () => {
  const api = await newApi();
  await api.advance("20s");
  const core = "/api/v1/namespaces/default";
  const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
  const merge = { "content-type": "application/merge-patch+json" };
  const asked = async (method: string, path: string, body?: Json): Promise<Json> => {
    const patched = method === "PATCH" ? merge : {};
    const { code, body: answer } = await api.request(method, path, body, patched);
    expect(code, JSON.stringify(answer)).toBeLessThan(300);
    await api.advance("2s");
    return answer;
  };
  const mirrorsOf = async (name: string): Promise<Json[]> =>
    (await api.get(`${slices}?labelSelector=kubernetes.io/service-name=${name}`)).items;
  const service = (name: string): Json => ({ metadata: { name }, spec: { ports: [http] } });
  const endpoints = (name: string, subsets: Json, more: Json = {}): Json => ({
    metadata: { name, ...more },
    subsets,
  });

  test("come, change and go with the Endpoints", async () => {
    const labels = { tier: "a" };
    const annotations = { note: "b", "endpoints.kubernetes.io/last-change-trigger-time": "c" };
    await asked("POST", `${core}/services`, service("own"));
    const { metadata: owner } = await asked(
      "POST",
      `${core}/endpoints`,
      endpoints(
        "own",
        [{ addresses: at("10.9.0.1"), notReadyAddresses: at("10.9.0.2"), ports: [http] }],
        { labels, annotations },
      ),
    );
    const [made] = await mirrorsOf("own");
    expect(made).toMatchObject({
      addressType: "IPv4",
      endpoints: [
        { addresses: ["10.9.0.1"], conditions: { ready: true } },
        { addresses: ["10.9.0.2"], conditions: { ready: false } },
      ],
      ports: [http],
      metadata: {
        labels: {
          tier: "a",
          "kubernetes.io/service-name": "own",
          "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
        },
        ownerReferences: [{ kind: "Endpoints", uid: owner.uid, controller: true }],
      },
    });
    expect(made.metadata.annotations).toEqual({ note: "b" });
    expect(made.metadata.name).toMatch(/^own-[a-z0-9]{5}$/);
    await asked("PATCH", `${core}/endpoints/own`, {
      subsets: [{ addresses: at("10.9.0.3", "fd00::3"), ports: [https] }],
    });
    const all = await mirrorsOf("own");
    expect(
      all.map(({ addressType, endpoints: [one], ports }) => [
        addressType,
        one.addresses[0],
        ports[0].port,
      ]),
    ).toEqual([
      ["IPv4", "10.9.0.3", 443],
      ["IPv6", "fd00::3", 443],
    ]);
    // The old one is written over.
    expect(all[0].metadata.name).toBe(made.metadata.name);
    await asked("DELETE", `${core}/endpoints/own`);
    expect(await mirrorsOf("own")).toEqual([]);
  });

  const subsets = [{ addresses: at("10.9.0.9"), ports: [http] }];
  const skip = { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } };
  const led = { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } };
  test.each([
    ["say that they are not to be", skip],
    ["are somebody's lock", led],
  ])("there are none of Endpoints that %s", async (what, metadata) => {
    const name = what.replaceAll(/[^a-z]/g, "-");
    await asked("POST", `${core}/services`, service(name));
    await asked("POST", `${core}/endpoints`, endpoints(name, subsets, metadata));
    expect(await mirrorsOf(name)).toEqual([]);
  });

  test("wait for their Service, and go when it has a selector", async () => {
    await asked("POST", `${core}/endpoints`, endpoints("late", subsets));
    expect(await mirrorsOf("late")).toEqual([]);
    await asked("POST", `${core}/services`, service("late"));
    expect(await mirrorsOf("late")).toHaveLength(1);
    await asked("PATCH", `${core}/services/late`, { spec: { selector: { app: "late" } } });
    const managers = (await mirrorsOf("late")).map(
      ({ metadata }) => metadata.labels["endpointslice.kubernetes.io/managed-by"],
    );
    expect(managers).toEqual(["endpointslice-controller.k8s.io"]);
  });

  test("what is deleted by hand comes back", async () => {
    await asked("POST", `${core}/services`, service("again"));
    await asked("POST", `${core}/endpoints`, endpoints("again", subsets));
    const [first] = await mirrorsOf("again");
    await asked("DELETE", `${slices}/${first.metadata.name}`);
    const [second] = await mirrorsOf("again");
    expect(second.endpoints).toEqual(first.endpoints);
  });
});
