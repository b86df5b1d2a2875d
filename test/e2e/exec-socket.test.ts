/** exec over a bare WebSocket: a terminal, sleep in between, the end of the container, limits of the protocol. */
import { afterEach, beforeAll, expect, test } from "vitest";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await newCluster();
  for (const [name, image] of [
    ["web", "nginx:1.27"],
    ["box", "busybox:1.36"],
  ])
    await cluster.kubectl(
      "run",
      name ?? "",
      `--image=${image}`,
      "--",
      ...(name === "box" ? ["sleep", "3600"] : []),
    );
  await cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=60s");
});

interface Shell {
  readonly protocol: string;
  /** What each channel has brought so far. */
  text(channel: number): string;
  type(text: string): void;
  send(bytes: Uint8Array): void;
  until(channel: number, wanted: string): Promise<void>;
  /** What the last message says: how it ended. */
  readonly ended: Promise<Ended>;
}
interface Ended {
  readonly status?: string;
  readonly reason?: string;
  readonly details?: { readonly causes: readonly { readonly message: string }[] };
}
const codeOf = ({ details }: Ended): string | undefined => details?.causes[0]?.message;
const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

async function exec(pod: string, query: string, protocol = "v5.channel.k8s.io"): Promise<Shell> {
  const url = `${cluster.url.replace(/^http/, "ws")}/api/v1/namespaces/default/pods/${pod}/exec?${query}`;
  const socket = new WebSocket(url, [protocol]);
  sockets.push(socket);
  socket.binaryType = "arraybuffer";
  const texts = new Map<number, string>();
  const ended = new Promise<Ended>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      const bytes = new Uint8Array(data as ArrayBuffer);
      const channel = bytes[0] ?? -1;
      const text = new TextDecoder().decode(bytes.subarray(1));
      texts.set(channel, (texts.get(channel) ?? "") + text);
      if (channel === 3) resolve(text === "" ? {} : (JSON.parse(text) as Ended));
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("refused")));
  });
  const text = (channel: number): string => texts.get(channel) ?? "";
  return {
    protocol: socket.protocol ?? "",
    text,
    type: (typed) => socket.send(Uint8Array.of(0, ...new TextEncoder().encode(typed))),
    send: (bytes) => socket.send(bytes),
    until: async (channel, wanted) => {
      await eventually(`${wanted} on ${channel}`, () =>
        Promise.resolve(text(channel).includes(wanted)),
      );
    },
    ended,
  };
}
const terminal = "stdin=true&stdout=true&tty=true&command=sh";

test("a terminal has a prompt, shows what is typed, and ends with the shell's code", async () => {
  const shell = await exec("box", terminal);
  await shell.until(1, "/ # ");
  shell.type("cd /tmp\r");
  await shell.until(1, "/tmp # ");
  shell.type("nosuch; echo $?\r");
  await shell.until(1, "127\r\n");
  shell.type("exit 5\r");
  expect(await shell.ended).toMatchObject({
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "5" }] },
  });
  expect(shell.text(1)).toBe(
    "/ # cd /tmp\r\n/tmp # nosuch; echo $?\r\nsh: nosuch: not found\r\n127\r\n/tmp # exit 5\r\n",
  );
});
test("Ctrl-C ends what runs, Ctrl-D the shell", async () => {
  const shell = await exec("box", terminal);
  shell.type("sleep 3600\r");
  await shell.until(1, "sleep 3600\r\n");
  shell.type("\u0003");
  await shell.until(1, "^C\r\n/ # ");
  shell.type("echo $?\r");
  await shell.until(1, "130\r\n/ # ");
  shell.type("false\r\u0004");
  expect(codeOf(await shell.ended)).toBe("1");
});
test("a loop that never rests is told bit by bit, and stops when asked", async () => {
  const shell = await exec("box", terminal);
  shell.type("while true; do echo round; done\r");
  await shell.until(1, "round\r\nround\r\n");
  shell.type("\u0003");
  await shell.until(1, "^C\r\n");
  shell.type("exit\r");
  expect(codeOf(await shell.ended)).toBe("130");
});
test("the end of the container is the end of what runs in it", async () => {
  const shell = await exec("web", terminal);
  await shell.until(1, "/ # ");
  shell.type("kill 1\r");
  expect(codeOf(await shell.ended)).toBe("137");
  const other = await exec("box", `${terminal}&container=box`);
  await other.until(1, "/ # ");
  await cluster.kubectl("delete", "pod", "box", "--grace-period=0", "--force");
  expect(codeOf(await other.ended)).toBe("137");
});

test.each(["v4.channel.k8s.io", "channel.k8s.io"])("%s is spoken too", async (protocol) => {
  await cluster.kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=60s");
  const shell = await exec("web", "stdout=true&stderr=true&command=hostname", protocol);
  await shell.ended;
  expect([shell.protocol, shell.text(1)]).toEqual([protocol, "web\n"]);
});
test.each<[string, RequestInit, number, string]>([
  ["command=ls&stdout=true", {}, 400, "Upgrade request required"],
  ["command=ls&stdout=true", { method: "POST" }, 400, "Upgrade request required"],
  ["command=ls", {}, 400, "you must specify at least 1 of stdin, stdout, stderr"],
  ["stdout=true", {}, 400, "you must specify at least 1 command for the container"],
  ["command=ls&stdout=true&container=x", {}, 400, "container x is not valid for pod web"],
])("%s is refused", async (query, init, code, message) => {
  const answer = await fetch(
    `${cluster.url}/api/v1/namespaces/default/pods/web/exec?${query}`,
    init,
  );
  expect(answer.status).toBe(code);
  expect(((await answer.json()) as { readonly message: string }).message).toContain(message);
});
