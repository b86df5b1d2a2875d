/** Service ranges, their addresses, and FlowSchemas: what the API server and its controllers keep in step. */
import { describe, expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
await api.advance("20s");
const services = "/api/v1/namespaces/default/services";
const networking = "/apis/networking.k8s.io/v1";
const flowcontrol = "/apis/flowcontrol.apiserver.k8s.io/v1";
const merge = { "content-type": "application/merge-patch+json" };

const addresses = async (): Promise<Json> =>
  Object.fromEntries(
    (await api.get(`${networking}/ipaddresses`)).items.map(({ metadata, spec }: Json) => [
      metadata.name,
      `${spec.parentRef.resource}/${spec.parentRef.namespace}/${spec.parentRef.name}`,
    ]),
  );
const service = (name: string, spec: Json = {}): Json => ({
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});
const made = async (path: string, body: Json): Promise<Json> => {
  const { code, body: answer } = await api.request("POST", path, body);
  expect(code, JSON.stringify(answer)).toBe(201);
  return answer;
};

describe("addresses of Services", () => {
  test("the cluster's own have theirs", async () => {
    expect(await addresses()).toEqual({
      "10.96.0.1": "services/default/kubernetes",
      "10.96.0.10": "services/kube-system/kube-dns",
    });
    const one = await api.get(`${networking}/ipaddresses/10.96.0.1`);
    expect([one.metadata.labels, one.spec]).toEqual([
      {
        "ipaddress.kubernetes.io/ip-family": "IPv4",
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
      },
      { parentRef: { resource: "services", namespace: "default", name: "kubernetes" } },
    ]);
  });

  test("they come and go with the Service, and with its type", async () => {
    const { spec } = await made(services, service("web"));
    expect((await addresses())[spec.clusterIP]).toBe("services/default/web");
    const external = {
      spec: {
        type: "ExternalName",
        externalName: "x.example.com",
        clusterIP: null,
        clusterIPs: null,
      },
    };
    const changed = await api.request("PATCH", `${services}/web`, external, merge);
    expect(changed.code, JSON.stringify(changed.body)).toBe(200);
    expect((await addresses())[spec.clusterIP]).toBeUndefined();
    const back = await api.request(
      "PATCH",
      `${services}/web`,
      { spec: { type: "ClusterIP" } },
      merge,
    );
    expect((await addresses())[back.body.spec.clusterIP]).toBe("services/default/web");
    await api.request("DELETE", `${services}/web`);
    expect(Object.keys(await addresses())).toHaveLength(2);
  });

  test("neither a dry run, nor a headless or refused Service has one", async () => {
    await api.request("POST", `${services}?dryRun=All`, service("dry"));
    await made(services, service("headless", { clusterIP: "None" }));
    await api.request("POST", services, service("bad", { ports: [{ port: 0 }] }));
    expect(Object.keys(await addresses())).toHaveLength(2);
    await api.request("DELETE", `${services}/headless`);
  });

  test("an address that anybody holds is taken", async () => {
    await made(`${networking}/ipaddresses`, {
      metadata: { name: "10.96.0.77" },
      spec: { parentRef: { group: "example.com", resource: "gates", name: "one" } },
    });
    const { code, body } = await api.request(
      "POST",
      services,
      service("same", { clusterIP: "10.96.0.77" }),
    );
    expect([code, body.message]).toEqual([
      422,
      'Service "same" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.77"]: failed to allocate IP 10.96.0.77: provided IP is already allocated',
    ]);
  });
});

const readyOf = ({ metadata, status }: Json): Json => [
  metadata.finalizers,
  (status?.conditions ?? []).map(({ type, status: is, reason, message }: Json) => [
    type,
    is,
    reason ?? "",
    message,
  ]),
];
const held = ["networking.k8s.io/service-cidr-finalizer"];
const ready = [["Ready", "True", "", "Kubernetes Service CIDR is ready"]];

describe("ranges", () => {
  test("the default one is ready, and comes back", async () => {
    const path = `${networking}/servicecidrs/kubernetes`;
    const before = await api.get(path);
    expect(readyOf(before)).toEqual([held, ready]);
    await api.request("DELETE", path);
    await api.advance("5s");
    expect(readyOf(await api.get(path))).toEqual([
      held,
      [
        [
          "Ready",
          "False",
          "Terminating",
          "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
        ],
      ],
    ]);
    const { body } = await api.request("POST", services, service("late"));
    expect(body.message).toBe(
      "Internal error occurred: failed to allocate a serviceIP: range is full",
    );
    await made(`${networking}/servicecidrs`, {
      metadata: { name: "same" },
      spec: { cidrs: ["10.96.0.0/12"] },
    });
    await api.advance("60s");
    const after = await api.get(path);
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(readyOf(after)).toEqual([held, ready]);
    await api.request("DELETE", `${networking}/servicecidrs/same`);
    await api.advance("15s");
    expect((await api.request("GET", `${networking}/servicecidrs/same`)).code).toBe(404);
  });

  test("another range gives addresses, and stays while one is used", async () => {
    const small = `${networking}/servicecidrs/small`;
    await made(`${networking}/servicecidrs`, {
      metadata: { name: "small" },
      spec: { cidrs: ["192.168.9.0/28"] },
    });
    await api.advance("1s");
    await made(services, service("far", { clusterIP: "192.168.9.5" }));
    for (const clusterIP of ["192.168.9.0", "192.168.9.15", "192.168.10.1"]) {
      const { body } = await api.request("POST", services, service("farther", { clusterIP }));
      expect(body.message).toBe(
        `Service "farther" is invalid: spec.clusterIPs: Invalid value: [${JSON.stringify(clusterIP)}]: failed to allocate IP ${clusterIP}: the provided network does not match the current range`,
      );
    }
    await api.request("DELETE", small);
    await api.advance("60s");
    expect(readyOf(await api.get(small))[1][0].slice(0, 3)).toEqual([
      "Ready",
      "False",
      "Terminating",
    ]);
    await api.request("DELETE", `${services}/far`);
    await api.advance("1s");
    expect((await api.request("GET", small)).code).toBe(404);
  });
});

describe("FlowSchemas", () => {
  const level = (name: string): Json => ({
    metadata: { name },
    spec: {
      type: "Limited",
      limited: { nominalConcurrencyShares: 1, limitResponse: { type: "Reject" } },
    },
  });
  const dangling = async (name: string): Promise<Json> =>
    (await api.get(`${flowcontrol}/flowschemas/${name}`)).status.conditions.map(
      ({ type, status, reason, message }: Json) => [type, status, reason, message],
    );
  const which = 'This FlowSchema references the PriorityLevelConfiguration object named "tiny"';

  test("all that a cluster begins with have their levels", async () => {
    const { items } = await api.get(`${flowcontrol}/flowschemas`);
    expect(items).toHaveLength(11);
    for (const { metadata, status, spec } of items)
      expect(status.conditions, metadata.name).toMatchObject([
        {
          type: "Dangling",
          status: "False",
          reason: "Found",
          message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(spec.priorityLevelConfiguration.name)} and it exists`,
        },
      ]);
  });

  test("one without a level dangles, until it is there", async () => {
    await made(`${flowcontrol}/flowschemas`, {
      metadata: { name: "mine" },
      spec: { priorityLevelConfiguration: { name: "tiny" } },
    });
    await api.advance("1s");
    expect(await dangling("mine")).toEqual([
      ["Dangling", "True", "NotFound", `${which} but there is no such object`],
    ]);
    await made(`${flowcontrol}/prioritylevelconfigurations`, level("tiny"));
    await api.advance("1s");
    expect(await dangling("mine")).toEqual([
      ["Dangling", "False", "Found", `${which} and it exists`],
    ]);
    await api.request("DELETE", `${flowcontrol}/prioritylevelconfigurations/tiny`);
    await api.advance("1s");
    expect((await dangling("mine"))[0].slice(0, 3)).toEqual(["Dangling", "True", "NotFound"]);
  });
});

describe("what the API server wants of flow control", () => {
  const paths: Readonly<Record<string, string>> = {
    schema: `${flowcontrol}/flowschemas`,
    level: `${flowcontrol}/prioritylevelconfigurations`,
  };
  const annotation = "apf.kubernetes.io/autoupdate-spec";
  const read = async (path: string): Promise<Json> => (await api.request("GET", path)).body;
  const shown = async (path: string): Promise<Json> => {
    const { metadata, spec } = await read(path);
    return [metadata?.annotations?.[annotation], spec?.matchingPrecedence ?? spec?.limited];
  };
  const set = async (path: string, patch: Json): Promise<void> => {
    const { code, body } = await api.request("PATCH", path, patch, merge);
    expect(code, JSON.stringify(body)).toBe(200);
  };
  const said = (text: string | null): Json => ({
    metadata: { annotations: { [annotation]: text } },
  });

  test("is as it wants it from the start", async () => {
    for (const path of Object.values(paths))
      for (const { metadata } of (await api.get(path)).items.filter(
        ({ metadata: { name } }: Json) => name !== "mine",
      ))
        expect([metadata.generation, metadata.annotations], metadata.name).toEqual([
          1,
          { [annotation]: "true" },
        ]);
  });

  test.each<[string, string, (path: string) => Promise<unknown>, Json]>([
    ["one that is gone comes back", "probes", (path) => api.request("DELETE", path), ["true", 2]],
    [
      "a mandatory one too, told that it is kept",
      "catch-all",
      (path) => set(path, said("false")),
      ["true", 10_000],
    ],
    [
      "one that is changed is changed back",
      "global-default",
      (path) => set(path, { spec: { matchingPrecedence: 9901 } }),
      ["true", 9900],
    ],
    [
      "but not where somebody says so",
      "service-accounts",
      (path) => set(path, { ...said("f"), spec: { matchingPrecedence: 9001 } }),
      ["f", 9001],
    ],
    [
      "nor where the second change says nothing",
      "kube-scheduler",
      (path) => set(path, { ...said(null), spec: { matchingPrecedence: 801 } }),
      ["false", 801],
    ],
  ])("%s", async (_, name, act, expected) => {
    const path = `${paths["schema"]}/${name}`;
    await act(path);
    await api.advance("61s");
    expect(await shown(path)).toEqual(expected);
  });

  test("the shares of exempt stay as they are set", async () => {
    const path = `${paths["level"]}/exempt`;
    const exempt = { nominalConcurrencyShares: 7, lendablePercent: 9 };
    await set(path, { spec: { exempt } });
    await api.advance("61s");
    expect((await read(path)).spec.exempt).toEqual(exempt);
  });

  test("what it does not know and is said to be its own goes", async () => {
    const metadata = { name: "former", annotations: { [annotation]: "true" } };
    const spec = { priorityLevelConfiguration: { name: "exempt" } };
    await made(paths["schema"]!, { metadata, spec });
    await api.advance("61s");
    expect((await read(`${paths["schema"]}/former`)).code).toBe(404);
    expect((await read(`${paths["schema"]}/mine`)).kind).toBe("FlowSchema");
  });
});
