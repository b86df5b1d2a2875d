/** Commands about the machine, as busybox prints them: who, which kernel, how much of everything. */
import type { Command, Surroundings } from "./commands.ts";
import { fails, ok } from "./outcome.ts";

const kernel = "6.8.0-60-generic";
const cores = 4;
const memoryKib = 16_384_000;
const diskKib = 102_625_208;

/** What its files take, in 1K blocks. */
const usedKib = ({ files }: Surroundings): number => {
  let characters = 0;
  for (const text of files.values()) characters += text.length;
  return Math.ceil(characters / 1024);
};

const id: Command = (args) => {
  const flags = args.join("");
  if (!/[ugG]/.test(flags)) return ok("uid=0(root) gid=0(root) groups=0(root)\n");
  return ok(flags.includes("n") ? "root\n" : "0\n");
};

const uname: Command = (args, { hostname }) => {
  const fields: Readonly<Record<string, string>> = {
    s: "Linux",
    n: hostname,
    r: kernel,
    v: "#63-Ubuntu SMP PREEMPT_DYNAMIC",
    m: "x86_64",
    o: "Linux",
  };
  const asked = args.join("").replaceAll("-", "");
  const letters = asked === "" ? "s" : asked.includes("a") ? "snrvmo" : asked;
  const shown = Object.keys(fields).filter((letter) => letters.includes(letter));
  return ok(`${shown.map((letter) => fields[letter]).join(" ")}\n`);
};

const human = (kib: number): string =>
  kib < 1024
    ? `${kib.toFixed(1)}K`
    : kib < 1024 * 1024
      ? `${(kib / 1024).toFixed(1)}M`
      : `${(kib / 1024 / 1024).toFixed(1)}G`;

const df: Command = (args, here) => {
  const isHuman = args.some((arg) => arg.includes("h"));
  const shown = (kib: number): string => (isHuman ? human(kib) : String(kib));
  const line = (name: string, [size, used]: readonly [number, number], at: string): string => {
    const share = `${Math.ceil((used / size) * 100)}%`;
    return `${name.padEnd(20)} ${shown(size).padStart(9)} ${shown(used).padStart(9)} ${shown(size - used).padStart(9)} ${share.padStart(4)} ${at}\n`;
  };
  const head = isHuman
    ? "Filesystem                Size      Used Available Use% Mounted on\n"
    : "Filesystem           1K-blocks      Used Available Use% Mounted on\n";
  const used = Math.round(diskKib * 0.08) + usedKib(here);
  return ok(
    head +
      line("overlay", [diskKib, used], "/") +
      line("tmpfs", [65_536, 0], "/dev") +
      line("shm", [65_536, 0], "/dev/shm"),
  );
};

const free: Command = (args) => {
  const by = args.includes("-m") ? 1024 : args.includes("-g") ? 1024 * 1024 : 1;
  const cell = (kib: number): string => String(Math.floor(kib / by)).padStart(12);
  const used = Math.round(memoryKib * 0.12);
  const cached = Math.round(memoryKib * 0.2);
  return ok(
    `${" ".repeat(14)}total        used        free      shared  buff/cache   available\n` +
      `Mem:    ${[memoryKib, used, memoryKib - used - cached, 2048, cached, memoryKib - used].map(cell).join("").slice(1)}\n` +
      `Swap:   ${[0, 0, 0].map(cell).join("").slice(1)}\n`,
  );
};

const top: Command = (_, { processes = [] }) => {
  const used = Math.round(memoryKib * 0.12);
  const all = [...processes, { pid: (processes.at(-1)?.pid ?? 1) + 6, command: "top -b -n1" }];
  const lines = all.map(
    ({ pid, command }, i) =>
      `${String(pid).padStart(5)} ${String(i === 0 ? 0 : 1).padStart(5)} root     ${i === all.length - 1 ? "R" : "S"}     4404   0%   ${i % cores}   0% ${command}\n`,
  );
  return ok(
    `Mem: ${used}K used, ${memoryKib - used}K free, 2048K shrd, 51200K buff, 1638400K cached\n` +
      "CPU:   1% usr   1% sys   0% nic  98% idle   0% io   0% irq   0% sirq\n" +
      `Load average: 0.10 0.12 0.09 1/${100 + all.length} ${all.at(-1)?.pid}\n` +
      `  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n${lines.join("")}`,
  );
};

/** `stty size`, `tty`: as the client last told. */
const stty: Command = (args, { input }) => {
  if (input?.isTerminal !== true) return fails("stty: standard input: Not a tty\n");
  const { rows, columns } = input.size ?? { rows: 24, columns: 80 };
  if (args.includes("size")) return ok(`${rows} ${columns}\n`);
  return ok(args.length > 0 ? "" : `speed 38400 baud; line = 0;\n`);
};

export const systemCommands: Readonly<Record<string, Command>> = {
  id,
  uname,
  df,
  free,
  top,
  whoami: () => ok("root\n"),
  stty,
  tty: (_, { input }) =>
    input?.isTerminal === true ? ok("/dev/pts/0\n") : { code: 1, out: "not a tty\n", error: "" },
  nproc: () => ok(`${cores}\n`),
  arch: () => ok("x86_64\n"),
  hostname: (args, { hostname, files }) => {
    if (!args.some((arg) => /^-[iI]$/.test(arg))) return ok(`${hostname}\n`);
    const own = (files.get("/etc/hosts") ?? "")
      .split("\n")
      .find((line) => line.split(/\s+/).slice(1).includes(hostname));
    return ok(`${own?.split(/\s+/)[0] ?? "127.0.0.1"}\n`);
  },
};
