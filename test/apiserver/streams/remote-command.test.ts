/** Messages of the channel protocols, and what the last one says. */
import { expect, test } from "vitest";
import {
  channels,
  exited,
  messagesOf,
  outcomeBytes,
  received,
  type RemoteCommandProtocol,
} from "#apiserver/streams/remote-command.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each<[RemoteCommandProtocol, string | Uint8Array]>([
  ["v5.channel.k8s.io", Uint8Array.of(1, 104, 105)],
  ["v4.channel.k8s.io", Uint8Array.of(1, 104, 105)],
  ["channel.k8s.io", Uint8Array.of(1, 104, 105)],
  ["v4.base64.channel.k8s.io", "1aGk="],
  ["base64.channel.k8s.io", "1aGk="],
])("%s carries output and takes input", (protocol, message) => {
  expect(messagesOf(protocol, channels.stdout, bytes("hi"))).toEqual([message]);
  const sent = typeof message === "string" ? message : (message.buffer as ArrayBuffer);
  expect(received(protocol, sent)).toEqual({ channel: 1, bytes: bytes("hi") });
});
test("no message is longer than a client's buffer", () => {
  const sizes = messagesOf("v5.channel.k8s.io", 1, new Uint8Array(70_000)).map(
    ({ length }) => length,
  );
  expect(sizes).toEqual([32_769, 32_769, 4_465]);
});
test("an empty message is one, and nothing is none", () => {
  expect(messagesOf("v5.channel.k8s.io", 1, new Uint8Array())).toEqual([Uint8Array.of(1)]);
  expect(received("v5.channel.k8s.io", new ArrayBuffer(0))).toBeUndefined();
  expect(received("base64.channel.k8s.io", "0***")).toBeUndefined();
});

const outcome = (protocol: RemoteCommandProtocol, code: number): string =>
  new TextDecoder().decode(outcomeBytes(protocol, exited(code)));
test("the outcome is a Status since v4, a text before", () => {
  expect(JSON.parse(outcome("v5.channel.k8s.io", 0))).toEqual({ metadata: {}, status: "Success" });
  expect(JSON.parse(outcome("v4.channel.k8s.io", 3))).toEqual({
    metadata: {},
    status: "Failure",
    message: "command terminated with non-zero exit code: command terminated with exit code 3",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "3" }] },
  });
  expect([outcome("channel.k8s.io", 0), outcome("channel.k8s.io", 3)]).toEqual([
    "",
    "command terminated with non-zero exit code: command terminated with exit code 3",
  ]);
});
