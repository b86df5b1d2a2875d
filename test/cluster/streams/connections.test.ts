/** Connections to containers across instances: what sleeps goes on in the next one, or ends with a word. */
import { beforeAll, expect, test } from "vitest";
import type { KubeObject } from "#apimachinery/object.ts";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { unlimited } from "#apiserver/limits.ts";
import { StreamSockets } from "#cluster/streams/sockets.ts";
import { RunningContainer } from "#kubelet/server/container.ts";
import { NodeSocket, NodeSockets } from "#test/support/platform/sockets.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

const pod = (name: string, spec: object): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name, image: "busybox:1.36", command: ["sleep", "3600"], ...spec }] },
  }) as KubeObject;

let cluster: WiredCluster;
beforeAll(async () => {
  cluster = await newWired({}, new NodeSockets());
  const cat = { exec: { command: ["cat", "/tmp/healthy"] }, periodSeconds: 5, failureThreshold: 1 };
  const healthy = ["sh", "-c", "touch /tmp/healthy; sleep 3600"];
  cluster.create(pod("box", {}));
  cluster.create(pod("probed", { command: healthy, livenessProbe: cat }));
  cluster.create(pod("web", { image: "nginx:1.27", command: undefined }));
  await cluster.advance(60_000);
});
const found = (name: string): V1Pod =>
  cluster.objects<V1Pod>("v1/Pod").find(({ metadata }) => metadata.name === name) as V1Pod;
const streams = { stdin: true, stdout: true, stderr: false, tty: true } as const;
const protocol = "v5.channel.k8s.io";

async function shell(
  name: string,
  argv: readonly string[] = ["sh"],
  tty = true,
): Promise<NodeSocket> {
  const container = RunningContainer.find(cluster.rooms.kubelets, found(name), name);
  const socket = new NodeSocket();
  const asked = { ...streams, stderr: !tty, tty, protocol, argv, container: container?.ref };
  await cluster.rooms.sockets.adopt(socket.face, "command", asked);
  return socket;
}
function type(socket: NodeSocket, text: string): Promise<void> {
  const message = new TextEncoder().encode(`\0${text}`);
  return cluster.rooms.sockets.receive(socket.face, message.buffer as ArrayBuffer);
}
const statusOf = (socket: NodeSocket): unknown => JSON.parse(socket.text(3));

test("a shell at its prompt remembers where it was, and the line that was begun", async () => {
  const socket = await shell("box");
  await type(socket, "cd /tmp; NAME=kept; f() { echo $1 $NAME; }; false\r");
  await type(socket, "f $? $N");
  cluster = await cluster.evicted();
  await type(socket, "AME\r");
  expect(socket.text(1)).toBe(
    "/ # cd /tmp; NAME=kept; f() { echo $1 $NAME; }; false\r\n/tmp # f $? $NAME\r\n1 kept\r\n/tmp # ",
  );
});
test("the terminal's size is what the client told last", async () => {
  const socket = await shell("box");
  const told = new TextEncoder().encode('\u0004{"Width":101,"Height":42}');
  await cluster.rooms.sockets.receive(socket.face, told.buffer as ArrayBuffer);
  await type(socket, "stty size\r");
  expect(socket.text(1)).toBe("/ # stty size\r\n42 101\r\n/ # ");
});
test("in a command without end it can still be interrupted", async () => {
  const socket = await shell("box");
  await type(socket, "tail -f /dev/null\r");
  cluster = await cluster.evicted();
  await type(socket, "\u0003");
  await type(socket, "echo $?\r");
  expect(socket.text(1)).toBe("/ # tail -f /dev/null\r\n^C\r\n/ # echo $?\r\n130\r\n/ # ");
});
test("what was in the middle of something ends with a Status", async () => {
  const socket = await shell("box");
  await type(socket, "sleep 60; echo done\r");
  cluster = await cluster.evicted();
  await type(socket, "x");
  expect(statusOf(socket)).toMatchObject({ status: "Failure", reason: "InternalError", code: 500 });
  expect(socket.closedWith).toBe(1000);
});
test("a sleep ends by the cluster's clock", async () => {
  const socket = await shell("box");
  await type(socket, "sleep 30; date +%s\r");
  cluster.rooms.sockets.look();
  expect(socket.text(1)).not.toMatch(/\d{9}/);
  await cluster.advance(30_000);
  cluster.rooms.sockets.look();
  expect(Number(/\d{9,}/.exec(socket.text(1))?.[0])).toBe(
    Math.floor(cluster.rooms.clock.nowMs() / 1000),
  );
});
test("a file that a probe looks for and somebody removes restarts the container", async () => {
  await cluster.advance(60_000);
  const restarts = (): number | undefined =>
    found("probed").status?.containerStatuses?.[0]?.restartCount;
  expect(restarts()).toBe(0);
  const socket = await shell("probed", ["rm", "/tmp/healthy"]);
  expect(statusOf(socket)).toEqual({ metadata: {}, status: "Success" });
  await cluster.advance(60_000);
  expect(restarts()).toBe(1);
});
test("a script finds what a command writes, and goes on", async () => {
  const wait =
    "until [ -f /tmp/go ]; do sleep 1; done; cat /tmp/go > /tmp/went; rm /tmp/go; sleep 3600";
  cluster.create(pod("waits", { command: ["sh", "-c", wait] }));
  cluster.create(
    pod("ends", { command: ["sh", "-c", "while [ ! -f /end ]; do sleep 5; done; exit 3"] }),
  );
  await cluster.advance(30_000);
  await shell("waits", ["sh", "-c", "echo here > /tmp/go"]);
  await shell("ends", ["touch", "/end"]);
  cluster = await cluster.evicted();
  await cluster.advance(10_000);
  const seen = await shell("waits", ["sh", "-c", "cat /tmp/went; ls /tmp"], false);
  expect(seen.text(1)).toBe("here\nwent\n");
  expect(found("ends").status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(3);
});
test("the end of the container ends what runs in it, asleep or not", async () => {
  const asleep = await shell("web");
  cluster = await cluster.evicted();
  const awake = await shell("web");
  await type(awake, "kill 1\r");
  await cluster.advance(1_000);
  cluster.rooms.sockets.look();
  await new Promise((resolve) => setImmediate(resolve));
  for (const socket of [asleep, awake])
    expect(statusOf(socket)).toMatchObject({ details: { causes: [{ message: "137" }] } });
});
test("a disk that is full takes nothing more", async () => {
  const socket = await shell("box", ["tee", "/tmp/big"], false);
  const million = "x".repeat(700_000);
  await type(socket, million);
  await cluster.rooms.sockets.receive(socket.face, Uint8Array.of(255, 0).buffer);
  expect(socket.text(2)).toBe("sh: write error: No space left on device\n");
  expect(statusOf(socket)).toMatchObject({ details: { causes: [{ message: "1" }] } });
  const listed = await shell("box", ["ls", "/tmp"], false);
  expect(listed.text(1)).toBe("");
});
test("input that nobody reads is bounded", async () => {
  const socket = await shell("box", ["sleep", "60"], false);
  const piece = "x".repeat(3 * 1024 * 1024);
  for (let n = 0; n < 3; n += 1) await type(socket, piece);
  expect(statusOf(socket)).toMatchObject({ reason: "InternalError" });
});

test("no more than so many at once; who is silent for too long makes room", async () => {
  let nowMs = 0;
  const silent = { receive: () => undefined, look: () => undefined, isBusy: false, state: {} };
  const sockets = new StreamSockets(
    new NodeSockets(),
    { silent: { open: () => Promise.resolve(silent), isOver: () => false } },
    {
      timers: { after: () => () => undefined, every: () => () => undefined },
      limits: { ...unlimited, clusterStreams: 2, streamIdleSeconds: 60 },
      wallMs: () => nowMs,
      acted: () => undefined,
    },
  );
  const [first, second, third] = [new NodeSocket(), new NodeSocket(), new NodeSocket()];
  await sockets.adopt(first.face, "silent", {});
  nowMs = 30_000;
  await sockets.adopt(second.face, "silent", {});
  expect(() => sockets.makeRoom()).toThrow(
    "the server has received too many requests and has asked us to try again later",
  );
  nowMs = 60_000;
  sockets.makeRoom();
  await sockets.adopt(third.face, "silent", {});
  expect([first.closedWith, second.closedWith]).toEqual([1000, undefined]);
  expect(() => sockets.makeRoom()).toThrow("too many requests");
});
