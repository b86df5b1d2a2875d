/**
 * The kubelet's work for its own node: registration, Lease, status, mirror Pods. Nothing here beats: the
 * API server renders heartbeats when somebody looks.
 * Upstream: pkg/kubelet/kubelet_node_status.go; component-helpers/apimachinery/lease.
 */
import type { V1Lease } from "#apimachinery/api/coordination-v1.ts";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import { microTimeText } from "#apimachinery/time.ts";
import { keyOf } from "#client/client.ts";
import { done, requeueAt, type Result, type Step } from "#client/component.ts";
import type { Lister } from "#client/informer.ts";
import { drawMs, type NodeView } from "#kubelet/worker.ts";
import { nodeStatus } from "./node-status.ts";
import { mirrorOf } from "./static-pods.ts";

/** From the start of the kubelet until its network plug-in is configured. */
const networkMs: readonly [number, number] = [2000, 6000];
const leaseSeconds = 40;
const nodeRow = "node";

/** How far the node has come. */
interface NodeRecord {
  readonly networkMs: number;
  readonly ready: boolean;
}

export interface NodeWork {
  readonly node: NodeView;
  readonly step: Step;
  readonly statics: readonly V1Pod[];
  readonly pods: Lister<V1Pod> | undefined;
}

/** The Node as kubelets name it in their events: its uid is its name. */
const reference = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, uid: name },
});

function tell({ node, step }: NodeWork, reason: string, message: string): void {
  step.recorder.event(reference(node.name), "Normal", reason, message, { host: node.name });
}

export function syncNode(on: NodeWork): Result {
  const { node, step } = on;
  const { disk } = node.state;
  const record = disk.get<NodeRecord>(nodeRow);
  if (record === undefined) return registered(on);
  if (createMirror(on)) return requeueAt(step.nowMs, "work");
  const ready = record.ready || step.reached(record.networkMs, "work");
  if (ready && !record.ready) {
    writeStatus(on, true);
    tell(on, "NodeReady", `Node ${node.name} status is now: NodeReady`);
    disk.put(nodeRow, { ...record, ready: true });
    return requeueAt(step.nowMs, "work");
  }
  if (!ready) return requeueAt(record.networkMs, "work");
  const pending = node.state.images.find(({ presentMs }) => !step.reached(presentMs, "work"));
  if (pending !== undefined) return requeueAt(pending.presentMs, "work");
  writeStatus(on, true);
  return done;
}

/** The first step: events, the first status, the Lease. */
function registered(on: NodeWork): Result {
  const { node, step } = on;
  const { name } = node;
  tell(on, "Starting", "Starting kubelet.");
  writeStatus(on, false);
  for (const reason of [
    "NodeHasSufficientMemory",
    "NodeHasNoDiskPressure",
    "NodeHasSufficientPID",
  ]) {
    tell(on, reason, `Node ${name} status is now: ${reason}`);
  }
  tell(on, "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
  createLease(on);
  const readyMs = step.nowMs + drawMs(step, "network-ready", name, networkMs);
  node.state.disk.put(nodeRow, { networkMs: readyMs, ready: false } satisfies NodeRecord);
  return requeueAt(step.nowMs, "work");
}

function writeStatus({ node, step }: NodeWork, ready: boolean): void {
  const images = node.state.images.filter(({ presentMs }) => step.reached(presentMs, "work"));
  const told = { ready, images, nowMs: step.nowMs };
  step.client.patch<V1Node>(
    { kind: "v1/Node", name: node.name, subresource: "status" },
    (current) => {
      const status = nodeStatus(current, told);
      return status === current.status ? current : { ...current, status };
    },
  );
}

function createLease({ node, step }: NodeWork): void {
  const lease: V1Lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: node.name,
      namespace: "kube-node-lease",
      ownerReferences: [
        { apiVersion: "v1", kind: "Node", name: node.name, uid: node.object?.metadata.uid ?? "" },
      ],
    },
    spec: {
      holderIdentity: node.name,
      leaseDurationSeconds: leaseSeconds,
      renewTime: microTimeText(step.nowMs),
    },
  };
  try {
    step.client.create(lease);
  } catch (error) {
    if (!isReason(error, "AlreadyExists")) throw error;
  }
}

/** Creates one mirror Pod that is missing; true: it did. */
function createMirror({ node, step, statics, pods }: NodeWork): boolean {
  for (const manifest of statics) {
    const plain = mirrorOf(manifest, node.name, undefined);
    if (pods?.get(keyOf(plain)) !== undefined || node.object === undefined) continue;
    try {
      step.client.create(
        mirrorOf(manifest, node.name, { object: node.object, seen: microTimeText(step.nowMs) }),
      );
      return true;
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
    }
  }
  return false;
}
