/**
 * Brings a container's image to the node: policy, the pull and its events, back-off after a failure.
 * Upstream: pkg/kubelet/images/image_manager.go EnsureImageExists.
 */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import { requeueAt, type Result } from "#client/component.ts";
import { nextBackOff } from "./back-off.ts";
import { criFact } from "./cri.ts";
import { goDuration } from "./go-duration.ts";
import { digestOf, lookUp } from "./images/catalogue.ts";
import { parseReference, type Reference } from "./images/reference.ts";
import { type ContainerRecord, withContainer } from "./pod-record.ts";
import { drawMs, goOn, save, tellContainer, type Worker } from "./worker.ts";

/** The registry's answer that there is no such image. */
const refusalMs: readonly [number, number] = [600, 1500];
/** Manifest and layers that are there already. */
const freshnessMs: readonly [number, number] = [400, 1100];
const bytesPerMs: readonly [number, number] = [25_000, 60_000];
/** From the failed pull to the sync that finds the back-off. */
export const backOffNoticedMs = 1200;

/** The image is on the node, or this step did something about it. */
export type Ensured =
  | { readonly reference: Reference; readonly event: string }
  | { readonly result: Result };

/** Remembers why a container does not start, and goes on to report it. */
export function waits(
  on: Worker,
  at: number,
  container: ContainerRecord,
  waiting: { readonly reason: string; readonly message: string },
): Result {
  save(on, withContainer(on.record, at, { ...container, pull: undefined, waiting }));
  return goOn(on);
}

function warn(on: Worker, at: number, reason: string, message: string): void {
  tellContainer(on, at, { type: "Warning", reason, message });
}

export function ensureImage(on: Worker, at: number, spec: V1Container): Ensured {
  const container = on.record.containers[at] as ContainerRecord;
  const image = spec.image ?? "";
  const reference = parseReference(image);
  if (typeof reference === "string") {
    const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ${JSON.stringify(image)}: ${reference}`;
    warn(on, at, "InspectFailed", message);
    warn(on, at, "Failed", "Error: InvalidImageName");
    return {
      result: waits(
        on,
        at,
        { ...container, wanted: image, retryMs: undefined },
        { reason: "InvalidImageName", message },
      ),
    };
  }
  if (container.pull !== undefined) return finishPull(on, at, reference);
  const { node, step } = on;
  const policy = spec.imagePullPolicy ?? (reference.tag === "latest" ? "Always" : "IfNotPresent");
  const local = node.state.image(reference.name);
  const present = local !== undefined && step.reached(local.presentMs, "work");
  if (present && policy !== "Always") {
    return {
      reference,
      event: `Container image ${JSON.stringify(image)} already present on machine and can be accessed by the pod`,
    };
  }
  if (policy === "Never") {
    const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
    warn(on, at, "ErrImageNeverPull", message);
    warn(on, at, "Failed", "Error: ErrImageNeverPull");
    return {
      result: waits(
        on,
        at,
        { ...container, wanted: image, retryMs: undefined },
        { reason: "ErrImageNeverPull", message },
      ),
    };
  }
  return { result: pull(on, at, reference, present) };
}

/** PullImage: one pull at a time on a node. */
function pull(on: Worker, at: number, reference: Reference, present: boolean): Result {
  const { record, node, obj, step, pod } = on;
  const container = record.containers[at] as ContainerRecord;
  const asked = (container.asked ?? 0) + 1;
  const key = `${record.uid}/${container.name}/${container.attempt}/${asked}`;
  const image =
    (pod.spec?.initContainers ?? []).concat(pod.spec?.containers ?? [])[at]?.image ?? "";
  tellContainer(on, at, { reason: "Pulling", message: `Pulling image ${JSON.stringify(image)}` });
  const found = lookUp(reference);
  const busyMs = node.state.pullsDoneMs;
  const begunMs = step.reached(busyMs, "work") ? step.nowMs : busyMs;
  const error = typeof found === "string" ? found : "";
  let tookMs = drawMs(step, "pull", key, error === "" ? freshnessMs : refusalMs);
  if (typeof found !== "string" && !present)
    tookMs += Math.round(found.sizeBytes / drawMs(step, "bandwidth", key, bytesPerMs));
  const doneMs = begunMs + tookMs;
  step.explain(
    criFact("ImageStatus", obj, { node: node.name, args: `image="${reference.name}"` }),
    criFact("PullImage", obj, { node: node.name, args: `image="${reference.name}"`, error }),
  );
  node.state.pullsDoneMs = doneMs;
  if (typeof found !== "string" && !present) {
    const id = `${reference.repository}@${reference.digest || digestOf(reference.name)}`;
    node.state.addImage({
      name: reference.name,
      id,
      sizeBytes: found.sizeBytes,
      presentMs: doneMs,
    });
  }
  const pulled = { askedMs: step.nowMs, begunMs, doneMs, error };
  save(on, {
    ...withContainer(record, at, {
      ...container,
      wanted: image,
      pull: pulled,
      asked,
      retryMs: undefined,
    }),
    busyMs: doneMs,
  });
  return requeueAt(doneMs, "work");
}

function finishPull(on: Worker, at: number, reference: Reference): Ensured {
  const container = on.record.containers[at] as ContainerRecord;
  const { askedMs, begunMs, doneMs, error } = container.pull ?? {
    askedMs: 0,
    begunMs: 0,
    doneMs: 0,
    error: "",
  };
  const image = container.wanted ?? "";
  if (error === "") {
    const size = on.node.state.image(reference.name)?.sizeBytes ?? 0;
    const event = `Successfully pulled image ${JSON.stringify(image)} in ${goDuration(doneMs - begunMs)} (${goDuration(doneMs - askedMs)} including waiting). Image size: ${size} bytes.`;
    return { reference, event };
  }
  warn(on, at, "Failed", `Failed to pull image ${JSON.stringify(image)}: ${error}`);
  warn(on, at, "Failed", "Error: ErrImagePull");
  const pulls = nextBackOff(container.pulls, on.step.nowMs);
  const retryMs = on.step.nowMs + pulls.ms;
  return {
    result: waits(
      on,
      at,
      { ...container, pulls, retryMs },
      { reason: "ErrImagePull", message: error },
    ),
  };
}

/** A later sync finds the back-off running: ErrImagePull becomes ImagePullBackOff. */
export function noticeBackOff(on: Worker, at: number): Result {
  const container = on.record.containers[at] as ContainerRecord;
  const text = `Back-off pulling image ${JSON.stringify(container.wanted ?? "")}`;
  tellContainer(on, at, { reason: "BackOff", message: text });
  warn(on, at, "Failed", "Error: ImagePullBackOff");
  const message = `${text}: ErrImagePull: ${container.waiting?.message ?? ""}`;
  return waits(on, at, container, { reason: "ImagePullBackOff", message });
}
