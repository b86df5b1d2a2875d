/** The Python client (Debian's python3-kubernetes), where it is installed; where it is not, this says so. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { run } from "#test/support/tools.ts";

const python = ["/usr/bin/python3", "python3"].find(
  (path) => spawnSync(path, ["-c", "import kubernetes"]).status === 0,
);
const known =
  python === undefined ? "not shown: apt-get install python3-kubernetes" : "python3-kubernetes";

test.runIf(python !== undefined)(
  `the Python client does what it does in real life (${known})`,
  async () => {
    const cluster = await newCluster({ workers: 2 });
    const script = join(import.meta.dirname, "client.py");
    const { code, stdout, stderr } = await run(python ?? "", [script, cluster.kubeconfig]);
    const lines = stdout.trim().split("\n");
    const failed = lines.filter((line) => !line.startsWith("ok "));
    expect({ code, stderr, failed }).toEqual({ code: 0, stderr: "", failed: [] });
    expect(lines).toHaveLength(17);
  },
);
