/** `read a b` takes a line of the input apart. Upstream: busybox shell/shell_common.c shell_builtin_read. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

/** `read a b`: one line, its words into variables, what is left into the last; 1 at the end of the input. */
export function* read(
  run: Running,
  args: readonly string[],
  { state, source, ...frame }: Frame,
): Moments {
  const isRaw = args.some((arg) => /^-[a-zA-Z]*r/.test(arg));
  const prompt = args[args.indexOf("-p") + 1];
  if (args.includes("-p") && prompt !== undefined)
    yield* run.print(prompt, { state, source, ...frame }, 2);
  const names = args.filter(
    (arg, at) =>
      !arg.startsWith("-") && !["-p", "-t", "-n", "-d", "-u"].includes(args[at - 1] ?? ""),
  );
  let line = yield* source.line();
  const isOver = line === undefined;
  while (!isRaw && line?.endsWith("\\") === true) {
    const next: string | undefined = yield* source.line();
    line = line.slice(0, -1) + (next ?? "");
    if (next === undefined) break;
  }
  const separators = state.variables.get("IFS") ?? " \t\n";
  let rest = isRaw ? (line ?? "") : (line ?? "").replaceAll(/\\(.)/g, "$1");
  const all = names.length === 0 ? ["REPLY"] : names;
  for (const [i, name] of all.entries()) {
    const isBlank = (c: string): boolean => /\s/.test(c) && separators.includes(c);
    while (rest !== "" && isBlank(rest[0] ?? "")) rest = rest.slice(1);
    let end = 0;
    if (i === all.length - 1) {
      end = rest.length;
      while (end > 0 && isBlank(rest[end - 1] ?? "")) end -= 1;
    } else while (end < rest.length && !separators.includes(rest[end] ?? "")) end += 1;
    state.variables.set(name, rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  state.code = isOver ? 1 : 0;
}
