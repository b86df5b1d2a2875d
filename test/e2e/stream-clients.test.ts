/** The official JavaScript client's Exec, Attach, PortForward and Log. */
import { Attach, Exec, KubeConfig, Log, PortForward, type V1Status } from "@kubernetes/client-node";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";

let cluster: Cluster;
let config: KubeConfig;
beforeAll(async () => {
  cluster = await newCluster();
  config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  await cluster.kubectl("run", "web", "--image=nginx:1.27");
  const loop = "while true; do echo tick; sleep 1; done";
  await cluster.kubectl("run", "box", "--image=busybox:1.36", "--", "sh", "-c", loop);
  await cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=60s");
});

/** A stream, and what it has been given so far. */
function gathering(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough();
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { stream, text: () => text };
}

test("Exec: output, errors, input and the outcome", async () => {
  const [out, err] = [gathering(), gathering()];
  const input = new PassThrough();
  const status = new Promise<V1Status>((resolve) => {
    const command = ["sh", "-c", "cat; echo no >&2; exit 4"];
    void new Exec(config).exec(
      "default",
      "web",
      "web",
      command,
      out.stream,
      err.stream,
      input,
      false,
      resolve,
    );
  });
  input.end("piped\n");
  expect((await status).details?.causes).toEqual([{ reason: "ExitCode", message: "4" }]);
  expect([out.text(), err.text()]).toEqual(["piped\n", "no\n"]);
});
test("Attach: what the first process writes", async () => {
  const out = gathering();
  const socket = await new Attach(config).attach(
    "default",
    "box",
    "box",
    out.stream,
    null,
    null,
    false,
  );
  await eventually("two lines", () => Promise.resolve(out.text().split("tick\n").length > 2));
  socket.close();
});
test("PortForward: a request over two channels", async () => {
  const out = gathering();
  const input = new PassThrough();
  await new PortForward(config).portForward("default", "web", [80], out.stream, null, input);
  input.write("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
  await eventually("a page", () => Promise.resolve(out.text().includes("</html>")));
  expect(out.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});
test("Log: followed, to the end of the Pod", async () => {
  const out = gathering();
  const ended = once(out.stream, "end");
  await new Log(config).log("default", "box", "box", out.stream, { follow: true });
  await eventually("three lines", () => Promise.resolve(out.text().split("tick\n").length > 3));
  await cluster.kubectl("delete", "pod", "box", "--now");
  await ended;
});
