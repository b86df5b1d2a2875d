/**
 * The sockets of all nodes: which process a connection meets at an address, and the line it leaves in that
 * container's log.
 */
import type { Address, Machines, Protocol, Server } from "#network/connection.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import { staticUid } from "#kubelet/node/static-pods.ts";
import type { ContainerRecord, PodRecord } from "#kubelet/pod-record.ts";
import type { Process } from "#kubelet/programs/process.ts";

/** Where servers with one listen by UDP; all others listen by TCP. */
const udpPorts: ReadonlySet<number> = new Set([53]);

/** Characters of a line in a server's log. */
const mostLine = 2000;

/** `nowMs`: cluster time, inside a step the step's own. */
export const listeners = (kubelets: Kubelets, nowMs: () => number): Machines => ({
  listener(node, to) {
    const ip = kubelets.node(node)?.ip;
    if (ip === undefined) return "nobody";
    const isHost = to.ip === ip || to.ip.startsWith("127.");
    const here = kubelets
      .state(node)
      .pods()
      .filter(({ sandbox }) => sandbox?.stopped === false && sandbox.ip === (isHost ? "" : to.ip));
    if (here.length === 0) return isHost ? "closed" : "nobody";
    for (const record of here) {
      const found = serverOf(kubelets, node, record, to, nowMs);
      if (found !== undefined) return found;
    }
    return "closed";
  },
});

function serverOf(
  kubelets: Kubelets,
  node: string,
  record: PodRecord,
  { port, protocol }: Pick<Address, "port"> & { readonly protocol: Protocol },
  nowMs: () => number,
): Server | undefined {
  if (protocol === "udp" && !udpPorts.has(port)) return undefined;
  const pod = kubelets.pod(`${record.namespace}/${record.name}`);
  if (pod === undefined || (staticUid(pod) ?? pod.metadata.uid) !== record.uid) return undefined;
  for (const container of record.containers) {
    if (container.state !== "running") continue;
    const process = kubelets.processes.of(pod, container);
    const atMs = Math.max(0, nowMs() - container.startedMs);
    if (process?.listens(port, atMs) !== true) continue;
    return server(kubelets, node, container, process, nowMs);
  }
  return undefined;
}

const server = (
  kubelets: Kubelets,
  node: string,
  { id, startedMs }: ContainerRecord,
  process: Process,
  nowMs: () => number,
): Server => ({
  speaks: process.speaks,
  certificate: process.certificate,
  isApiServer: process.isApiServer,
  answer(request) {
    const atMs = nowMs();
    const answer = process.answer(request, Math.max(0, atMs - startedMs));
    const text = answer === undefined ? undefined : process.logs(request, answer, atMs);
    if (text !== undefined)
      kubelets.state(node).addServed(id, { atMs, text: text.slice(0, mostLine) });
    return answer;
  },
});
