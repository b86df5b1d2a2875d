/** Running containers with what their volumes hold, read as the node's kubelet reads it. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { awaited } from "#apiserver/awaiting.ts";
import type { Client } from "#client/client.ts";
import type { Identity } from "#client/component.ts";
import { criFact } from "#kubelet/cri.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import { rowOf } from "#kubelet/node/node-state.ts";
import type { PodRecord } from "#kubelet/pod-record.ts";
import { type ContainerRef, RunningContainer } from "#kubelet/server/container.ts";
import { givenFiles } from "#kubelet/server/given-files.ts";
import type { Fact } from "#apimachinery/trace.ts";

export type StreamCall = "Exec" | "Attach" | "PortForward";

export interface ContainersWorld {
  readonly kubelets: Kubelets;
  nowMs(): number;
  /** The API as somebody may use it; `answers` to what had to be waited for. */
  client(identity: Identity, answers: ReadonlyMap<string, unknown>): Client;
  note(actor: string, obj: string, fact: Fact): void;
}

export class Containers {
  readonly #world: ContainersWorld;

  constructor(world: ContainersWorld) {
    this.#world = world;
  }

  nowMs(): number {
    return this.#world.nowMs();
  }

  /** Undefined: no such container runs. */
  async load(pod: V1Pod, name: string): Promise<RunningContainer | undefined> {
    const { kubelets, client } = this.#world;
    const found = RunningContainer.find(kubelets, pod, name);
    const node = kubelets.node(pod.spec?.nodeName ?? "");
    if (found === undefined || node === undefined) return undefined;
    const { namespace, pod: podName, uid } = found.ref;
    const record = node.state.disk.get<PodRecord>(rowOf(`${namespace}/${podName}`, uid));
    if (record === undefined) return undefined;
    const identity = kubelets.identity(node.name);
    const given = await awaited((answers) =>
      givenFiles(
        { pod, record, node, step: { client: client(identity, answers) } },
        name,
        kubelets.etc(pod),
      ),
    );
    return RunningContainer.find(kubelets, pod, name, given);
  }

  /** The same one again; undefined: it has ended. */
  async reload(ref: ContainerRef): Promise<RunningContainer | undefined> {
    if (!this.isRunning(ref)) return undefined;
    const pod = this.#world.kubelets.pod(`${ref.namespace}/${ref.pod}`);
    const found = pod === undefined ? undefined : await this.load(pod, ref.name);
    return found?.ref.id === ref.id ? found : undefined;
  }

  isRunning({ node, namespace, pod, uid, name, id }: ContainerRef): boolean {
    const { disk } = this.#world.kubelets.state(node);
    const record = disk.get<PodRecord>(rowOf(`${namespace}/${pod}`, uid));
    return (
      record?.containers.some(
        (one) => one.name === name && one.id === id && one.state === "running",
      ) === true
    );
  }

  /** One call of a runtime, for the trace. */
  tell(
    { node, namespace, pod }: Omit<ContainerRef, "id" | "uid" | "name">,
    call: StreamCall,
    args: string,
  ): void {
    const obj = `pods/${namespace}/${pod}`;
    this.#world.note(`kubelet ${node}`, obj, criFact(call, obj, { node, args }));
  }
}
