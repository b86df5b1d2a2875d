/**
 * The kubelet's resource metrics: what a container uses, as its image and its requests let one expect.
 * A number is a pure function of the container and of the fifteen seconds it was measured in, so that it moves
 * a little, and is the same for everybody who asks.
 * Upstream: pkg/kubelet/server/stats, /metrics/resource.
 */
import type { V1Container, V1Pod } from "#apimachinery/api/core-v1.ts";
import { fnv1a } from "#apimachinery/hash.ts";
import { milliValue, wholeValue } from "#apimachinery/quantity.ts";
import { lookUp } from "#kubelet/images/catalogue.ts";
import { parseReference } from "#kubelet/images/reference.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import { rowOf } from "#kubelet/node/node-state.ts";
import { staticUid } from "#kubelet/node/static-pods.ts";
import type { PodRecord } from "#kubelet/pod-record.ts";

export interface Usage {
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}
export interface ContainerUsage extends Usage {
  readonly name: string;
}

export const windowMs = 15_000;
const mebi = 1024 * 1024;
/** What an idle process takes when it asked for nothing. */
const idleCpuNanos = 1_500_000;
const leastMemory = 3 * mebi;
const mostMemory = 96 * mebi;

/** Uniform in [0, 1). */
const draw = (text: string): number => fnv1a(text) / 2 ** 32;

/** Containers that run now; none before the first window is over. */
export function podUsage(kubelets: Kubelets, pod: V1Pod, nowMs: number): readonly ContainerUsage[] {
  const { name = "", namespace = "" } = pod.metadata;
  const uid = staticUid(pod) ?? pod.metadata.uid ?? "";
  const { disk } = kubelets.state(pod.spec?.nodeName ?? "");
  const record = disk.get<PodRecord>(rowOf(`${namespace}/${name}`, uid));
  return (pod.spec?.containers ?? []).flatMap((container) => {
    const found = record?.containers.find((one) => one.name === container.name);
    if (found?.state !== "running" || nowMs - found.startedMs < windowMs) return [];
    return [{ name: container.name, ...usageOf(container, found.id, nowMs) }];
  });
}

function usageOf(container: V1Container, id: string, nowMs: number): Usage {
  const moment = Math.floor(nowMs / windowMs);
  const { cpu, memory } = container.resources?.requests ?? {};
  const { cpu: mostCpu, memory: most } = container.resources?.limits ?? {};
  const busy = 0.05 + 0.15 * draw(`${id} cpu`) + 0.05 * draw(`${id} cpu ${moment}`);
  const cpuNanos =
    cpu === undefined ? idleCpuNanos * (0.5 + 4 * busy) : milliValue(cpu) * 1e6 * busy;
  const full = 0.45 + 0.3 * draw(`${id} memory`) + 0.02 * draw(`${id} memory ${moment}`);
  const memoryBytes = memory === undefined ? resident(container.image ?? "") : wholeValue(memory);
  return {
    cpuNanos: Math.round(Math.min(cpuNanos, limited(milliValue(mostCpu) * 1e6))),
    memoryBytes: Math.round(Math.min(memoryBytes * full, limited(wholeValue(most)))),
  };
}
const limited = (limit: number): number => (limit === 0 ? Infinity : limit * 0.95);

/** A program's memory grows with what its image holds. */
function resident(image: string): number {
  const reference = parseReference(image);
  const found = typeof reference === "string" ? undefined : lookUp(reference);
  const sizeBytes = found === undefined || typeof found === "string" ? 20 * mebi : found.sizeBytes;
  return Math.min(mostMemory, leastMemory + sizeBytes / 4);
}
