/**
 * workerd's inspector: a sampling profile of what runs, and the heap after a collection.
 *
 * `HeapProfiler.collectGarbage` hangs there, and `gc()` of --expose-gc leaves half of the garbage; what a
 * snapshot collects before it is taken is all of it.
 */
import { writeFileSync } from "node:fs";

/** One function in a profile. Names and lines are the bundle's. */
export interface Hot {
  readonly name: string;
  readonly ownMs: number;
  /** With all that it called. */
  readonly totalMs: number;
}
export interface Inspector {
  startProfile(): Promise<void>;
  /** Writes a `.cpuprofile`, which a browser's developer tools open; the most costly functions first. */
  stopProfile(file: string): Promise<readonly Hot[]>;
  /** After a collection. */
  heapBytes(): Promise<number>;
  close(): void;
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Between two samples. */
const intervalMicros = 250;

export async function openInspector(port: number): Promise<Inspector> {
  const list = await fetch(`http://127.0.0.1:${port}/json`);
  const targets = (await list.json()) as readonly {
    readonly id: string;
    readonly webSocketDebuggerUrl: string;
  }[];
  const target = targets.find(({ id }) => id.includes("kubestep")) ?? targets[0];
  if (target === undefined) throw new Error("the inspector knows no Worker");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as {
      readonly id?: number;
      readonly result?: unknown;
    };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  let last = 0;
  const call = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve as (result: unknown) => void);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return {
    async startProfile() {
      await call("Profiler.enable");
      await call("Profiler.setSamplingInterval", { interval: intervalMicros });
      await call("Profiler.start");
    },
    async stopProfile(file) {
      const { profile } = await call<{ readonly profile: Profile }>("Profiler.stop");
      writeFileSync(file, JSON.stringify(profile));
      return hottest(profile);
    },
    async heapBytes() {
      await call("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
      return (await call<{ readonly usedSize: number }>("Runtime.getHeapUsage")).usedSize;
    },
    close: () => socket.close(),
  };
}

function hottest({ nodes, samples, timeDeltas }: Profile): readonly Hot[] {
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, lineNumber } }) => [
      id,
      `${functionName || "(anonymous)"}:${lineNumber + 1}`,
    ]),
  );
  const parentOf = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const own = new Map<string, number>();
  const total = new Map<string, number>();
  const add = (to: Map<string, number>, id: number, ms: number): void => {
    const name = nameOf.get(id) ?? "?";
    to.set(name, (to.get(name) ?? 0) + ms);
  };
  for (const [i, id] of samples.entries()) {
    // No samples are taken while nothing runs: the first one afterwards did not take all that time.
    const ms = Math.min(timeDeltas[i] ?? 0, 2 * intervalMicros) / 1000;
    add(own, id, ms);
    const seen = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parentOf.get(at)) {
      const name = nameOf.get(at) ?? "?";
      // Once, however deep it calls itself.
      if (!seen.has(name)) add(total, at, ms);
      seen.add(name);
    }
  }
  return [...total]
    .map(([name, totalMs]) => ({ name, ownMs: own.get(name) ?? 0, totalMs }))
    .toSorted((a, b) => b.ownMs - a.ownMs);
}
