/**
 * Control flow: lists, compound commands, pipes, the background.
 * Upstream: busybox shell/ash.c evaltree, evalloop, evalfor, evalcase, evalpipe.
 * Differs: the parts of a pipe take turns by one clock instead of running side by side, because what a script does must
 * come out the same whenever it is asked for.
 */
import { fieldsOf, patternOf, textOf } from "./expansion.ts";
import { type Clock, copied, type Frame, nothing, type Pipe, PipeSource } from "./frame.ts";
import { expanded, expanding, opened } from "./given.ts";
import { Breaks, Leaves } from "./leaving.ts";
import type { Moments } from "./moment.ts";
import { fits } from "./pattern.ts";
import type { Running } from "./running.ts";
import { simple } from "./simple-command.ts";
import { contained, subshell } from "./subshell.ts";
import type { Node, Script } from "./syntax.ts";

/** A loop that says nothing tells a moment every so many commands. */
const quietTurns = 16;

/** Nodes that may be redirected as a whole. */
type Compound = Exclude<Node, { kind: "simple" | "pipe" | "not" | "function" }>;
type Of<K extends Compound["kind"]> = Extract<Compound, { kind: K }>;

export function* list(run: Running, script: Script, frame: Frame): Moments {
  const { state } = frame;
  for (const [i, step] of script.entries()) {
    const { on, node } = step;
    if (on === "success" && state.code !== 0) continue;
    if (on === "failure" && state.code === 0) continue;
    if (step.isBackground === true) {
      background(run, node, frame);
      continue;
    }
    const isAsked = (script[i + 1]?.on ?? "always") !== "always";
    yield* run.node(
      node,
      isAsked && frame.isTested !== true ? { ...frame, isTested: true } : frame,
    );
    const isFatal = state.code !== 0 && state.options.has("e") && frame.isTested !== true;
    if (isFatal && !isAsked && node.kind !== "not") throw new Leaves(state.code);
  }
}

export function* evaluated(run: Running, node: Node, frame: Frame): Moments {
  switch (node.kind) {
    case "simple":
      return yield* simple(run, node, frame);
    case "pipe":
      return yield* piped(run, node.stages, frame);
    case "not": {
      yield* run.node(node.node, { ...frame, isTested: true });
      frame.state.code = frame.state.code === 0 ? 1 : 0;
      return;
    }
    case "function":
      frame.state.functions.set(node.name, node.body);
      frame.state.code = 0;
      return;
    default: {
      const there = yield* opened(run, node.redirections, frame);
      if (there !== undefined) yield* compound(run, node, there);
    }
  }
}

function compound(run: Running, node: Compound, frame: Frame): Moments {
  switch (node.kind) {
    case "group":
      return run.script(node.body, frame);
    case "subshell":
      return subshell(frame, (own) => run.script(node.body, own));
    case "if":
      return chosen(run, node, frame);
    case "while":
      return repeated(run, node, frame);
    case "for":
      return forEach(run, node, frame);
    case "case":
      return matched(run, node, frame);
  }
}

const tested = (frame: Frame): Frame =>
  frame.isTested === true ? frame : { ...frame, isTested: true };

function* chosen(run: Running, node: Of<"if">, frame: Frame): Moments {
  const { state } = frame;
  state.code = 0;
  yield* run.script(node.test, tested(frame));
  const isTrue = state.code === 0;
  state.code = 0;
  yield* run.script(isTrue ? node.then : node.otherwise, frame);
}

function* repeated(run: Running, node: Of<"while">, frame: Frame): Moments {
  const { state } = frame;
  const asking = tested(frame);
  let code = 0;
  for (;;) {
    yield* run.script(node.test, asking);
    if ((state.code === 0) === node.until) break;
    const isOver = yield* turn(run, node.body, frame);
    ({ code } = state);
    if (isOver) break;
  }
  state.code = code;
}

function* forEach(run: Running, node: Of<"for">, frame: Frame): Moments {
  const { state } = frame;
  const values =
    node.words === undefined
      ? state.arguments.slice(1)
      : yield* expanded(run, frame, fieldsOf(node.words, expanding(run, frame)));
  state.code = 0;
  for (const value of values) {
    state.variables.set(node.variable, value);
    if (yield* turn(run, node.body, frame)) break;
  }
}

function* matched(run: Running, node: Of<"case">, frame: Frame): Moments {
  const on = expanding(run, frame);
  const text = yield* expanded(run, frame, textOf(node.word, on));
  frame.state.code = 0;
  for (const { patterns, body } of node.clauses)
    for (const pattern of patterns) {
      if (!fits(text, yield* expanded(run, frame, patternOf(pattern, on)))) continue;
      return yield* run.script(body, frame);
    }
}

/** One turn of a loop; true: leave it. */
function* turn(run: Running, body: Script, frame: Frame): Moments<boolean> {
  const { clock } = frame.state;
  run.pace.tick(clock);
  // One that neither writes nor waits must not be one endless moment.
  if (clock.run % quietTurns === 0) yield { atMs: clock.atMs };
  try {
    yield* run.script(body, frame);
    return false;
  } catch (thrown) {
    if (!(thrown instanceof Breaks)) throw thrown;
    if (thrown.loops > 1) throw new Breaks(thrown.goesOn, thrown.loops - 1);
    return !thrown.goesOn;
  }
}

/** Each writes what the next one reads; all but the last go on as they are read. */
function* piped(run: Running, stages: readonly Node[], frame: Frame): Moments {
  let { source } = frame;
  const sources: PipeSource[] = [];
  const codes: (() => number)[] = [];
  for (const stage of stages.slice(0, -1)) {
    const pipe: Pipe = { text: "" };
    const state = copied(frame.state);
    const own: Frame = { ...frame, state, source, out: { to: "pipe", pipe } };
    const made = new PipeSource(pipe, contained(run.node(stage, own), own));
    codes.push(() => state.code);
    sources.push(made);
    source = made;
  }
  const last = stages.at(-1) as Node;
  const reader: Frame = { ...frame, source };
  yield* subshell(reader, (own) => run.node(last, own));
  for (const one of sources.toReversed()) yield* one.close();
  const failed = frame.state.options.has("pipefail")
    ? codes.map((code) => code()).findLast((code) => code !== 0)
    : undefined;
  if (frame.state.code === 0 && failed !== undefined) frame.state.code = failed;
}

/** By a clock of its own. */
function background(run: Running, node: Node, frame: Frame): void {
  const { state } = frame;
  const clock: Clock = { ...state.clock };
  const own: Frame = { ...frame, state: copied(state, clock), source: nothing };
  state.lastJob = run.jobs.start(clock, job(run, node, own));
  state.code = 0;
}
function* job(run: Running, node: Node, frame: Frame): Moments {
  yield* contained(run.node(node, frame), frame);
  yield { atMs: frame.state.clock.atMs, code: frame.state.code };
}
