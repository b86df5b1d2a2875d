/**
 * `logs-generator`: so many lines, spread evenly over so much time.
 * Upstream: test/images/agnhost/logs-generator/logs_generator.go.
 */
import { fnv1a, safeEncode } from "#apimachinery/hash.ts";
import { goDuration, msOfDuration } from "#kubelet/go-duration.ts";
import type { Line, Run } from "#kubelet/programs/process.ts";
import { valueOf } from "#kubelet/programs/shell/network/tool.ts";
import { fatal, klogLine, printing, type Subcommand } from "./subcommand.ts";

const methods = ["GET", "POST", "PUT"];
const namespaces = ["kube-system", "default", "ns"];
const file = "logs_generator.go";

/** The same line whenever it is asked for. */
function lineOf(run: Run, id: number): string {
  const draw = (what: string, of: number): number =>
    fnv1a(`${run.hostname} ${run.startedMs} ${id} ${what}`) % of;
  const name = safeEncode(String(draw("name", 9000) + 1000)).slice(0, 3 + draw("length", 2));
  const path = `/api/v1/namespaces/${namespaces[draw("namespace", 3)]}/pods/${name}`;
  return `${id} ${methods[draw("method", 3)]} ${path} ${200 + draw("status", 400)}`;
}

export const logsGenerator: Subcommand = {
  name: "logs-generator",
  flags: ["log-lines-total", "t", "run-duration", "d"],
  run(run, flags) {
    const total = Number(valueOf(flags, "log-lines-total", "t") ?? "0");
    const lastsMs = msOfDuration(valueOf(flags, "run-duration", "d") ?? "0s");
    if (!(total > 0)) return fatal(run, `${file}:64`, `Invalid total number of lines: ${total}`);
    if (lastsMs === undefined || lastsMs <= 0)
      return fatal(run, `${file}:68`, `Invalid duration: ${goDuration(lastsMs ?? 0)}`);
    const everyMs = lastsMs / total;
    const lines = Array.from({ length: total }, (_, id): Line =>
      klogLine("I", run, Math.floor(id * everyMs), { at: `${file}:76`, text: lineOf(run, id) }),
    );
    return printing(lines, { atMs: Math.ceil(lastsMs), code: 0, waits: true });
  },
};
