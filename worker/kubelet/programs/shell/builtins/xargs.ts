/** `xargs`: what it reads becomes arguments. Upstream: busybox findutils/xargs.c. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

export function* xargs(run: Running, args: readonly string[], frame: Frame): Moments {
  const at = args.findIndex(
    (arg, i) => !arg.startsWith("-") && !["-n", "-I", "-L", "-P"].includes(args[i - 1] ?? ""),
  );
  const options = at < 0 ? args : args.slice(0, at);
  const command = at < 0 ? ["echo"] : args.slice(at);
  const mark = options[options.indexOf("-I") + 1];
  const text = yield* frame.source.all();
  const words = options.includes("-I")
    ? text.split("\n").filter(Boolean)
    : text.split(/\s+/).filter(Boolean);
  const most = options.includes("-n")
    ? Number(options[options.indexOf("-n") + 1])
    : options.includes("-I")
      ? 1
      : words.length;
  let code = 0;
  for (
    let i = 0;
    i < Math.max(words.length, options.includes("-r") ? 0 : 1);
    i += Math.max(1, most)
  ) {
    const some = words.slice(i, i + Math.max(1, most));
    const argv =
      options.includes("-I") && mark !== undefined
        ? command.map((word) => word.replaceAll(mark, some[0] ?? ""))
        : [...command, ...some];
    yield* run.call(argv, frame);
    if (frame.state.code !== 0) code = 123;
  }
  frame.state.code = code;
}
