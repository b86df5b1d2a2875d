/** The machine under the benchmark, and what a process on it uses: from /proc, so on Linux alone. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

const text = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

export function machine(): string {
  const [first] = cpus();
  const gib = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${first?.model.trim() ?? "?"}, ${gib} GiB, node ${process.version}`;
}
/** Runnable processes in the last minute: what else the machine was busy with. */
export const load = (): string => loadavg()[0]?.toFixed(1) ?? "?";

/** Fields of /proc/<pid>/stat behind the name, which may hold spaces. */
const fieldsOf = (path: string): readonly string[] =>
  text(path).split(") ").at(-1)?.split(" ") ?? [];

/** The workerd that this process started last. */
export function workerdPid(): number | undefined {
  if (!existsSync("/proc")) return undefined;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => text(`/proc/${pid}/comm`).startsWith("workerd"))
    .filter((pid) => Number(fieldsOf(`/proc/${pid}/stat`)[1]) === process.pid)
    .map(Number)
    .toSorted((a, b) => b - a)[0];
}

/** Kernel ticks are 10 ms. */
const tickMs = 10;

/** CPU milliseconds of a process's main thread, where workerd runs JavaScript and SQLite. */
export function cpuMs(pid: number | undefined): number {
  const fields = fieldsOf(`/proc/${pid}/task/${pid}/stat`);
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Resident MiB of a process. */
export function residentMib(pid: number | undefined): number {
  const kib = /VmRSS:\s+(\d+)/.exec(text(`/proc/${pid}/status`))?.[1];
  return Number(kib) / 1024;
}
