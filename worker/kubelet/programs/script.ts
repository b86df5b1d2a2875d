/**
 * Commands as processes: `sleep 30`, `echo hi`, `sh -c "…"`. The script's timeline is computed as far as
 * somebody looks, and kept; thrown away with the isolate it comes out the same again.
 */
import type { Hears, Line, Process, Program, Ran, Run } from "./process.ts";
import { quiet, withLayer } from "./process.ts";
import { pathed } from "./shell/builtins/finding.ts";
import { commands } from "./shell/commands.ts";
import { Input } from "./shell/input.ts";
import { Shell } from "./shell/interpret.ts";
import { isEndless } from "./shell/endless.ts";
import type { Moment } from "./shell/moment.ts";
import { parse } from "./shell/parse.ts";
import { baseName, directoryMark } from "./shell/paths.ts";
import { ShellSyntaxError } from "./shell/syntax.ts";
import { tools } from "./shell/network/registry.ts";
import type { ShellWorld } from "./shell/world.ts";

/** Moments computed to find out whether a script ends; a loop longer than that counts as endless. */
const lookAhead = 10_000;
/** 128 + SIGKILL. */
const killedCode = 137;
/** Lines kept of a timeline, as a rotated log. */
const kept = 5_000;

const shells: ReadonlySet<string> = new Set(["sh", "bash", "ash"]);

/** Can a container with a shell run this? `brought`: the tools of its image; undefined: all. */
export function isCommand(path: string, brought?: readonly string[]): boolean {
  const name = baseName(path);
  if (name === "bash" || Object.hasOwn(tools, name)) return brought?.includes(name) !== false;
  return pathed.has(name) || Object.hasOwn(commands, name);
}

/** Directories of every image. */
const directories =
  "bin dev etc home lib media mnt opt proc root run sbin srv sys tmp usr var".split(" ");

/** The files a container starts with. */
export const filesOf = ({ hostname, etc, files = {}, mounts = [] }: Run): Map<string, string> =>
  new Map([
    ...directories.map((name): [string, string] => [`/${name}/`, ""]),
    ...mounts.map((at): [string, string] => [directoryMark(at.replace(/\/*$/, "")), ""]),
    ["/etc/hostname", `${hostname}\n`],
    ["/dev/null", ""],
    ...Object.entries(etc?.() ?? {}),
    ...Object.entries(files),
  ]);

const worldOf = (run: Run, serves: (name: string) => boolean): ShellWorld => ({
  hostname: run.hostname,
  startedMs: run.startedMs,
  variables: new Map(Object.entries(run.env)),
  files: filesOf(run),
  serves,
  tools: run.tools,
  own: run.own,
  beside: run.beside,
  hears: recorded(run),
  ...(run.stdin === true ? { input: new Input(false) } : {}),
});

/** One answer after the other, as far as they are known. */
function recorded({ heard = [] }: Run): Hears {
  let next = 0;
  return () => heard[next++];
}

interface ScriptGiven {
  readonly text: string;
  /** `$0` and the arguments. */
  readonly given: readonly string[];
  /** Letters before the text. */
  readonly flags: string;
}
/** Of `sh -c text`. */
const scriptOf = ([name = "", ...args]: readonly string[]): ScriptGiven | undefined => {
  if (!shells.has(baseName(name))) return undefined;
  const at = args.findIndex((arg) => /^-\w*c\w*$/.test(arg));
  if (at < 0) return undefined;
  const flags = args.slice(0, at + 1).filter((arg) => arg.startsWith("-"));
  return { text: args[at + 1] ?? "", given: args.slice(at + 2), flags: flags.join("") };
};

/** Does the text alone say that it never ends? */
function saysEndless(argv: readonly string[], serves: (name: string) => boolean): boolean {
  const script = scriptOf(argv);
  if (script === undefined || script.flags.includes("e") || script.flags.includes("u"))
    return false;
  try {
    return isEndless(parse(script.text), serves);
  } catch (error) {
    if (error instanceof ShellSyntaxError) return false;
    throw error;
  }
}

/** Is this a shell that reads its commands? Its name, if so. */
export function readingShell([path = "", ...args]: readonly string[]): string | undefined {
  const name = baseName(path);
  return shells.has(name) && args.every((arg) => /^-[il]+$/.test(arg)) ? name : undefined;
}

/** What a command does, moment by moment. */
export const momentsOf = (shell: Shell, argv: readonly string[]): Generator<Moment, void> => {
  const reading = readingShell(argv);
  if (reading !== undefined) return shell.interactive(reading);
  const script = scriptOf(argv);
  return script === undefined
    ? shell.command(argv)
    : shell.run(script.text, script.given, script.flags);
};

/** A script's moments in order, computed on demand. */
class Timeline {
  readonly #shell: Shell;
  readonly #source: Iterator<Moment, void>;
  #moments: Moment[] = [];
  #done = false;
  readonly #isEndless: boolean;
  constructor(run: Run, serves: (name: string) => boolean) {
    this.#shell = new Shell(worldOf(run, serves));
    this.#source = momentsOf(this.#shell, run.argv);
    this.#isEndless = saysEndless(run.argv, serves);
  }

  #next(): boolean {
    if (this.#done) return false;
    const { value, done } = this.#source.next();
    if (done || value === undefined) {
      this.#done = true;
      return false;
    }
    this.#moments.push(value);
    if (this.#moments.length > lookAhead + kept) this.#moments = this.#moments.slice(-kept);
    const isLast = value.code !== undefined || (value.reads ?? value.asks) !== undefined;
    if (value.atMs === Number.POSITIVE_INFINITY || isLast) this.#done = true;
    return true;
  }

  /** The end; undefined: none, or none in sight. */
  end(): Process["ends"] {
    if (this.#isEndless) return undefined;
    for (let n = 0; n < lookAhead && !this.#done; n += 1) this.#next();
    const last = this.#moments.at(-1);
    if (last?.code === undefined) return undefined;
    return {
      afterMs: Math.max(last.atMs, 5),
      code: last.code,
      delay: this.#shell.slept ? "wait" : "work",
    };
  }

  /** What it waits for; look for its end first. */
  asks(): Process["asks"] {
    const last = this.#moments.at(-1);
    if (last?.asks === undefined) return undefined;
    return {
      afterMs: last.atMs,
      call: last.asks,
      delay: this.#shell.slept ? "wait" : "work",
    };
  }

  /** All moments before a time. */
  until(toMs: number): readonly Moment[] {
    while (!this.#done && (this.#moments.at(-1)?.atMs ?? 0) < toMs) if (!this.#next()) break;
    return this.#moments;
  }

  /** The server it has become by then. */
  serves(atMs: number): Moment | undefined {
    return this.until(atMs + 1).find(
      (moment) => moment.serves !== undefined && moment.atMs <= atMs,
    );
  }

  /** The next moment after `atMs` at which files or the server differ. */
  changesAfter(atMs: number): number | undefined {
    const of = (moments: readonly Moment[]): number | undefined =>
      moments.find((m) => m.atMs > atMs && (m.files === true || m.serves !== undefined))?.atMs;
    const found = of(this.#moments);
    if (found !== undefined) return found;
    for (let n = 0; n < lookAhead && this.#next(); n += 1) {
      const moment = this.#moments.at(-1);
      if (
        moment !== undefined &&
        moment.atMs > atMs &&
        (moment.files === true || moment.serves !== undefined)
      ) {
        return moment.atMs;
      }
    }
    return undefined;
  }
}

/** A script's files at moments of its life; who asks for later and later ones pays for what is new alone. */
class FilesInTime {
  readonly #run: Run;
  #world: ShellWorld;
  #moments: Iterator<Moment, void>;
  /** Not passed yet. */
  #next: Moment | undefined;
  #files: Map<string, string>;
  /** When it was as `#files` has it. */
  #changedMs = -1;
  #atMs = 0;

  constructor(run: Run) {
    this.#run = run;
    [this.#world, this.#moments, this.#files] = this.#begun();
  }

  at(atMs: number): Map<string, string> {
    if (atMs < this.#atMs) [this.#world, this.#moments, this.#files] = this.#begun();
    this.#atMs = atMs;
    for (let n = 0; n < lookAhead; n += 1) {
      this.#next ??= this.#moments.next().value ?? undefined;
      const next = this.#next;
      if (next === undefined || next.atMs > atMs) break;
      const isLast = (next.code ?? next.reads ?? next.asks) !== undefined;
      if (isLast || next.files === true) {
        this.#files = new Map(this.#world.files);
        this.#changedMs = next.atMs;
      }
      if (isLast) break;
      this.#next = undefined;
    }
    const files = new Map(this.#files);
    // What came since its last moment it has not met yet, but it is there.
    for (const { atMs: at, changes } of this.#run.beside ?? [])
      if (at > this.#changedMs && at <= atMs) withLayer(files, changes);
    return files;
  }

  #begun(): [ShellWorld, Iterator<Moment, void>, Map<string, string>] {
    const world = worldOf(this.#run, () => false);
    this.#next = undefined;
    this.#changedMs = -1;
    return [world, momentsOf(new Shell(world), this.#run.argv), new Map(world.files)];
  }
}

/** Runs one command beside a process that has these files. */
export function runBeside(
  run: Run,
  files: Map<string, string>,
  argv: readonly string[],
  atMs: number,
  hears: Hears = () => undefined,
): Ran | undefined {
  const isOwn = Object.hasOwn(run.own ?? {}, baseName(argv[0] ?? ""));
  if (!isOwn && !isCommand(argv[0] ?? "", run.tools)) return undefined;
  const world = {
    ...worldOf({ ...run, stdin: false, beside: undefined }, () => false),
    files,
    hears,
  };
  let output = "";
  let code = 0;
  let told = 0;
  for (const moment of momentsOf(new Shell(world, atMs), argv)) {
    // Nobody waits for ever for its end.
    if (++told > lookAhead) return { code: killedCode, output };
    if (moment.text !== undefined) output += moment.open ? moment.text : `${moment.text}\n`;
    if (moment.code !== undefined) code = moment.code;
    if (moment.asks !== undefined) return { code: 1, output, isOpen: true };
    if (moment.atMs === Number.POSITIVE_INFINITY) break;
  }
  return { code, output };
}

/**
 * `image` is the program of the image's own executables, for scripts that start it
 * (`sh -c "sleep 5; nginx -g 'daemon off;'"`).
 */
export const script =
  (image: Program | undefined, own: readonly string[]): Program =>
  (run) => {
    const serves = (name: string): boolean => image !== undefined && own.includes(name);
    const timeline = new Timeline(run, serves);
    const inTime = new FilesInTime(run);
    const server = image?.(run);
    const ends = timeline.end();
    const asks = timeline.asks();
    const process: Process = {
      ...quiet,
      heedsFiles: true,
      ends,
      ...(asks === undefined ? {} : { asks }),
      listens: (port, atMs) =>
        timeline.serves(atMs) !== undefined && server?.listens(port, atMs) === true,
      answer: (request, atMs) =>
        timeline.serves(atMs) === undefined ? undefined : server?.answer(request, atMs),
      exec: (argv, atMs, hears) =>
        runBeside(run, withLayer(inTime.at(atMs), run.layer?.()), argv, atMs, hears),
      hasExecutable: (path) =>
        Object.hasOwn(run.own ?? {}, baseName(path)) || isCommand(path, run.tools),
      files: (atMs) => inTime.at(atMs),
      changesAfter: (atMs) => timeline.changesAfter(atMs),
      // PID 1 without a handler ignores SIGTERM; a shell with `trap` takes it.
      signal: () =>
        run.argv.some((arg) => /\btrap\b/.test(arg)) ? { afterMs: 100, code: 0 } : undefined,
      *lines(fromMs, toMs): Generator<Line> {
        for (const moment of timeline.until(toMs)) {
          if (moment.text === undefined || moment.atMs < fromMs || moment.atMs >= toMs) continue;
          yield { atMs: moment.atMs, text: moment.text, stream: moment.stream ?? "stdout" };
        }
      },
      logs: (request, answer, wallMs) => server?.logs(request, answer, wallMs),
    };
    return process;
  };
