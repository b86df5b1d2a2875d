/** Pod. Upstream: pkg/registry/core/pod/strategy.go, pkg/apis/core/validation. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden } from "#apimachinery/field.ts";
import { timeText } from "#apimachinery/time.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { podColumns } from "./pod-columns.ts";
import { podAnnotations } from "./pod-spec/annotations.ts";
import { image } from "./pod-spec/containers.ts";
import { podDefaults } from "./pod-spec/defaults.ts";
import { supported, withMatchLabelKeys } from "./pod-spec/prepare.ts";
import { preparePodStatus } from "./pod-spec/prepare-status.ts";
import { profilesMatch, withAppArmor } from "./pod-spec/profiles.ts";
import { qosClass } from "./pod-spec/qos.ts";
import { validatePodStatusUpdate } from "./pod-spec/status.ts";
import { validatePodUpdate } from "./pod-spec/update.ts";
import { validatePodSpec } from "./pod-spec/validation.ts";
import { podWarnings } from "./pod-spec/warnings.ts";

const at = new FieldPath("spec");

const gated = (nowMs: number): unknown => ({
  type: "PodScheduled",
  status: "False",
  lastProbeTime: null,
  lastTransitionTime: timeText(nowMs),
  reason: "SchedulingGated",
  message: "Scheduling is blocked due to non-empty scheduling gates",
});

/** Specs that were valid in the Pod of a name: only the status of most Pods ever changes. */
const sound = new WeakMap<object, string>();

function validate(pod: V1Pod): readonly FieldError[] {
  const errors: Errors = [];
  const { spec = { containers: [] }, metadata } = pod;
  if (metadata.annotations !== undefined)
    podAnnotations(
      errors,
      new FieldPath("metadata").child("annotations"),
      metadata.annotations,
      spec,
    );
  const { name = "" } = metadata;
  if (sound.get(spec) === name) return errors;
  const before = errors.length;
  errors.push(...validatePodSpec(spec, at, metadata));
  if (!spec.serviceAccountName) tokensOfNobody(errors, pod);
  for (const list of ["containers", "initContainers"] as const)
    for (const [i, one] of (spec[list] ?? []).entries())
      image(errors, at.child(list).index(i), one);
  if (errors.length === before) sound.set(spec, name);
  return errors;
}
function tokensOfNobody(errors: Errors, { spec }: V1Pod): void {
  for (const [i, { projected }] of (spec?.volumes ?? []).entries())
    for (const [j, { serviceAccountToken }] of (projected?.sources ?? []).entries())
      if (serviceAccountToken !== undefined)
        errors.push(
          forbidden(
            at
              .child("volumes")
              .index(i)
              .child("projected", "sources")
              .index(j)
              .child("serviceAccountToken"),
            "must not be specified when serviceAccountName is not set",
          ),
        );
}

function validateCreate({ metadata, spec }: V1Pod): readonly FieldError[] {
  const errors: Errors = [];
  if ((spec?.ephemeralContainers ?? []).length > 0)
    errors.push(forbidden(at.child("ephemeralContainers"), "cannot be set on create"));
  if (spec?.nodeName && (spec.schedulingGates ?? []).length > 0)
    errors.push(
      forbidden(at.child("nodeName"), "cannot be set until all schedulingGates have been cleared"),
    );
  if (metadata.annotations !== undefined && spec !== undefined)
    profilesMatch(errors, at, spec, metadata.annotations);
  return errors;
}

const completions: Readonly<Record<string, { readonly reason: string; readonly message: string }>> =
  {
    Succeeded: { reason: "Succeeded", message: "The pod has completed successfully." },
    Failed: { reason: "Failed", message: "The pod failed." },
  };

export const pod: Kind<V1Pod> = {
  gvk: "v1/Pod",
  statusKeeps: ["deletionTimestamp", "ownerReferences"],
  defaults: podDefaults,
  prepareForCreate(object, { nowMs }) {
    const { status: _status, ...rest } = withAppArmor(
      withMatchLabelKeys(change(object, "spec", supported)),
    );
    const { spec } = rest;
    if (spec === undefined) return object;
    const conditions =
      (spec.schedulingGates ?? []).length === 0 ? {} : { conditions: [gated(nowMs)] };
    return {
      ...rest,
      status: { phase: "Pending", ...conditions, qosClass: qosClass(spec) },
    } as V1Pod;
  },
  prepareForUpdate: (next) => change(next, "spec", supported),
  prepareForStatusUpdate: preparePodStatus,
  validate,
  validateCreate,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  /** A node is no other wish: upstream binds past the strategy. */
  specChanged: ({ spec }, { spec: old }) =>
    spec !== old &&
    !equal({ ...spec, nodeName: old?.nodeName }, { ...old, nodeName: old?.nodeName }),
  warnings: (object, previous) => (previous === undefined ? podWarnings(object) : []),
  columns: podColumns,
  completed: ({ status }) => completions[status?.phase ?? ""],
  fields: {
    "spec.nodeName": ({ spec }) => spec?.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec?.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec?.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec?.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec?.hostNetwork ?? false),
    "status.phase": ({ status }) => status?.phase ?? "",
    "status.podIP": ({ status }) => status?.podIP ?? "",
    // Upstream lets it be asked for and answers nothing.
    "status.podIPs": () => "",
    // The name of long ago.
    "spec.host": ({ spec }) => spec?.nodeName ?? "",
    "status.nominatedNodeName": ({ status }) => status?.nominatedNodeName ?? "",
  },
  gracePeriodSeconds({ spec, status }, asked) {
    // Nothing runs anywhere yet, or nothing any more.
    if (!spec?.nodeName || isTerminal({ status })) return 0;
    const seconds = asked ?? spec.terminationGracePeriodSeconds ?? 30;
    // A negative one was let in once and counts as the shortest.
    return seconds < 0 ? 1 : seconds;
  },
};
