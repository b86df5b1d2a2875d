/** Pods: every fault of a spec, what may change afterwards, warnings, defaults, columns. */
import { describe, expect, test } from "vitest";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { tagOf } from "#apiserver/kinds/core/pod-spec/image-reference.ts";
import { validatePodResize } from "#apiserver/kinds/core/pod-spec/resize.ts";
import { pod } from "#apiserver/kinds/core/pod.ts";
import {
  cells,
  type Changes,
  changed,
  created,
  statusUpdated,
  updated,
} from "#test/support/kinds.ts";

const noted = "scheduler.alpha.kubernetes.io/tolerations";
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
      "restart rules without a policy, and rules that are none",
      {
        [`${first}.restartPolicyRules`]: [{ action: "Stop" }, { exitCodes: { operator: "Is" } }],
        "spec.initContainers": [
          { name: "i", image: "a", restartPolicyRules: [{ action: "Stop" }] },
          {
            name: "s",
            image: "a",
            restartPolicy: "Always",
            restartPolicyRules: [
              { action: "RestartAllContainers", exitCodes: { operator: "In", values: [1] } },
            ],
          },
        ],
      },
      [
        `${at}.restartPolicy: Required value: must specify restartPolicy when restart rules are used`,
        `${at}.restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart", "RestartAllContainers"`,
        `${at}.restartPolicyRules[0].exitCodes: Required value: must be specified`,
        `${at}.restartPolicyRules[1].action: Unsupported value: "": supported values: "Restart", "RestartAllContainers"`,
        `${at}.restartPolicyRules[1].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"`,
        "spec.initContainers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
      ],
    ],
    [
      "resize policies",
      {
        "spec.restartPolicy": "Never",
        [`${first}.resizePolicy`]: [
          { resourceName: "cpu", restartPolicy: "RestartContainer" },
          { resourceName: "cpu", restartPolicy: "NotRequired" },
        ],
      },
      [
        `${at}.resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when pod \`restartPolicy\` is 'Never'`,
        `${at}.resizePolicy[1]: Duplicate value: "cpu"`,
      ],
    ],
    [
      "an init container that ends, started again for its resources",
      {
        "spec.initContainers": [
          {
            name: "i",
            image: "a",
            resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }],
          },
        ],
      },
      [
        "spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: \"RestartContainer\": must not be set to 'RestartContainer' for non-sidecar initContainers",
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
      "files: of a volume that is missing, of the wrong sort, upwards",
      {
        "spec.volumes": [
          { name: "s", secret: { secretName: "s" } },
          { name: "e", emptyDir: {} },
        ],
        [`${first}.env`]: [
          { name: "A", valueFrom: { fileKeyRef: { key: "A", volumeName: "no", path: "a" } } },
          { name: "B", valueFrom: { fileKeyRef: { key: "B", volumeName: "s", path: "a" } } },
          { name: "C", valueFrom: { fileKeyRef: { key: "C", volumeName: "e", path: "../a" } } },
          { name: "D", valueFrom: { fileKeyRef: { key: "D", volumeName: "e", path: "/a" } } },
        ],
      },
      [
        `${at}.env[2].valueFrom.fileKeyRef.path: Invalid value: "../a": must not contain '..'`,
        `${at}.env[0].valueFrom.fileKeyRef.volumeName: Not found: "no"`,
        `${at}.env[1].valueFrom.fileKeyRef.volumeName: Invalid value: "s": referenced volume must be of type emptyDir`,
      ],
    ],
    [
      "the old name of a node's field, in a volume",
      {
        "spec.volumes": [
          {
            name: "a",
            downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "spec.host" } }] },
          },
        ],
      },
      [
        `spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"`,
      ],
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
      "of the whole Pod: less than its containers have, and what it cannot have",
      {
        [`${first}.resources`]: {
          requests: { cpu: "2", memory: "1Gi" },
          limits: { cpu: "2", "hugepages-2Mi": "4Mi" },
        },
        "spec.resources": {
          claims: [],
          requests: { cpu: "1", "example.com/gpu": "1" },
          limits: { cpu: "1", "hugepages-2Mi": "2Mi" },
        },
      },
      [
        "spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level",
        `spec.resources.requests[example.com/gpu]: Unsupported value: "example.com/gpu": supported values: "cpu", "hugepages-", "memory"`,
        "spec.resources.limits: Required value: Limit must be set for non overcommitable resources",
        `spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2`,
        `spec.resources.requests[hugepages-2Mi]: Invalid value: "2Mi": must be greater than or equal to aggregate container requests of 4Mi`,
        `spec.resources.limits[hugepages-2Mi]: Invalid value: "2Mi": must be greater than or equal to aggregate container limits of 4Mi`,
        `spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1`,
        `spec.resources.containers[0][hugepages-2Mi].limits: Invalid value: "4Mi": must be less than or equal to pod limits of 2Mi`,
      ],
    ],
    [
      "of a whole Pod on Windows",
      { "spec.os": { name: "windows" }, "spec.resources": { limits: { cpu: "1" } } },
      ["spec.resources: Forbidden: may not be set for a windows pod"],
    ],
    [
      "overhead in huge pages alone",
      { "spec.overhead": { "hugepages-2Mi": "1Mi" } },
      [
        `spec.overhead.limits[hugepages-2Mi]: Invalid value: "1Mi": 1Mi is not positive integer multiple of hugepages-2Mi`,
        "spec.overhead: Forbidden: HugePages require cpu or memory",
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
      "no escalation, and every privilege",
      {
        [`${first}.securityContext`]: {
          allowPrivilegeEscalation: false,
          privileged: true,
          capabilities: { add: ["CAP_SYS_ADMIN"] },
          procMount: "Unmasked",
        },
      },
      [
        `${at}.securityContext.procMount: Invalid value: "Unmasked": \`hostUsers\` must be false to use \`Unmasked\``,
        ...["`privileged` to true", "`capabilities.Add` CAP_SYS_ADMIN"].map(
          (what) =>
            `${at}.securityContext: Invalid value: {"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":"Unmasked","SeccompProfile":null,"AppArmorProfile":null}: cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
        ),
      ],
    ],
    [
      "users of its own, and the host's namespaces and devices",
      {
        "spec.hostUsers": false,
        "spec.hostNetwork": true,
        "spec.hostPID": true,
        "spec.hostIPC": true,
        "spec.volumes": [{ name: "a", persistentVolumeClaim: { claimName: "a" } }],
        [`${first}.volumeDevices`]: [{ name: "a", devicePath: "/dev/a" }],
      },
      [
        "spec.hostNetwork: Forbidden: when `hostUsers` is false",
        "spec.HostPID: Forbidden: when `hostUsers` is false",
        "spec.HostIPC: Forbidden: when `hostUsers` is false",
        `${at}.volumeDevices: Forbidden: when \`hostUsers\` is false`,
      ],
    ],
    [
      "labels by mounting",
      { "spec.securityContext": { seLinuxChangePolicy: "MountOption" } },
      [
        `spec.securityContext.seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"`,
      ],
    ],
    [
      "profiles said twice, differently",
      {
        "metadata.annotations": {
          "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
          "container.seccomp.security.alpha.kubernetes.io/c": "localhost/a",
          "container.apparmor.security.beta.kubernetes.io/c": "localhost/a",
        },
        "spec.securityContext": {
          seccompProfile: { type: "RuntimeDefault" },
          appArmorProfile: { type: "Localhost", localhostProfile: "b" },
        },
        [`${first}.securityContext`]: {
          seccompProfile: { type: "Localhost", localhostProfile: "b" },
          appArmorProfile: { type: "RuntimeDefault" },
        },
      },
      [
        "spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match",
        `${at}.securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match`,
        `${at}.securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match`,
      ],
    ],
    [
      "what Windows does not have",
      {
        "spec.os": { name: "windows" },
        "spec.hostPID": true,
        "spec.shareProcessNamespace": false,
        "spec.securityContext": { runAsUser: 1, seLinuxOptions: {}, fsGroup: 1 },
        [`${first}.securityContext`]: { privileged: false },
      },
      [
        "spec.securityContext.seLinuxOptions: Forbidden: cannot be set for a windows pod",
        "spec.hostPID: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod",
        "spec.shareProcessNamespace: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod",
        `${at}.securityContext.privileged: Forbidden: cannot be set for a windows pod`,
      ],
    ],
    ["a system without a name", { "spec.os": {} }, ["spec.os.name: Required value"]],
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
      "a path within an image",
      {
        "spec.volumes": [{ name: "a", image: { reference: "a" } }],
        [`${first}.volumeMounts`]: [{ name: "a", mountPath: "/a", subPath: "b" }],
      },
      [],
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
          { key: "a", operator: "Gt", value: "1" },
          { key: "a", operator: "Exists", effect: "Never" },
          { key: "a", operator: "Exists", tolerationSeconds: 3, effect: "NoSchedule" },
        ],
      },
      [
        `spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
        `spec.tolerations[1].operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`,
        `spec.tolerations[2].operator: Unsupported value: "Near": supported values: "Equal", "Exists"`,
        `spec.tolerations[3].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"`,
        `spec.tolerations[4].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
        `spec.tolerations[5].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
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
      "spread by label keys: selected already, without a selector",
      {
        "metadata.labels": { a: "b" },
        "spec.topologySpreadConstraints": [
          {
            maxSkew: 1,
            topologyKey: "z",
            whenUnsatisfiable: "ScheduleAnyway",
            matchLabelKeys: ["a"],
            labelSelector: { matchLabels: { a: "b" } },
          },
          {
            maxSkew: 1,
            topologyKey: "y",
            whenUnsatisfiable: "DoNotSchedule",
            matchLabelKeys: ["a"],
          },
        ],
      },
      [
        `spec.topologySpreadConstraints[0][0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector`,
        "spec.topologySpreadConstraints[1].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
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
      "seccomp by annotations: of the Pod first",
      {
        "metadata.annotations": {
          "container.seccomp.security.alpha.kubernetes.io/c": "a",
          "seccomp.security.alpha.kubernetes.io/pod": "b",
        },
      },
      [
        `metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: "b": must be a valid seccomp profile`,
        `metadata.annotations.container.seccomp.security.alpha.kubernetes.io/c: Invalid value: "a": must be a valid seccomp profile`,
      ],
    ],
    [
      "domains to search",
      { "spec.dnsConfig": { searches: ["_sip._tcp.a_b.example.com", "__"] } },
      [
        `spec.dnsConfig.searches[1]: Invalid value: "__": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')`,
      ],
    ],
    [
      "a claim's template that is somebody",
      {
        "spec.volumes": [
          {
            name: "v",
            ephemeral: {
              volumeClaimTemplate: {
                metadata: { creationTimestamp: "2026-01-01T00:00:00Z", uid: "a" },
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1" } } },
              },
            },
          },
        ],
      },
      [
        "spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.uID: Forbidden: cannot be set",
        "spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.creationTimestamp: Forbidden: cannot be set",
      ],
    ],
    [
      "a mirror with claims",
      {
        "metadata.annotations": { "kubernetes.io/config.mirror": "a" },
        "spec.nodeName": "n",
        "spec.resourceClaims": [{ name: "A b" }],
      },
      ["[]: Forbidden: static pods do not support resource claims"],
    ],
    [
      "tolerations that an annotation holds",
      { "metadata.annotations": { [noted]: `[{"Operator":"Equal"}]` } },
      [
        `metadata.annotations.${noted}[0].operator: Invalid value: "Equal": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
      ],
    ],
    [
      "an annotation that holds no tolerations",
      { "metadata.annotations": { [noted]: `"a"` } },
      [
        `metadata.annotations: Invalid value: "${noted}": json: cannot unmarshal string into Go value of type []core.Toleration`,
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
    [
      "another name of the host, and too much of it",
      {
        "spec.hostnameOverride": `${"a".repeat(64)}.`,
        "spec.setHostnameAsFQDN": true,
        "spec.hostNetwork": true,
      },
      [
        "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true",
        "spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
        "spec.hostnameOverride: Too long: may not be more than 64 bytes",
        `spec.hostnameOverride: Invalid value: "${"a".repeat(64)}.": ${subdomain}`,
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

const needed = "requiredDuringSchedulingIgnoredDuringExecution";
const term = (key: string): unknown => ({ matchExpressions: [{ key, operator: "Exists" }] });

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
    [
      "terms that are not only more while gated",
      {
        "spec.schedulingGates": [{ name: "a" }],
        "spec.affinity": {
          nodeAffinity: { [needed]: { nodeSelectorTerms: [term("a"), term("b")] } },
        },
      },
      { [`spec.affinity.nodeAffinity.${needed}.nodeSelectorTerms`]: [term("a"), term("c")] },
      [
        `spec.affinity.nodeAffinity.${needed}.nodeSelectorTerms[1]: Invalid value: {"MatchExpressions":[{"Key":"c","Operator":"Exists","Values":null}],"MatchFields":null}: only additions are allowed (no mutations or deletions)`,
      ],
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
});

describe("statuses", () => {
  const ended = { name: "c", state: { terminated: { exitCode: 1 } } };
  const runs = { name: "c", state: { running: {} } };
  const rule = (action: string, values: readonly number[]): unknown => ({
    action,
    exitCodes: { operator: "In", values },
  });
  const mayNot =
    "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state";
  test.each<readonly [string, Changes, Changes, readonly string[]]>([
    ["a phase", {}, { "status.phase": "Running" }, []],
    [
      "a node it hopes for, an address",
      {},
      { "status.nominatedNodeName": "A b", "status.podIPs": [{ ip: "x" }] },
      [
        `status.nominatedNodeName: Invalid value: "A b": ${subdomain}`,
        `status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
      ],
    ],
    [
      "a node it hopes for, where it has one",
      { "spec.nodeName": "n" },
      { "status.nominatedNodeName": "m" },
      [
        "status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node",
      ],
    ],
    [
      "addresses: odd ones it had, two of a family",
      { "status.podIPs": [{ ip: "010.0.0.1" }] },
      { "status.podIPs": [{ ip: "010.0.0.1" }, { ip: "10.0.0.2" }] },
      [
        `status.podIPs: Invalid value: [{"IP":"010.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family`,
      ],
    ],
    [
      "generations, conditions",
      {},
      {
        "status.observedGeneration": -1,
        "status.conditions": [{ type: "a b", status: "True", observedGeneration: -1 }],
      },
      [
        "status.conditions[0].observedGeneration: Invalid value: -1: must be a non-negative integer",
        `status.conditions[0].Type: Invalid value: "a b": ${namePart}`,
        "status.observedGeneration: Invalid value: -1: must be a non-negative integer",
      ],
    ],
    [
      "claims",
      { "spec.resourceClaims": [{ name: "a", resourceClaimTemplateName: "t" }] },
      {
        "status.resourceClaimStatuses": [
          { name: "a", resourceClaimName: "A" },
          { name: "b" },
          { name: "a" },
        ],
      },
      [
        `status.resourceClaimStatuses[0].resourceClaimName: Invalid value: "A": ${subdomain}`,
        `status.resourceClaimStatuses[1].name: Invalid value: "b": must match the name of an entry in \`spec.resourceClaims\``,
        `status.resourceClaimStatuses[2].name: Duplicate value: "a"`,
      ],
    ],
    [
      "a claim for extended resources",
      {},
      {
        "status.extendedResourceClaimStatus": {
          resourceClaimName: "a",
          requestMappings: [{ containerName: "d", resourceName: "a", requestName: "r" }],
        },
      },
      [
        `status.extendedResourceClaimStatus.requestMappings[0].containerName: Invalid value: "d": must match the name of an entry in spec.initContainers.name or spec.containers.name`,
      ],
    ],
    [
      "users and devices of containers",
      { [`${first}.resources`]: { claims: [{ name: "g", request: "r" }] } },
      {
        "status.containerStatuses": [
          {
            ...runs,
            user: { linux: { uid: -1, gid: 0 } },
            allocatedResourcesStatus: [
              { name: "claim:g/r", resources: [] },
              {
                name: "claim:g",
                resources: [
                  { resourceID: "a", health: "Fine" },
                  { resourceID: "a", health: "Healthy", message: "" },
                ],
              },
            ],
          },
        ],
      },
      [
        "status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive",
        `status.containerStatuses[0].allocatedResourcesStatus[1].name: Invalid value: "claim:g": must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty`,
        `status.containerStatuses[0].allocatedResourcesStatus[1].resources[0].health: Unsupported value: "Fine": supported values: "Healthy", "Unhealthy", "Unknown"`,
        "status.containerStatuses[0].allocatedResourcesStatus[1].resources[1].message: Required value: must be non-empty if specified",
        `status.containerStatuses[0].allocatedResourcesStatus[1].resources[1].resourceID: Duplicate value: "a"`,
      ],
    ],
    ...(
      [
        ["always", {}, []],
        ["never", { "spec.restartPolicy": "Never" }, [mayNot]],
        ["on failure", { "spec.restartPolicy": "OnFailure" }, []],
        [
          "never, but the container says so",
          { "spec.restartPolicy": "Never", [`${first}.restartPolicy`]: "Always" },
          [],
        ],
        ["always, but not this container", { [`${first}.restartPolicy`]: "Never" }, [mayNot]],
        [
          "by a rule for its code",
          {
            [`${first}.restartPolicy`]: "Never",
            [`${first}.restartPolicyRules`]: [rule("Restart", [1])],
          },
          [],
        ],
        [
          "not by a rule for another code",
          {
            [`${first}.restartPolicy`]: "Never",
            [`${first}.restartPolicyRules`]: [rule("Restart", [2])],
          },
          [mayNot],
        ],
        [
          "with all others",
          {
            [`${first}.restartPolicy`]: "Never",
            [`${first}.restartPolicyRules`]: [rule("RestartAllContainers", [2])],
          },
          [],
        ],
      ] as const
    ).map(
      ([what, spec, errors]) =>
        [
          `a container that ended runs again: ${what}`,
          { ...spec, "status.containerStatuses": [ended] },
          { "status.containerStatuses": [runs] },
          errors,
        ] as const,
    ),
  ])("%s", (_, was, becomes, errors) => {
    const status = Object.entries(was).filter(([path]) => path.startsWith("status."));
    const previous = changed(stored(was), Object.fromEntries(status));
    expect(statusUpdated(pod, previous, changed(previous, becomes)).errors).toEqual(errors);
  });

  test("a writer who knows nothing of generations leaves them, and the two names of an address agree", () => {
    const condition = { type: "Ready", status: "True" };
    const previous = changed(stored(), {
      "status.observedGeneration": 3,
      "status.conditions": [{ ...condition, observedGeneration: 2 }],
    });
    const { object } = statusUpdated(
      pod,
      previous,
      changed(previous, {
        "status.observedGeneration": undefined,
        "status.qosClass": undefined,
        "status.conditions": [condition],
        "status.podIP": "10.0.0.1",
      }),
    );
    expect(object.status).toEqual({
      phase: "Pending",
      qosClass: "BestEffort",
      observedGeneration: 3,
      conditions: [{ ...condition, observedGeneration: 2 }],
      podIP: "10.0.0.1",
      podIPs: [{ ip: "10.0.0.1" }],
    });
  });
});

describe("statuses", () => {
  const containerStatus = (mount: object): unknown => ({
    name: "c",
    image: "nginx:1",
    volumeMounts: [{ name: "v", mountPath: "/v", ...mount }],
  });
  const volumeStatus = { image: { imageRef: "nginx@sha256:0" } };
  const claims = "status.nodeAllocatableResourceClaimStatuses";
  const told = {
    "status.containerStatuses": [containerStatus({ volumeStatus })],
    [claims]: [{ resourceClaimName: "a" }],
  };
  test("what is not yet: dropped, unless it is there", () => {
    const previous = stored();
    const { object } = statusUpdated(pod, previous, changed(previous, told));
    expect(object.status).toEqual({
      ...previous.status,
      containerStatuses: [containerStatus({})],
    });
    const old = changed(previous, told);
    expect(statusUpdated(pod, old, old).object).toEqual(old);
    const next = changed(old, { "status.message": "a" });
    expect(statusUpdated(pod, old, next).object).toEqual(next);
  });
  test("addresses written oddly", () => {
    const previous = stored();
    const next = changed(previous, {
      "status.podIPs": [{ ip: "2001:DB8::1" }],
      "status.hostIP": "2001:DB8::2",
      "status.hostIPs": [{ ip: "2001:DB8::2" }],
    });
    const { errors, warnings } = statusUpdated(pod, previous, next);
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      `status.podIPs[0].ip: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")`,
      `status.hostIPs[0].ip: IPv6 address "2001:DB8::2" should be in RFC 5952 canonical format ("2001:db8::2")`,
    ]);
  });
});

describe("resizes", () => {
  const cpu = (amount: string): unknown => ({ requests: { cpu: amount } });
  const init = (more: object): unknown => ({ name: "i", image: "a", resources: cpu("1"), ...more });
  test.each<readonly [string, Changes, Changes, readonly string[]]>([
    ["cpu", { [`${first}.resources`]: cpu("1") }, { [`${first}.resources`]: cpu("2") }, []],
    [
      "a request less, another more",
      { [`${first}.resources`]: { requests: { cpu: "1", memory: "1Gi" } } },
      { [`${first}.resources`]: { requests: { cpu: "1", "ephemeral-storage": "1Gi" } } },
      [
        `${at}.resources.requests: Forbidden: resource requests cannot be removed`,
        "spec: Forbidden: only cpu and memory resources are mutable",
      ],
    ],
    [
      "containers in another order",
      { "spec.containers.1": { name: "d", image: "a" } },
      { [`${first}.name`]: "d", "spec.containers.1.name": "c" },
      [
        `${at}.name: Forbidden: containers may not be renamed or reordered on resize`,
        "spec.containers[1].name: Forbidden: containers may not be renamed or reordered on resize",
      ],
    ],
    [
      "a container more",
      {},
      { "spec.initContainers": [init({ resources: {} })] },
      ["spec.initContainers: Forbidden: initContainers may not be added or removed on resize"],
    ],
    [
      "an init container",
      { "spec.initContainers": [init({})] },
      { "spec.initContainers.0.resources": cpu("2") },
      [],
    ],
    [
      "an init container, by another policy",
      { "spec.initContainers": [init({})] },
      {
        "spec.initContainers.0.resizePolicy": [
          { resourceName: "cpu", restartPolicy: "RestartContainer" },
        ],
      },
      [
        "spec.initContainers[0]: Forbidden: only cpu and memory resources for init or sidecar containers are mutable",
        "spec.initContainers[0]: Forbidden: non-sidecar init containers with a resize policy of RestartContainer cannot be resized",
      ],
    ],
    [
      "the whole Pod",
      { "spec.resources": { requests: { cpu: "1" } } },
      { "spec.resources": { requests: { cpu: "2" } } },
      [],
    ],
    [
      "the whole Pod, no more",
      { "spec.resources": { requests: { cpu: "1" } }, [`${first}.resources`]: cpu("1") },
      { "spec.resources": undefined },
      ["spec.resources: Forbidden: pod-level resources cannot be removed"],
    ],
    [
      "the whole Pod, pages",
      { "spec.resources": { limits: { cpu: "1", "hugepages-2Mi": "2Mi" } } },
      { "spec.resources.limits.hugepages-2Mi": "4Mi" },
      ["spec: Forbidden: only cpu and memory resources are mutable at pod-level"],
    ],
  ])("%s", (_, was, becomes, errors) => {
    const previous = stored(was);
    const found = validatePodResize(changed(previous, becomes), previous, []);
    expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual(errors);
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
    "a node it would like, by a label that none can have",
    {
      "spec.affinity": {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 1,
              preference: { matchExpressions: [{ key: "a", operator: "In", values: ["-1"] }] },
            },
          ],
        },
      },
    },
    [
      "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]: -1 is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ],
  [
    "AppArmor by annotation",
    {
      "metadata.annotations": {
        "container.apparmor.security.beta.kubernetes.io/c": "runtime/default",
      },
    },
    [
      `metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    ],
  ],
  [
    "the name of a port twice",
    {
      [`${first}.ports`]: [{ containerPort: 1, name: "a" }],
      "spec.containers.1": { name: "d", image: "a", ports: [{ containerPort: 2, name: "a" }] },
    },
    [
      `spec.containers[1].ports[0]: duplicate port name "a" with ${at}.ports[0], services and probes that select ports by name will use ${at}.ports[0]`,
    ],
  ],
  [
    "addresses written in an odd way",
    {
      "spec.dnsConfig": { nameservers: ["2001:DB8::1"] },
      "spec.hostAliases": [{ ip: "2001:db8:0::2", hostnames: ["a"] }],
    },
    [
      `spec.dnsConfig.nameservers[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")`,
      `spec.hostAliases[0].ip: IPv6 address "2001:db8:0::2" should be in RFC 5952 canonical format ("2001:db8::2")`,
    ],
  ],
  [
    "files upon each other",
    {
      "spec.volumes": [
        {
          name: "c",
          configMap: {
            name: "m",
            items: [
              { key: "a", path: "a" },
              { key: "b", path: "ab" },
              { key: "c", path: "a/c" },
            ],
          },
        },
        {
          name: "p",
          projected: {
            sources: [
              { secret: { name: "s", items: [{ key: "a", path: "a" }] } },
              { configMap: { name: "m", items: [{ key: "a", path: "a/b" }] } },
              {},
            ],
          },
        },
      ],
    },
    [
      `volume "c" (ConfigMap "m"): overlapping paths: "a/c" with "a"`,
      `volume "p" (Projected) has no sources provided`,
      `volume "p" (Projected): overlapping paths: "a/b" (ConfigMap "m") with "a" (Secret "s")`,
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

test.each([
  ["nginx", "latest"],
  ["nginx:1", "1"],
  ["localhost/nginx", "latest"],
  ["example.com:5000/a/b:latest", "latest"],
  ["[::1]:5000/a", "latest"],
  [`nginx@sha256:${"0".repeat(64)}`, ""],
  [`nginx:latest@sha256:${"0".repeat(64)}`, "latest"],
  ["Nginx", ""],
  ["Library/nginx", "latest"],
  ["nginx:", ""],
  ["", ""],
  ["a".repeat(64), ""],
])("the tag of %s is %s", (image, tag) => {
  expect(tagOf(image)).toBe(tag);
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
