/** busybox's nc as a scanner: `nc -zv web 80`. Upstream: busybox networking/nc_bloaty.c. */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import {
  addressOf,
  ask,
  complain,
  errorOf,
  givingUpMs,
  isSet,
  optionsOf,
  type Running,
  valueOf,
} from "./tool.ts";

const usage = `BusyBox v1.37.0 multi-call binary.

Usage: nc [OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen
`;

export function* nc(args: readonly string[], here: Surroundings): Running {
  const options = optionsOf(args, ["w", "p", "s", "i", "e"], ["z", "v", "n", "u", "l", "k"]);
  const [host, port] = options.operands;
  if (options.unknown !== undefined || host === undefined || !/^\d+$/.test(port ?? "")) {
    yield complain(
      options.unknown === undefined
        ? usage
        : `nc: invalid option -- '${options.unknown}'\n${usage}`,
    );
    return 1;
  }
  const ip = yield* addressOf(host, here);
  if (ip === undefined) {
    yield complain(`nc: bad address '${host}'\n`);
    return 1;
  }
  const protocol = isSet(options, "u") ? "udp" : "tcp";
  const { state } = yield* ask("connect", { to: { ip, port: Number(port) }, protocol });
  const loudness = options.set.filter(([name]) => name === "v").length;
  const where = `${host} (${ip}:${port})`;
  if (state === "open") {
    if (loudness > 0) yield complain(`${where} open\n`);
    return 0;
  }
  const limitMs = Number(valueOf(options, "w") ?? Number.POSITIVE_INFINITY) * 1000;
  const waitMs = Math.min(givingUpMs[state], limitMs);
  if (waitMs > 0) yield { waitMs };
  if (loudness > 1 || (loudness > 0 && state !== "refused"))
    yield complain(`nc: ${where}: ${errorOf[state]}\n`);
  return 1;
}
