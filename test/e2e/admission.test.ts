/** Admission as a person meets it, with kubectl: what is filled in, refused, warned of. */
import { beforeAll, afterAll, expect, test } from "vitest";
import { serve, type Served } from "#local/serve.ts";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";
import { webhookServer, type WebhookServer } from "#test/support/webhook.ts";

let hooks: WebhookServer;
let served: Served;
let cluster: Cluster;

beforeAll(async () => {
  hooks = await webhookServer({
    "/deny": ({ object }) => ({
      allowed: object.metadata.labels?.team !== undefined,
      status: { message: "label team is missing" },
    }),
  });
  served = await serve({ host: "127.0.0.1", port: 0, webhookOrigins: [hooks.origin] });
  cluster = await newCluster({ workers: 1 }, served.url);
});
afterAll(async () => {
  hooks.close();
  await served.close();
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
const apply = (manifest: string, ...args: readonly string[]): Promise<Ran> =>
  cluster.kubectlWith(manifest, "apply", "-f", "-", ...args) as Promise<Ran>;
const made = async (manifest: string): Promise<void> => {
  const { code, stderr } = await apply(manifest);
  expect([code, stderr]).toEqual([0, ""]);
};
const pod = (name: string, namespace: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}}
spec: {containers: [{name: web, image: nginx}]}
`;
const deployment = (name: string, namespace: string, replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: nginx}]}
`;
async function namespace(name: string, labels = ""): Promise<void> {
  await made(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {${labels}}}}`);
  await eventually(`account of ${name}`, async () => {
    const { code } = await cluster.kubectl("get", "sa", "default", "-n", name);
    return code === 0;
  });
}

test("a restricted namespace refuses a plain Pod and warns of a plain Deployment", async () => {
  await namespace("strict", "pod-security.kubernetes.io/enforce: restricted");
  const why =
    'allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "web" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "web" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
  const refused = await apply(pod("plain", "strict"));
  expect(refused.stderr).toBe(
    `Error from server (Forbidden): error when creating "STDIN": pods "plain" is forbidden: violates PodSecurity "restricted:latest": ${why}\n`,
  );
  const warned = await apply(deployment("plain", "strict", 1));
  expect(warned).toMatchObject({
    code: 0,
    stderr: `Warning: would violate PodSecurity "restricted:latest": ${why}\n`,
  });
});

test("a Deployment that needs more than the quota says why it stays small", async () => {
  await namespace("small");
  await made(
    `{apiVersion: v1, kind: ResourceQuota, metadata: {name: two, namespace: small}, spec: {hard: {pods: "2"}}}`,
  );
  await eventually("quota counted", async () => {
    const { stdout } = await cluster.kubectl(
      "get",
      "quota",
      "two",
      "-n",
      "small",
      "-o",
      "jsonpath={.status.used.pods}",
    );
    return stdout === "0";
  });
  await made(deployment("web", "small", 3));
  const events = await eventually("the event", async () => {
    const { stdout } = await cluster.kubectl(
      "get",
      "events",
      "-n",
      "small",
      "--field-selector=reason=FailedCreate",
    );
    return stdout.includes("exceeded quota") && stdout;
  });
  expect(events).toMatch(
    /Error creating: pods "web-\w+-\w{5}" is forbidden: exceeded quota: two, requested: pods=1, used: pods=2, limited: pods=2/,
  );
  const { stdout } = await cluster.kubectl("describe", "quota", "two", "-n", "small");
  expect(stdout).toMatch(/pods\s+2\s+2/);
});

test("a LimitRange fills in what a container leaves out", async () => {
  await namespace("limited");
  await made(`
apiVersion: v1
kind: LimitRange
metadata: {name: usual, namespace: limited}
spec: {limits: [{type: Container, default: {cpu: 500m}, defaultRequest: {cpu: 100m}, max: {cpu: "1"}}]}
`);
  await made(pod("plain", "limited"));
  const { stdout } = await cluster.kubectl(
    "get",
    "pod",
    "plain",
    "-n",
    "limited",
    "-o",
    "jsonpath={.spec.containers[0].resources}",
  );
  expect(JSON.parse(stdout)).toEqual({ limits: { cpu: "500m" }, requests: { cpu: "100m" } });
  const { stdout: described } = await cluster.kubectl("describe", "pod", "plain", "-n", "limited");
  expect(described).toContain(
    "kubernetes.io/limit-ranger: LimitRanger plugin set: cpu request for container web; cpu limit for container web",
  );
});

test("a policy denies more than five replicas, another adds a label", async () => {
  await namespace("ruled");
  const rules = `resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]`;
  const here = `matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ruled}}}`;
  await made(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: few-replicas}
spec:
  failurePolicy: Fail
  matchConstraints: {${rules}}
  validations: [{expression: "object.spec.replicas <= 5", message: "no more than five replicas"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: few-replicas}
spec: {policyName: few-replicas, validationActions: [Deny], ${here}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: team}
spec:
  reinvocationPolicy: Never
  matchConstraints: {${rules}}
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"team": namespaceObject.metadata.name}}}'}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: team}
spec: {policyName: team, ${here}}
`);
  const refused = await apply(deployment("web", "ruled", 6));
  expect(refused.stderr).toContain(
    "The deployments \"web\" is invalid: : ValidatingAdmissionPolicy 'few-replicas' with binding 'few-replicas' denied request: no more than five replicas",
  );
  await made(deployment("web", "ruled", 2));
  const { stdout } = await cluster.kubectl(
    "get",
    "deploy",
    "web",
    "-n",
    "ruled",
    "-o",
    "jsonpath={.metadata.labels.team}",
  );
  expect(stdout).toBe("ruled");
});

test("a webhook is asked over the wire", async () => {
  await namespace("hooked");
  await made(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: teams}
webhooks:
- name: teams.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: {url: "${hooks.named}/deny"}
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: hooked}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
`);
  const create = (...args: readonly string[]): Promise<Ran> =>
    cluster.kubectl("create", "-n", "hooked", ...args) as Promise<Ran>;
  expect((await create("configmap", "plain")).stderr).toBe(
    'error: failed to create configmap: admission webhook "teams.example.com" denied the request: label team is missing\n',
  );
  await made(
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: fine, namespace: hooked, labels: {team: blue}}}`,
  );
  expect(hooks.asked.map(({ name }) => name)).toContain("fine");
});
