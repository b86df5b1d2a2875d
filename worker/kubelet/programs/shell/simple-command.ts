/**
 * One command: its words and assignments, and then whoever has that name, in the order of ash: a function, the
 * shell's own commands, the image's, those of the network, all others.
 * Upstream: busybox shell/ash.c evalcommand, evalfun.
 */
import type { OwnCommands } from "#kubelet/images/own-commands.ts";
import type { Builtin } from "./builtins/builtin.ts";
import { builtins } from "./builtins/registry.ts";
import { commands, type Surroundings } from "./commands.ts";
import { fieldsOf, textOf } from "./expansion.ts";
import type { Frame } from "./frame.ts";
import { expanded, expanding, opened } from "./given.ts";
import { Leaves, Returns } from "./leaving.ts";
import type { Moments } from "./moment.ts";
import { tools } from "./network/registry.ts";
import type { Tool } from "./network/tool.ts";
import { talked } from "./network/talk.ts";
import type { Outcome } from "./outcome.ts";
import { baseName } from "./paths.ts";
import { readsInput } from "./reads-input.ts";
import type { Running } from "./running.ts";
import { streaming } from "./streaming.ts";
import type { Node, Simple } from "./syntax.ts";
import type { ShellWorld } from "./world.ts";

/** Calls within calls: more is a script that calls itself without end. */
const mostDepth = 200;

export function* simple(
  run: Running,
  { assignments, words, redirections }: Simple,
  frame: Frame,
): Moments {
  const { state } = frame;
  const on = expanding(run, frame);
  const before = state.code;
  const argv = yield* expanded(run, frame, fieldsOf(words, on));
  const kept = new Map<string, string | undefined>();
  if (words.length === 0) state.code = 0;
  for (const { name, value } of assignments) {
    const text = yield* expanded(run, frame, textOf(value, on));
    if (!kept.has(name)) kept.set(name, state.variables.get(name));
    state.variables.set(name, text);
  }
  if (state.options.has("x") && argv.length > 0)
    yield* run.print(`+ ${argv.join(" ")}\n`, frame, 2);
  const there = yield* opened(run, redirections, frame);
  if (there === undefined) return;
  if (argv.length === 0) {
    if (words.length > 0) state.code = 0;
    return;
  }
  if (argv[0] === "exec" && argv.length === 1) {
    // The streams of the shell itself lead elsewhere from here on.
    Object.assign(frame, { source: there.source, out: there.out, err: there.err });
    state.code = 0;
    return;
  }
  if (argv[0] === "exit" || argv[0] === "return") state.code = before;
  try {
    yield* run.call(argv, there);
  } finally {
    restore(state.variables, kept);
  }
}

/** As they were; undefined: there was none. */
function restore(
  variables: Map<string, string>,
  kept: ReadonlyMap<string, string | undefined>,
): void {
  for (const [name, value] of kept)
    if (value === undefined) variables.delete(name);
    else variables.set(name, value);
}

export function* called(run: Running, argv: readonly string[], frame: Frame): Moments {
  const [path = "", ...args] = argv;
  const { state } = frame;
  const { world, pace } = run;
  const name = baseName(path);
  pace.tick(state.clock);
  const body = state.functions.get(path);
  if (body !== undefined) return yield* functionCall(run, body, args, frame);
  const builtin = builtinOf(name, world);
  if (builtin !== undefined) {
    const moments = builtin(run, args, frame);
    if (moments instanceof Object) yield* moments;
    return;
  }
  const own = ownOf(name, world)?.(args, here(run, frame));
  if (own !== undefined) return yield* told(run, own, frame);
  if (world.serves(name)) {
    yield { atMs: state.clock.atMs, serves: argv };
    yield* pace.forever(state.clock);
  }
  const tool = toolOf(name, world);
  if (tool !== undefined) return yield* talked(run, tool, args, frame);
  yield* run.plain(argv, frame);
}

/** Could it be run as a file? */
export function isThere(path: string, world: ShellWorld): boolean {
  const name = baseName(path);
  return (
    ownOf(name, world) !== undefined ||
    toolOf(name, world) !== undefined ||
    Object.hasOwn(commands, name) ||
    world.serves(name)
  );
}

const ownOf = (name: string, { own }: ShellWorld): OwnCommands[string] | undefined =>
  own !== undefined && Object.hasOwn(own, name) ? own[name] : undefined;
const isBrought = (name: string, { tools: brought }: ShellWorld): boolean =>
  brought?.includes(name) !== false;
const toolOf = (name: string, world: ShellWorld): Tool | undefined =>
  Object.hasOwn(tools, name) && isBrought(name, world) ? tools[name] : undefined;
function builtinOf(name: string, world: ShellWorld): Builtin | undefined {
  if (name === "bash" && !isBrought(name, world)) return undefined;
  return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
}

function* functionCall(run: Running, body: Node, args: readonly string[], frame: Frame): Moments {
  const { state } = frame;
  const { arguments: before, locals } = state;
  if (state.depth >= mostDepth) {
    yield* run.print("sh: maximum function recursion depth exceeded\n", frame, 2);
    throw new Leaves(2, { isError: true });
  }
  state.depth += 1;
  state.arguments = [before[0] ?? "sh", ...args];
  const own = new Map<string, string | undefined>();
  state.locals = own;
  try {
    yield* run.node(body, frame);
  } catch (thrown) {
    if (!(thrown instanceof Returns)) throw thrown;
  } finally {
    state.depth -= 1;
    state.arguments = before;
    state.locals = locals;
    restore(state.variables, own);
  }
}

export function* plain(run: Running, argv: readonly string[], frame: Frame): Moments {
  const [path = "", ...args] = argv;
  const { state, source } = frame;
  const name = baseName(path);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    state.code = 127;
    return yield* run.print(`sh: ${path}: not found\n`, frame, 2);
  }
  const once = (given: readonly string[], input: string): Moments =>
    told(run, command(given, here(run, frame), input), frame);
  const isReader = readsInput(name, args);
  const streamed =
    isReader && source.isSlow ? streaming(run, { name, args, frame, once }) : undefined;
  if (streamed !== undefined) return yield* streamed;
  yield* once(args, isReader ? yield* source.all() : "");
}

const here = ({ world }: Running, { state: { variables, clock } }: Frame): Surroundings => ({
  ...world,
  variables,
  nowMs: world.startedMs + clock.atMs,
});

function* told(run: Running, outcome: Outcome, frame: Frame): Moments {
  const { state } = frame;
  const { clock } = state;
  state.code = outcome.code;
  if (outcome.files === true) yield { atMs: clock.atMs, files: true };
  if (outcome.signal !== undefined) yield { atMs: clock.atMs, signal: outcome.signal };
  if (outcome.error !== undefined) yield* run.print(outcome.error, frame, 2);
  const isOut = outcome.code === 0 || outcome.error !== undefined;
  yield* run.print(outcome.out, frame, isOut ? 1 : 2);
}
