/** Devices: what claims may ask for, what drivers may offer, what may be said of both. */
import { describe, expect, test } from "vitest";
import { changeProblems, problems, statusProblems } from "#test/apiserver/kinds/problems.ts";

const gvk = (kind: string): string => `resource.k8s.io/v1/${kind}`;
const asked = { name: "a", exactly: { deviceClassName: "gpu" } };
const claim = (devices: object): object => ({ spec: { devices } });
const exactly = (over: object): object =>
  claim({ requests: [{ name: "a", exactly: { deviceClassName: "gpu", ...over } }] });
const slice = (over: object): object => ({
  spec: {
    driver: "a.example",
    pool: { name: "n", resourceSliceCount: 1, generation: 1 },
    nodeName: "n",
    ...over,
  },
});
const withDevice = (over: object): object => slice({ devices: [{ name: "d", ...over }] });
const shared = (requestPolicy: object): object =>
  withDevice({
    allowMultipleAllocations: true,
    capacity: { memory: { value: "10", requestPolicy } },
  });
const some = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const request = "spec.devices.requests[0]";
const device = "spec.devices[0]";
const policy = `${device}.capacity[memory].requestPolicy`;
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const identifier =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";
const reference =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
const ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
const costly = `${ten}.all(a, ${ten}.all(b, ${ten}.all(c, ${ten}.all(d, ${ten}.all(e, ${ten}.all(f, ${ten}.all(g, int('1'.find('[0-9]*')) < 100)))))))`;

describe("a claim", () => {
  test.each<[string, object, readonly string[]]>([
    ["of nothing", {}, []],
    [
      "neither one way nor the other",
      claim({ requests: [{ name: "a" }] }),
      [`${request}: Required value: exactly one of \`exactly\` or \`firstAvailable\` is required`],
    ],
    [
      "both ways",
      claim({
        requests: [{ ...asked, firstAvailable: [{ name: "b", deviceClassName: "gpu" }] }],
      }),
      [
        `${request}: Invalid value: null: exactly one of \`exactly\` or \`firstAvailable\` is required, but multiple fields are set`,
      ],
    ],
    [
      "a request twice",
      claim({ requests: [asked, asked] }),
      ['spec.devices.requests[1]: Duplicate value: "a"'],
    ],
    [
      "a request without a name",
      claim({ requests: [{ exactly: { deviceClassName: "gpu" } }] }),
      [`${request}.name: Invalid value: "": ${label}`],
    ],
    [
      "too many requests",
      claim({ requests: some(33, (i) => ({ ...asked, name: `a${i}` })) }),
      ["spec.devices.requests: Too many: 33: must have at most 32 items"],
    ],
    [
      "too many alternatives",
      claim({
        requests: [
          {
            name: "a",
            firstAvailable: some(9, (i) => ({ name: `a${i}`, deviceClassName: "gpu" })),
          },
        ],
      }),
      [`${request}.firstAvailable: Too many: 9: must have at most 8 items`],
    ],
    [
      "no class",
      exactly({ deviceClassName: "" }),
      [`${request}.exactly.deviceClassName: Required value`],
    ],
    [
      "all of two",
      exactly({ allocationMode: "All", count: 2 }),
      [
        `${request}.exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'`,
      ],
    ],
    [
      "less than none",
      exactly({ count: -1 }),
      [`${request}.exactly.count: Invalid value: -1: must be greater than zero`],
    ],
    [
      "another mode",
      exactly({ allocationMode: "Some" }),
      [
        `${request}.exactly.allocationMode: Unsupported value: "Some": supported values: "All", "ExactCount"`,
      ],
    ],
    [
      "a selector of nothing",
      exactly({ selectors: [{}] }),
      [`${request}.exactly.selectors[0].cel: Required value`],
    ],
    [
      "a device's field",
      exactly({ selectors: [{ cel: { expression: "device.colour == 'red'" } }] }),
      [
        `${request}.exactly.selectors[0].cel.expression: Invalid value: "device.colour == 'red'": compilation failed: ERROR: <input>:1:7: undefined field 'colour'\n | device.colour == 'red'\n | ......^`,
      ],
    ],
    [
      "a selector of text",
      exactly({ selectors: [{ cel: { expression: "device.driver" } }] }),
      [
        `${request}.exactly.selectors[0].cel.expression: Invalid value: "device.driver": must evaluate to bool or the unknown type, not string`,
      ],
    ],
    [
      "a selector that costs too much",
      exactly({ selectors: [{ cel: { expression: costly } }] }),
      [
        `${request}.exactly.selectors[0].cel.expression: Forbidden: too complex, exceeds cost limit`,
      ],
    ],
    [
      "a selector that is too long",
      exactly({ selectors: [{ cel: { expression: `"${"x".repeat(10_240)}" == ""` } }] }),
      [
        `${request}.exactly.selectors[0].cel.expression: Too long: may not be more than 10240 bytes`,
      ],
    ],
    [
      "what devices have",
      exactly({
        selectors: [
          "device.attributes['a.example'].model == 'x'",
          "cel.bind(dra, device.attributes['a.example'], dra.one && dra.two.isGreaterThan(semver('1.0.0')))",
          "device.capacity['a.example'].memory.compareTo(quantity('2')) >= 0",
          "device.attributes['a.example'].text.matches('^a.*')",
          "device.allowMultipleAllocations",
        ].map((expression) => ({ cel: { expression } })),
      }),
      [],
    ],
    [
      "tolerations",
      exactly({
        tolerations: [
          {},
          { operator: "Exists", value: "x", effect: "Now" },
          { key: "a/b/c", operator: "Like" },
        ],
      }),
      [
        `${request}.exactly.tolerations[1].value: Invalid value: "x": must be empty for operator \`Exists\``,
        `${request}.exactly.tolerations[1].effect: Unsupported value: "Now": supported values: "NoExecute", "NoSchedule", "None"`,
        `${request}.exactly.tolerations[2].key: Invalid value: "a/b/c": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
        `${request}.exactly.tolerations[2].operator: Unsupported value: "Like": supported values: "Equal", "Exists"`,
      ],
    ],
    [
      "constraints",
      claim({
        requests: [asked, { name: "b", firstAvailable: [{ name: "c", deviceClassName: "gpu" }] }],
        constraints: [
          { requests: ["a", "b/c", "a", "d", "a/b/c"], matchAttribute: "a.example/model" },
          { matchAttribute: "model" },
          { distinctAttribute: "/1" },
          {},
        ],
      }),
      [
        `spec.devices.constraints[0].requests[3]: Invalid value: "d": ${reference}`,
        `spec.devices.constraints[0].requests[4]: Invalid value: "a/b/c": ${reference}`,
        'spec.devices.constraints[0].requests[2]: Duplicate value: "a"',
        'spec.devices.constraints[1].matchAttribute: Invalid value: "model": a fully qualified name must be a domain and a name separated by a slash',
        'spec.devices.constraints[2].distinctAttribute: Invalid value: "": the domain must not be empty',
        `spec.devices.constraints[2].distinctAttribute: Invalid value: "1": ${identifier}`,
        'spec.devices.constraints[3]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set',
      ],
    ],
    [
      "configuration",
      claim({
        requests: [asked],
        config: [
          {},
          { requests: ["b"], opaque: { driver: "", parameters: { a: 1 } } },
          { opaque: { driver: "a.example" } },
          { opaque: { driver: "a.example", parameters: [] } },
          { opaque: { driver: "a.example", parameters: { a: "x".repeat(10_240) } } },
        ],
      }),
      [
        "spec.devices.config[0].opaque: Required value",
        `spec.devices.config[1].requests[0]: Invalid value: "b": ${reference}`,
        "spec.devices.config[1].opaque.driver: Required value",
        "spec.devices.config[2].opaque.parameters: Required value",
        'spec.devices.config[3].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object',
        "spec.devices.config[4].opaque.parameters: Too long: may not be more than 10240 bytes",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(gvk("ResourceClaim"), given)).toEqual(expected);
  });
});

test.each<[string, string, object, readonly string[]]>([
  [
    "a template that names what comes of it",
    "ResourceClaimTemplate",
    { spec: { metadata: { name: "a", labels: { b: "c" } }, spec: {} } },
    ["spec.metadata.name: Forbidden: cannot be set"],
  ],
  [
    "a class of an ordinary resource",
    "DeviceClass",
    { spec: { extendedResourceName: "cpu", config: [{}] } },
    [
      "spec.config[0].opaque: Required value",
      'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
    ],
  ],
])("%s", (_, kind, given, expected) => {
  expect(problems(gvk(kind), given)).toEqual(expected);
});

describe("a slice", () => {
  test.each<[string, object, readonly string[]]>([
    [
      "nowhere",
      slice({ nodeName: undefined }),
      [
        "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required",
      ],
    ],
    [
      "in two places",
      slice({ allNodes: true }),
      [
        'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
      ],
    ],
    [
      "not everywhere",
      slice({ allNodes: false, perDeviceNodeSelection: false }),
      [
        "spec.allNodes: Invalid value: false: must be either unset or set to true",
        "spec.perDeviceNodeSelection: Invalid value: false: must be either unset or set to true",
      ],
    ],
    [
      "where two terms say",
      slice({ nodeName: undefined, nodeSelector: { nodeSelectorTerms: [{}, {}] } }),
      [
        "spec.nodeSelector.nodeSelectorTerms: Invalid value: [{},{}]: must have exactly one node selector term",
      ],
    ],
    [
      "of no pool",
      slice({ driver: "", pool: { name: "a/B", resourceSliceCount: 0, generation: -1 } }),
      [
        "spec.driver: Required value",
        "spec.pool.name: Invalid value: \"B\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
        "spec.pool.generation: Invalid value: -1: must be greater than or equal to zero",
      ],
    ],
    [
      "a device twice",
      slice({ devices: [{ name: "a" }, { name: "a" }] }),
      ['spec.devices[1]: Duplicate value: "a"'],
    ],
    [
      "as many devices as there may be",
      slice({ devices: some(128, (i) => ({ name: `d${i}` })) }),
      [],
    ],
    [
      "more devices with taints than there may be",
      slice({
        devices: some(65, (i) => ({
          name: `d${i}`,
          taints: [{ key: "a", effect: "NoExecute" }],
        })),
      }),
      ["spec.devices: Too many: 65: must have at most 64 items"],
    ],
    [
      "devices and counters",
      slice({ devices: [], sharedCounters: [{ name: "c", counters: {} }, {}] }),
      [
        'spec: Invalid value: "": only one of `sharedCounters` or `devices` is allowed',
        "spec.sharedCounters[0].counters: Required value",
        "spec.sharedCounters[1].name: Required value",
        "spec.sharedCounters[1].counters: Required value",
      ],
    ],
    [
      "attributes",
      withDevice({
        attributes: {
          "a.example/model": { string: "x".repeat(65) },
          "1": { int: 1, bool: true },
          none: {},
          version: { version: "1.2" },
        },
      }),
      [
        `${device}.attributes: Invalid value: "1": ${identifier}`,
        `${device}.attributes[1]: Invalid value: {"IntValue":1,"BoolValue":true,"StringValue":null,"VersionValue":null,"IntValues":null,"BoolValues":null,"StringValues":null,"VersionValues":null}: exactly one value must be specified`,
        `${device}.attributes[a.example/model].string: Too long: may not be more than 64 bytes`,
        `${device}.attributes[none]: Invalid value: "": exactly one value must be specified`,
        `${device}.attributes[version].version: Invalid value: "1.2": must be a string compatible with semver.org spec 2.0.0`,
      ],
    ],
    [
      "too many attributes",
      withDevice({
        attributes: Object.fromEntries(some(33, (i) => [`a${i}`, { int: i }])),
      }),
      [
        `${device}: Invalid value: 33: the total number of attributes and capacities must not exceed 32`,
      ],
    ],
    [
      "a portion of what is not shared",
      withDevice({ capacity: { memory: { value: "10", requestPolicy: {} } } }),
      [`${policy}: Forbidden: allowMultipleAllocations must be true`],
    ],
    ["portions", shared({ default: "2", validRange: { min: "2", max: "8", step: "2" } }), []],
    [
      "two sorts of portions",
      shared({ validValues: ["1"], validRange: { min: "1" } }),
      [
        `${policy}: Forbidden: exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time`,
      ],
    ],
    [
      "portions without a default",
      shared({ validValues: ["1"] }),
      [`${policy}.default: Required value: required when validValues is defined`],
    ],
    [
      "portions out of order",
      shared({ default: "3", validValues: ["2", "1", "11", "1"] }),
      [
        `${policy}.validValues[1]: Invalid value: "1": values must be sorted in ascending order`,
        `${policy}.validValues[3]: Invalid value: "1": values must be sorted in ascending order`,
        `${policy}.validValues[2]: Invalid value: "11": option is larger than capacity value: 10`,
        `${policy}.validValues[3]: Duplicate value: "1"`,
        `${policy}.validValues: Invalid value: "3": default value is not valid according to the requestPolicy`,
      ],
    ],
    [
      "a range that does not fit",
      shared({ default: "1", validRange: { min: "4", max: "11", step: "9" } }),
      [
        `${policy}.validRange.min: Invalid value: "1": default is less than min: 4`,
        `${policy}.validRange.max: Invalid value: "11": max is larger than capacity value: 10`,
        `${policy}.validRange.step: Invalid value: "9": one step 13 is larger than capacity value: 10`,
        `${policy}.validRange.step: Invalid value: "1": value is not a multiple of a given step (9) from (4)`,
        `${policy}.validRange.step: Invalid value: "11": value is not a multiple of a given step (9) from (4)`,
      ],
    ],
    [
      "taints",
      withDevice({ taints: [{ key: "a" }, { key: "a", value: "-", effect: "Soon" }] }),
      [
        `${device}.taints[0].effect: Required value`,
        `${device}.taints[1].value: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
        `${device}.taints[1].effect: Unsupported value: "Soon": supported values: "NoExecute", "NoSchedule", "None"`,
      ],
    ],
    [
      "what it takes",
      withDevice({
        consumesCounters: [{ counterSet: "c", counters: { "1": { value: "1" } } }, {}],
      }),
      [
        `${device}.consumesCounters[1].counterSet: Required value`,
        `${device}.consumesCounters[1].counters: Required value`,
      ],
    ],
    [
      "a device with a node of its own",
      withDevice({ nodeName: "n" }),
      [
        `${device}: Invalid value: null: \`nodeName\`, \`nodeSelector\` and \`allNodes\` can only be set if \`perDeviceNodeSelection\` is set to true in the ResourceSlice spec`,
      ],
    ],
    [
      "a device without a node of its own",
      slice({
        nodeName: undefined,
        perDeviceNodeSelection: true,
        devices: [{ name: "a" }, { name: "b", nodeName: "" }, { name: "c", allNodes: true }],
      }),
      [
        `${device}: Required value: exactly one of \`nodeName\`, \`nodeSelector\`, or \`allNodes\` is required when \`perDeviceNodeSelection\` is set to true in the ResourceSlice spec`,
        'spec.devices[1].nodeName: Invalid value: "": must not be empty',
        "spec.devices[1]: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
      ],
    ],
    [
      "conditions",
      withDevice({ bindingConditions: ["a", "a"], bindingFailureConditions: ["a"] }),
      [
        `${device}.bindingConditions[1]: Duplicate value: "a"`,
        `${device}.bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions`,
      ],
    ],
    [
      "conditions of one sort",
      withDevice({ bindingConditions: ["a"] }),
      [
        `${device}.bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions`,
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(gvk("ResourceSlice"), given)).toEqual(expected);
  });

  test.each<[string, object, readonly string[]]>([
    [
      "keeps its driver, pool and node",
      {
        driver: "b.example",
        pool: { name: "m", resourceSliceCount: 1, generation: 1 },
        nodeName: "m",
      },
      [
        'spec.pool.name: Invalid value: "m": field is immutable',
        'spec.driver: Invalid value: "b.example": field is immutable',
        'spec.nodeName: Invalid value: "m": field is immutable',
      ],
    ],
    [
      "keeps taints of a newer server",
      { devices: [{ name: "d", taints: [{ key: "a", effect: "New" }] }] },
      [],
    ],
  ])("%s", (_, over, expected) => {
    const before = withDevice({ taints: [{ key: "a", effect: "New" }] });
    expect(changeProblems(gvk("ResourceSlice"), before, slice(over))).toEqual(expected);
  });
});

describe("what becomes of a claim", () => {
  const given = claim({ requests: [asked] });
  const result = { request: "a", driver: "a.example", pool: "n", device: "d" };
  const allocation = { devices: { results: [result] } };
  const pod = { resource: "pods", name: "p", uid: "1" };
  const told = { driver: "a.example", pool: "n", device: "d" };
  test.each<[string, object, object, readonly string[]]>([
    [
      "allocated, reserved, told",
      {},
      {
        allocation,
        reservedFor: [pod],
        devices: [{ ...told, data: { a: 1 }, networkData: { ips: ["10.9.8.7/24"] } }],
      },
      [],
    ],
    [
      "reserved, not allocated",
      {},
      { reservedFor: [pod, {}] },
      [
        "status.reservedFor[1].resource: Required value",
        "status.reservedFor[1].name: Required value",
        "status.reservedFor[1].uid: Required value",
        "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
      ],
    ],
    [
      "reserved twice",
      {},
      { allocation, reservedFor: [pod, pod] },
      ['status.reservedFor[1]: Duplicate value: "1"'],
    ],
    [
      "an allocation of what nobody asked for",
      {},
      {
        allocation: {
          devices: {
            results: [{ request: "b", driver: "", pool: "", device: "D", shareID: "1" }],
            config: [
              { source: "", opaque: { driver: "a.example", parameters: {} } },
              { source: "Me" },
            ],
          },
          nodeSelector: {},
        },
      },
      [
        `status.allocation.devices.results[0].request: Invalid value: "b": ${reference}`,
        "status.allocation.devices.results[0].driver: Required value",
        "status.allocation.devices.results[0].pool: Required value",
        `status.allocation.devices.results[0].device: Invalid value: "D": ${label}`,
        'status.allocation.devices.results[0].shareID: Invalid value: "1": error validating uid: invalid UUID length: 1',
        "status.allocation.devices.config[0].source: Required value",
        'status.allocation.devices.config[1].source: Unsupported value: "Me": supported values: "FromClaim", "FromClass"',
        "status.allocation.devices.config[1].opaque: Required value",
        "status.allocation.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term",
      ],
    ],
    [
      "a device that it has not",
      {},
      { allocation, devices: [{ driver: "b", pool: "a", device: "r" }, told, told] },
      [
        'status.devices[0]: Invalid value: {"Driver":"b","Pool":"a","Device":"r","ShareID":""}: must be an allocated device in the claim',
        'status.devices[2]: Duplicate value: {"Driver":"a.example","Pool":"n","Device":"d","ShareID":""}',
      ],
    ],
    [
      "a device's conditions and addresses",
      {},
      {
        allocation,
        devices: [
          {
            ...told,
            conditions: [{ type: "Ready", status: "Yes", reason: "1" }],
            data: "x",
            networkData: { interfaceName: "x".repeat(257), ips: ["10.9.8.7", "10.9.08.7/24"] },
          },
        ],
      },
      [
        'status.devices[0].conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
        "status.devices[0].conditions[0].lastTransitionTime: Required value",
        "status.devices[0].conditions[0].reason: Invalid value: \"1\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
        'status.devices[0].data: Invalid value: "<value omitted>": must be a valid JSON object',
        "status.devices[0].networkData.interfaceName: Too long: may not be more than 256 bytes",
        'status.devices[0].networkData.ips[0]: Invalid value: "10.9.8.7": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
        'status.devices[0].networkData.ips[1]: Invalid value: "10.9.08.7/24": must be in canonical form ("10.9.8.7/24")',
      ],
    ],
    [
      "reserved anew while it goes",
      {
        metadata: { name: "x", deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a/b"] },
        status: { allocation },
      },
      { allocation, reservedFor: [pod] },
      [
        "status.reservedFor: Forbidden: new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set",
      ],
    ],
  ])("%s", (_, over, status, expected) => {
    expect(statusProblems(gvk("ResourceClaim"), { ...given, ...over }, status)).toEqual(expected);
  });
});
