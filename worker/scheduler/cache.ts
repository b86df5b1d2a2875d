/** The scheduler's picture of the nodes and what runs on them, kept by watches. Upstream: pkg/scheduler/backend/cache. */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import { keyOf } from "#client/client.ts";
import type { NodeInfo, Resources } from "./plugin.ts";
import { add, nothing, podRequest, resourcesOf } from "./resources.ts";

class CachedNode implements NodeInfo {
  node: V1Node;
  allocatable: Resources = nothing;
  requested: Resources = nothing;
  nonZeroRequested: Resources = nothing;
  images: ReadonlyMap<string, number> = new Map();
  readonly #pods = new Map<string, V1Pod>();
  #list: readonly V1Pod[] | undefined;

  constructor(node: V1Node) {
    this.node = node;
    this.set(node);
  }
  get pods(): readonly V1Pod[] {
    this.#list ??= [...this.#pods.values()];
    return this.#list;
  }
  get podCount(): number {
    return this.#pods.size;
  }
  set(node: V1Node): void {
    if (node.status?.allocatable !== this.node.status?.allocatable || this.allocatable === nothing)
      this.allocatable = resourcesOf(node.status?.allocatable);
    if (node.status?.images !== this.node.status?.images || this.images.size === 0) {
      this.images = new Map(
        (node.status?.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) =>
          names.map((name) => [name, sizeBytes] as const),
        ),
      );
    }
    this.node = node;
  }
  put(key: string, pod: V1Pod): void {
    const before = this.#pods.get(key);
    this.#pods.set(key, pod);
    this.#list = undefined;
    if (before?.spec?.containers === pod.spec?.containers && before !== undefined) return;
    if (before !== undefined) this.#count(before, -1);
    this.#count(pod, 1);
  }
  drop(key: string): void {
    const before = this.#pods.get(key);
    if (before === undefined) return;
    this.#pods.delete(key);
    this.#list = undefined;
    this.#count(before, -1);
  }
  #count({ spec }: V1Pod, sign: 1 | -1): void {
    const { requests, nonZero } = podRequest(spec);
    this.requested = add(this.requested, requests, sign);
    this.nonZeroRequested = add(this.nonZeroRequested, nonZero, sign);
  }
}

export class NodeCache {
  readonly #nodes = new Map<string, CachedNode>();
  /** Pods bound to nodes that are not known yet. */
  readonly #strays = new Map<string, Map<string, V1Pod>>();
  #list: readonly NodeInfo[] | undefined;
  /** How many nodes have an image. */
  readonly #imageNodes = new Map<string, number>();

  /** In order of arrival. */
  get nodes(): readonly NodeInfo[] {
    this.#list ??= [...this.#nodes.values()];
    return this.#list;
  }
  nodesWithImage(name: string): number {
    return this.#imageNodes.get(name) ?? 0;
  }

  setNode(node: V1Node): void {
    const name = node.metadata.name ?? "";
    const known = this.#nodes.get(name);
    const before = known?.images;
    if (known !== undefined) known.set(node);
    else {
      const made = new CachedNode(node);
      this.#nodes.set(name, made);
      this.#list = undefined;
      for (const [key, pod] of this.#strays.get(name) ?? []) made.put(key, pod);
      this.#strays.delete(name);
    }
    this.#countImages(before, this.#nodes.get(name)?.images);
  }
  dropNode(name: string): void {
    const known = this.#nodes.get(name);
    if (known === undefined) return;
    this.#nodes.delete(name);
    this.#list = undefined;
    this.#countImages(known.images, undefined);
    this.#strays.set(name, new Map(known.pods.map((pod) => [keyOf(pod), pod])));
  }
  #countImages(
    before: ReadonlyMap<string, number> | undefined,
    after: ReadonlyMap<string, number> | undefined,
  ): void {
    if (before === after) return;
    for (const name of before?.keys() ?? [])
      this.#imageNodes.set(name, (this.#imageNodes.get(name) ?? 0) - 1);
    for (const name of after?.keys() ?? [])
      this.#imageNodes.set(name, (this.#imageNodes.get(name) ?? 0) + 1);
  }

  setPod(key: string, pod: V1Pod): void {
    const name = pod.spec?.nodeName ?? "";
    if (name === "") return;
    if (isTerminal(pod)) {
      this.dropPod(key, pod);
      return;
    }
    const node = this.#nodes.get(name);
    if (node !== undefined) node.put(key, pod);
    else this.#strays.set(name, (this.#strays.get(name) ?? new Map()).set(key, pod));
  }
  dropPod(key: string, { spec }: V1Pod): void {
    const name = spec?.nodeName ?? "";
    this.#nodes.get(name)?.drop(key);
    this.#strays.get(name)?.delete(key);
  }
}
