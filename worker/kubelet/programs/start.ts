/**
 * Which process a container becomes: its image, its command, and what the runtime says when there is
 * no such executable.
 */
import type { Image } from "#kubelet/images/image.ts";
import { type Process, type Run, withLayer } from "./process.ts";
import { isBelow } from "./shell/paths.ts";
import { filesOf, isCommand, runBeside, script } from "./script.ts";

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Executables that are the image's own program. */
const ownOf = (image: Image): readonly string[] => [
  ...(image.executables ?? []),
  ...[image.entrypoint?.[0], image.cmd?.[0]].filter((path) => path !== undefined).map(baseName),
];

/** The runtime's words when the executable is missing. */
export const noExecutable = (path: string): string =>
  `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: ${JSON.stringify(path)}: ${
    path.startsWith("/")
      ? `stat ${path}: no such file or directory`
      : "executable file not found in $PATH"
  }`;

/** Is there something to run? Undefined when so, else the runtime's error. `tools`: what the image brings. */
export function cannotStart(
  image: Image,
  argv: readonly string[],
  tools?: readonly string[],
): string | undefined {
  const [path] = argv;
  if (path === undefined) return "no command specified";
  if (ownOf(image).includes(baseName(path))) return undefined;
  if (image.distroless !== true && isCommand(path, tools)) return undefined;
  // Of an image that is not in the catalogue nobody knows what it holds.
  return image.tags === undefined && image.distroless !== true && image.program !== undefined
    ? undefined
    : noExecutable(path);
}

export function processOf(image: Image, run: Run): Process {
  const name = baseName(run.argv[0] ?? "");
  const own = ownOf(image);
  const isScript =
    isCommand(name, run.tools) && (image.program === undefined || !own.includes(name));
  const program = isScript ? script(image.program, own) : (image.program ?? script(undefined, []));
  const process = program(run);
  const { files = {}, distroless } = image;
  // What is mounted hides what lies below.
  const shown = Object.entries(files).filter(
    ([path]) => run.mounts?.some((at) => isBelow(path, at)) !== true,
  );
  const withOwn = (made: Map<string, string>): Map<string, string> => new Map([...shown, ...made]);
  if (isScript || image.program === undefined)
    return { ...process, files: (atMs) => withOwn(process.files(atMs)) };
  const there = (): Map<string, string> => withOwn(filesOf(run));
  return {
    ...process,
    files: there,
    hasExecutable: (path) =>
      own.includes(baseName(path)) ||
      Object.hasOwn(run.own ?? {}, baseName(path)) ||
      (distroless !== true && isCommand(path, run.tools)),
    exec: (argv, atMs, hears) =>
      process.exec(argv, atMs, hears) ??
      (distroless === true
        ? undefined
        : runBeside(run, withLayer(there(), run.layer?.()), argv, atMs, hears)),
  };
}
