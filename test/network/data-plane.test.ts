/** Where a connection ends: by the rules of the nodes it passes, told as tables. */
import { describe, expect, it } from "vitest";
import type { V1Node, V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { SharedInformers } from "#client/shared-informers.ts";
import { draw } from "#cluster/random.ts";
import type { Machines, Opened, Origin, Server } from "#network/connection.ts";
import { DataPlane } from "#network/data-plane.ts";
import { KubeProxies } from "#network/proxy.ts";

const node = (n: number): V1Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: `worker-${n}` },
  spec: { podCIDR: `10.244.${n}.0/24` },
  status: { addresses: [{ type: "InternalIP", address: `172.18.0.${n + 2}` }] },
});
const service = (name: string, spec: object): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec: { type: "ClusterIP", ports: [{ port: 80, protocol: "TCP", targetPort: 80 }], ...spec },
});
const slice = (
  name: string,
  ...endpoints: readonly (readonly [string, string, boolean?])[]
): V1EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: `${name}-abcde`,
    namespace: "default",
    labels: { "kubernetes.io/service-name": name },
  },
  addressType: "IPv4",
  endpoints: endpoints.map(([ip, nodeName, ready = true]) => ({
    addresses: [ip],
    nodeName,
    conditions: { ready, serving: ready, terminating: false },
  })),
  ports: [{ name: "", port: 8080, protocol: "TCP" }],
});

/** Pods that listen on 8080, by address. */
const pods: Readonly<Record<string, string>> = {
  "10.244.1.5": "worker-1",
  "10.244.2.5": "worker-2",
  "10.244.2.6": "worker-2",
};
const server: Server = { answer: () => undefined };
const machines: Machines = {
  listener: (name, { ip, port }) => {
    const isNode = ip.startsWith("127.") || ip === `172.18.0.${Number(name.slice(-1)) + 2}`;
    if (isNode) return port === 10_250 ? server : "closed";
    return pods[ip] !== name ? "nobody" : port === 8080 ? server : "closed";
  },
};

const nodePort = { ports: [{ port: 80, protocol: "TCP", nodePort: 30_080 }] };
const objects: Readonly<Record<string, readonly KubeObject[]>> = {
  "v1/Node": [node(1), node(2)],
  "v1/Service": [
    service("web", { clusterIP: "10.96.0.20" }),
    service("empty", { clusterIP: "10.96.0.21" }),
    service("here", { clusterIP: "10.96.0.22", internalTrafficPolicy: "Local" }),
    service("outer", { clusterIP: "10.96.0.23", type: "NodePort", ...nodePort }),
    service("sticky", { clusterIP: "10.96.0.24", sessionAffinity: "ClientIP" }),
    service("unready", { clusterIP: "10.96.0.25" }),
  ],
  "discovery.k8s.io/v1/EndpointSlice": [
    slice(
      "web",
      ["10.244.1.5", "worker-1"],
      ["10.244.2.5", "worker-2"],
      ["10.244.2.6", "worker-2"],
    ),
    slice("here", ["10.244.2.5", "worker-2"]),
    slice("outer", ["10.244.2.5", "worker-2"]),
    slice("sticky", ["10.244.1.5", "worker-1"], ["10.244.2.5", "worker-2"]),
    slice("unready", ["10.244.2.5", "worker-2", false]),
  ],
};

function plane(): DataPlane {
  const proxies = new KubeProxies({
    clusterCidr: "10.244.0.0/16",
    memory: { get: () => undefined, put: () => undefined, delete: () => undefined },
  });
  const informers = new SharedInformers(
    {
      call: () => {
        throw new Error("nothing is written");
      },
      listAndWatch: (_, kind) => ({ objects: objects[kind] ?? [], revision: 1 }),
    },
    proxies.identity(),
  );
  proxies.start(informers, () => undefined);
  informers.run();
  return new DataPlane({
    proxies,
    machines,
    clusterCidr: "10.244.0.0/16",
    random: (purpose, key) => draw(7, purpose, key),
  });
}

const pod: Origin = { node: "worker-1", ip: "10.244.1.9", hostNetwork: false };
const host: Origin = { node: "worker-1", ip: "172.18.0.3", hostNetwork: true };
const told = (opened: Opened): string =>
  opened.state === "open"
    ? `${opened.to.ip}:${opened.to.port} on ${opened.toNode} from ${opened.fromIp}`
    : opened.state;
const opened = (origin: Origin, address: string, attempt = "0"): string => {
  const [ip = "", port = ""] = address.split(":");
  const to = { ip, port: Number(port) };
  return told(plane().open(origin, { to, protocol: "tcp", attempt }));
};

describe("from a Pod", () => {
  it.each([
    [
      "a Pod on another node, as it is",
      "10.244.2.5:8080",
      "10.244.2.5:8080 on worker-2 from 10.244.1.9",
    ],
    ["a port nobody listens on", "10.244.2.5:81", "refused"],
    ["an address of the range that no Pod has", "10.244.2.77:80", "unreachable"],
    ["its own loopback: nobody listens", "127.0.0.1:8080", "unreachable"],
    ["a Service without endpoints", "10.96.0.21:80", "refused"],
    ["a Service whose endpoints are not ready", "10.96.0.25:80", "refused"],
    ["a port that the Service does not have", "10.96.0.20:81", "unanswered"],
    ["local endpoints alone, none on this node", "10.96.0.22:80", "unanswered"],
    [
      "a node port of its own node",
      "172.18.0.3:30080",
      "10.244.2.5:8080 on worker-2 from 172.18.0.3",
    ],
    [
      "a node port of the endpoint's node",
      "172.18.0.4:30080",
      "10.244.2.5:8080 on worker-2 from 10.244.2.1",
    ],
    ["a port of a node that nobody has", "172.18.0.4:30081", "refused"],
    ["what listens on a node", "172.18.0.4:10250", "172.18.0.4:10250 on worker-2 from 10.244.1.9"],
    ["an address outside", "93.184.216.34:80", "unanswered"],
  ])("%s: %s", (_, address, expected) => expect(opened(pod, address)).toBe(expected));

  it("to itself behind a Service comes from the bridge", () => {
    const self: Origin = { node: "worker-2", ip: "10.244.2.5", hostNetwork: false };
    expect(opened(self, "10.96.0.22:80")).toBe("10.244.2.5:8080 on worker-2 from 10.244.2.1");
  });
});

it("a process of the node reaches a node port by loopback", () => {
  expect(opened(host, "127.0.0.1:30080")).toBe("10.244.2.5:8080 on worker-2 from 172.18.0.3");
  expect(opened(host, "127.0.0.1:10250")).toBe("127.0.0.1:10250 on worker-1 from 127.0.0.1");
});

describe("the dice", () => {
  const ends = (address: string, origin = pod): Record<string, number> => {
    const one = plane();
    const [ip = ""] = address.split(":");
    const count: Record<string, number> = {};
    for (let n = 0; n < 600; n += 1) {
      const found = one.open(origin, { to: { ip, port: 80 }, protocol: "tcp", attempt: `${n}` });
      const to = found.state === "open" ? found.to.ip : found.state;
      count[to] = (count[to] ?? 0) + 1;
    }
    return count;
  };
  it("give each of three endpoints its third", () => {
    const count = ends("10.96.0.20:80");
    expect(Object.keys(count).toSorted()).toEqual(["10.244.1.5", "10.244.2.5", "10.244.2.6"]);
    for (const n of Object.values(count)) expect(n).toBeGreaterThan(150);
  });
  it("are thrown once for a client with affinity", () => {
    expect(Object.values(ends("10.96.0.24:80"))).toEqual([600]);
  });
  it("fall the same way for the same attempt", () => {
    expect(opened(pod, "10.96.0.20:80", "x")).toBe(opened(pod, "10.96.0.20:80", "x"));
  });
});

describe("an echo", () => {
  it.each<[string, Origin, string, number | undefined]>([
    ["of itself", pod, "127.0.0.1", 0],
    ["of its own address", pod, "10.244.1.9", 0],
    ["of a Pod beside it", pod, "10.244.1.5", 1],
    ["of its node", pod, "172.18.0.3", 0],
    ["of another node", pod, "172.18.0.4", 1],
    ["of a Pod elsewhere", pod, "10.244.2.5", 2],
    ["from a node to its Pod", host, "10.244.1.5", 0],
    ["from a node to another", host, "172.18.0.4", 0],
    ["from a node to a Pod elsewhere", host, "10.244.2.6", 1],
    ["of an address that no Pod has", pod, "10.244.2.77", undefined],
    ["of a Service", pod, "10.96.0.20", undefined],
    ["of the world", pod, "1.2.3.4", undefined],
  ])("%s", (_, origin, ip, hops) => {
    expect(plane().echo(origin, ip, "1")?.hops).toBe(hops);
  });
});

it("tells every rule that matched", () => {
  const found = plane().open(pod, {
    to: { ip: "10.96.0.23", port: 80 },
    protocol: "tcp",
    attempt: "0",
  });
  expect(found.rules).toEqual([
    '-A KUBE-SERVICES -d 10.96.0.23/32 -p tcp -m comment --comment "default/outer cluster IP" -m tcp --dport 80 -j KUBE-SVC-PGE6P52XDCIIW5OF',
    '-A KUBE-SVC-PGE6P52XDCIIW5OF -m comment --comment "default/outer -> 10.244.2.5:8080" -j KUBE-SEP-CYILWKCSV3R3XXE2',
    '-A KUBE-SEP-CYILWKCSV3R3XXE2 -p tcp -m comment --comment "default/outer" -m tcp -j DNAT --to-destination 10.244.2.5:8080',
  ]);
});
