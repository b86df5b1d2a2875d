/** Pod. Upstream: pkg/registry/core/pod/strategy.go, pkg/apis/core/validation. */
import type { V1Container, V1Pod, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { timeText } from "#apimachinery/time.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { podColumns } from "./pod-columns.ts";
import { podDefaults } from "./pod-spec/defaults.ts";
import { validatePodSpec } from "./pod-spec/validation.ts";

const at = new FieldPath("spec");
const immutable =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

const computed = ["cpu", "memory"];
/** Upstream: pkg/apis/core/v1/helper/qos/qos.go. */
export function qosClass({
  containers,
  initContainers = [],
}: V1PodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
  const all = [...containers, ...initContainers];
  const has = ({ resources }: V1Container): boolean =>
    computed.some((name) =>
      [resources?.limits?.[name], resources?.requests?.[name]].some(
        (amount) => amount !== undefined && compareQuantities(amount, 0) > 0,
      ),
    );
  if (!all.some(has)) return "BestEffort";
  const isWhole = ({ resources }: V1Container): boolean =>
    computed.every((name) => {
      const limit = resources?.limits?.[name];
      const request = resources?.requests?.[name] ?? limit;
      return (
        limit !== undefined &&
        request !== undefined &&
        compareQuantities(limit, 0) > 0 &&
        compareQuantities(limit, request) === 0
      );
    });
  return all.every(isWhole) ? "Guaranteed" : "Burstable";
}

/** What an update may change, taken out of the comparison. */
function withoutMutable(spec: V1PodSpec): unknown {
  const bare = ({ image: _image, ...rest }: V1Container): unknown => rest;
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    schedulingGates: _gates,
    containers,
    initContainers = [],
    ...rest
  } = spec;
  return { ...rest, containers: containers.map(bare), initContainers: initContainers.map(bare) };
}

function updateErrors(next: V1Pod, previous: V1Pod): readonly FieldError[] {
  const spec = next.spec as V1PodSpec;
  const old = previous.spec as V1PodSpec;
  if (spec === old) return [];
  const errors: FieldError[] = [];
  const wasDeadline = old.activeDeadlineSeconds;
  const isDeadline = spec.activeDeadlineSeconds;
  if (wasDeadline !== undefined && (isDeadline === undefined || isDeadline > wasDeadline)) {
    errors.push(
      invalid(
        at.child("activeDeadlineSeconds"),
        isDeadline ?? null,
        "must be less than or equal to previous value",
      ),
    );
  }
  const kept = (old.tolerations ?? []).every((one) =>
    (spec.tolerations ?? []).some((other) => equal(one, other)),
  );
  if (!kept || !equal(withoutMutable(spec), withoutMutable(old)))
    errors.push(forbidden(at, immutable));
  return errors;
}

const gated = (nowMs: number): unknown => ({
  type: "PodScheduled",
  status: "False",
  lastProbeTime: null,
  lastTransitionTime: timeText(nowMs),
  reason: "SchedulingGated",
  message: "Scheduling is blocked due to non-empty scheduling gates",
});

export const pod: Kind<V1Pod> = {
  gvk: "v1/Pod",
  defaults: podDefaults,
  prepareForCreate(object, { nowMs }) {
    const { status: _status, spec, ...rest } = object;
    if (spec === undefined) return object;
    const conditions =
      (spec.schedulingGates ?? []).length === 0 ? {} : { conditions: [gated(nowMs)] };
    return {
      ...rest,
      spec,
      status: { phase: "Pending", ...conditions, qosClass: qosClass(spec) },
    } as V1Pod;
  },
  validate: ({ spec }) => validatePodSpec(spec ?? { containers: [] }, at),
  validateUpdate: updateErrors,
  validateStatusUpdate: (next, previous) =>
    previous.spec?.nodeName === next.spec?.nodeName
      ? []
      : [forbidden(at.child("nodeName"), "may not be changed directly")],
  columns: podColumns,
  fields: {
    "spec.nodeName": ({ spec }) => spec?.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec?.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec?.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec?.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec?.hostNetwork ?? false),
    "status.phase": ({ status }) => status?.phase ?? "",
    "status.podIP": ({ status }) => status?.podIP ?? "",
    "status.nominatedNodeName": ({ status }) => status?.nominatedNodeName ?? "",
  },
  gracePeriodSeconds({ spec, status }, asked) {
    // Nothing runs anywhere yet, or nothing any more.
    if (!spec?.nodeName || status?.phase === "Succeeded" || status?.phase === "Failed") return 0;
    return Math.max(asked ?? spec.terminationGracePeriodSeconds ?? 30, 0);
  },
};
