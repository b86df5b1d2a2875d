/** A Pod's priority comes from its class. Upstream: plugin/pkg/admission/priority/admission.go. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1PriorityClass } from "#apimachinery/api/scheduling-v1.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { configured } from "./configured.ts";
import { refusal } from "./refusal.ts";

const gvk = "scheduling.k8s.io/v1/PriorityClass";
const preempts = "PreemptLowerPriority";

const defaults = new WeakMap<object, { readonly found: V1PriorityClass | undefined }>();

/** The one for Pods that name none: the lowest of the global defaults. */
function defaultClass({ call }: Pick<AdmissionRequest, "call">): V1PriorityClass | undefined {
  const classes = configured<V1PriorityClass>(call.server, gvk);
  const known = defaults.get(classes);
  if (known !== undefined) return known.found;
  const [found] = classes
    .filter(({ globalDefault }) => globalDefault === true)
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
  defaults.set(classes, { found });
  return found;
}

function mutate(pod: V1Pod, request: AdmissionRequest): V1Pod {
  const { spec } = pod;
  if (spec === undefined) return pod;
  const { context } = request;
  const refuse = (why: string): never => {
    throw refusal(request, why);
  };
  const asked = spec.priorityClassName;
  const found = asked ? context.get<V1PriorityClass>(gvk, "", asked) : defaultClass(request);
  if (asked && found === undefined) refuse(`no PriorityClass with name ${asked} was found`);
  const priority = found?.value ?? 0;
  const preemptionPolicy = found?.preemptionPolicy ?? preempts;
  const className = found?.metadata.name;
  if (spec.priority !== undefined && spec.priority !== priority) {
    refuse(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    refuse(
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  }
  const isNamed = className === undefined || className === asked;
  if (isNamed && spec.priority === priority && spec.preemptionPolicy === preemptionPolicy)
    return pod;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(className === undefined ? {} : { priorityClassName: className }),
      priority,
      preemptionPolicy,
    },
  };
}

/** Who leaves it out of an update keeps it. */
function kept(pod: V1Pod, { spec: old }: V1Pod): V1Pod {
  const { spec } = pod;
  if (spec === undefined || old === undefined) return pod;
  const priority = spec.priority ?? old.priority;
  const preemptionPolicy = spec.preemptionPolicy ?? old.preemptionPolicy;
  if (spec.priority === priority && spec.preemptionPolicy === preemptionPolicy) return pod;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(priority === undefined ? {} : { priority }),
      ...(preemptionPolicy === undefined ? {} : { preemptionPolicy }),
    },
  };
}

export const priority: Admission<V1Pod> = {
  name: "Priority",
  on: { resources: ["pods"], operations: ["CREATE", "UPDATE"] },
  mutate: (request) => {
    const pod = request.object as V1Pod;
    return request.previous === undefined ? mutate(pod, request) : kept(pod, request.previous);
  },
};

/** At most one class is the default. */
export const priorityClasses: Admission<V1PriorityClass> = {
  name: "Priority",
  on: { resources: ["priorityclasses.scheduling.k8s.io"], operations: ["CREATE", "UPDATE"] },
  validate(request) {
    const { object } = request;
    if (object?.globalDefault !== true) return;
    const other = defaultClass(request);
    if (other === undefined || other.metadata.name === object.metadata.name) return;
    throw refusal(
      request,
      `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
    );
  },
};
