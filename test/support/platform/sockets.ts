/** The server's end of a WebSocket as a Durable Object holds it: it outlives the instance, with what it keeps. */
import type { SocketHost } from "#cluster/streams/sockets.ts";

export class NodeSocket {
  readyState = 1;
  closedWith: number | undefined;
  readonly sent: (string | Uint8Array)[] = [];
  #attachment: unknown = null;

  send(message: string | Uint8Array): void {
    this.sent.push(message);
  }
  close(code: number): void {
    this.readyState = 3;
    this.closedWith ??= code;
  }
  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value);
  }
  deserializeAttachment(): unknown {
    return structuredClone(this.#attachment);
  }

  /** All that a channel has brought, as text. */
  text(channel: number): string {
    return this.sent
      .map((message) => (typeof message === "string" ? new Uint8Array() : message))
      .filter(([first]) => first === channel)
      .map((message) => new TextDecoder().decode(message.subarray(1)))
      .join("");
  }
  get face(): WebSocket {
    return this as unknown as WebSocket;
  }
}

export class NodeSockets implements SocketHost {
  readonly #sockets: WebSocket[] = [];
  accept(socket: WebSocket): void {
    this.#sockets.push(socket);
  }
  all(): readonly WebSocket[] {
    return this.#sockets.filter(({ readyState }) => readyState === 1);
  }
}
