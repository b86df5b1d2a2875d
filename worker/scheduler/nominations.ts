/** Pods that made room on a node and wait for it. Upstream: pkg/scheduler/backend/queue/nominator.go. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";

const none: readonly V1Pod[] = [];
export const priorityOf = ({ spec }: V1Pod): number => spec?.priority ?? 0;

export class Nominations {
  /** Never an empty map: mostly there is none at all. */
  readonly #perNode = new Map<string, Map<string, V1Pod>>();
  /** Pod's key → its node. */
  readonly #nodes = new Map<string, string>();

  /** Takes the Pod as it is now; undefined = it is gone. */
  set(key: string, pod: V1Pod | undefined): void {
    const node = pod?.spec?.nodeName ? "" : (pod?.status?.nominatedNodeName ?? "");
    const before = this.#nodes.get(key);
    if (before === undefined && node === "") return;
    if (before !== undefined) {
      this.#nodes.delete(key);
      const pods = this.#perNode.get(before);
      pods?.delete(key);
      if (pods?.size === 0) this.#perNode.delete(before);
    }
    if (node === "" || pod === undefined) return;
    this.#nodes.set(key, node);
    const pods = this.#perNode.get(node);
    if (pods === undefined) this.#perNode.set(node, new Map([[key, pod]]));
    else pods.set(key, pod);
  }

  /** Those that this Pod must leave room for. Upstream: addNominatedPods. */
  before(node: string, pod: V1Pod): readonly V1Pod[] {
    const pods = this.#perNode.get(node);
    if (pods === undefined) return none;
    const priority = priorityOf(pod);
    return [...pods.values()].filter(
      (one) => priorityOf(one) >= priority && one.metadata.uid !== pod.metadata.uid,
    );
  }

  /** Those that count on room that this Pod takes now. Upstream: getLowerPriorityNominatedPods. */
  below(node: string, priority: number): readonly V1Pod[] {
    const pods = this.#perNode.get(node);
    if (pods === undefined) return none;
    return [...pods.values()].filter((one) => priorityOf(one) < priority);
  }
}
