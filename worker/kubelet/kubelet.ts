/**
 * The kubelets of all nodes as one component. A key is `<node>/<namespace>/<pod>`, or `<node>` for the
 * node itself; each key acts as its own node's kubelet.
 * Upstream: pkg/kubelet/kubelet.go.
 */
import type { V1Container, V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { Component, Identity, Result, Step } from "#client/component.ts";
import { done } from "#client/component.ts";
import { keyOf } from "#client/client.ts";
import type { Informer } from "#client/informer.ts";
import type { Network } from "#network/network.ts";
import { etcFiles, type NameServers } from "./etc-files.ts";
import type { Machines } from "./machine.ts";
import { NodeState, rowOf } from "./node/node-state.ts";
import { mirrorOf, staticUid } from "./node/static-pods.ts";
import { syncNode } from "./node/sync-node.ts";
import type { PodRecord } from "./pod-record.ts";
import { ProcessTable } from "./processes.ts";
import { withLayer } from "./programs/process.ts";
import { newRecord, withEphemeral } from "./sandbox.ts";
import { emptyDirs, seen, volumesNow } from "./shared-volumes.ts";
import { syncPod } from "./sync-pod.ts";
import { letGo, removeOrphan } from "./termination.ts";
import type { NodeView, Worker } from "./worker.ts";

const noNames: NameServers = { clusterDomain: "", clusterDns: [], nodeResolvConf: "" };

/** Index of Pods by the node they are bound to. */
export const byNode = "nodeName";

export interface KubeletOptions {
  readonly machines: Machines;
  /** Manifests of a node's static Pods (/etc/kubernetes/manifests), in order. */
  readonly staticPods?: (node: string) => readonly V1Pod[];
  readonly names?: NameServers;
  /** The nodes' network, once there is one. */
  readonly network?: () => Network;
}

/** Everything here but the disks is a cache. */
export class Kubelets implements Component {
  readonly name = "kubelet";
  readonly #options: KubeletOptions;
  readonly #states = new Map<string, NodeState>();
  readonly #identities = new Map<string, Identity>();
  readonly processes: ProcessTable = new ProcessTable({
    layer: (node, id) => this.state(node).layer(id),
    beside: (node, id) => this.state(node).beside(id),
    shared: (pod, container, nowMs) => this.shared(pod, container, nowMs),
    etc: (pod) => this.etc(pod),
  });
  /** Keys of Pods whose resize waits for room. */
  readonly #deferred = new Set<string>();
  #pods: Informer<V1Pod> | undefined;
  #nodes: Informer<V1Node> | undefined;
  #enqueue: (key: string, cause: number) => void = () => undefined;

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  identity(key: string): Identity {
    const node = nodeOf(key);
    const present = this.#identities.get(node);
    if (present !== undefined) return present;
    const made: Identity = {
      name: `kubelet ${node}`,
      user: `system:node:${node}`,
      groups: ["system:nodes", "system:authenticated"],
    };
    this.#identities.set(node, made);
    return made;
  }

  start(
    informers: { informer<T extends V1Pod | V1Node>(kind: string): Informer<T> },
    enqueue: (key: string, cause: number) => void,
  ): void {
    this.#enqueue = enqueue;
    this.#nodes = informers.informer<V1Node>("v1/Node");
    this.#pods = informers.informer<V1Pod>("v1/Pod");
    this.#pods.addIndex(byNode, ({ spec }) => (spec?.nodeName ? [spec.nodeName] : []));
    this.#nodes.onEvent(({ key, revision }) => enqueue(key, revision));
    this.#pods.onEvent(({ type, key, object, revision }) => {
      const node = object.spec?.nodeName;
      if (!node) return;
      enqueue(`${node}/${key}`, revision);
      // Another Pod may leave room for a resize that waits.
      for (const waiting of this.#deferred)
        if (nodeOf(waiting) === node) enqueue(waiting, revision);
      if (type === "DELETED" && staticUid(object) !== undefined) enqueue(node, revision);
    });
  }

  reconcile(key: string, step: Step): Result {
    const slash = key.indexOf("/");
    const name = nodeOf(key);
    const object = this.#nodes?.get(name);
    if (object === undefined) return done;
    const node = this.view(object);
    if (slash < 0) {
      const statics = this.#options.staticPods?.(name) ?? [];
      return syncNode({ node, step, statics, pods: this.#pods });
    }
    return this.#syncPod(key.slice(slash + 1), node, step);
  }

  /** Something happened to a Pod on its node that the API does not tell. */
  sync(node: string, podKey: string): void {
    this.#enqueue(`${node}/${podKey}`, 0);
  }

  /** A node as its kubelet sees it. */
  view(object: V1Node): NodeView {
    const name = object.metadata.name ?? "";
    const ip = object.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
    return { name, ip, cidr: object.spec?.podCIDR ?? "", state: this.state(name), object };
  }

  /** Pods that are bound to a node. */
  podsOn(node: string): readonly V1Pod[] {
    return this.#pods?.byIndex(byNode, node) ?? [];
  }
  /** What its nodes tell containers of names. */
  get names(): NameServers {
    return this.#options.names ?? noNames;
  }
  pod(key: string): V1Pod | undefined {
    return this.#pods?.get(key);
  }
  node(name: string): NodeView | undefined {
    const object = this.#nodes?.get(name);
    return object === undefined ? undefined : this.view(object);
  }

  get network(): Network | undefined {
    return this.#options.network?.();
  }
  /** /etc/hosts and /etc/resolv.conf of a Pod's containers. */
  etc(pod: V1Pod): Readonly<Record<string, string>> {
    const { namespace, name, uid = "" } = pod.metadata;
    const { disk } = this.state(pod.spec?.nodeName ?? "");
    const row = rowOf(`${namespace}/${name}`, staticUid(pod) ?? uid);
    const ip = disk.get<PodRecord>(row)?.sandbox?.ip ?? "";
    return etcFiles(pod, ip, this.names);
  }

  /** What a container finds in its emptyDirs: absolute path → text. `but`: the id of one that does not count. */
  shared(
    pod: V1Pod,
    container: V1Container,
    nowMs: number,
    but?: string,
  ): Readonly<Record<string, string>> {
    const mounts = emptyDirs(pod, container);
    if (mounts.length === 0) return {};
    const { namespace, name, uid = "" } = pod.metadata;
    const state = this.state(pod.spec?.nodeName ?? "");
    const record = state.disk.get<PodRecord>(rowOf(`${namespace}/${name}`, staticUid(pod) ?? uid));
    if (record === undefined) return {};
    const volumes = volumesNow(pod, record, ({ id, startedMs, ...rest }) => {
      const process = id === but ? undefined : this.processes.of(pod, { id, startedMs, ...rest });
      const files = process?.files(Math.max(0, nowMs - startedMs));
      return files === undefined ? undefined : withLayer(files, state.layer(id));
    });
    return seen(volumes, mounts);
  }

  state(node: string): NodeState {
    const present = this.#states.get(node);
    if (present !== undefined) return present;
    const made = new NodeState(this.#options.machines(node), () => this.#enqueue(node, 0));
    this.#states.set(node, made);
    return made;
  }

  #syncPod(podKey: string, node: NodeView, step: Step): Result {
    const obj = `pods/${podKey}`;
    const { processes } = this;
    const { disk } = node.state;
    const pod = this.#pods?.get(podKey);
    const here = pod !== undefined && pod.spec?.nodeName === node.name ? pod : undefined;
    const uid = here === undefined ? "" : (staticUid(here) ?? here.metadata.uid ?? "");
    const row = rowOf(podKey, uid);
    const record = here === undefined ? undefined : disk.get<PodRecord>(row);
    if (record === undefined) {
      // Whatever lies here under another uid belongs to an object that is gone.
      for (const other of node.state.rowsOf(podKey)) {
        const orphan = disk.get<PodRecord>(other);
        if (other === row || orphan === undefined || this.#isStatic(node.name, orphan)) continue;
        return (
          removeOrphan({ record: orphan, row: other, node, obj, step, processes }) ?? {
            atMs: step.nowMs,
            delay: "work",
          }
        );
      }
      if (here === undefined) return done;
    }
    const on: Worker = {
      pod: here as V1Pod,
      record:
        record === undefined
          ? newRecord({ pod: here as V1Pod, row })
          : withEphemeral(record, here as V1Pod),
      row,
      obj,
      node,
      step,
      processes,
      network: this.network,
      others: () => this.podsOn(node.name),
    };
    if (record?.resize?.pending === undefined) this.#deferred.delete(`${node.name}/${podKey}`);
    else this.#deferred.add(`${node.name}/${podKey}`);
    // A deleted mirror goes at once; the static Pod runs on.
    if (
      here !== undefined &&
      staticUid(here) !== undefined &&
      here.metadata.deletionTimestamp !== undefined
    )
      return letGo(on);
    return syncPod(on);
  }

  #isStatic(node: string, { name, namespace, uid }: PodRecord): boolean {
    return (this.#options.staticPods?.(node) ?? []).some((manifest) => {
      const mirror = mirrorOf(manifest, node, undefined);
      return keyOf(mirror) === `${namespace}/${name}` && staticUid(mirror) === uid;
    });
  }
}

const nodeOf = (key: string): string => {
  const slash = key.indexOf("/");
  return slash < 0 ? key : key.slice(0, slash);
};
