/**
 * The pod worker's hands: one Pod on one node during one step.
 * Upstream: pkg/kubelet/pod_workers.go.
 */
import type { V1Container, V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { type Step, requeueAt, type Result } from "#client/component.ts";
import type { Network } from "#network/network.ts";
import type { NodeState } from "./node/node-state.ts";
import type { ContainerRecord, PodRecord } from "./pod-record.ts";
import type { ProcessTable } from "./processes.ts";

export interface NodeView {
  readonly name: string;
  /** InternalIP. */
  readonly ip: string;
  /** Range of its Pods' addresses; "" while it has none. */
  readonly cidr: string;
  readonly state: NodeState;
  readonly object: V1Node | undefined;
}

export interface Worker {
  readonly pod: V1Pod;
  readonly record: PodRecord;
  /** Name of the record's row on the node's disk. */
  readonly row: string;
  /** `pods/<namespace>/<name>`: what the facts are about. */
  readonly obj: string;
  readonly node: NodeView;
  readonly step: Step;
  readonly processes: ProcessTable;
  /** All Pods of the node, this one among them. */
  readonly others?: (() => readonly V1Pod[]) | undefined;
  /** Missing: nobody answers. */
  readonly network?: Network | undefined;
}

/** Enough to read what a Pod's volumes and environment are made of. */
export type Reader = Pick<Worker, "pod" | "record" | "node"> & {
  readonly step: Pick<Step, "client">;
};

/** At once, in the next step. */
export const goOn = ({ step }: Worker): Result => requeueAt(step.nowMs, "work");

export function save({ node, row }: Worker, record: PodRecord): void {
  node.state.putPod(row, record);
}

/** The containers of a Pod in the order of its record: those that come later, to debug it, stand last. */
export function containersOf({ spec }: V1Pod): readonly V1Container[] {
  const { initContainers, containers = [], ephemeralContainers } = spec ?? {};
  if (initContainers === undefined && ephemeralContainers === undefined) return containers;
  const later = (ephemeralContainers ?? []) as readonly V1Container[];
  return [...(initContainers ?? []), ...containers, ...later];
}
/** Where in that order the ephemeral containers begin. */
export const firstEphemeral = ({ spec }: V1Pod): number =>
  (spec?.initContainers?.length ?? 0) + (spec?.containers.length ?? 0);

/** An event about one container. */
export function tellContainer(
  on: Worker,
  at: number,
  event: { readonly type?: "Warning"; readonly reason: string; readonly message: string },
): void {
  const inits = on.pod.spec?.initContainers?.length ?? 0;
  const name = (on.record.containers[at] as ContainerRecord).name;
  const list =
    at < inits
      ? "initContainers"
      : at < firstEphemeral(on.pod)
        ? "containers"
        : "ephemeralContainers";
  tell(on, event, `spec.${list}{${name}}`);
}

/** An event about the Pod. */
export function tell(
  { pod, node, step }: Worker,
  {
    type = "Normal",
    reason,
    message,
  }: { readonly type?: "Normal" | "Warning"; readonly reason: string; readonly message: string },
  fieldPath?: string,
): void {
  const options = fieldPath === undefined ? { host: node.name } : { host: node.name, fieldPath };
  step.recorder.event(pod as KubeObject, type, reason, message, options);
}

/** `<pod>_<ns>(<uid>)`, as messages name it. */
export const podText = ({ pod: { metadata } }: Pick<Worker, "pod">): string =>
  `${metadata.name}_${metadata.namespace}(${metadata.uid})`;

/** 64 hexadecimal digits drawn from the seed. */
export function drawId(step: Step, key: string): string {
  let hex = "";
  for (let part = 0; hex.length < 64; part += 1) {
    hex += Math.floor(step.random("containerd-id", `${key}/${part}`) * 0x1000000000000)
      .toString(16)
      .padStart(12, "0");
  }
  return hex.slice(0, 64);
}

/** A duration between two bounds, drawn from the seed. */
export const drawMs = (
  step: Step,
  purpose: string,
  key: string,
  [least, most]: readonly [number, number],
): number => Math.round(least + step.random(purpose, key) * (most - least));
