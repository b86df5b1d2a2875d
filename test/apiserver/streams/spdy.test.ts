/** SPDY as a Go client speaks it, against the tunnel: one compressed header stream, frames in any pieces. */
import { constants, createDeflate, type Deflate, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { SpdyTunnel, type TunnelState } from "#apiserver/streams/spdy.ts";
import { headerDictionary } from "#apiserver/streams/spdy-headers.ts";

/** The client's compressor lives as long as its connection. */
class Client {
  readonly #deflate: Deflate = createDeflate({ dictionary: headerDictionary });

  async opening(
    id: number,
    headers: Readonly<Record<string, string>>,
    flags = 0,
  ): Promise<Uint8Array> {
    const word = (text: string): Buffer => {
      const bytes = Buffer.from(text);
      return Buffer.concat([number32(bytes.length), bytes]);
    };
    const pairs = Object.entries(headers);
    const plain = [number32(pairs.length), ...pairs.flat().map(word)];
    const chunks: Buffer[] = [];
    const gather = (chunk: Buffer): void => void chunks.push(chunk);
    this.#deflate.on("data", gather);
    this.#deflate.write(Buffer.concat(plain));
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    this.#deflate.off("data", gather);
    return frame([0x80, 3, 0, 1], flags, [number32(id), number32(0), Buffer.of(0, 0), ...chunks]);
  }
}
const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const frame = (
  first: readonly number[],
  flags: number,
  payload: readonly Uint8Array[],
): Uint8Array => {
  const body = Buffer.concat(payload);
  const head = number32(body.length);
  head[0] = flags;
  return new Uint8Array(Buffer.concat([Buffer.from(first), head, body]));
};
const data = (id: number, text: string, flags = 0): Uint8Array =>
  frame([...number32(id)], flags, [Buffer.from(text)]);

/** A tunnel and what it tells, in words. */
function tunnelFrom(state?: TunnelState): {
  readonly tunnel: SpdyTunnel;
  readonly told: string[];
  readonly sent: Uint8Array[];
} {
  const told: string[] = [];
  const sent: Uint8Array[] = [];
  const tunnel = new SpdyTunnel(
    {
      send: (bytes) => void sent.push(bytes),
      accepts: (id, headers) => {
        told.push(`asked ${id} ${JSON.stringify([...headers])}`);
        return headers.get("streamtype") !== "nosuch";
      },
      opened: (id) => void told.push(`opened ${id}`),
      data: (id, bytes) => void told.push(`data ${id} ${new TextDecoder().decode(bytes)}`),
      ended: (id) => void told.push(`ended ${id}`),
      reset: (id) => void told.push(`reset ${id}`),
    },
    state,
  );
  return { tunnel, told, sent };
}
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

test("the dictionary is the draft's: its length and its checksum in a client's first block", async () => {
  const first = await new Client().opening(1, {});
  expect(headerDictionary).toHaveLength(1423);
  expect(hex(first.subarray(20, 24))).toBe("e3c6a7c2");
});
test.each([1, 3, 7, 1000])("streams open, write and end, in pieces of %i bytes", async (size) => {
  const client = new Client();
  const all = Buffer.concat([
    await client.opening(1, { streamtype: "error", port: "80", requestid: "0" }),
    data(1, "", 1),
    await client.opening(3, { streamtype: "data", port: "80", requestid: "0" }),
    data(3, "GET"),
    data(3, "", 1),
    frame([0x80, 3, 0, 3], 0, [number32(3), number32(5)]),
  ]);
  const { tunnel, told } = tunnelFrom();
  for (let at = 0; at < all.length; at += size)
    tunnel.receive(new Uint8Array(all.subarray(at, at + size)));
  expect(told).toEqual([
    'asked 1 [["streamtype","error"],["port","80"],["requestid","0"]]',
    "opened 1",
    "ended 1",
    'asked 3 [["streamtype","data"],["port","80"],["requestid","0"]]',
    "opened 3",
    "data 3 GET",
    "ended 3",
    "reset 3",
  ]);
});
test("replies are header blocks without headers, in one stream; a refusal is a reset", async () => {
  const client = new Client();
  const { tunnel, sent } = tunnelFrom();
  for (const [id, streamtype] of [
    [1, "error"],
    [3, "data"],
    [5, "nosuch"],
  ] as const)
    tunnel.receive(await client.opening(id, { streamtype }));
  expect(sent.map((bytes) => hex(bytes.subarray(0, 4)))).toEqual([
    "80030002",
    "80030002",
    "80030003",
  ]);
  const blocks = Buffer.concat(sent.slice(0, 2).map((bytes) => bytes.subarray(12)));
  expect([...inflateSync(blocks, { finishFlush: constants.Z_SYNC_FLUSH })]).toEqual(
    Array(8).fill(0),
  );
  expect(hex(sent[2])).toBe("80030003000000080000000500000003");
});
test("a ping comes back as it is", () => {
  const { tunnel, sent } = tunnelFrom();
  const ping = frame([0x80, 3, 0, 6], 0, [number32(7)]);
  tunnel.receive(ping);
  expect(sent).toEqual([ping]);
});
test("what is written goes in frames of bounded size, and ends with a flag", () => {
  const { tunnel, sent } = tunnelFrom();
  tunnel.data(3, new Uint8Array(40_000));
  tunnel.end(3);
  expect(sent.map(({ length }) => length)).toEqual([32_776, 7_240, 8]);
  expect(hex(sent[2])).toBe("0000000301000000");
});
test("another instance goes on with what the first one knew of the headers", async () => {
  const client = new Client();
  const before = tunnelFrom();
  before.tunnel.receive(await client.opening(1, { streamtype: "error", port: "8080" }));
  const next = await client.opening(3, { streamtype: "data", port: "8080" });
  before.tunnel.receive(next.subarray(0, 5));
  expect(before.tunnel.state).toBeUndefined();
  const kept = tunnelFrom();
  kept.tunnel.receive(await new Client().opening(1, {}));
  expect(kept.tunnel.state).toMatchObject({ hasReplied: true });

  const first = tunnelFrom();
  const other = new Client();
  first.tunnel.receive(await other.opening(1, { streamtype: "error", port: "8080" }));
  const woken = tunnelFrom(JSON.parse(JSON.stringify(first.tunnel.state)) as TunnelState);
  woken.tunnel.receive(await other.opening(3, { streamtype: "data", port: "8080" }));
  expect(woken.told[0]).toBe('asked 3 [["streamtype","data"],["port","8080"]]');
  // The zlib stream of the replies has begun already.
  expect(hex(woken.sent[0]?.subarray(12, 14))).toBe("0004");
});
test.each<[string, Uint8Array]>([
  ["another version", frame([0x80, 2, 0, 1], 0, [new Uint8Array(10)])],
  ["a header block that is none", frame([0x80, 3, 0, 1], 0, [new Uint8Array(40)])],
  ["a frame that is cut short", frame([0x80, 3, 0, 1], 0, [new Uint8Array(2)])],
  ["a frame without end", Uint8Array.of(0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff)],
])("%s is refused", (_, bytes) => {
  expect(() => tunnelFrom().tunnel.receive(bytes)).toThrow(RangeError);
});
