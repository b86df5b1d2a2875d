/** A watch over a WebSocket: one event, one message; the watch's end is the socket's. */
import { expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";

const path = "/api/v1/namespaces/default/configmaps?watch=true";

test("each event is a message", async () => {
  const cluster = await newCluster({ clock: "paused" });
  const socket = new WebSocket(`${cluster.url.replace(/^http/, "ws")}${path}&timeoutSeconds=2`);
  const messages: string[] = [];
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener("close", ({ code }) => resolve(code));
  });
  const arrived = new Promise<void>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      messages.push(String(data));
      if (messages.length === 2) resolve();
      if (messages.length === 1)
        void cluster.json("/api/v1/namespaces/default/configmaps", {
          method: "POST",
          body: JSON.stringify({ metadata: { name: "told" } }),
        });
    });
  });
  await arrived;
  const told = messages.map((text) => {
    const { type, object } = JSON.parse(text) as {
      readonly type: string;
      readonly object: { readonly metadata: { readonly name: string } };
    };
    return `${type} ${object.metadata.name}`;
  });
  expect(told).toEqual(["ADDED kube-root-ca.crt", "ADDED told"]);
  expect(await closed).toBe(1000);
});
