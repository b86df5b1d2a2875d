/**
 * May a container that exited be started again?
 * Upstream: pkg/api/v1/pod ContainerShouldRestart.
 */
import type { V1Container, V1PodSpec } from "#apimachinery/api/core-v1.ts";

/** An init container that keeps running beside the others. */
export const isSidecar = (container: V1Container): boolean => container.restartPolicy === "Always";

const byPolicy = (policy: string | undefined, code: number): boolean =>
  policy === "Never" ? false : policy === "OnFailure" ? code !== 0 : true;

export function mayRestart(container: V1Container, spec: V1PodSpec, code: number): boolean {
  for (const { exitCodes } of container.restartPolicyRules ?? []) {
    const among = exitCodes?.values?.includes(code) ?? false;
    if (exitCodes !== undefined && among === (exitCodes.operator === "In")) return true;
  }
  return byPolicy(container.restartPolicy ?? spec.restartPolicy, code);
}

/** The same, of an init container: done once it ended well. */
export const initMayRestart = (container: V1Container, spec: V1PodSpec, code: number): boolean =>
  isSidecar(container) || (code !== 0 && mayRestart(container, spec, code));
