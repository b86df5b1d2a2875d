/** Commands that make something of what comes while it still comes, instead of waiting for its end. */
import { type Frame, PipeSource } from "./frame.ts";
import type { Moments } from "./moment.ts";
import type { Running } from "./running.ts";

interface Streamed {
  readonly name: string;
  readonly args: readonly string[];
  readonly frame: Frame;
  /** The command as it is when all of its input is there. */
  once(args: readonly string[], input: string): Moments;
}

/** Commands that make of each line what they make of it alone: of a slow pipe they take one after the other. */
const linewise: ReadonlySet<string> = new Set(["cat", "grep", "tee", "sed", "tr", "cut"]);

/** Undefined: it needs all of its input. */
export function streaming(run: Running, given: Streamed): Moments | undefined {
  const { name, args, frame } = given;
  if (name === "cat") return copy(run, frame);
  if (name === "head") return head(run, given);
  const isByLine =
    linewise.has(name) &&
    frame.source instanceof PipeSource &&
    !args.some((arg) => /^-\w*[cq]|^(\d|\$)/.test(arg));
  return isByLine ? byLine(given) : undefined;
}

/** `cat` alone: what comes goes, as it comes. */
function* copy(run: Running, frame: Frame): Moments {
  for (let text = yield* frame.source.some(); text !== ""; text = yield* frame.source.some())
    yield* run.print(text, frame);
  frame.state.code = 0;
}

/** It reads no more than it shows. */
function* head(run: Running, { args, frame, once }: Streamed): Moments {
  const [, count] = /^-n?(\d+)$/.exec(args.join("")) ?? [];
  if (args.length > 0 && count === undefined) return yield* once(args, yield* frame.source.all());
  for (let n = Number(count ?? 10); n > 0; n -= 1) {
    const line = yield* frame.source.line();
    if (line === undefined) break;
    yield* run.print(`${line}\n`, frame);
  }
  frame.state.code = 0;
}

function* byLine({ name, args: given, frame, once }: Streamed): Moments {
  let args = given;
  let best: number | undefined;
  for (let line = yield* frame.source.line(); line !== undefined;) {
    yield* once(args, `${line}\n`);
    best = Math.min(best ?? frame.state.code, frame.state.code);
    if (name === "tee" && !args.includes("-a")) args = ["-a", ...args];
    line = yield* frame.source.line();
  }
  if (best === undefined) yield* once(args, "");
  else frame.state.code = best;
}
