/** The node lifecycle controller: a node's conditions become taints. Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go. */
import type { V1Node, V1Taint } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { timeText } from "#apimachinery/time.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";

const kind = "v1/Node";
const prefix = "node.kubernetes.io/";
const noSchedule = "NoSchedule";
const noExecute = "NoExecute";

/** Condition → status → taint of effect NoSchedule. */
const taintOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: `${prefix}not-ready`, Unknown: `${prefix}unreachable` },
  MemoryPressure: { True: `${prefix}memory-pressure` },
  DiskPressure: { True: `${prefix}disk-pressure` },
  NetworkUnavailable: { True: `${prefix}network-unavailable` },
  PIDPressure: { True: `${prefix}pid-pressure` },
};
const own = new Set([
  ...Object.values(taintOf).flatMap((byStatus) => Object.values(byStatus)),
  `${prefix}unschedulable`,
]);

/** The taints the node should have; others' stay as they are. Pure. */
export function wantedTaints({ spec, status }: V1Node, nowMs: number): readonly V1Taint[] {
  const present = spec?.taints ?? [];
  const others = present.filter(
    ({ key, effect }) => !own.has(key) || (effect !== noSchedule && effect !== noExecute),
  );
  const wanted: V1Taint[] = [];
  const add = (key: string, effect: string): void => {
    const known = present.find((taint) => taint.key === key && taint.effect === effect);
    wanted.push(known ?? { key, effect, timeAdded: timeText(nowMs) });
  };
  for (const { type, status: is } of status?.conditions ?? []) {
    const key = taintOf[type]?.[is];
    if (key === undefined) continue;
    add(key, noSchedule);
    if (type === "Ready") add(key, noExecute);
  }
  if (isNew({ status })) add(`${prefix}not-ready`, noSchedule);
  if (spec?.unschedulable === true) add(`${prefix}unschedulable`, noSchedule);
  return [...others, ...wanted];
}

/** The kubelet has not told anything yet. */
const isNew = ({ status }: Pick<V1Node, "status">): boolean =>
  !(status?.conditions ?? []).some(({ type }) => type === "Ready");

/** Upstream: controllerutil.RecordNodeEvent. */
const tell = (node: V1Node, reason: string, event: string, step: ControllerStep): void =>
  step.recorder.event(node, "Normal", reason, `Node ${node.metadata.name} event: ${event}`);

function lookAt(node: V1Node, step: ControllerStep): Result {
  const { name = "", deletionTimestamp } = node.metadata;
  if (deletionTimestamp !== undefined) return done;
  // Differs: a node is told of once, where upstream tells of all of them again after each start, because a cluster
  // that wakes up has not started anew.
  if (isNew(node)) tell(node, "RegisteredNode", `Registered Node ${name} in Controller`, step);
  const taints = wantedTaints(node, step.nowMs);
  if (equal(taints, node.spec?.taints ?? [])) return done;
  step.client.patch<V1Node>({ kind, name }, (current) => {
    const { taints: _old, ...spec } = current.spec ?? {};
    const next = wantedTaints(current, step.nowMs);
    return { ...current, spec: next.length === 0 ? spec : { ...spec, taints: next } };
  });
  return done;
}

export function nodeLifecycle(): Controller {
  /** Nodes that went, until that is told. Who forgets it, does not tell: as upstream. */
  const gone = new Map<string, V1Node>();
  return {
    name: "node-controller",
    account: "node-controller",
    watches: kind,
    heeds({ type, key, object }) {
      if (type === "DELETED") gone.set(key, object as V1Node);
      return true;
    },
    reconcile(key, step) {
      const left = gone.get(key);
      gone.delete(key);
      if (left !== undefined)
        tell(left, "RemovingNode", `Removing Node ${key} from Controller`, step);
      const node = step.lister<V1Node>(kind).get(key);
      return node === undefined ? done : lookAt(node, step);
    },
  };
}
