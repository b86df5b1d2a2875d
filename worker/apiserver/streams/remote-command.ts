/**
 * Several streams over one WebSocket: a message's first byte names its channel.
 * Upstream: apimachinery/pkg/util/remotecommand/constants.go, streaming/pkg/httpstream/wsstream/conn.go.
 */
import { bytesIn } from "#apimachinery/base64.ts";
import type { Status } from "#apimachinery/status.ts";

export const channels = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  error: 3,
  resize: 4,
  close: 255,
} as const;

/** The subprotocols that are served, best first. */
export const remoteCommandProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "channel.k8s.io",
  "base64.channel.k8s.io",
] as const;
export type RemoteCommandProtocol = (typeof remoteCommandProtocols)[number];

const isBase64 = (protocol: RemoteCommandProtocol): boolean => protocol.includes("base64");
/** Does the error channel carry a Status? Before v4 it carried a text. */
const hasStatus = (protocol: RemoteCommandProtocol): boolean => /^v[45]\./.test(protocol);

/** Messages no longer than client-go's buffer. */
const mostBytes = 32 * 1024;

/** What goes to the client. */
export function messagesOf(
  protocol: RemoteCommandProtocol,
  channel: number,
  bytes: Uint8Array,
): readonly (string | Uint8Array)[] {
  const messages: (string | Uint8Array)[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += mostBytes)
    messages.push(messageOf(protocol, channel, bytes.subarray(at, at + mostBytes)));
  return messages;
}

function messageOf(
  protocol: RemoteCommandProtocol,
  channel: number,
  bytes: Uint8Array,
): string | Uint8Array {
  if (isBase64(protocol)) return `${channel}${btoa(binaryText(bytes))}`;
  const message = new Uint8Array(bytes.length + 1);
  message[0] = channel;
  message.set(bytes, 1);
  return message;
}
const binaryText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

export interface Received {
  readonly channel: number;
  readonly bytes: Uint8Array;
}
const encoder = new TextEncoder();

/** What came from the client; undefined: not of this protocol. */
export function received(
  protocol: RemoteCommandProtocol,
  message: string | ArrayBuffer,
): Received | undefined {
  if (!isBase64(protocol)) {
    const bytes = typeof message === "string" ? encoder.encode(message) : new Uint8Array(message);
    const [channel] = bytes;
    return channel === undefined ? undefined : { channel, bytes: bytes.subarray(1) };
  }
  const text = typeof message === "string" ? message : new TextDecoder().decode(message);
  try {
    const bytes = bytesIn(text.slice(1));
    return { channel: Number(text[0]), bytes };
  } catch {
    return undefined;
  }
}

/** How a command ended; upstream leaves kind and version out. */
export type CommandStatus = Omit<Status, "kind" | "apiVersion">;

/** The last word: how the command ended. */
export function outcomeBytes(protocol: RemoteCommandProtocol, status: CommandStatus): Uint8Array {
  if (hasStatus(protocol)) return encoder.encode(JSON.stringify(status));
  return encoder.encode(status.status === "Success" ? "" : (status.message ?? ""));
}

const success: CommandStatus = { metadata: {}, status: "Success" };

/** Upstream: pkg/util/proxy/streamtranslator.go codeExitToStatusError. */
export const exited = (code: number): CommandStatus =>
  code === 0
    ? success
    : {
        metadata: {},
        status: "Failure",
        message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
        reason: "NonZeroExitCode",
        details: { causes: [{ reason: "ExitCode", message: String(code) }] },
      };
