/**
 * What the shell keeps for its scripts: options, arguments, variables.
 * Upstream: busybox shell/ash.c setcmd, shiftcmd, unsetcmd, localcmd.
 */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

/** `set -e`, `set -o pipefail`, `set -- a b`. */
export function set(_: Running, args: readonly string[], { state }: Frame): void {
  state.code = 0;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      state.arguments = [state.arguments[0] ?? "sh", ...args.slice(at + 1)];
      return;
    }
    if (!/^[-+]/.test(arg)) {
      state.arguments = [state.arguments[0] ?? "sh", ...args.slice(at)];
      return;
    }
    for (const letter of arg.slice(1)) {
      const name =
        letter === "o" ? (longOptions[args[at + 1] ?? ""] ?? args[at + 1] ?? "") : letter;
      if (arg.startsWith("-")) state.options.add(name);
      else state.options.delete(name);
    }
    if (/o/.test(arg)) at += 1;
  }
}
const longOptions: Readonly<Record<string, string>> = { errexit: "e", nounset: "u", xtrace: "x" };

export function local(_: Running, args: readonly string[], { state }: Frame): void {
  state.code = 0;
  for (const arg of args) {
    const equals = arg.indexOf("=");
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const { locals, variables } = state;
    if (locals?.has(name) === false) locals.set(name, variables.get(name));
    if (equals >= 0) variables.set(name, arg.slice(equals + 1));
    else variables.delete(name);
  }
}

export function shift(_: Running, [count = "1"]: readonly string[], { state }: Frame): void {
  const by = Number(count);
  state.code = by < state.arguments.length ? 0 : 1;
  if (state.code === 0)
    state.arguments = [state.arguments[0] ?? "sh", ...state.arguments.slice(by + 1)];
}

export function unset(_: Running, args: readonly string[], { state }: Frame): void {
  state.code = 0;
  for (const name of args) {
    if (!args.includes("-f")) state.variables.delete(name);
    else state.functions.delete(name);
  }
}
