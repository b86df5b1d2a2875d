/** Requests per second of two servers, in turns, so that whatever else the machine does hits both alike. */
import type { Figure } from "./bench.ts";
import { median, repeated, timed } from "./median.ts";

/** The n-th request; resolves when its answer is read. */
export type Send = (n: number) => Promise<unknown>;

/** How long each side sends in a round. */
const turnMs = 500;
/** How long each sends before it counts: the more code a server has, the later all of it is compiled. */
const warmMs = 6_000;

/** So many clients, each of which waits for its answer before it sends again: requests per second. */
async function rate(
  clients: number,
  numbers: Iterator<number>,
  send: Send,
  lengthMs = turnMs,
): Promise<number> {
  const end = performance.now() + lengthMs;
  let count = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await send(numbers.next().value as number);
      count += 1;
    }
  };
  const ms = await timed(() => Promise.all(Array.from({ length: clients }, client)));
  return (count / ms) * 1000;
}

function* countingUp(): Generator<number> {
  for (let n = 0; ; n += 1) yield n;
}

export interface Paired {
  readonly what: string;
  readonly clients: number;
  readonly rounds: number;
  readonly ours: Send;
  readonly bare: Send;
  readonly least?: number;
}

/** The median of the rounds' ratios, not the ratio of the medians: each round saw one machine. */
export async function paired(asked: Paired): Promise<Figure> {
  const { what, clients, rounds, ours, bare, least } = asked;
  const numbers = { ours: countingUp(), bare: countingUp() };
  await rate(clients, numbers.ours, ours, warmMs);
  await rate(clients, numbers.bare, bare, warmMs);
  const seen = await repeated(rounds, async () => ({
    ours: await rate(clients, numbers.ours, ours),
    bare: await rate(clients, numbers.bare, bare),
  }));
  return {
    what: `${what}, ${clients} ${clients === 1 ? "client" : "clients"}`,
    unit: "/s",
    ours: median(seen.map((one) => one.ours)),
    beside: { name: "bare", value: median(seen.map((one) => one.bare)) },
    ratio: median(seen.map((one) => one.ours / one.bare)),
    ...(least === undefined ? {} : { required: { least } }),
  };
}
