/**
 * Tells since when the uses of tokens in Secrets are noted.
 * Upstream: pkg/controlplane/controller/legacytokentracking/controller.go.
 */
import type { V1ConfigMap } from "#apimachinery/api/core-v1.ts";
import { trackingName as name } from "#apimachinery/legacy-token.ts";
import { isReason } from "#apimachinery/status.ts";
import { dayText, isDay } from "#apimachinery/time.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";

const kind = "v1/ConfigMap";
const namespace = "kube-system";
const own = `${namespace}/${name}`;
const creationMs = 30 * 60_000;

export function legacyTokenTracking(): Omit<Controller, "account"> {
  /** It is not made again sooner. A cache, as upstream's. */
  let againMs: number | undefined;
  const create = (step: ControllerStep): Result => {
    if (againMs !== undefined && !step.reached(againMs, "wait")) return requeueAt(againMs);
    const data = { since: dayText(step.nowMs) };
    step.client.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data,
    });
    againMs = step.nowMs + creationMs;
    return done;
  };
  return {
    name: "legacy-token-tracking-controller",
    watches: kind,
    heeds: ({ key }) => key === own,
    // It is missing from the start, and then nothing is told of it.
    maps: { "v1/Namespace": ({ key }) => (key === namespace ? [own] : []) },
    reconcile(key, step) {
      if (key !== own) return done;
      const present = step.lister<V1ConfigMap>(kind).get(own);
      try {
        if (present === undefined) return create(step);
        if (!isDay(present.data?.["since"] ?? ""))
          step.client.update({
            ...present,
            data: { ...present.data, since: dayText(step.nowMs) },
          } as V1ConfigMap);
      } catch (error) {
        if (!isReason(error, "AlreadyExists", "NotFound", "Conflict")) throw error;
      }
      return done;
    },
  };
}
