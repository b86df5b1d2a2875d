/**
 * The phase of a Pod as its containers' statuses tell it.
 * Upstream: pkg/kubelet/kubelet_pods.go getPhase.
 */
import type { V1ContainerStatus, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import { isSidecar, mayRestart } from "#kubelet/restart-policy.ts";

export type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

/** What it adds up to; statuses lie in the order of the spec. */
export function phaseOf(
  spec: V1PodSpec,
  init: readonly V1ContainerStatus[],
  regular: readonly V1ContainerStatus[],
  terminating: boolean,
): Phase {
  let pendingInit = 0;
  let pendingSidecars = 0;
  let failedInit = 0;
  let running = 0;
  let waiting = 0;
  (spec.initContainers ?? []).forEach((container, i) => {
    const { state, lastState, started } = init[i] ?? {};
    const ended = state?.terminated ?? (state?.waiting && lastState?.terminated);
    if (isSidecar(container)) {
      if (state?.running) {
        if (!started) pendingSidecars += 1;
        running += 1;
      } else if (!ended) {
        pendingSidecars += 1;
        waiting += 1;
      }
    } else if (!ended) pendingInit += 1;
    else if (ended.exitCode !== 0 && !mayRestart(container, spec, ended.exitCode)) failedInit += 1;
  });
  let stopped = 0;
  let final = 0;
  let succeeded = 0;
  let everStarted = false;
  spec.containers.forEach((container, i) => {
    const { state, lastState } = regular[i] ?? {};
    const ended = state?.terminated ?? (state?.waiting && lastState?.terminated);
    if (state?.running || ended) everStarted = true;
    if (state?.running) running += 1;
    else if (!ended) waiting += 1;
    else {
      stopped += 1;
      if (!mayRestart(container, spec, ended.exitCode)) final += 1;
      if (state?.terminated && ended.exitCode === 0) succeeded += 1;
    }
  });
  if (failedInit > 0) return "Failed";
  if (pendingInit > 0 || (pendingSidecars > 0 && !everStarted) || waiting > 0) return "Pending";
  if (running > 0) return "Running";
  if (stopped === 0) return "Pending";
  if (!terminating && stopped !== final) return "Running";
  return stopped === succeeded ? "Succeeded" : "Failed";
}
