/**
 * A program and the process it becomes: what a container does, as a pure function of its command,
 * environment and time. No process is ever a live timer; whoever asks gets the same answer for the
 * same moment, before and after an eviction.
 *
 * A new program is a file beside this one and a line in `registry.ts`.
 */
import type { Delay } from "#client/component.ts";
import type { OwnCommands } from "#kubelet/images/own-commands.ts";
import type { Call, Heard } from "#network/calls.ts";
import type { HttpAnswer, HttpRequest, Server } from "#network/connection.ts";

export interface Run {
  /** Entrypoint and arguments, never empty. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files of its volumes: absolute path → text. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly hostname: string;
  /** TCP ports the image listens on. */
  readonly ports: readonly number[];
  /** When it started, cluster time. */
  readonly startedMs: number;
  /** What the image's own programs answer. */
  readonly own?: OwnCommands | undefined;
  /** Which commands that use the network the image brings; undefined: all. */
  readonly tools?: readonly string[] | undefined;
  /** Names of hosts and where to ask for others: what the kubelet puts below /etc. */
  readonly etc?: (() => Readonly<Record<string, string>>) | undefined;
  /** What it has heard from the network so far, in order. */
  readonly heard?: readonly Heard[] | undefined;
  /** Its input stays open: a shell waits for somebody to attach. */
  readonly stdin?: boolean | undefined;
  /** What is in the volumes that it shares, so long after its start: absolute path → text; undefined: it shares none. */
  readonly shared?: ((atMs: number) => Readonly<Record<string, string>>) | undefined;
  /** Where volumes hide what the image has. */
  readonly mounts?: readonly string[] | undefined;
  /** What was written into a script's container from beside so far, in order: it finds it there. */
  readonly beside?: readonly Beside[] | undefined;
  /** What was written into the container from beside, as it is now. */
  readonly layer?: (() => Layer | undefined) | undefined;
}

/** A container's own changes to its files: absolute path → text, null when the file was removed. */
export type Layer = Readonly<Record<string, string | null>>;

/** Something that was written from beside, so long after the start. */
export interface Beside {
  readonly atMs: number;
  readonly changes: Layer;
}

export type Request = HttpRequest;
export type Answer = HttpAnswer;
export interface Line {
  readonly atMs: number;
  readonly text: string;
  readonly stream: "stdout" | "stderr";
}
export interface Ran {
  readonly code: number;
  readonly output: string;
  /** It asked the network and was not told: the rest is open. */
  readonly isOpen?: boolean | undefined;
}
/** Answers a call to the network; undefined: not now. */
export type Hears = (call: Call) => Heard | undefined;

/** Times are milliseconds since the start. */
export interface Process {
  /** How it ends by itself; undefined: it runs for ever. `work` ends at once on the instant clock. */
  readonly ends:
    | { readonly afterMs: number; readonly code: number; readonly delay: Delay }
    | undefined;
  /** The call that it waits for, instead of an end. */
  readonly asks?:
    | { readonly afterMs: number; readonly call: Call; readonly delay: Delay }
    | undefined;
  listens(port: number, atMs: number): boolean;
  /** It goes on from what is written into its files from beside, which is part of what made it. */
  readonly heedsFiles?: boolean | undefined;
  /** What its ports speak beside plain HTTP. */
  readonly speaks?: Server["speaks"];
  readonly certificate?: Server["certificate"];
  readonly isApiServer?: Server["isApiServer"];
  /** Undefined: it does not speak HTTP there. */
  answer(request: Request, atMs: number): Answer | undefined;
  /** A command run beside it in the same container; undefined: no such executable. */
  exec(argv: readonly string[], atMs: number, hears?: Hears): Ran | undefined;
  /** Could `exec` run this? */
  hasExecutable(path: string): boolean;
  /** The files of its container by then, but for what was written from beside; a new map each time. */
  files(atMs: number): Map<string, string>;
  /** The next time after `atMs` at which `listens`, `answer` or `exec` may differ. */
  changesAfter(atMs: number): number | undefined;
  /** How it takes a signal; undefined: it ignores it. */
  signal(name: string): { readonly afterMs: number; readonly code: number } | undefined;
  /** What it wrote in [fromMs, toMs), in order; a request's line is its server's affair. */
  lines(fromMs: number, toMs: number): Iterable<Line>;
  /** The line it logs for a request it answered; undefined: none. */
  logs(request: Request, answer: Answer, wallMs: number): string | undefined;
}

export type Program = (run: Run) => Process;

/** Runs for ever, listens nowhere, dies of SIGTERM: what a program need not say. */
export const quiet: Process = {
  ends: undefined,
  listens: () => false,
  answer: () => undefined,
  exec: () => undefined,
  hasExecutable: () => false,
  files: () => new Map(),
  changesAfter: () => undefined,
  signal: (name) => ({ afterMs: 50, code: name === "SIGTERM" ? 143 : 0 }),
  lines: () => [],
  logs: () => undefined,
};

/** Lays what was written from beside over a container's files. */
export function withLayer(files: Map<string, string>, layer: Layer = {}): Map<string, string> {
  for (const [path, text] of Object.entries(layer)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return files;
}
