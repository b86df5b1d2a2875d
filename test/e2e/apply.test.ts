/** Field ownership as kubectl shows and uses it: both applies, the way from one to the other, edit and diff. */
import { beforeAll, expect, test } from "vitest";
import { type Cluster, newCluster } from "#test/support/cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await newCluster({ workers: 1 });
});
const manifest = (name: string, replicas: number, image = "nginx"): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: ${image}}]}
`;
const ok = async (input: string, ...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await cluster.kubectlWith(input, ...args);
  expect(stderr + stdout, args.join(" ")).toSatisfy(() => code === 0);
  return stdout;
};
const managers = async (name: string): Promise<string[]> =>
  (
    await ok(
      "",
      "get",
      `deploy/${name}`,
      "--show-managed-fields",
      "-o",
      'jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{"\\n"}{end}',
    )
  )
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("kube-controller-manager"))
    .toSorted();

test("server-side apply: created, unchanged, a conflict, forced", async () => {
  const apply = ["apply", "--server-side", "-f", "-"] as const;
  expect(await ok(manifest("a", 1), ...apply)).toBe("deployment.apps/a serverside-applied\n");
  expect(await managers("a")).toEqual(["kubectl Apply"]);
  await ok("", "scale", "deploy/a", "--replicas=3");
  expect(await managers("a")).toEqual(["kubectl Apply", "kubectl Update scale"]);
  const { code, stderr } = await cluster.kubectlWith(manifest("a", 1), ...apply);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'error: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
  );
  await ok(manifest("a", 1), ...apply, "--force-conflicts");
  expect(await ok("", "get", "deploy/a", "-o", "jsonpath={.spec.replicas}")).toBe("1");
});

test("client-side apply, its annotation, and on to server-side apply", async () => {
  await ok(manifest("b", 1), "apply", "-f", "-");
  expect(await managers("b")).toEqual(["kubectl-client-side-apply Update"]);
  expect(await ok("", "apply", "view-last-applied", "deploy/b")).toContain("replicas: 1");
  await ok(manifest("b", 2), "apply", "-f", "-");
  expect(await ok("", "get", "deploy/b", "-o", "jsonpath={.spec.replicas}")).toBe("2");
  const { code, stdout } = await cluster.kubectlWith(manifest("b", 4), "diff", "-f", "-");
  expect(code).toBe(1);
  expect(stdout).toContain("+  replicas: 4");
  await ok(manifest("b", 3), "apply", "--server-side", "-f", "-");
  // The annotation is kubectl's own business, under a name of its own.
  expect(await managers("b")).toEqual(["kubectl Apply", "kubectl-last-applied Apply"]);
  expect(await ok("", "apply", "view-last-applied", "deploy/b")).toContain("replicas: 3");
});

test("set and label are updates by kubectl's commands", async () => {
  await ok(manifest("c", 1), "create", "-f", "-");
  await ok("", "set", "image", "deploy/c", "web=httpd");
  await ok("", "label", "deploy/c", "team=x");
  expect(await managers("c")).toEqual([
    "kubectl-create Update",
    "kubectl-label Update",
    "kubectl-set Update",
  ]);
});
