/** Nothing runs away: what waits writes little, what is idle writes nothing. */
import { expect, test } from "vitest";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";

const leftAloneMs = 30_000;
const revision = async (cluster: Cluster): Promise<number> =>
  (await cluster.json<{ readonly rev: number }>("/-/clock")).rev;
const alone = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, leftAloneMs));

test.concurrent("a crash loop left alone on the instant clock writes a bounded number of revisions", async () => {
  const cluster = await newCluster();
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "crash" },
    spec: { containers: [{ name: "c", image: "busybox:1.37", command: ["sh", "-c", "exit 1"] }] },
  };
  await cluster.kubectlWith(JSON.stringify(pod), "create", "-f", "-");
  await eventually("CrashLoopBackOff", async () => {
    const { stdout } = await cluster.kubectl("get", "pod", "crash", "--no-headers");
    return stdout.includes("CrashLoopBackOff");
  });
  const before = await revision(cluster);
  await alone();
  // 10 s and 20 s of back-off: two restarts at most, each of a handful of writes.
  expect((await revision(cluster)) - before).toBeLessThan(60);
  const { stdout } = await cluster.kubectl(
    "get",
    "pod",
    "crash",
    "-o",
    "jsonpath={.status.containerStatuses[0].restartCount}",
  );
  expect(Number(stdout)).toBeGreaterThanOrEqual(1);
  expect(Number(stdout)).toBeLessThanOrEqual(5);
});

test.concurrent("a Pod that waits for minutes and one that fits nowhere write nothing while they wait", async () => {
  const cluster = await newCluster();
  const podOf = (name: string, spec: object): string =>
    JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
  await cluster.kubectlWith(
    podOf("waits", {
      restartPolicy: "OnFailure",
      containers: [
        { name: "c", image: "busybox:1.37", command: ["sh", "-c", "sleep 300; exit 0"] },
      ],
    }),
    "create",
    "-f",
    "-",
  );
  await cluster.kubectlWith(
    podOf("huge", {
      containers: [{ name: "c", image: "nginx", resources: { requests: { cpu: "64" } } }],
    }),
    "create",
    "-f",
    "-",
  );
  await eventually("Running and Pending", async () => {
    const { stdout } = await cluster.kubectl("get", "pods", "--no-headers");
    return /waits\s+1\/1\s+Running/.test(stdout) && /huge\s+0\/1\s+Pending/.test(stdout);
  });
  await eventually("quiet", async () => {
    const one = await revision(cluster);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return (await revision(cluster)) === one;
  });
  const before = await revision(cluster);
  await alone();
  expect((await revision(cluster)) - before).toBeLessThan(5);
});

test.concurrent("an idle cluster has nothing due and writes nothing", async () => {
  const cluster = await newCluster({ clock: "fast" });
  const idle = (): Promise<{ readonly rev: number }> =>
    eventually("nothing due", async () => {
      const clock = await cluster.json<{ readonly rev: number; readonly next: unknown }>(
        "/-/clock",
      );
      return clock.next === null && clock;
    });
  const { rev } = await idle();
  await alone();
  // It may have been put to sleep: then everything is looked at once when it wakes.
  expect((await idle()).rev).toBe(rev);
});
