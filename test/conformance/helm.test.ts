/** helm 4 with the chart that `helm create` makes: lint, install, upgrade, rollback, test, uninstall. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Cluster, newCluster } from "#test/support/cluster.ts";
import { type Ran, run, tool } from "#test/support/tools.ts";

describe("helm", () => {
  let cluster: Cluster;
  const home = mkdtempSync(join(tmpdir(), "kubestep-helm-"));
  const chart = join(home, "shop");
  const helm = (...args: readonly string[]): Promise<Ran> =>
    run(tool("helm"), args, {
      env: {
        KUBECONFIG: cluster.kubeconfig,
        HOME: home,
        HELM_CACHE_HOME: join(home, "cache"),
        HELM_CONFIG_HOME: join(home, "config"),
        HELM_DATA_HOME: join(home, "data"),
      },
    });
  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await helm(...args);
    expect({ code, stderr: code === 0 ? "" : `${stderr}${stdout}` }, args.join(" ")).toEqual({
      code: 0,
      stderr: "",
    });
    return stdout;
  };
  beforeAll(async () => {
    cluster = await newCluster({ workers: 2 });
    await ok("create", chart);
  });

  test("lint and template", async () => {
    expect(await ok("lint", chart)).toContain("0 chart(s) failed");
    expect(await ok("template", "shop", chart)).toContain("kind: Deployment");
  });
  test("install --wait: everything is Ready when it returns", async () => {
    expect(await ok("install", "shop", chart, "--wait", "--timeout", "60s")).toContain(
      "STATUS: deployed",
    );
    expect(
      (await cluster.kubectl("get", "deploy", "shop", "-o", "jsonpath={.status.readyReplicas}"))
        .stdout,
    ).toBe("1");
    expect(await ok("list", "-o", "json")).toContain('"status":"deployed"');
  });
  test("upgrade, history, rollback", async () => {
    await ok("upgrade", "shop", chart, "--set", "replicaCount=3", "--wait", "--timeout", "60s");
    expect(
      (await cluster.kubectl("get", "deploy", "shop", "-o", "jsonpath={.status.readyReplicas}"))
        .stdout,
    ).toBe("3");
    await ok("rollback", "shop", "1", "--wait", "--timeout", "60s");
    expect(
      (await cluster.kubectl("get", "deploy", "shop", "-o", "jsonpath={.spec.replicas}")).stdout,
    ).toBe("1");
    expect(JSON.parse(await ok("history", "shop", "-o", "json"))).toHaveLength(3);
  });
  test("test: the chart's Pod asks the Service, and is answered", async () => {
    const told = await ok("test", "shop", "--logs", "--timeout", "60s");
    expect(told).toMatch(/TEST SUITE: +shop-test-connection\n.*\n.*\nPhase: +Succeeded\n/);
    expect(told).toMatch(
      /Connecting to shop:80 \(10\.\d+\.\d+\.\d+:80\)\nsaving to 'index.html'\n.*\n'index.html' saved\n/,
    );
    const { stdout } = await cluster.kubectl("logs", "deploy/shop");
    expect(stdout).toMatch(/"GET \/ HTTP\/1\.1" 200 \d+ "-" "Wget" "-"\n/);
  });
  test("test: fails when nobody answers", async () => {
    const off = await cluster.kubectl("scale", "deploy/shop", "--replicas=0");
    expect(off.code).toBe(0);
    await cluster.kubectl("wait", "--for=delete", "pod", "-l", "pod-template-hash");
    const { code, stdout, stderr } = await helm("test", "shop", "--logs", "--timeout", "60s");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("pod shop-test-connection failed") as string,
    });
    expect(stdout).toContain("can't connect to remote host");
    await cluster.kubectl("scale", "deploy/shop", "--replicas=1");
  });
  test("an upgrade that cannot be applied fails with the server's words and leaves the release", async () => {
    const { code, stderr } = await helm("upgrade", "shop", chart, "--set", "service.port=99999");
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("must be between 1 and 65535") as string,
    });
    expect((await cluster.kubectl("get", "deploy", "shop", "-o", "name")).stdout.trim()).toBe(
      "deployment.apps/shop",
    );
  });
  test("get, status, uninstall", async () => {
    expect(await ok("get", "manifest", "shop")).toContain("kind: Service");
    expect(await ok("status", "shop")).toContain("NAME: shop");
    expect(await ok("uninstall", "shop", "--wait")).toContain('release "shop" uninstalled');
    expect(
      (
        await cluster.kubectl(
          "get",
          "deploy,svc,sa",
          "-l",
          "app.kubernetes.io/instance=shop",
          "-o",
          "name",
        )
      ).stdout,
    ).toBe("");
  });
});
