/** The story of a custom resource with real kubectl: define, explain, apply, refuse, scale, restart, delete. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, newCluster } from "#test/support/cluster.ts";
import { type Killable, startKillable } from "#test/support/killable.ts";

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: crontabs.stable.example.com
spec:
  group: stable.example.com
  scope: Namespaced
  names: { plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all] }
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: Says when something is done.
        type: object
        properties:
          spec:
            type: object
            required: [cronSpec]
            x-kubernetes-validations:
            - rule: self.replicas <= 10
              message: replicas must be at most 10
            properties:
              cronSpec: { type: string, description: Minute and hour and so on. }
              image: { type: string, default: nginx }
              replicas: { type: integer, minimum: 0, default: 1 }
          status:
            type: object
            properties:
              replicas: { type: integer }
    subresources:
      status: {}
      scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas }
    additionalPrinterColumns:
    - { name: Spec, type: string, jsonPath: .spec.cronSpec }
    - { name: Replicas, type: integer, jsonPath: .spec.replicas }
    - { name: Image, type: string, jsonPath: .spec.image, priority: 1 }
    - { name: Age, type: date, jsonPath: .metadata.creationTimestamp }
`;
const crontab = (name: string, spec: string): string => `
apiVersion: stable.example.com/v1
kind: CronTab
metadata: { name: ${name} }
spec: ${spec}
`;

let server: Killable;
let cluster: Cluster;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kubestep-crd-"));
  server = await startKillable(folder);
  cluster = await newCluster({ workers: 1 }, server.url);
});
afterAll(() => server.kill());

const ok = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await cluster.kubectl(...args);
  expect(stderr + stdout, args.join(" ")).toSatisfy(() => code === 0);
  return stdout;
};
const words = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s{2,}/));

test("kubectl applies a definition and an object of it at once", async () => {
  const applied = await cluster.kubectlWith(definition, "apply", "-f", "-");
  expect(applied.stdout).toBe(
    "customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created\n",
  );
  expect(
    await ok("wait", "--for=condition=Established", "crd/crontabs.stable.example.com"),
  ).toContain("condition met");
  const object = await cluster.kubectlWith(
    crontab("mine", '{ cronSpec: "* * * * */5" }'),
    "apply",
    "-f",
    "-",
  );
  expect(object.stderr + object.stdout).toBe("crontab.stable.example.com/mine created\n");
});

test("kubectl knows it as any other resource", async () => {
  expect(await ok("api-resources", "--api-group=stable.example.com", "--no-headers")).toMatch(
    /^crontabs\s+ct\s+stable.example.com\/v1\s+true\s+CronTab\n$/,
  );
  const explained = await ok("explain", "crontab.spec");
  expect(explained).toContain(
    "GROUP:      stable.example.com\nKIND:       CronTab\nVERSION:    v1",
  );
  expect(explained).toContain("cronSpec\t<string> -required-\n    Minute and hour and so on.");
  expect(await ok("explain", "ct")).toContain("Says when something is done.");
  expect(await ok("explain", "ct.metadata")).toContain("creationTimestamp");
  const [head, row] = words(await ok("get", "ct"));
  expect(head).toEqual(["NAME", "SPEC", "REPLICAS", "AGE"]);
  expect(row?.slice(0, 3)).toEqual(["mine", "* * * * */5", "1"]);
  expect(words(await ok("get", "ct", "-o", "wide"))[0]).toEqual([
    "NAME",
    "SPEC",
    "REPLICAS",
    "IMAGE",
    "AGE",
  ]);
  expect(await ok("get", "all")).toContain("crontab.stable.example.com/mine");
});

test("what does not fit is refused", async () => {
  const many = await cluster.kubectlWith(
    crontab("many", '{ cronSpec: "1", replicas: 11 }'),
    "apply",
    "-f",
    "-",
  );
  expect(many.stderr).toBe(
    'The CronTab "many" is invalid: spec: Invalid value: replicas must be at most 10\n',
  );
  const unknown = await cluster.kubectlWith(
    crontab("odd", '{ cronSpec: "1", colour: red }'),
    "apply",
    "-f",
    "-",
  );
  expect(unknown.stderr).toContain('strict decoding error: unknown field "spec.colour"');
});

test("scale, status and selectors work", async () => {
  expect(await ok("scale", "--replicas=3", "ct/mine")).toContain(
    "crontab.stable.example.com/mine scaled",
  );
  await ok(
    "patch",
    "ct/mine",
    "--subresource=status",
    "--type=merge",
    "-p",
    '{"status":{"replicas":3}}',
  );
  expect(
    await ok(
      "get",
      "ct/mine",
      "-o",
      "jsonpath={.spec.replicas} {.status.replicas} {.metadata.generation}",
    ),
  ).toBe("3 3 2");
});

test("all of it is there after a restart", async () => {
  const { port } = new URL(server.url);
  await server.kill();
  server = await startKillable(folder, Number(port));
  expect(await ok("get", "ct/mine", "-o", "jsonpath={.spec.replicas}")).toBe("3");
  const again = await cluster.kubectlWith(crontab("more", '{ cronSpec: "2" }'), "apply", "-f", "-");
  expect(again.stdout).toBe("crontab.stable.example.com/more created\n");
});

test("deleting the definition deletes its objects", async () => {
  expect(await ok("delete", "crd", "crontabs.stable.example.com")).toContain("deleted");
  // kubectl waits until it is gone; what it has kept of discovery does not know yet.
  const { stderr } = await cluster.kubectl("get", "ct");
  expect(stderr).toContain("the server could not find the requested resource");
  expect(await ok("get", "apiservices", "v1.apps", "--no-headers")).toMatch(
    /^v1.apps\s+Local\s+True\s/,
  );
});

test("kubectl top tells what nodes and Pods use", async () => {
  const nodes = words(await ok("top", "nodes"));
  expect(nodes[0]).toEqual(["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"]);
  expect(nodes.slice(1).map(([name]) => name)).toEqual(["control-plane-1", "worker-1"]);
  const pods = await ok("top", "pods", "-n", "kube-system", "--no-headers");
  expect(pods).toMatch(/kube-apiserver-control-plane-1\s+\d+m\s+\d+Mi/);
});
