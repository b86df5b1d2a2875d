/**
 * What the node remembers of a Pod beyond the API: its sandbox and its containers. One row on the
 * node's disk per Pod, frozen, changed by copying; the same reference means nothing changed.
 */
import type { V1ResourceRequirements } from "#apimachinery/api/core-v1.ts";
import type { Delay } from "#client/component.ts";
import type { HeardRecord } from "./heard-record.ts";
import type { Volumes } from "./shared-volumes.ts";

/** How a container ended. Upstream: container.Status of an exited container. */
export interface Exit {
  readonly id: string;
  readonly code: number;
  readonly reason: string;
  readonly message?: string | undefined;
  /** 0: it never started (StartError). */
  readonly startedMs: number;
  readonly finishedMs: number;
  /** Its work took no time: what it printed until then it printed at once. */
  readonly saidMs?: number | undefined;
  readonly heard?: HeardRecord | undefined;
}

export interface Sandbox {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly attempt: number;
  /** "" on the host's network. */
  readonly ip: string;
  readonly stopped: boolean;
}

export const probeKinds = ["startup", "liveness", "readiness"] as const;
export type ProbeKind = (typeof probeKinds)[number];

/** Where a prober stands. Upstream: pkg/kubelet/prober/worker.go. */
export interface ProbeRecord {
  /** When the first probe was due; all others are due a whole number of periods later. */
  readonly firstMs: number;
  /** The next probe that can change anything; undefined: none can. */
  readonly dueMs: number | undefined;
  readonly delay: Delay;
  /** The last outcome and how often it came in a row. */
  readonly ok: boolean;
  readonly run: number;
}

/** An exponential back-off. Upstream: client-go/util/flowcontrol/backoff.go. */
export interface BackOff {
  readonly ms: number;
  readonly updatedMs: number;
}

/** How a running process will end: by itself, or because it was told to. */
export interface Ending {
  readonly atMs: number;
  readonly delay: Delay;
  readonly code: number;
}

/** A resize that is under way. Upstream: pkg/kubelet/status podResizeConditions. */
export interface ResizeRecord {
  /** Of the spec that was looked at last. */
  readonly generation: number;
  /** The node has not enough. */
  readonly pending?:
    | { readonly generation: number; readonly message: string; readonly sinceMs: number }
    | undefined;
  readonly inProgress?: { readonly generation: number; readonly sinceMs: number } | undefined;
}

export interface ContainerRecord {
  readonly name: string;
  readonly state: "none" | "created" | "running" | "exited";
  /** Restart count: the number of containers made before this one. */
  readonly attempt: number;
  /** "" until the first one is made. */
  readonly id: string;
  /** As the runtime reports them; "" until made. */
  readonly image: string;
  readonly imageId: string;
  /** As started; empty: the image's own. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What its volumes held when it was made, as far as it looks: absolute path → text. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** The spec's image when it was last tried; another one means: start again. */
  readonly wanted?: string | undefined;
  readonly startedMs: number;
  readonly started: boolean;
  readonly ready: boolean;
  readonly ends?: Ending | undefined;
  /** It will ask the network something then. */
  readonly asks?: { readonly atMs: number; readonly delay: Delay } | undefined;
  readonly heard?: HeardRecord | undefined;
  /** Somebody told it to stop; `ends` says when it will have. */
  readonly stopping?: boolean | undefined;
  readonly exit?: Exit | undefined;
  readonly last?: Exit | undefined;
  /** Why it does not start: what `state.waiting` shows. */
  readonly waiting?: { readonly reason: string; readonly message: string } | undefined;
  /** Try to start it again then. */
  readonly retryMs?: number | undefined;
  readonly crashes?: BackOff | undefined;
  readonly pulls?: BackOff | undefined;
  /** How often this attempt asked for its image: what chance goes by, never the time. */
  readonly asked?: number | undefined;
  /** The pull under way: asked for, begun, and its outcome ("" = done well). */
  readonly pull?:
    | {
        readonly askedMs: number;
        readonly begunMs: number;
        readonly doneMs: number;
        readonly error: string;
      }
    | undefined;
  /** While a resize is under way: what the kubelet gave it, and what it runs with. Else both are the spec's. */
  readonly allocated?: V1ResourceRequirements | undefined;
  readonly actual?: V1ResourceRequirements | undefined;
  readonly probes?: { readonly [kind in ProbeKind]?: ProbeRecord | undefined } | undefined;
}

export interface PodRecord {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly sandbox?: Sandbox | undefined;
  /** The runtime is busy with this Pod until then; a pod worker does one thing at a time. */
  readonly busyMs: number;
  /** Init containers first, then the others, each in the order of the spec. */
  readonly containers: readonly ContainerRecord[];
  /** Ended by the kubelet itself (deadline, refusal): phase Failed with this. */
  readonly failed?: { readonly reason: string; readonly message: string } | undefined;
  /** How often a sandbox was refused. */
  readonly refusals?: number | undefined;
  /** What is in its emptyDirs of containers that ended. */
  readonly volumes?: Volumes | undefined;
  /** Of the spec whose resources its containers have; left out: the first. */
  readonly generation?: number | undefined;
  readonly resize?: ResizeRecord | undefined;
  /** Volumes that could not be mounted so far: how often it was tried, when to try again. */
  readonly mounts?: { readonly tries: number; readonly retryMs: number } | undefined;
}

export const fresh = (name: string): ContainerRecord => ({
  name,
  state: "none",
  attempt: 0,
  id: "",
  image: "",
  imageId: "",
  argv: [],
  startedMs: 0,
  started: false,
  ready: false,
});

/** A copy with one container changed. */
export const withContainer = (
  record: PodRecord,
  at: number,
  container: ContainerRecord,
): PodRecord => ({
  ...record,
  containers: record.containers.with(at, container),
});
