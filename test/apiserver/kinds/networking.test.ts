/** networking.k8s.io and discovery.k8s.io: what is refused, in upstream's words. */
import { describe, expect, test } from "vitest";
import { cells, changeProblems, complete, kindOf, problems } from "./problems.ts";

const ingress = "networking.k8s.io/v1/Ingress";
const service = { name: "web", port: { number: 80 } };
const rule = (path: object, host = "a.example"): object => ({
  spec: { rules: [{ host, http: { paths: [path] } }] },
});
const path = (over: object = {}): object => ({
  path: "/",
  pathType: "Prefix",
  backend: { service },
  ...over,
});
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const first = "spec.rules[0].http.paths[0]";

describe("Ingress", () => {
  test.each<[string, object, readonly string[]]>([
    ["a rule is enough", rule(path()), []],
    [
      "nothing to do",
      { spec: {} },
      ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
    ],
    [
      "no pathType",
      rule(path({ pathType: undefined })),
      [`${first}.pathType: Required value: pathType must be specified`],
    ],
    [
      "an unknown pathType",
      rule(path({ pathType: "Glob" })),
      [
        `${first}.pathType: Unsupported value: "Glob": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
      ],
    ],
    [
      "a relative path",
      rule(path({ path: "a" })),
      [`${first}.path: Invalid value: "a": must be an absolute path`],
    ],
    [
      "a path upwards",
      rule(path({ path: "/a/.." })),
      [`${first}.path: Invalid value: "/a/..": cannot end with '/..'`],
    ],
    [
      "no backend",
      rule(path({ backend: {} })),
      [`${first}.backend: Invalid value: "": resource or service backend is required`],
    ],
    [
      "two backends",
      rule(path({ backend: { service, resource: { kind: "B", name: "b" } } })),
      [`${first}.backend: Invalid value: "": cannot set both resource and service backends`],
    ],
    [
      "no port",
      rule(path({ backend: { service: { name: "web" } } })),
      [`${first}.backend: Required value: port name or number is required`],
    ],
    [
      "both ports",
      rule(path({ backend: { service: { name: "web", port: { name: "h", number: 1 } } } })),
      [`${first}.backend: Invalid value: "": cannot set both port name & port number`],
    ],
    [
      "a port out of range",
      rule(path({ backend: { service: { name: "web", port: { number: 70_000 } } } })),
      [
        `${first}.backend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive`,
      ],
    ],
    [
      "an address for a host",
      rule(path(), "10.0.0.1"),
      ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
    ],
    ["no host name", rule(path(), "A"), [`spec.rules[0].host: Invalid value: "A": ${subdomain}`]],
    [
      "a star in the middle",
      rule(path(), "a.*.b"),
      [
        "spec.rules[0].host: Invalid value: \"a.*.b\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ["no paths", { spec: { rules: [{ http: {} }] } }, ["spec.rules[0].http.paths: Required value"]],
    [
      "a class that is no name",
      { spec: { ingressClassName: "A", defaultBackend: { service } } },
      [`spec.ingressClassName: Invalid value: "A": ${subdomain}`],
    ],
    [
      "two classes",
      {
        metadata: { name: "x", annotations: { "kubernetes.io/ingress.class": "a" } },
        spec: { ingressClassName: "b", defaultBackend: { service } },
      },
      [
        'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified',
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(ingress, given)).toEqual(expected);
  });

  test("shows its hosts, the first three of them", () => {
    const rules = ["a", "b", "c", "d", "e"].map((host) => ({ host }));
    expect(
      cells(ingress, { spec: { ingressClassName: "nginx", rules, tls: [{}] } }).slice(1, 5),
    ).toEqual(["nginx", "a,b,c + 2 more...", "", "80, 443"]);
  });
});

describe("IngressClass", () => {
  const gvk = "networking.k8s.io/v1/IngressClass";
  const of = (parameters: object): object => ({ spec: { controller: "a.example/b", parameters } });
  test.each<[string, object, readonly string[]]>([
    ["no controller", { spec: {} }, ["spec.controller: Required value"]],
    [
      "no path",
      { spec: { controller: "nginx" } },
      [
        'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    ],
    [
      "a controller with a space",
      { spec: { controller: "a.example/b c" } },
      [
        "spec.controller: Invalid value: \"b c\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
      ],
    ],
    ["parameters without a name", of({ kind: "P" }), ["spec.parameters.name: Required value"]],
    [
      "a namespace for the cluster's",
      of({ kind: "P", name: "p", namespace: "n" }),
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
    [
      "no namespace",
      of({ kind: "P", name: "p", scope: "Namespace" }),
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      "another scope",
      of({ kind: "P", name: "p", scope: "Zone" }),
      [
        'spec.parameters.scope: Unsupported value: "Zone": supported values: "Cluster", "Namespace"',
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
  test("keeps its controller", () => {
    expect(
      changeProblems(gvk, { spec: { controller: "a.b/c" } }, { spec: { controller: "a.b/d" } }),
    ).toEqual(['spec.controller: Invalid value: "a.b/d": field is immutable']);
  });
});

test("the old annotation is warned of when it is alone and new", () => {
  const annotated = {
    metadata: { name: "x", annotations: { "kubernetes.io/ingress.class": "a" } },
    spec: { defaultBackend: { service } },
  };
  const old = complete(ingress, annotated);
  const { warnings } = kindOf(ingress);
  expect(warnings!(old)).toEqual([
    `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
  ]);
  expect(warnings!(old, old)).toEqual([]);
  const both = { ...annotated, spec: { ...annotated.spec, ingressClassName: "a" } };
  expect(warnings!(complete(ingress, both))).toEqual([]);
});

describe("NetworkPolicy", () => {
  const gvk = "networking.k8s.io/v1/NetworkPolicy";
  const from = (peer: object): object => ({ spec: { ingress: [{ from: [peer] }] } });
  const ports = (port: object): object => ({ spec: { ingress: [{ ports: [port] }] } });
  const at = "spec.ingress[0].from[0]";
  const port = "spec.ingress[0].ports[0]";
  test.each<[string, object, readonly string[]]>([
    ["an empty peer", from({}), [`${at}: Required value: must specify a peer`]],
    [
      "a block and a selector",
      from({ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }),
      [`${at}: Forbidden: may not specify both ipBlock and another peer`],
    ],
    [
      "a block outside",
      from({ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "11.0.0.0/16"] } }),
      [
        `${at}.ipBlock.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset of \`cidr\``,
      ],
    ],
    [
      "no range",
      from({ ipBlock: { cidr: "10.0.0.300/8" } }),
      [
        `${at}.ipBlock.cidr: Invalid value: "10.0.0.300/8": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
      ],
    ],
    [
      "a bad operator",
      from({ podSelector: { matchExpressions: [{ key: "a", operator: "Is" }] } }),
      [
        `${at}.podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator`,
      ],
    ],
    [
      "an end without a port",
      ports({ endPort: 5 }),
      [`${port}.endPort: Invalid value: 5: may not be specified when \`port\` is not specified`],
    ],
    [
      "an end before the port",
      ports({ port: 9, endPort: 5 }),
      [`${port}.endPort: Invalid value: 9: must be greater than or equal to \`port\``],
    ],
    [
      "a protocol",
      ports({ protocol: "ICMP" }),
      [`${port}.protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"`],
    ],
    [
      "a range that is not masked, and what is taken out of it",
      from({
        ipBlock: { cidr: "10.0.0.1/8", except: ["11.0.0.0/16", "10.0.0.0/08", "10.1.0.0/16"] },
      }),
      [
        `${at}.ipBlock.cidr: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length`,
        `${at}.ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of \`cidr\``,
        `${at}.ipBlock.except[1]: Invalid value: "10.0.0.0/08": must not have leading 0s in IP or prefix length`,
        `${at}.ipBlock.except[1]: Invalid value: "10.0.0.0/08": must be a strict subset of \`cidr\``,
      ],
    ],
    [
      "a type",
      { spec: { policyTypes: ["Both"] } },
      ['spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
  test("a range that was there may stay, and is warned of", () => {
    const odd = from({ ipBlock: { cidr: "10.0.0.1/8", except: ["10.01.0.0/16"] } });
    expect(changeProblems(gvk, odd, odd)).toEqual([]);
    const odder = from({
      ipBlock: { cidr: "10.0.0.1/8", except: ["::ffff:10.1.0.0/112", "FD00::/64"] },
    });
    expect(kindOf(gvk).warnings?.(complete(gvk, odder))).toEqual([
      `${at}.ipBlock.cidr: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)`,
      `${at}.ipBlock.except[0]: non-standard CIDR value "::ffff:10.1.0.0/112" is invalid: use "10.1.0.0/16"`,
      `${at}.ipBlock.except[1]: IPv6 CIDR value "FD00::/64" should be in RFC 5952 canonical format ("fd00::/64")`,
    ]);
  });
  test("says what it is about when nobody did", () => {
    expect(complete(gvk, { spec: { egress: [{ ports: [{ port: 53 }] }] } })).toMatchObject({
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        egress: [{ ports: [{ port: 53, protocol: "TCP" }] }],
      },
    });
    expect(cells(gvk, { spec: { podSelector: { matchLabels: { app: "web" } } } })[1]).toBe(
      "app=web",
    );
    expect(cells(gvk, { spec: {} })[1]).toBe("<none>");
  });
});

describe("addresses and ranges", () => {
  const address = "networking.k8s.io/v1/IPAddress";
  const range = "networking.k8s.io/v1/ServiceCIDR";
  test.each<[string, object, readonly string[]]>([
    [address, { spec: {} }, ["spec.parentRef: Required value"]],
    [
      address,
      { spec: { parentRef: { resource: "services" } } },
      ["spec.parentRef.name: Required value"],
    ],
    [range, { spec: {} }, ["spec.cidrs: Required value: at least one CIDR required"]],
    [
      range,
      { spec: { cidrs: ["10.0.0.0/8", "11.0.0.0/8"] } },
      [
        'spec.cidrs: Invalid value: ["10.0.0.0/8","11.0.0.0/8"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      ],
    ],
    [
      range,
      { spec: { cidrs: ["10.0.0.1/8"] } },
      [
        'spec.cidrs[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length',
      ],
    ],
    [
      range,
      { spec: { cidrs: ["FD00::/64", "x"] } },
      [
        'spec.cidrs[0]: Invalid value: "FD00::/64": must be in canonical form ("fd00::/64")',
        'spec.cidrs[1]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
  ])("%s", (gvk, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
  test("a range may gain its other family, and nothing else", () => {
    const of = (...cidrs: readonly string[]): object => ({ spec: { cidrs } });
    expect(changeProblems(range, of("10.0.0.0/8"), of("10.0.0.0/8", "fd00::/64"))).toEqual([]);
    expect(changeProblems(range, of("10.0.0.0/8"), of("11.0.0.0/8"))).toEqual([
      'spec.cidrs[0]: Invalid value: "11.0.0.0/8": field is immutable',
    ]);
    expect(changeProblems(range, of("10.0.0.1/8"), of("10.0.0.1/8"))).toEqual([]);
  });
  test.each([
    ["10.0.0.1", []],
    ["010.0.0.1", ["must not have leading 0s"]],
    ["::ffff:10.0.0.1", ["must not be an IPv4-mapped IPv6 address"]],
    ["FD00::1", ['must be in canonical form ("fd00::1")']],
    ["a", ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]],
  ])("an address by the name of %s", (name, expected) => {
    expect(kindOf(address).name?.(name)).toEqual(expected);
  });
  test("an address says whose it is", () => {
    const parentRef = { resource: "services", namespace: "default", name: "web" };
    expect(cells(address, { spec: { parentRef } })[1]).toBe("services/default/web");
  });
});

describe("EndpointSlice", () => {
  const gvk = "discovery.k8s.io/v1/EndpointSlice";
  const of = (endpoint: object, addressType = "IPv4"): object => ({
    addressType,
    endpoints: [endpoint],
  });
  test.each<[string, object, readonly string[]]>([
    ["no type", { endpoints: [] }, ["addressType: Required value"]],
    [
      "an unknown type",
      { addressType: "IPX" },
      ['addressType: Unsupported value: "IPX": supported values: "FQDN", "IPv4", "IPv6"'],
    ],
    [
      "no address",
      of({ addresses: [] }),
      ["endpoints[0].addresses: Required value: must contain at least 1 address"],
    ],
    [
      "the other family",
      of({ addresses: ["fd00::1"] }),
      ['endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address'],
    ],
    [
      "an address in another way, a node and hints",
      {
        ...of(
          {
            addresses: ["FD00::1"],
            nodeName: "N",
            hints: { forZones: [{ name: "a" }, { name: "a" }] },
          },
          "IPv6",
        ),
      },
      [
        'endpoints[0].addresses[0]: Invalid value: "FD00::1": must be in canonical form ("fd00::1")',
        "endpoints[0].nodeName: Invalid value: \"N\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
      ],
    ],
    [
      "names of one part",
      of({ addresses: ["a."] }, "FQDN"),
      [
        'endpoints[0].addresses[0]: Invalid value: "a": should be a domain with at least two segments separated by dots',
      ],
    ],
    [
      "the machine itself",
      of({ addresses: ["127.0.0.1"] }),
      [
        'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      "a port twice",
      { addressType: "IPv4", ports: [{ port: 1 }, { port: 2 }] },
      ['ports[1].name: Duplicate value: ""'],
    ],
    [
      "a protocol",
      { addressType: "IPv4", ports: [{ port: 1, protocol: "ICMP" }] },
      ['ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"'],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
  test("endpoints that were there may stay; odd addresses are warned of", () => {
    const odd = of({ addresses: ["10.0.0.01"] });
    expect(changeProblems(gvk, odd, odd)).toEqual([]);
    const { warnings } = kindOf(gvk);
    const made = complete(gvk, odd);
    const texts = [
      'endpoints[0].addresses[0]: non-standard IP address "10.0.0.01" is invalid: use "10.0.0.1"',
    ];
    expect(warnings!(made)).toEqual(texts);
    const labels = { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" };
    expect(warnings!({ ...made, metadata: { name: "x", labels } })).toEqual([]);
    const names = complete(gvk, of({ addresses: ["a.b"] }, "FQDN"));
    expect(warnings!(names)).toEqual(["spec.addressType: FQDN endpoints are deprecated"]);
    expect(warnings!(names, names)).toEqual([]);
  });
  test("shows the first three of many", () => {
    const addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"];
    const slice = { addressType: "IPv4", endpoints: [{ addresses }], ports: [{ port: 80 }, {}] };
    expect(cells(gvk, slice).slice(1, 4)).toEqual([
      "IPv4",
      "80,",
      "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...",
    ]);
    expect(cells(gvk, { addressType: "IPv4" }).slice(2, 4)).toEqual(["<unset>", "<unset>"]);
  });
});
