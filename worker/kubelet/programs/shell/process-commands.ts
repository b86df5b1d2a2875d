/** Commands about the container's processes: the first one is the container's own. */
import type { Command } from "./commands.ts";
import { fails, ok } from "./outcome.ts";

const signals: Readonly<Record<string, string>> = {
  "1": "SIGHUP",
  "2": "SIGINT",
  "3": "SIGQUIT",
  "9": "SIGKILL",
  "10": "SIGUSR1",
  "12": "SIGUSR2",
  "15": "SIGTERM",
};
const nameOf = (text: string): string =>
  signals[text] ?? (text.startsWith("SIG") ? text : `SIG${text.toUpperCase()}`);

/** Nothing but the first process is there to be signalled; who sends it has ended when the answer comes. */
const kill: Command = (args) => {
  let signal = "SIGTERM";
  const pids: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "-s") signal = nameOf(args[++at] ?? "");
    else if (/^-\w+$/.test(arg)) signal = nameOf(arg.slice(1));
    else pids.push(arg);
  }
  if (pids.length === 0) return fails("sh: you need to specify whom to kill\n", 2);
  const missing = pids.find((pid) => pid !== "1");
  if (missing !== undefined) return fails(`sh: can't kill pid ${missing}: No such process\n`);
  return { ...ok(), signal };
};

const ps: Command = (_, { processes = [] }) => {
  const all = [...processes, { pid: (processes.at(-1)?.pid ?? 1) + 6, command: "ps" }];
  const lines = all.map(
    ({ pid, command }) => `${String(pid).padStart(5)} root      0:00 ${command}\n`,
  );
  return ok(`PID   USER     TIME  COMMAND\n${lines.join("")}`);
};

export const processCommands: Readonly<Record<string, Command>> = { kill, ps };
