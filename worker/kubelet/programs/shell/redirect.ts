/** Where redirections lead. Upstream: busybox shell/ash.c openredirect. */
import type { Frame, Sink, Source } from "./frame.ts";
import { nowhere, stderr, stdout, textSource } from "./frame.ts";
import type { Moments } from "./moment.ts";
import { absolute } from "./paths.ts";
import type { Redirection } from "./syntax.ts";

/** What they need of the shell. */
export interface Opening {
  readonly files: Map<string, string>;
  refusesWrite?(path: string): string | undefined;
  textOf(redirection: Redirection): Moments<string>;
}

/** The frame as redirected; a text says why it cannot be. */
export function* redirected(
  redirections: readonly Redirection[],
  given: Frame,
  on: Opening,
): Moments<Frame | string> {
  let { source, out, err } = given;
  for (const redirection of redirections) {
    const { fd, operator } = redirection;
    const target = yield* on.textOf(redirection);
    if (operator === "<<" || operator === "<<<") {
      source = textSource(operator === "<<" ? target : `${target}\n`);
      continue;
    }
    if (operator === "<&") continue;
    if (operator === ">&") {
      const to: Sink = target === "1" ? out : target === "2" ? err : nowhere;
      if (fd === 1) out = to;
      else if (fd === 2) err = to;
      continue;
    }
    const path = absolute(target, given.state.variables);
    if (operator === "<") {
      const found = sourceOf(path, given.source, on.files);
      if (found === undefined) return `sh: can't open ${target}: no such file\n`;
      source = found;
      continue;
    }
    const to = sinkOf(path, { out, err }) ?? { to: "file" as const, path };
    if (to.to === "file") {
      const refusal = on.refusesWrite?.(path);
      if (refusal !== undefined) return `sh: can't create ${target}: ${refusal}\n`;
      if (operator !== ">>" || !on.files.has(path)) {
        on.files.set(path, "");
        yield { atMs: given.state.clock.atMs, files: true };
      }
    }
    if (operator === "&>") [out, err] = [to, to];
    else if (fd === 2) err = to;
    else if (fd === 1) out = to;
  }
  return { ...given, source, out, err };
}

function sourceOf(
  path: string,
  own: Source,
  files: ReadonlyMap<string, string>,
): Source | undefined {
  if (path === "/dev/stdin") return own;
  const text = files.get(path);
  return text === undefined ? undefined : textSource(text);
}

/** Files that are streams. */
function sinkOf(
  path: string,
  { out, err }: { readonly out: Sink; readonly err: Sink },
): Sink | undefined {
  switch (path) {
    case "/dev/null":
      return nowhere;
    case "/dev/stdout":
    case "/proc/self/fd/1":
      return out;
    case "/dev/stderr":
    case "/proc/self/fd/2":
      return err;
    case "/proc/1/fd/1":
      return stdout;
    case "/proc/1/fd/2":
      return stderr;
  }
  return undefined;
}
