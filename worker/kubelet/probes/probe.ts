/**
 * A probe handler: one way to ask a container how it is. Pure: the answer follows from the processes
 * at a moment. A new one is a file beside this one and a line in `registry.ts`.
 * Upstream: pkg/probe.
 */
import type { V1Container, V1Probe } from "#apimachinery/api/core-v1.ts";
import type { Hears, Process } from "#kubelet/programs/process.ts";

export interface Running {
  readonly process: Process;
  /** Milliseconds since its start. */
  readonly atMs: number;
}
export interface Asked {
  readonly probe: V1Probe;
  readonly container: V1Container;
  /** The Pod's address. */
  readonly ip: string;
  readonly nodeIp: string;
  /** The container asked. */
  readonly self: Running;
  /** All running containers of the Pod share its network. */
  readonly all: readonly Running[];
  /** What a command hears from the network; missing: nobody knows it yet. */
  readonly hears?: Hears | undefined;
}
export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
  /** It depends on the network at that moment. */
  readonly isOpen?: boolean | undefined;
}
export interface Prober {
  readonly field: "httpGet" | "tcpSocket" | "exec" | "grpc";
  ask(asked: Asked): Outcome;
}

/** A port by number, or by its name in the container's list; 0 when there is none. */
export function portOf(port: number | string, { ports = [] }: V1Container): number {
  if (typeof port === "number") return port;
  return ports.find(({ name }) => name === port)?.containerPort ?? (Number(port) || 0);
}

/** Whoever of the Pod listens on the port. */
export const listener = (all: readonly Running[], port: number): Running | undefined =>
  all.find(({ process, atMs }) => process.listens(port, atMs));
