/** Every check of the Pod Security Standards in upstream's words, and what the plugin makes of them. */
import { expect, test } from "vitest";
import { checks } from "#apiserver/admission/pod-security/checks/registry.ts";
import type { Subject } from "#apiserver/admission/pod-security/check.ts";
import { detailText, violations } from "#apiserver/admission/pod-security/evaluate.ts";
import { levelText, policyOf } from "#apiserver/admission/pod-security/policy.ts";
import { type Json, newApi } from "#test/support/api.ts";

const latest = Number.POSITIVE_INFINITY;
const good = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};
/** Restricted but for what is given. */
const subject = (spec: Json, container: Json = {}, annotations: Json = {}): Subject => ({
  metadata: { annotations },
  spec: {
    containers: [
      {
        name: "a",
        ...container,
        securityContext: { ...good, ...container.securityContext },
      },
    ],
    ...spec,
  },
});
const context = (securityContext: Json): Subject => subject({}, { securityContext });
const at = (level: "baseline" | "restricted", one: Subject, minor = latest): string =>
  detailText(violations({ level, minor }, one));

test("there is a check for each of upstream's", () => {
  expect(checks).toHaveLength(19);
  expect(at("restricted", subject({}))).toBe("");
});

test.each<[string, Subject, string]>([
  [
    "AppArmor of a container",
    context({ appArmorProfile: { type: "Unconfined" } }),
    'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")',
  ],
  [
    "AppArmor of pod and annotation",
    subject(
      { securityContext: { appArmorProfile: { type: "Unconfined" } } },
      {},
      {
        "container.apparmor.security.beta.kubernetes.io/a": "unconfined",
      },
    ),
    'forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to "Unconfined", "container.apparmor.security.beta.kubernetes.io/a="unconfined"")',
  ],
  [
    "capabilities",
    context({ capabilities: { add: ["NET_ADMIN", "KILL", "BPF"] } }),
    'non-default capabilities (container "a" must not include "BPF", "NET_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    "host namespaces",
    subject({ hostNetwork: true, hostIPC: true }),
    "host namespaces (hostNetwork=true, hostIPC=true)",
  ],
  [
    "host paths",
    subject({
      volumes: [
        { name: "x", hostPath: { path: "/" } },
        { name: "y", hostPath: { path: "/" } },
      ],
    }),
    'hostPath volumes (volumes "x", "y")',
  ],
  [
    "host ports",
    subject({}, { ports: [{ hostPort: 80 }, { hostPort: 443 }, { containerPort: 1 }] }),
    'hostPort (container "a" uses hostPorts 443, 80)',
  ],
  [
    "hosts of probes",
    subject(
      {},
      {
        livenessProbe: { httpGet: { host: "10.0.0.1", port: 1 } },
        lifecycle: { preStop: { tcpSocket: { host: "b", port: 1 } } },
      },
    ),
    'probe or lifecycle host (container "a" uses probe or lifecycle hosts "10.0.0.1", "b")',
  ],
  [
    "privileged, in every sort of container",
    subject({
      initContainers: [{ name: "i", securityContext: { privileged: true } }],
      ephemeralContainers: [{ name: "e", securityContext: { privileged: true } }],
    }),
    'privileged (containers "i", "e" must not set securityContext.privileged=true)',
  ],
  [
    "procMount",
    context({ procMount: "Unmasked" }),
    'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
  ],
  [
    "procMount in a user namespace",
    { ...subject({ hostUsers: false }, { securityContext: { procMount: "Unmasked" } }) },
    "",
  ],
  [
    "SELinux",
    subject(
      { securityContext: { seLinuxOptions: { user: "u" } } },
      { securityContext: { seLinuxOptions: { type: "t", role: "r" } } },
    ),
    'seLinuxOptions (pod and container "a" set forbidden securityContext.seLinuxOptions: type "t"; user may not be set; role may not be set)',
  ],
  [
    "seccomp",
    context({ seccompProfile: { type: "Unconfined" } }),
    'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    "sysctls",
    subject({ securityContext: { sysctls: [{ name: "kernel.x", value: "1" }] } }),
    "forbidden sysctls (kernel.x)",
  ],
  [
    "Windows host processes",
    subject({ securityContext: { windowsOptions: { hostProcess: true } } }),
    "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)",
  ],
])("baseline: %s", (_, one, expected) => {
  expect(at("baseline", one)).toBe(expected);
});

test.each<[string, Subject, string]>([
  [
    "nothing is set",
    { spec: { containers: [{ name: "a" }, { name: "b" }] } },
    'allowPrivilegeEscalation != false (containers "a", "b" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true), seccompProfile (pod or containers "a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    "capabilities, once",
    context({ capabilities: { add: ["NET_ADMIN"] } }),
    'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]; container "a" must not include "NET_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    "volumes, once",
    subject({
      volumes: [
        { name: "n", nfs: {} },
        { name: "h", hostPath: {} },
        { name: "e", emptyDir: {} },
      ],
    }),
    'restricted volume types (volumes "n", "h" use restricted volume types "hostPath", "nfs")',
  ],
  [
    "root by the pod and a container",
    subject({ securityContext: { runAsUser: 0 } }, { securityContext: { runAsUser: 0 } }),
    'runAsUser=0 (pod and container "a" must not set runAsUser=0)',
  ],
  [
    "root allowed explicitly",
    context({ runAsNonRoot: false }),
    'runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)',
  ],
  [
    "Windows",
    {
      spec: {
        os: { name: "windows" },
        containers: [{ name: "a", securityContext: { runAsNonRoot: true } }],
      },
    },
    "",
  ],
])("restricted: %s", (_, one, expected) => {
  expect(at("restricted", one)).toBe(expected);
});

test.each<[string, number, Subject, string]>([
  [
    "seccomp was not asked for",
    18,
    {
      spec: {
        containers: [{ name: "a", securityContext: { ...good, seccompProfile: undefined } }],
      },
    },
    "",
  ],
  [
    "Windows was no exception",
    24,
    {
      spec: {
        os: { name: "windows" },
        containers: [
          {
            name: "a",
            securityContext: {
              runAsNonRoot: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
            },
          },
        ],
      },
    },
    'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    "a sysctl came later",
    31,
    subject({ securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem" }] } }),
    "forbidden sysctls (net.ipv4.tcp_rmem)",
  ],
  [
    "and is there now",
    32,
    subject({ securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem" }] } }),
    "",
  ],
])("versions: %s", (_, minor, one, expected) => {
  expect(at("restricted", one, minor)).toBe(expected);
});

const prefix = "pod-security.kubernetes.io/";
test.each<[string, Json, string, number]>([
  ["none", {}, "privileged:latest privileged:latest privileged:latest", 0],
  [
    "enforced is warned of",
    { enforce: "baseline" },
    "baseline:latest privileged:latest baseline:latest",
    0,
  ],
  [
    "unless the label says otherwise",
    { enforce: "baseline", warn: "privileged" },
    "baseline:latest privileged:latest privileged:latest",
    0,
  ],
  [
    "versions",
    { enforce: "restricted", "enforce-version": "v1.25" },
    "restricted:v1.25 privileged:latest restricted:v1.25",
    0,
  ],
  [
    "nonsense is strict",
    { enforce: "x", "audit-version": "1.2" },
    "restricted:latest privileged:latest privileged:latest",
    2,
  ],
])("labels: %s", (_, labels, expected, errors) => {
  const all = Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [prefix + key, value]),
  );
  const policy = policyOf(all as Record<string, string>);
  const said = [policy.enforce, policy.audit, policy.warn].map(levelText).join(" ");
  expect([said, policy.errors.length]).toEqual([expected, errors]);
});

const api = await newApi();
const merge = { "content-type": "application/merge-patch+json" };
const warnings = (headers: Headers): string | null => headers.get("warning");
const labelled = (name: string, labels: Json): Promise<Json> =>
  api.request("PATCH", `/api/v1/namespaces/${name}`, { metadata: { labels } }, merge);

test("a restricted namespace refuses Pods and warns of templates; existing Pods are told of", async () => {
  await api.request("POST", "/api/v1/namespaces", { metadata: { name: "strict" } });
  await api.advance("1s");
  const pods = "/api/v1/namespaces/strict/pods";
  const pod = (name: string): Json => ({
    metadata: { name },
    spec: { containers: [{ name: "web", image: "nginx" }] },
  });
  for (const name of ["b", "a"]) await api.request("POST", pods, pod(name));
  const changed = await labelled("strict", { [`${prefix}enforce`]: "restricted" });
  const why =
    "allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile";
  expect(warnings(changed.headers)).toBe(
    `299 - "existing pods in namespace \\"strict\\" violate the new PodSecurity enforce level \\"restricted:latest\\"", 299 - "a (and 1 other pod): ${why}"`,
  );
  const detail =
    'allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "web" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "web" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
  const refused = await api.request("POST", pods, pod("c"));
  expect([refused.code, refused.body.message]).toEqual([
    403,
    `pods "c" is forbidden: violates PodSecurity "restricted:latest": ${detail}`,
  ]);
  const job = {
    metadata: { name: "j" },
    spec: { template: { spec: { restartPolicy: "Never", ...pod("").spec } } },
  };
  const made = await api.request("POST", "/apis/batch/v1/namespaces/strict/jobs", job);
  expect(made.code).toBe(201);
  expect(warnings(made.headers)).toBe(
    `299 - ${JSON.stringify(`would violate PodSecurity "restricted:latest": ${detail}`)}`,
  );
});

test("labels must make sense", async () => {
  const { code, body } = await labelled("default", { [`${prefix}enforce`]: "hard" });
  expect([code, body.message]).toEqual([
    422,
    'Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "hard": must be one of privileged, baseline, restricted',
  ]);
});
