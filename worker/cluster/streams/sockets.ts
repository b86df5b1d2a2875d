/**
 * The sockets of exec, attach and port-forward. They hibernate: a connection that waits for a person costs
 * nothing, and a new instance makes it again from what the socket kept.
 */
import { type Limits, tooMany } from "#apiserver/limits.ts";
import type { Timers } from "#apiserver/http/timers.ts";
import type { Connection, Wire } from "./connection.ts";

/** The platform's half: a Durable Object's sockets. */
export interface SocketHost {
  accept(socket: WebSocket, tag: string): void;
  all(tag: string): readonly WebSocket[];
}
/** One sort of connection. */
export interface Opener {
  /** Makes a connection: a new one, or one that goes on. */
  open(wire: Wire, kept: Kept): Promise<Connection>;
  /** Is there nothing left at its other end? */
  isOver(opened: never): boolean;
}
/** What is kept with a socket. */
export interface Kept {
  readonly kind: string;
  /** Wall time of the last message either way. */
  readonly atMs: number;
  /** What was asked for. */
  readonly opened: unknown;
  /** Undefined: it has just been opened; null: it cannot go on. */
  readonly state: unknown;
}

/** WebSocket's OPEN. */
const openState = 1;
export const streamTag = "stream";
/** How often a connection that waits for time looks at the clock, wall time. */
const lookMs = 100;
/** The platform keeps no more with a socket. */
const mostStateCharacters = 8_000;

interface World {
  readonly timers: Timers;
  readonly limits: Pick<Limits, "clusterStreams" | "streamIdleSeconds">;
  wallMs(): number;
  /** Something may have been done to a container. */
  acted(): void;
}
interface Open {
  readonly connection: Connection;
  kept: Kept;
}

export class StreamSockets {
  readonly #host: SocketHost;
  readonly #openers: Readonly<Record<string, Opener>>;
  readonly #world: World;
  /** Those that are awake or being woken. */
  readonly #open = new Map<WebSocket, Open | Promise<Open | undefined>>();
  /** All there are; undefined: not counted yet in this instance. */
  #sockets: Set<WebSocket> | undefined;
  #stopLooking: (() => void) | undefined;

  constructor(host: SocketHost, openers: Readonly<Record<string, Opener>>, world: World) {
    this.#host = host;
    this.#openers = openers;
    this.#world = world;
  }

  /** 101. Throws TooManyRequests. */
  async open(kind: string, protocol: string, opened: unknown): Promise<Response> {
    this.makeRoom();
    const { 0: client, 1: server } = new WebSocketPair();
    await this.adopt(server, kind, opened);
    const headers = { "sec-websocket-protocol": protocol };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  /** Throws TooManyRequests. Who said nothing for too long goes first. */
  makeRoom(): void {
    this.#endIdle();
    if (this.#all.size >= this.#world.limits.clusterStreams) throw tooMany();
  }

  /** Takes the server's end of a socket. */
  async adopt(socket: WebSocket, kind: string, opened: unknown): Promise<void> {
    this.#host.accept(socket, streamTag);
    this.#all.add(socket);
    await this.#begin(socket, { kind, atMs: this.#world.wallMs(), opened, state: undefined });
  }

  async receive(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const found = await (this.#open.get(socket) ?? this.#woken(socket));
    if (found === undefined) return;
    found.kept = { ...found.kept, atMs: this.#world.wallMs() };
    found.connection.receive(message);
    this.#keep(socket, found);
    this.#mind();
    this.#world.acted();
  }

  closed(socket: WebSocket): void {
    this.#open.delete(socket);
    this.#all.delete(socket);
    this.#mind();
  }

  #tick(): void {
    this.look();
    this.#world.acted();
  }

  /** The cluster has changed. */
  look(): void {
    for (const socket of this.#all) {
      const found = this.#open.get(socket);
      if (found === undefined) this.#wakeIfOver(socket);
      else if (!(found instanceof Promise)) {
        found.connection.look();
        this.#keep(socket, found);
      }
    }
    this.#mind();
  }

  /** What one connection waited for has come. */
  async #lookAt(socket: WebSocket): Promise<void> {
    const found = await this.#open.get(socket);
    if (found === undefined) return;
    found.connection.look();
    this.#keep(socket, found);
    this.#mind();
    this.#world.acted();
  }

  get #all(): Set<WebSocket> {
    this.#sockets ??= new Set(this.#host.all(streamTag));
    return this.#sockets;
  }

  #wakeIfOver(socket: WebSocket): void {
    const kept = socket.deserializeAttachment() as Kept | null;
    if (kept !== null && this.#openers[kept.kind]?.isOver(kept.opened as never) === true)
      void this.#woken(socket);
  }

  async #woken(socket: WebSocket): Promise<Open | undefined> {
    const kept = socket.deserializeAttachment() as Kept | null;
    return kept === null ? undefined : this.#begin(socket, kept);
  }

  #begin(socket: WebSocket, kept: Kept): Promise<Open | undefined> {
    const opener = this.#openers[kept.kind];
    const wire: Wire = {
      send: (message) => {
        if (socket.readyState === openState) socket.send(message);
      },
      later: (work) => void work.then(() => this.#lookAt(socket)),
      // The frame goes at once. The TCP connection of a socket that is closed outside of its own message handler
      // ends only when the instance sleeps (workerd, compatibility date 2026-10-23); clients do not wait for it.
      close: (code, reason) => {
        this.closed(socket);
        socket.close(code, reason);
      },
    };
    const beginning = (async (): Promise<Open | undefined> => {
      if (opener === undefined) return undefined;
      const found = { connection: await opener.open(wire, kept), kept };
      if (!this.#all.has(socket)) return undefined;
      this.#open.set(socket, found);
      found.connection.look();
      this.#keep(socket, found);
      this.#mind();
      this.#world.acted();
      return found;
    })();
    this.#open.set(socket, beginning);
    return beginning;
  }

  #keep(socket: WebSocket, { connection: { state }, kept }: Open): void {
    if (!this.#all.has(socket)) return;
    const isSmall = state !== undefined && JSON.stringify(state).length <= mostStateCharacters;
    socket.serializeAttachment({ ...kept, state: isSmall ? state : null });
  }

  /** Stays awake while something waits for time alone. */
  #mind(): void {
    const isBusy = [...this.#open.values()].some(
      (found) => !(found instanceof Promise) && found.connection.isBusy,
    );
    if (isBusy) this.#stopLooking ??= this.#world.timers.every(lookMs, () => this.#tick());
    else {
      this.#stopLooking?.();
      this.#stopLooking = undefined;
    }
  }

  #endIdle(): void {
    const idleMs = this.#world.limits.streamIdleSeconds * 1000;
    for (const socket of this.#all) {
      const kept = socket.deserializeAttachment() as Kept | null;
      if (kept === null || this.#world.wallMs() - kept.atMs < idleMs) continue;
      this.closed(socket);
      socket.close(1000, "idle for too long");
    }
  }
}
