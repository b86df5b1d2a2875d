/** Every command that is the shell's own, by its name. */
import type { Builtin } from "./builtin.ts";
import { finding } from "./finding.ts";
import { kill, wait } from "./job-control.ts";
import { jumps } from "./jumps.ts";
import { command, env, exec, nohup } from "./prefixes.ts";
import { read } from "./read.ts";
import { evaluate, inner, sourced } from "./scripts.ts";
import { sleep, timeout } from "./sleep.ts";
import { tail } from "./tail.ts";
import { trap } from "./trap.ts";
import { local, set, shift, unset } from "./variables.ts";
import { xargs } from "./xargs.ts";

const { which, type } = finding((name) => Object.hasOwn(builtins, name));

export const builtins: Readonly<Record<string, Builtin>> = {
  ...jumps,
  ".": sourced,
  ash: inner("ash"),
  bash: inner("bash"),
  command: command(which),
  env,
  eval: evaluate,
  exec,
  kill,
  local,
  nohup,
  read,
  set,
  sh: inner("sh"),
  shift,
  sleep,
  source: sourced,
  tail,
  timeout,
  trap,
  type,
  unset,
  wait,
  which,
  xargs,
};
