/** What a picture is drawn from: where things stood, what happened since, and what was seen of it. */
import type { TraceEvent } from "#apimachinery/trace.ts";

/** pending: no node · bound: a node, no container · leaving: being deleted */
export type PodState = "pending" | "bound" | "running" | "ready" | "leaving" | "failed" | "done";

export interface PodSeen {
  /** `namespace/name` */
  readonly key: string;
  readonly node: string;
  readonly state: PodState;
  /** The word beside it: Pending, Running, Ready, CrashLoopBackOff, … */
  readonly word: string;
  readonly ip: string;
}
export interface NodeSeen {
  readonly name: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** `key:effect` or `key=value:effect` */
  readonly taints: readonly string[];
  /** `4 CPU, 16 GiB` */
  readonly room: string;
  readonly cidr: string;
}

/** How an object read when it had this revision. */
export type Seen =
  | { readonly rev: number; readonly pod: PodSeen }
  | { readonly rev: number; readonly node: NodeSeen };

export interface Recording {
  /** Before the first event. */
  readonly nodes: readonly NodeSeen[];
  readonly pods: readonly PodSeen[];
  readonly rev: number;
  readonly events: readonly TraceEvent[];
  readonly seen: readonly Seen[];
}

export const emptyRecording: Recording = { nodes: [], pods: [], rev: 0, events: [], seen: [] };

/** `224.7` → [224, 7] */
export function idParts(id: string): readonly [number, number] {
  const [rev = 0, seq = 0] = id.split(".").map(Number);
  return [rev, seq];
}

/** Events added in order; those already there are dropped. */
export function appended(
  before: readonly TraceEvent[],
  added: readonly TraceEvent[],
): readonly TraceEvent[] {
  const last = before.at(-1);
  if (last === undefined) return added;
  const [rev, seq] = idParts(last.id);
  const fresh = added.filter(({ id }) => {
    const [r, s] = idParts(id);
    return r > rev || (r === rev && s > seq);
  });
  return fresh.length === 0 ? before : [...before, ...fresh];
}
