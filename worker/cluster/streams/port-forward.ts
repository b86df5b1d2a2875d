/**
 * Connections from a client's own ports to those of a Pod, over one socket: SPDY streams in pairs, or two channels
 * for each port. What a connection says is a conversation with whoever listens in the Pod's network namespace.
 * Upstream: kubelet/pkg/cri/streaming/portforward/{httpstream,websocket}.go.
 */
import { channels, messagesOf, received } from "#apiserver/streams/remote-command.ts";
import type { PortForwardProtocol } from "#apiserver/streams/port-forward.ts";
import { SpdyTunnel, type TunnelState } from "#apiserver/streams/spdy.ts";
import type { Headers } from "#apiserver/streams/spdy-headers.ts";
import { bytesOf } from "#apimachinery/byte-text.ts";
import { HttpConversation } from "#kubelet/server/http-conversation.ts";
import { cannotForward } from "#kubelet/server/messages.ts";
import type { Server } from "#network/connection.ts";
import type { Connection, Wire } from "./connection.ts";

export interface Forwarded {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  /** Of the Pod's sandbox: another id is another network namespace. */
  readonly sandbox: string;
  readonly ports: readonly number[];
  readonly protocol: PortForwardProtocol;
}
export interface PortWorld {
  nowMs(): number;
  /** Is the sandbox still there? */
  isThere(): boolean;
  /** Who listens on a port of the Pod; undefined: nobody. */
  connect(port: number): Server | undefined;
}

/** One connection to a port, by the streams it has on the wire. */
interface Ends {
  readonly port: number;
  readonly data: number;
  readonly error: number;
}
interface Writer {
  write(stream: number, bytes: Uint8Array): void;
  /** Nothing more comes on these. */
  end(...streams: readonly number[]): void;
}

/** The Pod's side of one connection; made when its first bytes come, and again in another instance. */
class Forwarding {
  readonly #ends: Ends;
  readonly #writer: Writer;
  readonly #world: PortWorld;
  #conversation: HttpConversation | undefined;
  isOver = false;

  constructor(ends: Ends, writer: Writer, world: PortWorld, sandbox: string) {
    this.#ends = ends;
    this.#writer = writer;
    this.#world = world;
    const server = world.connect(ends.port);
    if (server === undefined) {
      writer.write(ends.error, bytesOf(cannotForward(sandbox, ends.port)));
      this.end();
    } else this.#conversation = new HttpConversation(server, ends.port, () => world.nowMs());
  }

  get isIdle(): boolean {
    return this.#conversation?.isIdle !== false;
  }
  hear(bytes: Uint8Array): void {
    if (this.isOver || this.#conversation === undefined || !this.#world.isThere()) return;
    const said = this.#conversation.hear(bytes);
    if (said.bytes.length > 0) this.#writer.write(this.#ends.data, said.bytes);
    if (said.closes) this.end();
  }
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#writer.end(this.#ends.data, this.#ends.error);
  }
}

interface TunnelKept {
  readonly tunnel: TunnelState;
  /** Streams by request: what a new instance needs to know of them. */
  readonly pairs: readonly (readonly [string, Partial<Ends>])[];
}

/** kubectl's way. */
export class TunnelConnection implements Connection {
  readonly #wire: Wire;
  readonly #asked: Forwarded;
  readonly #world: PortWorld;
  readonly #tunnel: SpdyTunnel;
  readonly #writer: Writer;
  readonly #pairs: Map<string, Partial<Ends>>;
  readonly #open = new Map<number, Forwarding>();
  readonly isBusy = false;
  #isOver = false;

  constructor(wire: Wire, asked: Forwarded, world: PortWorld, kept?: TunnelKept | null) {
    this.#wire = wire;
    this.#asked = asked;
    this.#world = world;
    this.#pairs = new Map(kept?.pairs);
    this.#tunnel = new SpdyTunnel(
      {
        send: (bytes) => wire.send(bytes),
        accepts: (id, headers) => this.#accepts(id, headers),
        opened: (id) => void this.#forwarding(id),
        data: (id, bytes) => this.#forwarding(id)?.hear(bytes),
        ended: (id) => this.#forwarding(id)?.end(),
        reset: (id) => this.#forget(id),
      },
      kept?.tunnel,
    );
    this.#writer = {
      write: (id, bytes) => this.#tunnel.data(id, bytes),
      end: (...ids) => {
        for (const id of ids) this.#tunnel.end(id);
        for (const id of ids) this.#forget(id);
      },
    };
    if (kept === null) this.#close();
  }

  get state(): TunnelKept | undefined {
    const { state } = this.#tunnel;
    const isIdle = [...this.#open.values()].every((one) => one.isIdle);
    return state === undefined || !isIdle ? undefined : { tunnel: state, pairs: [...this.#pairs] };
  }

  receive(message: string | ArrayBuffer): void {
    if (this.#isOver || typeof message === "string") return;
    try {
      this.#tunnel.receive(new Uint8Array(message));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // What follows cannot be told apart any more.
      this.#close();
    }
  }

  look(): void {
    if (!this.#isOver && !this.#world.isThere()) this.#close();
  }

  #close(): void {
    this.#isOver = true;
    this.#wire.close(1000);
  }

  /** Upstream: httpstream.go httpStreamReceived. */
  #accepts(id: number, headers: Headers): boolean {
    const type = headers.get("streamtype");
    const port = Number(headers.get("port"));
    if ((type !== "data" && type !== "error") || !(port > 0 && port < 65_536)) return false;
    // Clients before 1.2 sent no request id: their two streams have neighbouring ids.
    const request = headers.get("requestid") ?? String(type === "error" ? id : id - 2);
    this.#pairs.set(request, { ...this.#pairs.get(request), port, [type]: id });
    return true;
  }

  #forwarding(id: number): Forwarding | undefined {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    for (const { port, data, error } of this.#pairs.values()) {
      if (data !== id || port === undefined || error === undefined) continue;
      const made = new Forwarding(
        { port, data, error },
        this.#writer,
        this.#world,
        this.#asked.sandbox,
      );
      if (!made.isOver) this.#open.set(id, made);
      return made;
    }
    return undefined;
  }

  #forget(id: number): void {
    this.#open.delete(id);
    for (const [request, pair] of this.#pairs) if (pair.data === id) this.#pairs.delete(request);
  }
}

/** The channels' way: for each port two of them, which begin with the port's number. */
export class PortChannels implements Connection {
  readonly #wire: Wire;
  readonly #asked: Forwarded;
  readonly #world: PortWorld;
  readonly #protocol: "v4.channel.k8s.io" | "v4.base64.channel.k8s.io";
  readonly #open = new Map<number, Forwarding>();
  readonly isBusy = false;
  #isOver = false;

  constructor(wire: Wire, asked: Forwarded, world: PortWorld, kept?: Record<string, never> | null) {
    this.#wire = wire;
    this.#asked = asked;
    this.#world = world;
    this.#protocol =
      asked.protocol === "v4.base64.channel.k8s.io" ? asked.protocol : "v4.channel.k8s.io";
    if (kept === undefined)
      asked.ports.forEach((port, i) => {
        const number = Uint8Array.of(port & 0xff, port >>> 8);
        for (const channel of [2 * i, 2 * i + 1]) this.#send(channel, number);
      });
    if (kept === null) this.#close();
  }

  get state(): Record<string, never> | undefined {
    return [...this.#open.values()].every((one) => one.isIdle) ? {} : undefined;
  }

  receive(message: string | ArrayBuffer): void {
    const came = this.#isOver ? undefined : received(this.#protocol, message);
    if (came === undefined || came.channel === channels.close) return;
    const port = this.#asked.ports[came.channel / 2];
    if (port !== undefined) this.#forwarding(came.channel, port).hear(came.bytes);
  }

  look(): void {
    if (!this.#isOver && !this.#world.isThere()) this.#close();
  }

  #forwarding(data: number, port: number): Forwarding {
    const known = this.#open.get(data);
    if (known !== undefined) return known;
    const writer: Writer = {
      write: (channel, bytes) => this.#send(channel, bytes),
      end: () => this.#close(),
    };
    const made = new Forwarding(
      { port, data, error: data + 1 },
      writer,
      this.#world,
      this.#asked.sandbox,
    );
    this.#open.set(data, made);
    return made;
  }

  #send(channel: number, bytes: Uint8Array): void {
    for (const message of messagesOf(this.#protocol, channel, bytes)) this.#wire.send(message);
  }
  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wire.close(1000);
  }
}
