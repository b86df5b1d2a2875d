/** Pods: every fault of a spec, what may change afterwards, warnings, defaults, columns. */
import { describe, expect, test } from "vitest";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { pod } from "#apiserver/kinds/core/pod.ts";
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
  kind: "Pod",
  metadata: { name: "web", namespace: "default" },
  spec: { containers: [{ name: "c", image: "nginx:1" }] },
};
const errorsOf = (changes: Changes): readonly string[] =>
  created(pod, changed(base, changes)).errors;

const first = "spec.containers.0";
const at = "spec.containers[0]";
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const namePart =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

type Row = readonly [what: string, changes: Changes, errors: readonly string[]];
const faults: Readonly<Record<string, readonly Row[]>> = {
  containers: [
    ["nothing wrong", {}, []],
    ["none at all", { "spec.containers": [] }, ["spec.containers: Required value"]],
    ["no name", { [`${first}.name`]: "" }, [`${at}.name: Required value`]],
    ["a bad name", { [`${first}.name`]: "C" }, [`${at}.name: Invalid value: "C": ${label}`]],
    ["no image", { [`${first}.image`]: "" }, [`${at}.image: Required value`]],
    [
      "spaces around the image",
      { [`${first}.image`]: " nginx" },
      [`${at}.image: Invalid value: " nginx": must not have leading or trailing whitespace`],
    ],
    [
      "a name twice",
      {
        "spec.containers.1": { name: "c", image: "a" },
        "spec.initContainers": [{ name: "c", image: "a" }],
      },
      [
        `spec.containers[1].name: Duplicate value: "c"`,
        `spec.initContainers[0].name: Duplicate value: "c"`,
      ],
    ],
    [
      "a pull policy that does not exist",
      { [`${first}.imagePullPolicy`]: "Sometimes" },
      [
        `${at}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
      ],
    ],
    [
      "ports",
      {
        [`${first}.ports`]: [
          { containerPort: 0 },
          { containerPort: 70_000, protocol: "tcp" },
          { containerPort: 80, name: "Web" },
          { containerPort: 80, hostPort: 80 },
          { containerPort: 81, hostPort: 80 },
          { containerPort: 1, name: "a" },
          { containerPort: 2, name: "a" },
        ],
      },
      [
        `${at}.ports[0].containerPort: Required value`,
        `${at}.ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
        `${at}.ports[1].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"`,
        `${at}.ports[2].name: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
        `${at}.ports[6].name: Duplicate value: "a"`,
        `${at}.ports[4].hostPort: Duplicate value: "TCP//80"`,
      ],
    ],
    [
      "a restart policy of a container that is not an init container's",
      { [`${first}.restartPolicy`]: "Sometimes" },
      [
        `${at}.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"`,
      ],
    ],
    [
      "termination messages",
      { [`${first}.terminationMessagePolicy`]: "Log" },
      [
        `${at}.terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"`,
      ],
    ],
    [
      "probes and lifecycle of an init container that ends",
      {
        "spec.initContainers": [
          {
            name: "i",
            image: "a",
            lifecycle: { preStop: { exec: { command: ["a"] } } },
            livenessProbe: { exec: { command: ["a"] } },
            readinessProbe: { exec: { command: ["a"] } },
            startupProbe: { exec: { command: ["a"] } },
          },
        ],
      },
      [
        "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
        "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
        "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
        "spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
      ],
    ],
    [
      "ephemeral ones at birth",
      {
        "spec.ephemeralContainers": [
          { name: "e", image: "a", terminationMessagePolicy: "File", imagePullPolicy: "Always" },
        ],
      },
      ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
    ],
  ],
  probes: [
    [
      "no handler",
      { [`${first}.livenessProbe`]: {} },
      [`${at}.livenessProbe: Required value: must specify a handler type`],
    ],
    [
      "two handlers",
      { [`${first}.livenessProbe`]: { exec: { command: ["a"] }, tcpSocket: { port: 80 } } },
      [`${at}.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`],
    ],
    [
      "bad numbers",
      {
        [`${first}.livenessProbe`]: {
          httpGet: { port: 0 },
          periodSeconds: -1,
          failureThreshold: -1,
          successThreshold: 2,
        },
      },
      [
        `${at}.livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
        `${at}.livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0`,
        `${at}.livenessProbe.failureThreshold: Invalid value: -1: must be greater than or equal to 0`,
        `${at}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
      ],
    ],
    [
      "a grace for readiness",
      {
        [`${first}.readinessProbe`]: {
          exec: { command: ["a"] },
          terminationGracePeriodSeconds: 3,
        },
      },
      [
        `${at}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 3: must not be set for readinessProbes`,
      ],
    ],
    [
      "a command that is none",
      { [`${first}.startupProbe`]: { exec: { command: [] } } },
      [`${at}.startupProbe.exec.command: Required value`],
    ],
    [
      "a hook without a handler",
      { [`${first}.lifecycle`]: { preStop: {} } },
      [`${at}.lifecycle.preStop: Required value: must specify a handler type`],
    ],
  ],
  environment: [
    ["no name", { [`${first}.env`]: [{ value: "a" }] }, [`${at}.env[0].name: Required value`]],
    [
      "a name with =",
      { [`${first}.env`]: [{ name: "A=B" }] },
      [
        `${at}.env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='`,
      ],
    ],
    [
      "a value and a source",
      {
        [`${first}.env`]: [
          { name: "A", value: "a", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        ],
      },
      [
        `${at}.env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`,
      ],
    ],
    [
      "a field that has none",
      {
        [`${first}.env`]: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.owner" } } }],
      },
      [
        `${at}.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.owner": error converting fieldPath: field label not supported: metadata.owner`,
      ],
    ],
    [
      "a ConfigMap without key",
      { [`${first}.env`]: [{ name: "A", valueFrom: { configMapKeyRef: { name: "a", key: "" } } }] },
      [`${at}.env[0].valueFrom.configMapKeyRef.key: Required value`],
    ],
    [
      "sources",
      { [`${first}.envFrom`]: [{}, { secretRef: { name: "" } }] },
      [
        `${at}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``,
        `${at}.envFrom[1].secretRef.name: Required value`,
      ],
    ],
  ],
  resources: [
    [
      "more asked than allowed",
      { [`${first}.resources`]: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
      [
        `${at}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`,
      ],
    ],
    [
      "less than nothing",
      { [`${first}.resources`]: { limits: { cpu: "-1" } } },
      [
        `${at}.resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
        `${at}.resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
      ],
    ],
    [
      "a resource that nobody knows",
      { [`${first}.resources`]: { requests: { gpu: "1" } } },
      [
        `${at}.resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified`,
        `${at}.resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers`,
      ],
    ],
    [
      "half an extended resource, and no limit",
      { [`${first}.resources`]: { requests: { "example.com/gpu": "500m" } } },
      [
        `${at}.resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer`,
        `${at}.resources.limits: Required value: Limit must be set for non overcommitable resources`,
      ],
    ],
    [
      "a claim that the Pod does not have",
      { [`${first}.resources`]: { claims: [{ name: "gpu" }] } },
      [
        `${at}.resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty`,
      ],
    ],
  ],
  security: [
    [
      "root, but not root",
      { [`${first}.securityContext`]: { runAsUser: -1, capabilities: { add: ["A"] } } },
      [
        `${at}.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive`,
      ],
    ],
    [
      "a seccomp profile without its file",
      { "spec.securityContext": { seccompProfile: { type: "Localhost" } } },
      [
        "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
      ],
    ],
    [
      "sysctls",
      {
        "spec.securityContext": {
          sysctls: [
            { name: "", value: "1" },
            { name: "A b", value: "1" },
            { name: "net.a", value: "1" },
            { name: "net.a", value: "1" },
          ],
        },
      },
      [
        "spec.securityContext.sysctls[0].name: Required value",
        String.raw`spec.securityContext.sysctls[1].name: Invalid value: "A b": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`,
        `spec.securityContext.sysctls[3].name: Duplicate value: "net.a"`,
      ],
    ],
  ],
  volumes: [
    [
      "two sorts, a name twice",
      {
        "spec.volumes": [
          { name: "a" },
          { name: "b", emptyDir: {}, secret: { secretName: "x" } },
          { name: "a", emptyDir: {} },
        ],
      },
      [
        "spec.volumes[1].secret: Forbidden: may not specify more than 1 volume type",
        `spec.volumes[2].name: Duplicate value: "a"`,
      ],
    ],
    [
      "mounts",
      {
        "spec.volumes": [{ name: "a", emptyDir: {} }],
        [`${first}.volumeMounts`]: [
          { name: "b", mountPath: "/b" },
          { name: "a", mountPath: "" },
          { name: "a", mountPath: "/b" },
          { name: "a", mountPath: "/c", subPath: "../x" },
        ],
      },
      [
        `${at}.volumeMounts[0].name: Not found: "b"`,
        `${at}.volumeMounts[1].mountPath: Required value`,
        `${at}.volumeMounts[2].mountPath: Invalid value: "/b": must be unique`,
        `${at}.volumeMounts.subPath: Invalid value: "../x": must not contain '..'`,
      ],
    ],
    [
      "a secret without a name, a mode that is too much",
      { "spec.volumes": [{ name: "a", secret: { defaultMode: 1000 } }] },
      [
        "spec.volumes[0].secret.secretName: Required value",
        "spec.volumes[0].secret.defaultMode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusive",
      ],
    ],
    [
      "a claim without a name",
      { "spec.volumes": [{ name: "a", persistentVolumeClaim: { claimName: "" } }] },
      ["spec.volumes[0].persistentVolumeClaim.claimName: Required value"],
    ],
    [
      "a path of the host",
      { "spec.volumes": [{ name: "a", hostPath: { path: "/", type: "Thing" } }] },
      [
        `spec.volumes[0].hostPath.type: Unsupported value: "Thing": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"`,
      ],
    ],
  ],
  placement: [
    [
      "a restart policy that does not exist",
      { "spec.restartPolicy": "Sometimes" },
      [
        `spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"`,
      ],
    ],
    [
      "a node selector with a bad value",
      { "spec.nodeSelector": { "a b": "c" } },
      [`spec.nodeSelector: Invalid value: "a b": ${namePart}`],
    ],
    [
      "tolerations",
      {
        "spec.tolerations": [
          { operator: "Equal" },
          { key: "a", operator: "Exists", value: "b" },
          { key: "a", operator: "Near" },
          { key: "a", operator: "Exists", effect: "Never" },
          { key: "a", operator: "Exists", tolerationSeconds: 3, effect: "NoSchedule" },
        ],
      },
      [
        `spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
        `spec.tolerations[1].operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`,
        `spec.tolerations[2].operator: Unsupported value: "Near": supported values: "Equal", "Exists"`,
        `spec.tolerations[3].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
        `spec.tolerations[4].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
      ],
    ],
    [
      "spread",
      {
        "spec.topologySpreadConstraints": [
          { maxSkew: 0, topologyKey: "", whenUnsatisfiable: "Maybe", labelSelector: {} },
        ],
      },
      [
        "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
        "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
        `spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Maybe": supported values: "DoNotSchedule", "ScheduleAnyway"`,
      ],
    ],
    [
      "affinity",
      {
        "spec.affinity": {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 0,
                preference: {
                  matchExpressions: [{ key: "a", operator: "Gt", values: ["1", "2"] }],
                },
              },
            ],
          },
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "" }],
          },
        },
      },
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
        "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
        "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
        `spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty`,
        `spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": ${namePart}`,
      ],
    ],
    [
      "gates and a node",
      {
        "spec.schedulingGates": [{ name: "a b" }, { name: "c" }, { name: "c" }],
        "spec.nodeName": "n",
      },
      [
        `spec.schedulingGates[0]: Invalid value: "a b": ${namePart}`,
        `spec.schedulingGates[2]: Duplicate value: "c"`,
        "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
      ],
    ],
    [
      "a deadline of nothing",
      { "spec.activeDeadlineSeconds": 0 },
      ["spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"],
    ],
  ],
  network: [
    [
      "a DNS policy of none, without servers",
      { "spec.dnsPolicy": "None" },
      ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
    ],
    [
      "too many servers, bad ones",
      {
        "spec.dnsConfig": {
          nameservers: ["a", "1.1.1.1", "1.1.1.2", "1.1.1.3"],
          options: [{ value: "x" }],
        },
      },
      [
        `spec.dnsConfig.nameservers: Invalid value: ["a","1.1.1.1","1.1.1.2","1.1.1.3"]: must not have more than 3 nameservers`,
        `spec.dnsConfig.nameservers[0]: Invalid value: "a": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
        "spec.dnsConfig.options[0]: Required value: must not be empty",
      ],
    ],
    ["a host name", { "spec.hostname": "A.b" }, [`spec.hostname: Invalid value: "A.b": ${label}`]],
    [
      "a host alias that is no address",
      { "spec.hostAliases": [{ ip: "x", hostnames: ["A_"] }] },
      [
        `spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
        `spec.hostAliases[0].hostnames[0]: Invalid value: "A_": ${subdomain}`,
      ],
    ],
    [
      "one process namespace, and the host's",
      { "spec.hostPID": true, "spec.shareProcessNamespace": true },
      [
        "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
      ],
    ],
  ],
};
describe.each(Object.entries(faults))("%s", (_, rows) => {
  test.each(rows)("%s", (_what, changes, errors) => {
    expect(errorsOf(changes)).toEqual(errors);
  });
});

const stored = (changes: Changes = {}): V1Pod => created(pod, changed(base, changes)).object;

describe("updates", () => {
  const onlyThese =
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
  test.each<readonly [string, Changes, Changes, readonly (string | RegExp)[]]>([
    ["the image", {}, { [`${first}.image`]: "nginx:2" }, []],
    [
      "an empty image",
      {},
      { [`${first}.image`]: "" },
      [`${at}.image: Required value`, `${at}.image: Required value`],
    ],
    [
      "the command",
      {},
      { [`${first}.command`]: ["sh"] },
      [/^spec: Forbidden: pod updates may not change fields other than /],
    ],
    [
      "a container more",
      {},
      { "spec.containers.1": { name: "d", image: "a" } },
      ["spec.containers: Forbidden: pod updates may not add or remove containers"],
    ],
    [
      "a shorter deadline",
      { "spec.activeDeadlineSeconds": 9 },
      { "spec.activeDeadlineSeconds": 8 },
      [],
    ],
    [
      "a longer deadline",
      { "spec.activeDeadlineSeconds": 9 },
      { "spec.activeDeadlineSeconds": 10 },
      [
        "spec.activeDeadlineSeconds: Invalid value: 10: must be less than or equal to previous value",
      ],
    ],
    [
      "a deadline taken away",
      { "spec.activeDeadlineSeconds": 9 },
      { "spec.activeDeadlineSeconds": undefined },
      [
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
      ],
    ],
    ["a toleration more", {}, { "spec.tolerations": [{ key: "a", operator: "Exists" }] }, []],
    [
      "a toleration less",
      { "spec.tolerations": [{ key: "a", operator: "Exists" }] },
      { "spec.tolerations": [] },
      [
        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
      ],
    ],
    ["gates gone", { "spec.schedulingGates": [{ name: "a" }] }, { "spec.schedulingGates": [] }, []],
    [
      "gates come",
      { "spec.schedulingGates": [{ name: "a" }] },
      { "spec.schedulingGates": [{ name: "b" }] },
      [
        `spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'`,
      ],
    ],
    [
      "a tighter selector while gated",
      { "spec.schedulingGates": [{ name: "a" }] },
      { "spec.nodeSelector": { a: "b" } },
      [],
    ],
  ])("%s", (_, was, becomes, errors) => {
    const previous = stored(was);
    const got = updated(pod, previous, changed(previous, becomes)).errors;
    expect(got).toHaveLength(errors.length);
    for (const [i, error] of errors.entries())
      if (typeof error === "string") expect(got[i]).toBe(error);
      else expect(got[i]).toMatch(error);
    if (got[0]?.startsWith("spec: ")) expect(got[0]).toContain(onlyThese);
  });
  test("the status alone is no matter of the spec", () => {
    const previous = stored();
    expect(
      statusUpdated(pod, previous, changed(previous, { "status.phase": "Running" })).errors,
    ).toEqual([]);
    expect(
      statusUpdated(
        pod,
        previous,
        changed(previous, { "status.nominatedNodeName": "A b", "status.podIPs": [{ ip: "x" }] }),
      ).errors,
    ).toEqual([
      `status.nominatedNodeName: Invalid value: "A b": ${subdomain}`,
      `status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
    ]);
  });
});

test.each<readonly [string, Changes, readonly string[]]>([
  ["nothing", {}, []],
  [
    "an old annotation",
    { "metadata.annotations": { "seccomp.security.alpha.kubernetes.io/pod": "runtime/default" } },
    [
      `metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead`,
    ],
  ],
  [
    "a variable twice",
    {
      [`${first}.env`]: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    },
    [`${at}.env[1]: hides previous definition of "A", which may be dropped when using apply`],
  ],
  [
    "a negative grace",
    { "spec.terminationGracePeriodSeconds": -1 },
    [
      "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
    ],
  ],
  [
    "a fraction of a byte",
    { [`${first}.resources.limits`]: { memory: "100m" } },
    [
      `${at}.resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer`,
      `${at}.resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer`,
    ],
  ],
  [
    "old labels of nodes",
    { "spec.nodeSelector": { "beta.kubernetes.io/os": "linux" } },
    [
      `spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead`,
    ],
  ],
  [
    "a git repository",
    { "spec.volumes": [{ name: "a", gitRepo: { repository: "x" } }] },
    ["spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+"],
  ],
  [
    "a name with a dot",
    { "metadata.name": "a.b" },
    [
      `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]`,
    ],
  ],
])("warnings: %s", (_, changes, warnings) => {
  expect(created(pod, changed(base, changes)).warnings).toEqual(warnings);
});

test("defaults, and nothing more the second time", () => {
  const { object } = created(
    pod,
    changed(base, {
      [`${first}.ports`]: [{ containerPort: 80 }],
      [`${first}.livenessProbe`]: { httpGet: { port: 80 } },
      [`${first}.resources`]: { limits: { cpu: "1" } },
      "spec.volumes": [
        { name: "a", secret: { secretName: "s" } },
        { name: "h", hostPath: { path: "/" } },
      ],
    }),
  );
  expect(object.spec).toMatchObject({
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    enableServiceLinks: true,
    securityContext: {},
    containers: [
      {
        imagePullPolicy: "IfNotPresent",
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        ports: [{ containerPort: 80, protocol: "TCP" }],
        livenessProbe: {
          httpGet: { path: "/", port: 80, scheme: "HTTP" },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        resources: { limits: { cpu: "1" }, requests: { cpu: "1" } },
      },
    ],
    volumes: [{ secret: { defaultMode: 420 } }, { hostPath: { type: "" } }],
  });
  expect(object.status).toEqual({ phase: "Pending", qosClass: "Burstable" });
  expect(pod.defaults?.(object)).toBe(object);
});

test("what kubectl shows", () => {
  const object = changed(stored({ "spec.nodeName": "n" }), {
    "metadata.creationTimestamp": "2025-12-31T23:59:00Z",
    status: {
      phase: "Running",
      podIPs: [{ ip: "10.0.0.1" }],
      podIP: "10.0.0.1",
      containerStatuses: [
        {
          name: "c",
          ready: true,
          restartCount: 2,
          state: { running: {} },
          lastState: { terminated: { finishedAt: "2025-12-31T23:59:30Z" } },
        },
      ],
    },
  });
  expect(cells(pod, object)).toEqual({
    Name: "web",
    Ready: "1/1",
    Status: "Running",
    Restarts: "2 (30s ago)",
    Age: "60s",
    IP: "10.0.0.1",
    Node: "n",
    "Nominated Node": "<none>",
    "Readiness Gates": "<none>",
  });
});
