/**
 * The trace as it happens: a WebSocket, tried again with growing waits; while it cannot be had, the
 * trace is asked for every two seconds. What was missed is asked for by its last id, so nothing is skipped.
 */
import type { TraceEvent } from "#apimachinery/trace.ts";
import type { Connection } from "#content/page/state.ts";
import { type Face, Refused } from "./face.ts";

export interface LiveListener {
  events(events: readonly TraceEvent[]): void;
  connection(connection: Connection): void;
  /** The last id that is known, "" at first. */
  last(): string;
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;
const pollMs = 2_000;

export class Live {
  readonly #base: string;
  readonly #face: Face;
  readonly #listener: LiveListener;
  #waitMs = firstWaitMs;
  #polling: ReturnType<typeof setInterval> | undefined;

  constructor(base: string, source: Face, listener: LiveListener) {
    this.#base = base;
    this.#face = source;
    this.#listener = listener;
    addEventListener("online", () => this.#connect());
    this.#connect();
  }

  /** Asks once for what is missing. */
  async catchUp(): Promise<void> {
    try {
      const { events } = await this.#face.trace(this.#listener.last());
      if (events.length > 0) this.#listener.events(events);
    } catch (error) {
      const gone = error instanceof Refused && (error.code === 404 || error.code === 410);
      this.#listener.connection(gone ? "ended" : "stale");
      if (gone) this.#stopPolling();
    }
  }

  #connect(): void {
    const url = new URL(`${this.#base}/-/trace`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const since = this.#listener.last();
    if (since !== "") url.searchParams.set("since", since);
    const socket = new WebSocket(url);
    socket.addEventListener("open", () => {
      this.#waitMs = firstWaitMs;
      this.#stopPolling();
      this.#listener.connection("live");
    });
    socket.addEventListener("message", ({ data }) => {
      const told = JSON.parse(String(data)) as TraceEvent[] | { events: TraceEvent[] };
      this.#listener.events(Array.isArray(told) ? told : told.events);
    });
    socket.addEventListener("close", () => this.#again());
  }

  #again(): void {
    if (this.#polling === undefined) {
      this.#listener.connection("polling");
      this.#polling = setInterval(() => void this.catchUp(), pollMs);
    }
    setTimeout(() => this.#connect(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs);
  }

  #stopPolling(): void {
    clearInterval(this.#polling);
    this.#polling = undefined;
  }
}
