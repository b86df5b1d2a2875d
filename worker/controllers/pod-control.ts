/** Making and deleting Pods for a workload, with the events of it. Upstream: pkg/controller/controller_utils.go RealPodControl. */
import type { V1Pod, V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason, StatusError } from "#apimachinery/status.ts";
import type { ControllerStep } from "./controller.ts";
import { controllerRef } from "./owner.ts";

export const isTerminating = (error: unknown): boolean =>
  error instanceof StatusError &&
  error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") === true;

/** A Pod of the template, owned by the workload; the server completes the name. */
export function createPod(
  owner: KubeObject,
  template: V1PodTemplateSpec,
  step: ControllerStep,
): V1Pod {
  const { name = "", namespace } = owner.metadata;
  const { labels, annotations, finalizers } = template.metadata ?? {};
  try {
    const pod = step.client.create<V1Pod>({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        generateName: `${name}-`,
        namespace,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
        ...(finalizers === undefined ? {} : { finalizers }),
        ownerReferences: [controllerRef(owner)],
      },
      spec: template.spec,
    } as V1Pod);
    step.recorder.event(owner, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
    return pod;
  } catch (error) {
    if (error instanceof StatusError && !isTerminating(error))
      step.recorder.event(owner, "Warning", "FailedCreate", `Error creating: ${error.message}`);
    throw error;
  }
}

/** A Pod that is gone already is no failure. */
export function deletePod(owner: KubeObject, pod: V1Pod, step: ControllerStep): void {
  const { name = "", namespace } = pod.metadata;
  try {
    step.client.delete({ kind: "v1/Pod", namespace, name });
    step.recorder.event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
  } catch (error) {
    if (isReason(error, "NotFound")) return;
    if (error instanceof StatusError)
      step.recorder.event(owner, "Warning", "FailedDelete", `Error deleting: ${error.message}`);
    throw error;
  }
}
