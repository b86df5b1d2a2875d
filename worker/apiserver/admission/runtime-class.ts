/** A Pod takes overhead and scheduling from its RuntimeClass. Upstream: plugin/pkg/admission/runtimeclass/admission.go. */
import type { V1Pod, V1PodSpec, V1Toleration } from "#apimachinery/api/core-v1.ts";
import type { V1RuntimeClass } from "#apimachinery/api/node-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { canonicalQuantity } from "#apimachinery/quantity.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { refusal } from "./refusal.ts";

type Amounts = Readonly<Record<string, string | number>>;
type Request = AdmissionRequest<V1Pod>;

const otherOverhead = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
const strayOverhead =
  "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";

function classOf(request: Request): V1RuntimeClass | undefined {
  const name = request.object?.spec?.runtimeClassName;
  if (name === undefined) return undefined;
  const found = request.context.get<V1RuntimeClass>("node.k8s.io/v1/RuntimeClass", "", name);
  if (found !== undefined) return found;
  throw refusal(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
}

const same = (a: Amounts, b: Amounts): boolean => equal(canonical(a), canonical(b));
const canonical = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(amount)]),
  );

function withSelector(
  spec: V1PodSpec,
  wanted: Readonly<Record<string, string>>,
  request: Request,
): V1PodSpec {
  const { nodeSelector = {} } = spec;
  for (const [key, value] of Object.entries(wanted)) {
    const own = nodeSelector[key];
    if (own === undefined || own === value) continue;
    const why = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    throw refusal(request, why);
  }
  return { ...spec, nodeSelector: { ...nodeSelector, ...wanted } };
}

/** Does `wide` tolerate all that `one` does? Upstream: pkg/util/tolerations isSuperset. */
function isSuperset(wide: V1Toleration, one: V1Toleration): boolean {
  if (equal(one, wide)) return true;
  const matchesAllKeys = !wide.key && wide.operator === "Exists";
  if ((one.key ?? "") !== (wide.key ?? "") && !matchesAllKeys) return false;
  if (wide.effect && wide.effect !== one.effect) return false;
  const { tolerationSeconds: most } = wide;
  if (wide.effect === "NoExecute" && most !== undefined)
    if (one.tolerationSeconds === undefined || one.tolerationSeconds > most) return false;
  if (wide.operator === "Exists") return true;
  if (wide.operator !== undefined && wide.operator !== "Equal") return false;
  return one.operator === "Equal" && (one.value ?? "") === (wide.value ?? "");
}

/** What another one covers is left out; of equal ones the first stays. Upstream: pkg/util/tolerations MergeTolerations. */
function withTolerations(spec: V1PodSpec, wanted: readonly V1Toleration[]): V1PodSpec {
  const { tolerations = [] } = spec;
  const all = [...tolerations, ...wanted];
  const kept: V1Toleration[] = [];
  for (const [i, one] of all.entries()) {
    const isCovered =
      kept.some((other) => isSuperset(other, one)) ||
      all.slice(i + 1).some((later) => !equal(later, one) && isSuperset(later, one));
    if (!isCovered) kept.push(one);
  }
  return equal(kept, tolerations) ? spec : { ...spec, tolerations: kept };
}

export const runtimeClass: Admission<V1Pod> = {
  name: "RuntimeClass",
  on: { resources: ["pods"], operations: ["CREATE"] },
  mutate(request) {
    const pod = request.object as V1Pod;
    const found = classOf(request);
    if (found === undefined || pod.spec === undefined) return pod;
    let { spec } = pod;
    const fixed = found.overhead?.podFixed;
    if (fixed !== undefined) {
      if (Object.keys(spec.overhead ?? {}).length > 0 && !same(spec.overhead ?? {}, fixed))
        throw refusal(request, otherOverhead);
      spec = { ...spec, overhead: fixed };
    }
    const { nodeSelector, tolerations } = found.scheduling ?? {};
    if (nodeSelector !== undefined) spec = withSelector(spec, nodeSelector, request);
    if (tolerations !== undefined) spec = withTolerations(spec, tolerations);
    return spec === pod.spec ? pod : { ...pod, spec };
  },
  validate(request) {
    const overhead = request.object?.spec?.overhead ?? {};
    const fixed = classOf(request)?.overhead?.podFixed;
    if (fixed !== undefined) {
      if (!same(overhead, fixed)) throw refusal(request, otherOverhead);
    } else if (Object.keys(overhead).length > 0) throw refusal(request, strayOverhead);
  },
};
