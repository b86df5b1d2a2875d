/**
 * SPDY/3.1 inside a WebSocket, the server's side, as far as port-forward uses it: streams that the client opens,
 * their data, pings.
 * Upstream: client-go/tools/portforward/tunneling_connection.go, moby/spdystream/connection.go.
 */
import { base64Of, bytesIn } from "#apimachinery/base64.ts";
import { emptyBlock, HeaderReader, type Headers } from "./spdy-headers.ts";

const version = 3;
const types = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const;
const finFlag = 1;
const headerBytes = 8;
/** Frames are gathered up to this size. */
const mostFrameBytes = 4 * 1024 * 1024;
const refusedStream = 3;
/** Data frames no longer than client-go's own. */
const mostDataBytes = 32 * 1024;

export interface TunnelEvents {
  send(bytes: Uint8Array): void;
  /** False: it is refused. */
  accepts(id: number, headers: Headers): boolean;
  /** It was accepted, and the client knows. */
  opened(id: number): void;
  data(id: number, bytes: Uint8Array): void;
  /** The client writes no more on it. */
  ended(id: number): void;
  reset(id: number): void;
}
/** What another instance goes on with. */
export interface TunnelState {
  /** Of the headers read so far, in base64. */
  readonly history: string | undefined;
  readonly hasReplied: boolean;
}

export class SpdyTunnel {
  readonly #events: TunnelEvents;
  readonly #headers: HeaderReader;
  #rest = new Uint8Array();
  #hasReplied: boolean;

  constructor(events: TunnelEvents, state?: TunnelState) {
    this.#events = events;
    this.#headers = new HeaderReader(
      state?.history === undefined ? undefined : bytesIn(state.history),
    );
    this.#hasReplied = state?.hasReplied === true;
  }

  /** Undefined: it is in the middle of a frame. */
  get state(): TunnelState | undefined {
    if (this.#rest.length > 0) return undefined;
    const { history } = this.#headers;
    return {
      history: history === undefined ? undefined : base64Of(history),
      hasReplied: this.#hasReplied,
    };
  }

  /** Throws RangeError when this is no SPDY. */
  receive(bytes: Uint8Array): void {
    let all = bytes;
    if (this.#rest.length > 0) {
      all = new Uint8Array(this.#rest.length + bytes.length);
      all.set(this.#rest);
      all.set(bytes, this.#rest.length);
    }
    let at = 0;
    while (all.length - at >= headerBytes) {
      const view = new DataView(all.buffer, all.byteOffset + at);
      const length = view.getUint32(4) & 0xffffff;
      if (length > mostFrameBytes) throw new RangeError("a frame is too long");
      if (all.length - at - headerBytes < length) break;
      const payload = all.subarray(at + headerBytes, at + headerBytes + length);
      this.#frame(view.getUint32(0), view.getUint8(4), payload);
      at += headerBytes + length;
    }
    this.#rest = all.slice(at);
  }

  data(id: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += mostDataBytes)
      this.#events.send(dataFrame(id, 0, bytes.subarray(at, at + mostDataBytes)));
  }
  end(id: number): void {
    this.#events.send(dataFrame(id, finFlag, new Uint8Array()));
  }

  #frame(first: number, flags: number, payload: Uint8Array): void {
    const isControl = first >>> 31 === 1;
    if (!isControl) {
      if (payload.length > 0) this.#events.data(first, payload);
      if ((flags & finFlag) !== 0) this.#events.ended(first);
      return;
    }
    if (((first >>> 16) & 0x7fff) !== version) throw new RangeError("this is not SPDY/3");
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const type = first & 0xffff;
    if (type === types.synStream)
      this.#opened(view.getUint32(0) & 0x7fffffff, flags, payload.subarray(10));
    else if (type === types.reset) this.#events.reset(view.getUint32(0) & 0x7fffffff);
    else if (type === types.ping) this.#events.send(controlFrame(types.ping, payload));
  }

  #opened(id: number, flags: number, block: Uint8Array): void {
    const headers = this.#headers.read(block);
    if (!this.#events.accepts(id, headers)) {
      this.#events.send(
        controlFrame(types.reset, Uint8Array.from([...idBytes(id), ...idBytes(refusedStream)])),
      );
      return;
    }
    const reply = Uint8Array.from([...idBytes(id), ...emptyBlock(!this.#hasReplied)]);
    this.#hasReplied = true;
    this.#events.send(controlFrame(types.synReply, reply));
    this.#events.opened(id);
    if ((flags & finFlag) !== 0) this.#events.ended(id);
  }
}

const idBytes = (id: number): readonly number[] => [
  (id >>> 24) & 0x7f,
  (id >>> 16) & 0xff,
  (id >>> 8) & 0xff,
  id & 0xff,
];

function frame(first: readonly number[], flags: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const bytes = new Uint8Array(headerBytes + length);
  bytes.set([...first, flags, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff]);
  bytes.set(payload, headerBytes);
  return bytes;
}
const controlFrame = (type: number, payload: Uint8Array): Uint8Array =>
  frame([0x80, version, 0, type], 0, payload);
const dataFrame = (id: number, flags: number, payload: Uint8Array): Uint8Array =>
  frame(idBytes(id), flags, payload);
