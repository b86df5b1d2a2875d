/** Services: addresses and ports given out, kept and released; every fault; warnings; columns. */
import { describe, expect, test } from "vitest";
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import { service } from "#apiserver/kinds/core/service.ts";
import {
  cells,
  type Changes,
  changed,
  created,
  statusUpdated,
  updated,
} from "#test/support/kinds.ts";

const base: unknown = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
};
const stored = (changes: Changes = {}): V1Service =>
  created(service, changed(base, changes)).object;
const only = "may only be used when `type` is 'LoadBalancer'";

test.each<readonly [string, Changes, readonly string[]]>([
  ["nothing wrong", {}, []],
  ["no ports", { "spec.ports": [] }, ["spec.ports: Required value"]],
  [
    "two ports without names, the same port",
    { "spec.ports": [{ port: 80 }, { port: 80 }] },
    [
      "spec.ports[0].name: Required value",
      "spec.ports[1].name: Required value",
      `spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}`,
    ],
  ],
  [
    "a port out of range, a protocol of the past",
    { "spec.ports": [{ port: 0, targetPort: 80, protocol: "UDPLITE" }] },
    [
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      `spec.ports[0].protocol: Unsupported value: "UDPLITE": supported values: "SCTP", "TCP", "UDP"`,
    ],
  ],
  [
    "a node port without a type for it",
    { "spec.ports.0.nodePort": 30_000 },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    "a type that does not exist",
    { "spec.type": "Ingress" },
    [
      `spec.type: Unsupported value: "Ingress": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"`,
    ],
  ],
  [
    "an external name of nothing",
    { "spec.type": "ExternalName" },
    ["spec.externalName: Required value"],
  ],
  [
    "headless, and a load balancer",
    { "spec.type": "LoadBalancer", "spec.clusterIP": "None" },
    [
      `spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services`,
    ],
  ],
  [
    "fields of load balancers",
    { "spec.loadBalancerClass": "a.b/c", "spec.allocateLoadBalancerNodePorts": true },
    [
      `spec.allocateLoadBalancerNodePorts: Forbidden: ${only}`,
      `spec.loadBalancerClass: Forbidden: ${only}`,
    ],
  ],
  [
    "ranges",
    { "spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": ["10.0.0.1/8"] },
    [
      `spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length`,
    ],
  ],
  [
    "affinity",
    {
      "spec.sessionAffinity": "ClientIP",
      "spec.sessionAffinityConfig": { clientIP: { timeoutSeconds: 0 } },
    },
    [
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400",
    ],
  ],
  [
    "traffic",
    {
      "spec.externalTrafficPolicy": "Local",
      "spec.internalTrafficPolicy": "Near",
      "spec.healthCheckNodePort": 30_000,
      "spec.trafficDistribution": "Far",
    },
    [
      `spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services`,
      "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      `spec.internalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"`,
      `spec.trafficDistribution: Unsupported value: "Far": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"`,
    ],
  ],
  [
    "an external address of this very machine",
    { "spec.externalIPs": ["127.0.0.1"], "spec.externalTrafficPolicy": "Cluster" },
    [
      `spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)`,
    ],
  ],
])("%s", (_, changes, errors) => {
  expect(created(service, changed(base, changes)).errors).toEqual(errors);
});

test.each<readonly [string, Changes, string]>([
  [
    "two families",
    { "spec.ipFamilyPolicy": "RequireDualStack" },
    `spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services`,
  ],
  [
    "the other family",
    { "spec.ipFamilies": ["IPv6"] },
    `spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster`,
  ],
  [
    "an address that is none",
    { "spec.clusterIP": "10.0.0" },
    `spec.clusterIPs[0]: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
  ],
  [
    "an address of others",
    { "spec.clusterIP": "192.168.0.1" },
    `spec.clusterIPs: Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided network does not match the current range`,
  ],
  [
    "two families, where nobody said that they may be",
    { "spec.ipFamilies": ["IPv4", "IPv6"] },
    `spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
  ],
  [
    "a node port out of range",
    { "spec.type": "NodePort", "spec.ports.0.nodePort": 80 },
    "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767",
  ],
])("not given out: %s", (_, changes, message) => {
  expect(() => stored(changes)).toThrow(message);
});

describe("what is given out", () => {
  test("an address, one family", () => {
    const { spec } = stored();
    expect(spec).toMatchObject({
      type: "ClusterIP",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
      sessionAffinity: "None",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
    });
    expect(spec?.clusterIPs).toEqual([spec?.clusterIP]);
  });
  test.each([0, "", undefined])("the port itself for a target of %j", (targetPort) => {
    const { spec } = stored({ "spec.ports.0.targetPort": targetPort });
    expect(spec?.ports?.[0]?.targetPort).toBe(80);
  });
  test("headless without a selector: both families", () => {
    const { spec } = stored({ "spec.clusterIP": "None", "spec.selector": undefined });
    expect(spec).toMatchObject({
      clusterIPs: ["None"],
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "RequireDualStack",
    });
  });
  test("node ports, and one for health checks", () => {
    const { spec } = stored({ "spec.type": "LoadBalancer", "spec.externalTrafficPolicy": "Local" });
    expect(spec?.ports?.[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    expect(spec?.healthCheckNodePort).toBeGreaterThanOrEqual(30_000);
    const without = stored({
      "spec.type": "LoadBalancer",
      "spec.allocateLoadBalancerNodePorts": false,
    });
    expect(without.spec?.ports?.[0]?.nodePort).toBeUndefined();
  });
  test("defaults twice are defaults once", () => {
    const made = stored({ "spec.type": "LoadBalancer" });
    expect(service.defaults?.(made)).toBe(made);
  });
});

describe("updates", () => {
  test("what is not repeated stays", () => {
    const previous = stored({ "spec.type": "NodePort" });
    const { object, errors } = updated(
      service,
      previous,
      changed(previous, {
        "spec.clusterIP": undefined,
        "spec.clusterIPs": undefined,
        "spec.ports.0.nodePort": undefined,
      }),
    );
    expect(errors).toEqual([]);
    expect(object.spec).toEqual(previous.spec);
  });
  test("node ports go with their type, the address with the last one", () => {
    const nodePort = stored({ "spec.type": "NodePort" });
    const { object: cluster, errors } = updated(
      service,
      nodePort,
      changed(nodePort, { "spec.type": "ClusterIP" }),
    );
    expect(errors).toEqual([]);
    expect(cluster.spec?.ports?.[0]).not.toHaveProperty("nodePort");
    expect(cluster.spec).not.toHaveProperty("externalTrafficPolicy");
    const { object: outside, errors: none } = updated(
      service,
      cluster,
      changed(cluster, { "spec.type": "ExternalName", "spec.externalName": "example.com" }),
    );
    expect(none).toEqual([]);
    expect(outside.spec).not.toHaveProperty("clusterIP");
    expect(outside.spec).not.toHaveProperty("ipFamilies");
  });
  test.each(["10.96.0.99", "192.0.2.1"])("an address is for life, %s or not", (other) => {
    const previous = stored();
    const next = changed(previous, { "spec.clusterIP": other, "spec.clusterIPs": [other] });
    expect(updated(service, previous, next).errors).toEqual([
      `spec.clusterIPs[0]: Invalid value: ["${other}"]: may not change once set`,
    ]);
  });
  test("what may not change comes first, and a class of no balancer is told twice", () => {
    const previous = stored();
    const next = changed(previous, {
      "spec.clusterIP": "10.96.0.99",
      "spec.clusterIPs": ["10.96.0.99"],
      "spec.loadBalancerClass": "a.b/c",
      "spec.selector": { "a b": "" },
    });
    const { errors } = updated(service, previous, next);
    expect(errors.map((text) => text.split(": ").slice(0, 2).join(": "))).toEqual([
      "spec.clusterIPs[0]: Invalid value",
      "spec.loadBalancerClass: Forbidden",
      "spec.selector: Invalid value",
      "spec.loadBalancerClass: Forbidden",
    ]);
  });
  test("ranges and addresses that were let in once may stay", () => {
    const given = {
      "spec.type": "LoadBalancer",
      "spec.externalIPs": ["010.0.0.1"],
      "spec.loadBalancerSourceRanges": [" 10.0.0.1/8"],
    };
    const old = changed(stored({ "spec.type": "LoadBalancer" }), given);
    expect(updated(service, old, old).errors).toEqual([]);
    const more = changed(old, { "spec.loadBalancerSourceRanges": ["10.0.0.1/8", "10.0.0.2/8"] });
    expect(updated(service, old, more).errors).toEqual([
      `spec.LoadBalancerSourceRanges[1]: Invalid value: "10.0.0.2/8": must not have bits set beyond the prefix length`,
    ]);
    const range = "metadata.annotations";
    const noted = { "service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.1/8" };
    const annotated = changed(old, {
      "spec.loadBalancerSourceRanges": undefined,
      [range]: noted,
    });
    expect(updated(service, annotated, annotated).errors).toEqual([]);
    expect(updated(service, old, annotated).errors).toHaveLength(1);
  });
  test("of two families one goes with the policy alone", () => {
    const previous = stored({ "spec.clusterIP": "None", "spec.selector": undefined });
    const single = changed(previous, { "spec.ipFamilyPolicy": "SingleStack" });
    expect(updated(service, previous, single).object.spec?.ipFamilies).toEqual(["IPv4"]);
    const unsaid = changed(previous, { "spec.ipFamilyPolicy": undefined });
    expect(updated(service, previous, unsaid).object.spec?.ipFamilyPolicy).toBe("RequireDualStack");
    expect(() =>
      updated(service, previous, changed(previous, { "spec.ipFamilies": ["IPv4"] })),
    ).toThrow("must be 'SingleStack' to release the secondary IP family");
  });
  const ingress = "status.loadBalancer.ingress";
  test("a status of what is not there", () => {
    const previous = stored();
    const next = changed(previous, { [ingress]: [{ ip: "1.2.3.4" }] });
    expect(statusUpdated(service, previous, next).errors).toEqual([
      `${ingress}: Forbidden: may only be used when \`spec.type\` is 'LoadBalancer'`,
    ]);
  });
  test("a load balancer's address, written oddly", () => {
    const previous = stored({ "spec.type": "LoadBalancer" });
    const next = changed(previous, { [ingress]: [{ ip: "2001:DB8::1", ipMode: "VIP" }] });
    expect(statusUpdated(service, previous, next).warnings).toEqual([
      `${ingress}[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")`,
    ]);
  });
  test("addresses of a load balancer: virtual by default, odd ones may stay", () => {
    const previous = changed(stored({ "spec.type": "LoadBalancer" }), {
      [ingress]: [{ ip: "010.0.0.1", ipMode: "VIP" }],
    });
    const list = [
      { ip: "010.0.0.1" },
      { ip: "010.0.0.2", ipMode: "Real" },
      { hostname: "1.2.3.4" },
    ];
    const next = service.defaults?.(changed(previous, { [ingress]: list })) ?? previous;
    expect(next.status?.loadBalancer?.ingress?.[0]?.ipMode).toBe("VIP");
    expect(statusUpdated(service, previous, next).errors).toEqual([
      `${ingress}[1].ip: Invalid value: "010.0.0.2": must not have leading 0s`,
      `${ingress}[1].ipMode: Unsupported value: "Real": supported values: "Proxy", "VIP"`,
      `${ingress}[2].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address`,
    ]);
  });
  test("what is no load balancer any more has neither its ports nor its addresses", () => {
    const previous = changed(
      stored({ "spec.type": "LoadBalancer", "spec.ports.1": { name: "b", port: 81 } }),
      { [ingress]: [{ ip: "1.2.3.4", ipMode: "VIP" }] },
    );
    const [first] = previous.spec?.ports ?? [];
    const next = changed(previous, { "spec.type": "ClusterIP", "spec.ports": [first] });
    const { object, errors } = updated(service, previous, next);
    expect(errors).toEqual([]);
    expect(object.status).toEqual({ loadBalancer: {} });
    expect(object.spec?.ports?.[0]).not.toHaveProperty("nodePort");
  });
  test("what affinity needs, and does not", () => {
    const config = { clientIP: { timeoutSeconds: 5 } };
    const affinity = (sessionAffinity: string, sessionAffinityConfig: object): unknown =>
      stored({
        "spec.sessionAffinity": sessionAffinity,
        "spec.sessionAffinityConfig": sessionAffinityConfig,
      }).spec?.sessionAffinityConfig;
    expect(affinity("None", config)).toBeUndefined();
    expect(affinity("ClientIP", config)).toEqual(config);
    expect(affinity("ClientIP", {})).toEqual({ clientIP: { timeoutSeconds: 10_800 } });
  });
});

test("warnings", () => {
  expect(
    created(
      service,
      changed(base, {
        "spec.externalIPs": ["1.2.3.4"],
        "spec.externalName": "a",
        "spec.trafficDistribution": "PreferClose",
      }),
    ).warnings,
  ).toEqual([
    "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
    'spec.externalName is ignored when spec.type is not "ExternalName"',
    'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
  ]);
});

test("what kubectl shows", () => {
  const made = stored({ "spec.type": "NodePort", "spec.ports.0.nodePort": 30_080 });
  expect(cells(service, made)).toMatchObject({
    Type: "NodePort",
    "External-IP": "<none>",
    "Port(s)": "80:30080/TCP",
    Selector: "app=web",
  });
});
