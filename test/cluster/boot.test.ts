/** A cluster as kubeadm leaves it: what its nodes tell of their start, once. */
import { expect, test } from "vitest";
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import { newWired } from "#test/support/wired.ts";

test("each node's events tell its way from registered to ready, and a new instance adds none", async () => {
  const cluster = await newWired({ workers: 2 });
  const told = (of: typeof cluster, node: string): readonly string[] =>
    of
      .objects<V1Event>("v1/Event")
      .filter(({ involvedObject: { kind, name } }) => kind === "Node" && name === node)
      .map(({ reason = "", source, count }) => `${source?.component ?? ""} ${reason} ×${count}`);
  const woken = await cluster.evicted();
  await woken.advance(60_000);
  for (const node of ["control-plane-1", "worker-1", "worker-2"])
    for (const one of [cluster, woken])
      expect(told(one, node)).toEqual([
        "node-controller RegisteredNode ×1",
        "kubelet Starting ×1",
        "kubelet NodeHasSufficientMemory ×1",
        "kubelet NodeHasNoDiskPressure ×1",
        "kubelet NodeHasSufficientPID ×1",
        "kubelet NodeAllocatableEnforced ×1",
        "kubelet NodeReady ×1",
      ]);
});
