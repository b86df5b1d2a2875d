/** busybox's ping. Upstream: busybox networking/ping.c (FANCY_PING). */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import {
  addressOf,
  ask,
  complain,
  isSet,
  type Options,
  optionsOf,
  type Running,
  say,
  type Turn,
  valueOf,
} from "./tool.ts";

const usage = `BusyBox v1.37.0 multi-call binary.

Usage: ping [OPTIONS] HOST

Send ICMP ECHO_REQUESTs to HOST

\t-4,-6\t\tForce IP or IPv6 name resolution
\t-c CNT\t\tSend only CNT pings
\t-s SIZE\t\tSend SIZE data bytes in packets (default 56)
\t-i SECS\t\tInterval
\t-t TTL\t\tSet TTL
\t-I IFACE/IP\tSource interface or IP address
\t-W SEC\t\tSeconds to wait for the first response (default 10)
\t\t\t(after all -c CNT packets are sent)
\t-w SEC\t\tSeconds until ping exits (default:infinite)
\t\t\t(can exit earlier with -c CNT)
\t-q\t\tQuiet, only display output at start/finish
`;
const headerBytes = 8;
/** Data that a time of sending fits into. */
const stampBytes = 4;
const firstTtl = 64;
/** What is still waited for when some of the packets came back. */
const lastWaitMs = 1000;

interface Asked {
  readonly host: string;
  /** 0: no end. */
  readonly count: number;
  readonly dataBytes: number;
  readonly intervalMs: number;
  readonly ttl: number;
  readonly firstWaitMs: number;
  /** 0: none. */
  readonly deadlineMs: number;
  readonly isQuiet: boolean;
}

export function* ping(args: readonly string[], here: Surroundings): Running {
  const asked = askedBy(optionsOf(args, ["c", "s", "i", "t", "I", "W", "w"], ["4", "6", "q"]));
  if (typeof asked === "string") {
    yield complain(asked);
    return 1;
  }
  const ip = yield* addressOf(asked.host, here);
  if (ip === undefined) {
    yield complain(`ping: bad address '${asked.host}'\n`);
    return 1;
  }
  yield say(`PING ${asked.host} (${ip}): ${asked.dataBytes} data bytes\n`);
  return yield* echoes(ip, asked);
}

/** Or what to complain of. */
function askedBy(options: Options): Asked | string {
  const { unknown, operands } = options;
  if (unknown !== undefined) return `ping: invalid option -- '${unknown}'\n${usage}`;
  const [host] = operands;
  if (host === undefined || operands.length > 1) return usage;
  const wrong = ["c", "s", "t", "W", "w"]
    .map((name) => valueOf(options, name))
    .find((value) => value !== undefined && !/^\d+$/.test(value));
  const interval = valueOf(options, "i") ?? "1";
  const odd = wrong ?? (/^\d+(\.\d+)?$/.test(interval) ? undefined : interval);
  if (odd !== undefined) return `ping: invalid number '${odd}'\n`;
  const number = (name: string, otherwise: number): number =>
    Number(valueOf(options, name) ?? otherwise);
  return {
    host,
    count: number("c", 0),
    dataBytes: number("s", 56),
    intervalMs: Number(interval) * 1000,
    ttl: number("t", firstTtl),
    firstWaitMs: number("W", 10) * 1000,
    deadlineMs: number("w", 0) * 1000,
    isQuiet: isSet(options, "q"),
  };
}

function* echoes(ip: string, asked: Asked): Running {
  const { count, dataBytes, intervalMs, deadlineMs } = asked;
  const times: number[] = [];
  let sent = 0;
  let elapsedMs = 0;
  for (;;) {
    const { reply } = yield* ask("echo", { to: ip });
    const seq = sent++;
    if (reply !== undefined && reply.hops < asked.ttl) {
      times.push(reply.tookMicros);
      const time = dataBytes < stampBytes ? "" : ` time=${msText(reply.tookMicros)} ms`;
      const from = `${dataBytes + headerBytes} bytes from ${ip}`;
      if (!asked.isQuiet) yield say(`${from}: seq=${seq} ttl=${firstTtl - reply.hops}${time}\n`);
    }
    if (count > 0 && sent >= count) break;
    yield { waitMs: intervalMs };
    elapsedMs += intervalMs;
    if (deadlineMs > 0 && elapsedMs >= deadlineMs) break;
  }
  const received = times.length;
  if (count > 0 && sent >= count && received < count) {
    const waitMs = received === 0 ? asked.firstWaitMs : lastWaitMs;
    const leftMs = deadlineMs > 0 ? Math.max(0, deadlineMs - elapsedMs) : waitMs;
    yield { waitMs: Math.min(waitMs, leftMs) };
  }
  yield statistics(asked, sent, times);
  return received === 0 || (deadlineMs > 0 && received < count) ? 1 : 0;
}

function statistics({ host, dataBytes }: Asked, sent: number, times: readonly number[]): Turn {
  const received = times.length;
  const loss = Math.floor(((sent - received) * 100) / sent);
  const sum = times.reduce((all, one) => all + one, 0);
  const roundTrips = [Math.min(...times), Math.floor(sum / received), Math.max(...times)];
  return say(
    `\n--- ${host} ping statistics ---\n` +
      `${sent} packets transmitted, ${received} packets received, ${loss}% packet loss\n` +
      (received === 0 || dataBytes < stampBytes
        ? ""
        : `round-trip min/avg/max = ${roundTrips.map(msText).join("/")} ms\n`),
  );
}

const msText = (micros: number): string => (micros / 1000).toFixed(3);
