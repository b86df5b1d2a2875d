/** Starts kubestep in a process group of its own, and kills all of it at once. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Killable {
  readonly url: string;
  /** SIGKILL for node and workerd; resolves when they are gone. */
  kill(): Promise<void>;
}

export async function startKillable(folder: string, port = 0): Promise<Killable> {
  const script = join(import.meta.dirname, "server.ts");
  const child: ChildProcess = spawn(process.execPath, [script, folder, String(port)], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "close");
  const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> });
  const [url] = (await Promise.race([once(lines, "line"), gone.then(() => [undefined])])) as [
    string | undefined,
  ];
  if (url === undefined) throw new Error("kubestep ended before it was ready");
  return {
    url,
    async kill() {
      process.kill(-(child.pid as number), "SIGKILL");
      await gone;
    },
  };
}
