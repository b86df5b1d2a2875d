/**
 * A command that uses the network: it asks, hears, prints and waits by turns. What it hears comes from a record
 * when the script runs again, so that the same lines come out.
 */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import type { Line } from "#kubelet/programs/process.ts";
import type { Answers, Call, CallKind, Calls, Heard } from "#network/calls.ts";
import { lookUp, parseResolvConf } from "#network/dns/resolver.ts";

export type Turn =
  | { readonly call: Call }
  | { readonly waitMs: number }
  | { readonly print: string; readonly stream: Line["stream"] }
  | { readonly write: string; readonly text: string };
/** Ends with its exit code. */
export type Running<T = number> = Generator<Turn, T, Heard | undefined>;
/** `input`: what comes through a pipe, or from a file. */
export type Tool = (args: readonly string[], here: Surroundings, input: string) => Running;

const uploads: readonly string[] = ["-T", "--upload-file", "--post-file"];
/** Does it send what it reads from its input? */
export const uploadsInput = (args: readonly string[]): boolean =>
  args.some(
    (arg, at) =>
      arg.endsWith("@-") ||
      arg === "--post-file=-" ||
      (arg === "-" && uploads.includes(args[at - 1] ?? "")),
  );

/** Asks the network. */
export function* ask<K extends CallKind>(kind: K, call: Calls[K]): Running<Answers[K]> {
  return (yield { call: { kind, ...call } as unknown as Call }) as Answers[K];
}
export const say = (text: string): Turn => ({ print: text, stream: "stdout" });
export const complain = (text: string): Turn => ({ print: text, stream: "stderr" });

/** `getaddrinfo`; the first address is the one that is used. Undefined: there is none. */
export function* addressOf(name: string, { files }: Surroundings): Running<string | undefined> {
  const hosts = files.get("/etc/hosts") ?? "";
  const conf = parseResolvConf(files.get("/etc/resolv.conf") ?? "");
  // What needs no name server is known at once.
  const known = lookUp(name, hosts, { ...conf, nameservers: [] }, () => "refused");
  if (known.addresses[0] !== undefined) return known.addresses[0];
  const { addresses, tookMs } = yield* ask("lookup", { name, hosts, conf });
  if (tookMs > 0) yield { waitMs: tookMs };
  return addresses[0];
}

/** What a connection that came to nothing costs when nobody sets a limit, as the kernel's retries add up. */
export const givingUpMs = { unanswered: 134_000, unreachable: 3_000, refused: 0 } as const;

export const errorOf = {
  unanswered: "Connection timed out",
  unreachable: "No route to host",
  refused: "Connection refused",
} as const;

export interface Options {
  /** In order; a name may come more than once. */
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly operands: readonly string[];
  /** What the command does not know. */
  readonly unknown?: string | undefined;
}

/**
 * Options as getopt reads them. `valued`: single letters and long names that take a value; `flags`: those that
 * take none.
 */
export function optionsOf(
  args: readonly string[],
  valued: readonly string[],
  flags: readonly string[],
): Options {
  const set: (readonly [string, string])[] = [];
  const operands: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith("--")) {
      const [name = "", ...rest] = arg.slice(2).split("=");
      if (valued.includes(name))
        set.push([name, rest.length > 0 ? rest.join("=") : (args[++at] ?? "")]);
      else if (flags.includes(name)) set.push([name, ""]);
      else return { set, operands, unknown: arg };
    } else if (arg.startsWith("-") && arg !== "-") {
      for (let letter = 1; letter < arg.length; letter += 1) {
        const name = arg[letter] ?? "";
        if (valued.includes(name)) {
          const rest = arg.slice(letter + 1);
          set.push([name, rest === "" ? (args[++at] ?? "") : rest]);
          break;
        }
        if (!flags.includes(name)) return { set, operands, unknown: name };
        set.push([name, ""]);
      }
    } else operands.push(arg);
  }
  return { set, operands };
}

/** The last value of any of these names. */
export const valueOf = ({ set }: Options, ...names: readonly string[]): string | undefined =>
  set.findLast(([name]) => names.includes(name))?.[1];
export const valuesOf = ({ set }: Options, ...names: readonly string[]): readonly string[] =>
  set.filter(([name]) => names.includes(name)).map(([, value]) => value);
export const isSet = (options: Options, ...names: readonly string[]): boolean =>
  valueOf(options, ...names) !== undefined;
