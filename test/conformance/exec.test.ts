/** Commands in containers with kubectl: exec, cp, attach. Cf. upstream test/e2e/kubectl/kubectl.go, test/cmd/exec.sh. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";
import { kubectlMinors } from "#test/support/tools.ts";

const pair = `
apiVersion: v1
kind: Pod
metadata: { name: pair }
spec:
  containers:
    - { name: web, image: "nginx:1.27", env: [{ name: COLOUR, value: blue }] }
    - { name: box, image: "busybox:1.36", command: [sh, -c, "while true; do echo tick; sleep 1; done"] }
  volumes: [{ name: settings, configMap: { name: settings } }]
`;
const settings = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { mode: fast }
---
${pair.replace("env:", "volumeMounts: [{ name: settings, mountPath: /etc/settings }], env:")}
`;

describe.each(kubectlMinors)("exec, kubectl 1.%s", (version) => {
  let k: Session;
  const folder = mkdtempSync(join(tmpdir(), "kubestep-cp-"));
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }), version);
    await k.with(settings)`apply -f -`;
    await k.ok`run once --image=busybox:1.36 --restart=Never -- echo done`;
    await k.ok`run broken --image=nginx:doesnotexist`;
    await k.ok`wait --for=condition=Ready pod/pair --timeout=60s`;
  });

  test("output, errors and the exit code arrive apart", async () => {
    expect(await k.any`exec pair -c web -- sh -c ${"echo out; echo err >&2; exit 3"}`).toEqual({
      code: 3,
      stdout: "out\n",
      stderr: "err\ncommand terminated with exit code 3\n",
    });
    expect((await k.any`exec pair -c box -- false`).code).toBe(1);
    expect((await k.any`exec pair -c box -- printf ${"no newline"}`).stdout).toBe("no newline");
  });
  test("the first container is meant when none is named", async () => {
    const { stdout, stderr } = await k.any`exec pair -- hostname`;
    expect([stdout, stderr]).toEqual(["pair\n", 'Defaulted container "web" out of: web, box\n']);
  });
  test("it sees the container: environment, volumes, hosts, its token, its processes", async () => {
    expect(await k.ok`exec pair -c web -- env`).toContain("COLOUR=blue");
    expect(await k.ok`exec pair -c web -- cat /etc/settings/mode`).toBe("fast");
    expect(await k.ok`exec pair -c web -- cat /etc/hosts`).toMatch(/^10\.244\.\d+\.\d+\tpair$/m);
    expect(await k.ok`exec pair -c web -- cat /etc/resolv.conf`).toContain(
      "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10",
    );
    const token =
      await k.ok`exec pair -c web -- cat /var/run/secrets/kubernetes.io/serviceaccount/token`;
    expect(token.split(".")).toHaveLength(3);
    expect(await k.ok`exec pair -c web -- ps`).toMatch(/^ +1 root +0:00 \S*docker-entrypoint.sh/m);
    expect(await k.refused`exec pair -c web -- touch /etc/settings/new`).toContain(
      "Read-only file system",
    );
  });
  test("what is written stays until the container restarts", async () => {
    await k.ok`exec pair -c box -- sh -c ${"mkdir -p /data/a && echo kept > /data/a/b"}`;
    expect(await k.ok`exec pair -c box -- cat /data/a/b`).toBe("kept");
    expect(await k.ok`exec pair -c box -- ls /data`).toBe("a");
    await k.ok`exec pair -c web -- sh -c ${"echo mine > /tmp/mine; kill 1"}`;
    await eventually("the container runs again", async () => {
      const count =
        await k.ok`get pod pair -o jsonpath={.status.containerStatuses[?(@.name=="web")].restartCount}`;
      return count === "1" && (await k.any`exec pair -c web -- true`).code === 0;
    });
    expect(await k.refused`exec pair -c web -- cat /tmp/mine`).toContain(
      "cat: can't open '/tmp/mine': No such file or directory",
    );
  });
  test("a command reads what is piped into it, and a shell its script", async () => {
    expect(await k.with("one\ntwo\n")`exec -i pair -c box -- cat`).toBe("one\ntwo");
    expect(await k.with("b\na\n")`exec -i pair -c box -- sort`).toBe("a\nb");
    expect(await k.with("for i in 1 2\ndo\n  echo n$i\ndone\n")`exec -i pair -c box -- sh`).toBe(
      "n1\nn2",
    );
    await k.with("piped")`exec -i pair -c box -- sh -c ${"cat > /tmp/piped"}`;
    expect(await k.ok`exec pair -c box -- cat /tmp/piped`).toBe("piped");
  });
  test("time passes by the cluster's clock", async () => {
    expect(await k.ok`exec pair -c box -- sh -c ${"sleep 1; echo slept"}`).toBe("slept");
  });
  test("what cannot run says why", async () => {
    expect(await k.refused`exec pair -c web -- nosuch`).toMatch(
      /^error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in \$PATH$/,
    );
    expect(await k.refused`exec pair -c box -- bash`).toContain(
      'exec: "bash": executable file not found in $PATH',
    );
    expect(await k.ok`exec pair -c web -- bash -c ${"echo from bash"}`).toBe("from bash");
    // Since 1.36 kubectl looks for the container itself.
    expect(await k.refused`exec pair -c nosuch -- ls`).toBe(
      version === "36"
        ? "error: container nosuch is not valid for pod pair out of: web, box"
        : "Error from server (BadRequest): container nosuch is not valid for pod pair",
    );
    expect(await k.refused`exec nosuch -- ls`).toBe(
      'Error from server (NotFound): pods "nosuch" not found',
    );
    expect(await k.refused`exec broken -- ls`).toBe(
      'error: Internal error occurred: unable to upgrade connection: container not found ("broken")',
    );
    await k.ok`wait --for=jsonpath={.status.phase}=Succeeded pod/once --timeout=30s`;
    expect(await k.refused`exec once -- ls`).toBe(
      "error: cannot exec into a container in a completed pod; current phase is Succeeded",
    );
  });

  test("cp takes files and folders both ways, byte for byte", async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 256);
    mkdirSync(join(folder, "tree/deep"), { recursive: true });
    writeFileSync(join(folder, "bytes"), bytes);
    writeFileSync(join(folder, "tree/a"), "one\n");
    writeFileSync(join(folder, "tree/deep/b"), "zwei ü\n");
    await k.ok`cp ${join(folder, "bytes")} pair:/tmp/bytes -c box`;
    await k.any`cp pair:/tmp/bytes ${join(folder, "back")} -c box`;
    expect(new Uint8Array(readFileSync(join(folder, "back")))).toEqual(bytes);
    await k.ok`cp ${join(folder, "tree")} pair:/opt/tree -c box`;
    expect(await k.ok`exec pair -c box -- cat /opt/tree/a /opt/tree/deep/b`).toBe("one\nzwei ü");
    await k.any`cp pair:/opt/tree ${join(folder, "tree2")} -c box`;
    expect(readFileSync(join(folder, "tree2/deep/b"), "utf8")).toBe("zwei ü\n");
    expect(await k.any`cp pair:/nosuch ${join(folder, "none")} -c box`).toEqual({
      code: 1,
      stdout: "tar: /nosuch: No such file or directory\n",
      stderr: "command terminated with exit code 1\n",
    });
  });

  test("attach shows what the first process writes from now on", async () => {
    const attached = k.started`attach pair -c box`;
    await attached.until((printed) => printed.split("tick").length > 2);
    attached.stop();
  });
  test("debug adds a container to a Pod that runs", async () => {
    const ran = await k.with(
      "hostname; exit 7\n",
    )`debug pair --image=alpine:3.20 -c helper -i --quiet -- sh`;
    expect(ran).toContain("pair");
    const state = "{.status.ephemeralContainerStatuses[0].state.terminated.exitCode}";
    await k.ok`wait --for=jsonpath=${state}=7 pod/pair --timeout=30s`;
    expect(
      await k.ok`get pod pair -o jsonpath=${"{.status.phase} {.status.containerStatuses[*].ready}"}`,
    ).toBe("Running true true");
    await k.ok`debug pair --image=busybox:1.36 -c watcher -- sh -c ${"echo here; sleep 3600"}`;
    const running = "{.status.ephemeralContainerStatuses[1].state.running.startedAt}";
    await k.ok`wait --for=jsonpath=${running} pod/pair --timeout=30s`;
    expect(await k.ok`logs pair -c watcher`).toBe("here");
    expect(await k.ok`exec pair -c watcher -- hostname`).toBe("pair");
    // It waits for nobody: the Pod's own container never starts.
    await k.ok`debug broken --image=busybox:1.36 -c why -- sleep 3600`;
    const why = "{.status.ephemeralContainerStatuses[0].state.running.startedAt}";
    await k.ok`wait --for=jsonpath=${why} pod/broken --timeout=30s`;
    expect(await k.ok`get pod broken -o jsonpath={.status.phase}`).toBe("Pending");
  });
  test("run -i gives a shell its script, and the container ends with it", async () => {
    const ran = await k.with(
      "echo from inside; exit 0\n",
    )`run shell --image=busybox:1.36 -i --restart=Never --quiet -- sh`;
    expect(ran).toContain("from inside");
    await k.ok`wait --for=jsonpath={.status.phase}=Succeeded pod/shell --timeout=30s`;
  });
});
