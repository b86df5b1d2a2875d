/** emptyDirs between the containers of a Pod, and pages out of volumes. Upstream: test/e2e/common/storage/empty_dir.go. */
import { beforeAll, expect, test } from "vitest";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { RunningContainer } from "#kubelet/server/container.ts";
import { NodeSocket, NodeSockets } from "#test/support/platform/sockets.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

const html = "/usr/share/nginx/html";
const pod = (name: string, spec: object): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { volumes: [{ name: "v", emptyDir: {} }], ...spec },
  }) as KubeObject;
const mount = (mountPath: string, more: object = {}): object => ({
  volumeMounts: [{ name: "v", mountPath, ...more }],
});
const box = (name: string, text: string, more: object): object => ({
  name,
  image: "busybox:1.37",
  command: ["sh", "-c", text],
  ...more,
});

let cluster: WiredCluster;
const found = (name: string): V1Pod =>
  cluster.objects<V1Pod>("v1/Pod").find(({ metadata }) => metadata.name === name) as V1Pod;
/** What a command prints. */
async function ran(name: string, container: string, text: string): Promise<string> {
  const socket = new NodeSocket();
  const ref = RunningContainer.find(cluster.rooms.kubelets, found(name), container)?.ref;
  await cluster.rooms.sockets.adopt(socket.face, "command", {
    stdin: false,
    stdout: true,
    stderr: true,
    tty: false,
    protocol: "v5.channel.k8s.io",
    argv: ["sh", "-c", text],
    container: ref,
  });
  return socket.text(1) + socket.text(2);
}

beforeAll(async () => {
  cluster = await newWired({}, new NodeSockets());
  cluster.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "pages", namespace: "default" },
    data: { "index.html": "from a ConfigMap\n" },
  } as KubeObject);
  cluster.create(
    pod("init", {
      initContainers: [
        box(
          "first",
          "echo hello > /work/index.html; mkdir /work/sub; echo x > /work/sub/x",
          mount("/work"),
        ),
      ],
      containers: [{ name: "nginx", image: "nginx:1.27", ...mount(html) }],
    }),
  );
  cluster.create(
    pod("side", {
      containers: [
        { name: "nginx", image: "nginx:1.27", ...mount(html) },
        box(
          "writer",
          "i=0; while true; do echo $i > /html/index.html; i=$((i+1)); sleep 10; done",
          mount("/html"),
        ),
      ],
    }),
  );
  cluster.create(
    pod("turn", {
      initContainers: [box("first", "echo 0 > /d/n", mount("/d"))],
      containers: [
        box("writer", "while true; do date +%s > /d/n; sleep 5; done", mount("/d")),
        box("late", "sleep 30; exit 1", mount("/e")),
        box("reader", "sleep infinity", mount("/e")),
      ],
    }),
  );
  cluster.create(
    pod("again", {
      containers: [
        box("c", "cat /data/n; echo one more >> /data/n; sleep 60; exit 1", mount("/data")),
      ],
    }),
  );
  cluster.create(
    pod("map", {
      volumes: [{ name: "v", configMap: { name: "pages" } }],
      containers: [{ name: "nginx", image: "nginx:1.27", ...mount(html) }],
    }),
  );
  cluster.create(
    pod("empty", { containers: [{ name: "nginx", image: "nginx:1.27", ...mount(html) }] }),
  );
  await cluster.advance(45_000);
});

test("a server serves what an init container left", async () => {
  expect(await ran("init", "nginx", "curl -s localhost; ls /usr/share/nginx/html/sub")).toBe(
    "hello\nx\n",
  );
});
test("and what another container writes, as it is now", async () => {
  const before = Number(await ran("side", "nginx", "curl -s localhost"));
  await cluster.advance(20_000);
  expect(Number(await ran("side", "nginx", "curl -s localhost"))).toBe(before + 2);
  expect(await ran("side", "nginx", "cat /usr/share/nginx/html/index.html")).toBe(
    `${before + 2}\n`,
  );
});
test("what a command writes the other containers see", async () => {
  await ran("side", "nginx", "echo by hand > /usr/share/nginx/html/hand.html");
  await ran("side", "nginx", "echo two > /usr/share/nginx/html/two.html; echo >> /tmp/x");
  expect(await ran("side", "writer", "cat /html/hand.html /html/two.html")).toBe("by hand\ntwo\n");
});
test("what is there outlives the container", async () => {
  await cluster.advance(60_000);
  expect(found("again").status?.containerStatuses?.[0]?.restartCount).toBe(1);
  expect(await ran("again", "c", "cat /data/n")).toBe("one more\none more\n");
});
test("what a container found and left as it was is not its own", async () => {
  const seen = Number(await ran("turn", "reader", "cat /e/n"));
  expect(Math.floor(cluster.rooms.clock.nowMs() / 1000) - seen).toBeLessThan(6);
  const late = found("turn").status?.containerStatuses?.find(({ name }) => name === "late");
  expect(late?.restartCount).toBeGreaterThan(0);
});
test("pages of a ConfigMap", async () => {
  expect(await ran("map", "nginx", "curl -s localhost")).toBe("from a ConfigMap\n");
});
test("an empty volume hides the image's pages", async () => {
  expect(
    await ran("empty", "nginx", "curl -s localhost | grep title; ls /usr/share/nginx/html"),
  ).toBe("<head><title>403 Forbidden</title></head>\r\n");
});
