/** kube-proxy's rules: names every cluster has, and the text of a whole node. */
import { describe, expect, it } from "vitest";
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import { endpointChain, hash16, serviceHash } from "#network/chain-name.ts";
import { iptablesSave } from "#network/iptables.ts";
import { probability } from "#network/rules.ts";
import { allServicePorts } from "#network/service-ports.ts";

const service = (spec: object): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: {
    type: "ClusterIP",
    clusterIP: "10.96.0.20",
    ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: 80 }],
    ...spec,
  },
});
const slice = (
  ...endpoints: readonly (readonly [string, string, boolean?])[]
): V1EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "web-abcde",
    namespace: "default",
    labels: { "kubernetes.io/service-name": "web" },
  },
  addressType: "IPv4",
  endpoints: endpoints.map(([ip, nodeName, ready = true]) => ({
    addresses: [ip],
    nodeName,
    conditions: { ready, serving: ready, terminating: false },
  })),
  ports: [{ name: "http", port: 80, protocol: "TCP" }],
});
const place = { node: "worker-1", clusterCidr: "10.244.0.0/16" };
const rulesOf = (spec: object, ...slices: readonly V1EndpointSlice[]): string[] =>
  iptablesSave(allServicePorts([service(spec)], slices), place)
    .split("\n")
    .filter((line) => line.includes("default/web"));

describe("chain names", () => {
  it.each([
    ["default/kubernetes:httpstcp", "NPX46M4PTMTKRN6Y"],
    ["kube-system/kube-dns:dnsudp", "TCOU7JCQXEZGVUNU"],
    ["kube-system/kube-dns:dns-tcptcp", "ERIFXISQEP7F7OF4"],
    ["kube-system/kube-dns:metricstcp", "JD5MR3NA4I4DYORP"],
    ["default/webtcp", "LOLE4ISW44XBNF3G"],
    ["default/web:httptcp", "CDGGSHYLG3RE2FKL"],
    ["default/web:httptcp10.244.1.5:80", "THCUGE4PYEGQIHCR"],
  ])("%s is %s", (text, hash) => expect(hash16(text)).toBe(hash));

  it("of a service port and of its endpoints", () => {
    expect(serviceHash("default/web:http", "tcp")).toBe("CDGGSHYLG3RE2FKL");
    expect(endpointChain("default/web:http", "tcp", "10.244.1.5:80")).toBe(
      "KUBE-SEP-THCUGE4PYEGQIHCR",
    );
  });
});

it.each([
  [2, "0.50000000000"],
  [3, "0.33333333349"],
  [4, "0.25000000000"],
  [5, "0.20000000019"],
  [6, "0.16666666651"],
])("one of %i is printed as %s", (of, text) => expect(probability(of)).toBe(text));

describe("the rules of a Service", () => {
  it("three endpoints behind a cluster IP", () => {
    expect(
      rulesOf(
        {},
        slice(["10.244.1.5", "worker-1"], ["10.244.2.5", "worker-2"], ["10.244.2.6", "worker-2"]),
      ),
    ).toEqual([
      '-A KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-CDGGSHYLG3RE2FKL',
      ...["10.244.2.5", "10.244.2.6", "10.244.1.5"]
        .map((ip) => [endpointChain("default/web:http", "tcp", `${ip}:80`), ip] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([chain, ip]) => [
          `-A ${chain} -s ${ip}/32 -m comment --comment "default/web:http" -j KUBE-MARK-MASQ`,
          `-A ${chain} -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination ${ip}:80`,
        ]),
      '-A KUBE-SVC-CDGGSHYLG3RE2FKL ! -s 10.244.0.0/16 -d 10.96.0.20/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
      '-A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.1.5:80" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-THCUGE4PYEGQIHCR',
      `-A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.2.5:80" -m statistic --mode random --probability 0.50000000000 -j ${endpointChain("default/web:http", "tcp", "10.244.2.5:80")}`,
      `-A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.2.6:80" -j ${endpointChain("default/web:http", "tcp", "10.244.2.6:80")}`,
    ]);
  });

  it("no endpoints: refused in the filter table", () => {
    expect(rulesOf({}, slice())).toEqual([
      '-A KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "default/web:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
    ]);
  });

  it("unready endpoints take no traffic", () => {
    expect(rulesOf({}, slice(["10.244.1.5", "worker-1", false]))).toHaveLength(1);
  });

  it("a node port enters by KUBE-EXT", () => {
    const lines = rulesOf(
      { type: "NodePort", ports: [{ name: "http", port: 80, nodePort: 30080, protocol: "TCP" }] },
      slice(["10.244.1.5", "worker-1"]),
    );
    expect(lines).toContain(
      '-A KUBE-NODEPORTS -p tcp -m comment --comment "default/web:http" -m tcp --dport 30080 -j KUBE-EXT-CDGGSHYLG3RE2FKL',
    );
    expect(lines).toContain(
      '-A KUBE-EXT-CDGGSHYLG3RE2FKL -m comment --comment "masquerade traffic for default/web:http external destinations" -j KUBE-MARK-MASQ',
    );
  });

  it("internalTrafficPolicy Local without local endpoints drops", () => {
    expect(rulesOf({ internalTrafficPolicy: "Local" }, slice(["10.244.2.5", "worker-2"]))[0]).toBe(
      '-A KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "default/web:http has no local endpoints" -m tcp --dport 80 -j DROP',
    );
  });

  it("affinity remembers the client", () => {
    const lines = rulesOf({ sessionAffinity: "ClientIP" }, slice(["10.244.1.5", "worker-1"]));
    expect(lines).toContain(
      '-A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.1.5:80" -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-THCUGE4PYEGQIHCR --mask 255.255.255.255 --rsource -j KUBE-SEP-THCUGE4PYEGQIHCR',
    );
  });

  it("headless and ExternalName have none", () => {
    expect(rulesOf({ clusterIP: "None" }, slice(["10.244.1.5", "worker-1"]))).toEqual([]);
    expect(rulesOf({ type: "ExternalName", clusterIP: "", externalName: "example.com" })).toEqual(
      [],
    );
  });
});
