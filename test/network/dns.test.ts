/** Names: what CoreDNS answers, and how the C library asks. */
import { describe, expect, it } from "vitest";
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import { type NameSource, type RecordType, replyTo } from "#network/dns/records.ts";
import { type Asked, candidates, lookUp, parseResolvConf } from "#network/dns/resolver.ts";

const service = (name: string, spec: V1Service["spec"]): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  ...(spec === undefined ? {} : { spec }),
});
const http = { name: "http", port: 80, protocol: "TCP" };
const services = [
  service("web", { clusterIP: "10.96.0.20", ports: [http] }),
  service("db", { clusterIP: "None", ports: [http] }),
  service("none", { clusterIP: "None", ports: [http] }),
  service("alias", { type: "ExternalName", externalName: "web.default.svc.cluster.local" }),
  service("away", { type: "ExternalName", externalName: "example.com" }),
];
const dbSlice: V1EndpointSlice = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "db-abcde",
    namespace: "default",
    labels: { "kubernetes.io/service-name": "db" },
  },
  addressType: "IPv4",
  endpoints: [
    { addresses: ["10.244.1.5"], hostname: "db-0", conditions: { ready: true } },
    { addresses: ["10.244.2.5"], conditions: { ready: true } },
    { addresses: ["10.244.2.6"], conditions: { ready: false } },
  ],
  ports: [http],
};
const source: NameSource = {
  service: (namespace, name) =>
    services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  slices: (_, name) => (name === "db" ? [dbSlice] : []),
  hasNamespace: (name) => name === "default" || name === "kube-system",
  servicesAt: (ip) => services.filter(({ spec }) => spec?.clusterIP === ip),
  slicesAt: (ip) =>
    (dbSlice.endpoints ?? []).some(({ addresses }) => addresses.includes(ip)) ? [dbSlice] : [],
};
const told = (name: string, type: RecordType): string => {
  const { code, records } = replyTo(source, name, type);
  return [code, ...records.map(({ type: made, value }) => `${made} ${value}`)].join(", ");
};

describe("the zone cluster.local", () => {
  it.each<[string, RecordType, string]>([
    ["web.default.svc.cluster.local", "A", "NOERROR, A 10.96.0.20"],
    ["WEB.default.svc.cluster.local.", "A", "NOERROR, A 10.96.0.20"],
    ["web.default.svc.cluster.local", "AAAA", "NOERROR"],
    ["web.other.svc.cluster.local", "A", "NXDOMAIN"],
    ["nope.default.svc.cluster.local", "A", "NXDOMAIN"],
    ["default.svc.cluster.local", "A", "NOERROR"],
    ["db.default.svc.cluster.local", "A", "NOERROR, A 10.244.1.5, A 10.244.2.5"],
    ["none.default.svc.cluster.local", "A", "NXDOMAIN"],
    ["db-0.db.default.svc.cluster.local", "A", "NOERROR, A 10.244.1.5"],
    ["10-244-2-5.db.default.svc.cluster.local", "A", "NOERROR, A 10.244.2.5"],
    ["10-244-2-6.db.default.svc.cluster.local", "A", "NXDOMAIN"],
    ["alias.default.svc.cluster.local", "A", "NOERROR, CNAME web.default.svc.cluster.local"],
    [
      "_http._tcp.web.default.svc.cluster.local",
      "SRV",
      "NOERROR, SRV 0 100 80 web.default.svc.cluster.local",
    ],
    [
      "_http._tcp.db.default.svc.cluster.local",
      "SRV",
      "NOERROR, SRV 0 50 80 db-0.db.default.svc.cluster.local, SRV 0 50 80 10-244-2-5.db.default.svc.cluster.local",
    ],
    ["_https._tcp.web.default.svc.cluster.local", "SRV", "NXDOMAIN"],
    ["10-244-9-9.default.pod.cluster.local", "A", "NOERROR, A 10.244.9.9"],
    ["10-244-9-9.other.pod.cluster.local", "A", "NXDOMAIN"],
    ["20.0.96.10.in-addr.arpa", "PTR", "NOERROR, PTR web.default.svc.cluster.local"],
    ["5.1.244.10.in-addr.arpa", "PTR", "NOERROR, PTR db-0.db.default.svc.cluster.local"],
    ["9.9.9.9.in-addr.arpa", "PTR", "NXDOMAIN"],
    ["example.com", "A", "SERVFAIL"],
  ])("%s %s: %s", (name, type, expected) => expect(told(name, type)).toBe(expected));
});

const conf = parseResolvConf(
  "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
);
const hosts = "127.0.0.1\tlocalhost\n10.244.1.9\tme # this Pod\n";
const ask = (_: string, name: string, type: RecordType): Asked => replyTo(source, name, type);

describe("the C library", () => {
  it.each([
    ["web", ["web.default.svc.cluster.local", "web.svc.cluster.local", "web.cluster.local", "web"]],
    ["web.", ["web"]],
    [
      "a.b.c.d.e.f",
      [
        "a.b.c.d.e.f",
        "a.b.c.d.e.f.default.svc.cluster.local",
        "a.b.c.d.e.f.svc.cluster.local",
        "a.b.c.d.e.f.cluster.local",
      ],
    ],
  ])("tries for %s: %j", (name, expected) => expect(candidates(name, conf)).toEqual(expected));

  it.each([
    ["web", "10.96.0.20"],
    ["web.default", "10.96.0.20"],
    ["web.default.svc.cluster.local", "10.96.0.20"],
    ["db", "10.244.1.5 10.244.2.5"],
    ["db-0.db", "10.244.1.5"],
    ["alias", "10.96.0.20"],
    ["localhost", "127.0.0.1"],
    ["me", "10.244.1.9"],
    ["10.1.2.3", "10.1.2.3"],
    ["away", "again"],
    ["nope", "again"],
    ["example.com", "again"],
  ])("%s is %s", (name, expected) => {
    const { addresses, failure } = lookUp(name, hosts, conf, ask);
    expect(failure ?? addresses.join(" ")).toBe(expected);
  });

  it("waits twice for a name server that does not answer, and not at all for one that refuses", () => {
    expect(lookUp("web", hosts, conf, () => "unanswered")).toEqual({
      addresses: [],
      failure: "again",
      tookMs: 10_000,
    });
    expect(lookUp("web", hosts, conf, () => "refused").tookMs).toBe(0);
  });
});
