/** The whole path with real kubectl: from `kubectl apply` to Running, and everything one does next. */
import { beforeAll, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";

const manifest = readFileSync(
  join(import.meta.dirname, "../../content/lessons/files/k8s-deployment.yml"),
  "utf8",
);

describe("a Deployment from kubectl apply to Running and back", () => {
  let cluster: Cluster;
  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await cluster.kubectl(...args);
    expect(stderr + stdout, args.join(" ")).toSatisfy(() => code === 0);
    return stdout;
  };
  beforeAll(async () => {
    cluster = await newCluster({ workers: 3 });
  });

  test("a new cluster is as kubeadm leaves it", async () => {
    const nodes = await ok("get", "nodes", "--no-headers");
    expect(
      nodes
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/).slice(0, 3)),
    ).toEqual([
      ["control-plane-1", "Ready", "control-plane"],
      ["worker-1", "Ready", "<none>"],
      ["worker-2", "Ready", "<none>"],
      ["worker-3", "Ready", "<none>"],
    ]);
    const pods = await ok("get", "pods", "-A", "--no-headers");
    expect(
      pods
        .split("\n")
        .filter((line) => line !== "")
        .every((line) => /\s1\/1\s+Running\s+0\s/.test(line)),
    ).toBe(true);
    expect(pods).toMatch(/coredns.*\n.*coredns/);
    for (const name of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"])
      expect(pods).toContain(`${name}-control-plane-1`);
    expect(await ok("describe", "node", "control-plane-1")).toContain(
      "node-role.kubernetes.io/control-plane:NoSchedule",
    );
    expect(await ok("get", "svc", "kubernetes", "-o", "jsonpath={.spec.clusterIP}")).toBe(
      "10.96.0.1",
    );
    expect(await ok("get", "sa", "default", "-o", "name")).toBe("serviceaccount/default\n");
  });

  test("apply, and all three Pods become Ready", async () => {
    const { stdout } = await cluster.kubectlWith(manifest, "apply", "-f", "-");
    expect(stdout).toBe("deployment.apps/web created\n");
    expect(await ok("rollout", "status", "deploy/web")).toContain(
      'deployment "web" successfully rolled out',
    );
    expect(await ok("get", "deploy", "web", "--no-headers")).toMatch(/^web\s+3\/3\s+3\s+3\s/);
    const pods = await ok("get", "pods", "-l", "app=web", "-o", "wide", "--no-headers");
    expect(pods.trim().split("\n")).toHaveLength(3);
    expect(pods).not.toContain("control-plane-1");
    expect(pods).toMatch(/10\.244\.\d+\.\d+/);
    expect(
      await ok("wait", "--for=condition=Ready", "pod", "-l", "app=web", "--timeout=5s"),
    ).toContain("condition met");
  });

  test("applying the same again writes nothing", async () => {
    const before = await ok("get", "deploy", "web", "-o", "jsonpath={.metadata.resourceVersion}");
    const { stdout } = await cluster.kubectlWith(manifest, "apply", "-f", "-");
    expect(stdout).toBe("deployment.apps/web unchanged\n");
    expect(await ok("get", "deploy", "web", "-o", "jsonpath={.metadata.resourceVersion}")).toBe(
      before,
    );
    expect((await cluster.kubectlWith(manifest, "diff", "-f", "-")).code).toBe(0);
  });

  test("describe and events tell the story in upstream's words", async () => {
    const text = await ok("describe", "pod", "-l", "app=web");
    expect(text).toMatch(
      /Normal\s+Scheduled\s+.*default-scheduler\s+Successfully assigned default\/web-/,
    );
    expect(text).toMatch(
      /spec\.containers\{nginx\}: (Successfully pulled image|Container image) "nginx:1.27"/,
    );
    expect(text).toMatch(/Normal\s+Created\s+.*Container created/);
    expect(text).toMatch(/Normal\s+Started\s+.*Container started/);
    expect(await ok("describe", "deploy", "web")).toMatch(
      /ScalingReplicaSet\s+.*deployment-controller\s+Scaled up replica set web-\w+ from 0 to 3/,
    );
  });

  test("logs come from the container", async () => {
    expect(await ok("logs", "deploy/web")).toContain("start worker process");
  });

  test("scale, roll out, look back, undo", async () => {
    await ok("scale", "deploy/web", "--replicas=5");
    await ok("rollout", "status", "deploy/web");
    await ok("set", "image", "deploy/web", "nginx=nginx:1.28");
    await ok("rollout", "status", "deploy/web");
    expect(
      await ok(
        "get",
        "pods",
        "-l",
        "app=web",
        "-o",
        "jsonpath={.items[*].spec.containers[0].image}",
      ),
    ).not.toContain("1.27");
    expect(await ok("rollout", "history", "deploy/web")).toMatch(/1 {2}.*\n2 {2}/);
    await ok("rollout", "undo", "deploy/web");
    await ok("rollout", "status", "deploy/web");
    const sets = await ok("get", "rs", "-l", "app=web", "-o", "jsonpath={.items[*].spec.replicas}");
    expect(sets.split(" ").toSorted()).toEqual(["0", "5"]);
  });

  test("label, annotate, patch", async () => {
    await ok("label", "pods", "-l", "app=web", "tier=front");
    expect(
      (await ok("get", "pods", "-l", "tier=front", "-o", "name")).trim().split("\n"),
    ).toHaveLength(5);
    await ok("annotate", "deploy", "web", "note=hi");
    await ok(
      "patch",
      "deploy",
      "web",
      "--type=json",
      "-p",
      '[{"op":"replace","path":"/spec/replicas","value":2}]',
    );
    await ok("rollout", "status", "deploy/web");
    expect(
      await ok(
        "get",
        "deploy",
        "web",
        "-o",
        "jsonpath={.metadata.annotations.note} {.status.readyReplicas}",
      ),
    ).toBe("hi 2");
  });

  test("a Service gets an address and endpoints", async () => {
    await ok("expose", "deploy", "web", "--port=80", "--target-port=http");
    expect(await ok("get", "svc", "web", "-o", "jsonpath={.spec.clusterIP}")).toMatch(
      /^10\.(9[6-9]|10\d|11[01])\./,
    );
    const addresses = await eventually("two endpoints", async () => {
      const found = await ok(
        "get",
        "endpointslices",
        "-l",
        "kubernetes.io/service-name=web",
        "-o",
        "jsonpath={.items[*].endpoints[*].addresses[0]}",
      );
      return found.split(" ").length === 2 && found;
    });
    const ips = await ok("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].status.podIP}");
    expect(addresses.split(" ").toSorted()).toEqual(ips.split(" ").toSorted());
  });

  test("watch shows a Pod's way, delete waits for the end", async () => {
    await cluster.clock({ mode: "paused" });
    await ok("run", "x", "--image=nginx:1.27");
    const watching = cluster.kubectlStarted("get", "pods", "-l", "run=x", "-w", "--no-headers");
    await watching.until((printed) => printed.includes("Pending"));
    await cluster.clock({ mode: "instant" });
    await ok("wait", "--for=condition=Ready", "pod/x", "--timeout=10s");
    await ok("delete", "pod", "x");
    const printed = await watching.until((text) => text.includes("Terminating"));
    watching.stop();
    const states = printed
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/)[2]);
    const order = ["Pending", "ContainerCreating", "Running", "Terminating"];
    expect([...new Set(states)].filter((state) => order.includes(state ?? ""))).toEqual(order);
    expect((await cluster.kubectl("get", "pod", "x")).stderr).toContain(
      'Error from server (NotFound): pods "x" not found',
    );
  });

  test("protobuf bodies: create deployment, auth can-i, create token is told to wait", async () => {
    await ok("create", "deployment", "made", "--image=httpd:2.4", "--replicas=2");
    await ok("wait", "--for=condition=Available", "deploy/made", "--timeout=20s");
    expect(await ok("auth", "can-i", "delete", "pods")).toBe("yes\n");
    expect(
      (
        await cluster.kubectl(
          "auth",
          "can-i",
          "delete",
          "pods",
          "--as=system:serviceaccount:default:default",
        )
      ).stdout,
    ).toBe("no\n");
    expect(await ok("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).toBe(
      "kubernetes-admin",
    );
  });

  test("explain and api-resources come from discovery and OpenAPI", async () => {
    expect(await ok("explain", "deployment.spec.strategy")).toMatch(
      /rollingUpdate\s+<RollingUpdateDeployment>/,
    );
    const resources = await ok("api-resources", "--no-headers");
    expect(resources.trim().split("\n").length).toBeGreaterThan(50);
    expect(resources).toMatch(/deployments\s+deploy\s+apps\/v1\s+true\s+Deployment/);
  });

  test("a namespace goes with everything in it", async () => {
    await ok("create", "namespace", "gone");
    await ok("create", "deployment", "inside", "--image=nginx", "-n", "gone");
    await ok("rollout", "status", "deploy/inside", "-n", "gone");
    await ok("delete", "namespace", "gone", "--timeout=60s");
    expect((await cluster.kubectl("get", "all", "-n", "gone")).stderr).toContain(
      "No resources found",
    );
  });

  test("deleting the Deployment deletes its ReplicaSets and Pods", async () => {
    await ok("delete", "deploy", "web");
    await eventually(
      "no Pods of web",
      async () => (await ok("get", "rs,pods", "-l", "app=web", "-o", "name")) === "",
    );
  });

  test("helm installs, upgrades and removes a release", async () => {
    const { mkdtempSync, mkdirSync, writeFileSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    const { run, tool } = await import("#test/support/tools.ts");
    const chart = mkdtempSync(join(tmpdir(), "chart-"));
    mkdirSync(join(chart, "templates"));
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 0.1.0\n");
    writeFileSync(join(chart, "values.yaml"), "replicas: 1\n");
    writeFileSync(
      join(chart, "templates/web.yaml"),
      manifest
        .replace("replicas: 3", "replicas: {{ .Values.replicas }}")
        .replace("name: web\n", "name: {{ .Release.Name }}\n"),
    );
    const helm = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(tool("helm"), [
        ...args,
        "--kubeconfig",
        cluster.kubeconfig,
      ]);
      expect(stderr + stdout, args.join(" ")).toSatisfy(() => code === 0);
      return stdout;
    };
    expect(
      await helm("install", "one", chart, "--server-side=false", "--wait", "--timeout", "30s"),
    ).toContain("STATUS: deployed");
    expect(
      await helm(
        "upgrade",
        "one",
        chart,
        "--server-side=false",
        "--set",
        "replicas=2",
        "--wait",
        "--timeout",
        "30s",
      ),
    ).toContain("REVISION: 2");
    expect(await ok("get", "deploy", "one", "-o", "jsonpath={.status.readyReplicas}")).toBe("2");
    expect(await helm("uninstall", "one")).toContain("uninstalled");
  });
});
