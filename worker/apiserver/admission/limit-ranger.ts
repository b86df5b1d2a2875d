/**
 * LimitRanges of a namespace: defaults for containers, bounds for containers, Pods and claims.
 * Upstream: plugin/pkg/admission/limitranger/admission.go.
 */
import { aggregated } from "#apimachinery/aggregate.ts";
import type { Amounts } from "#apimachinery/amounts.ts";
import type {
  V1Container,
  V1LimitRange,
  V1LimitRangeItem,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodSpec,
} from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { podLimits, podRequests } from "#apimachinery/pod-resources.ts";
import { each } from "#apiserver/kinds/fill.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { configured } from "./configured.ts";
import { maximum, maximumRequest, minimum, ratio } from "./limit-constraints.ts";
import { refusal } from "./refusal.ts";

const annotation = "kubernetes.io/limit-ranger";
const itemsOf = ({ spec }: V1LimitRange): readonly V1LimitRangeItem[] => spec?.limits ?? [];

const kind = "v1/LimitRange";
const rangesFor = ({ context, info, call }: AdmissionRequest): readonly V1LimitRange[] => {
  const isNone = configured(call.server, kind).length === 0;
  return isNone ? [] : context.list<V1LimitRange>(kind, info.namespace);
};

interface Defaults {
  readonly requests: Amounts;
  readonly limits: Amounts;
}
function defaultsOf(range: V1LimitRange): Defaults {
  const items = itemsOf(range).filter(({ type }) => type === "Container");
  const merged = (lists: readonly (Amounts | undefined)[]): Amounts => Object.assign({}, ...lists);
  return {
    requests: merged(items.map(({ defaultRequest }) => defaultRequest)),
    limits: merged(items.map((item) => item.default)),
  };
}

/** The container with what it leaves out; says what that was. */
function filled(
  container: V1Container,
  { requests, limits }: Defaults,
  sort: string,
  said: string[],
): V1Container {
  const own = container.resources ?? {};
  const missing = (defaults: Amounts, present: Amounts = {}): readonly string[] =>
    Object.keys(defaults)
      .filter((name) => present[name] === undefined)
      .toSorted();
  const [asks, bounds] = [missing(requests, own.requests), missing(limits, own.limits)];
  if (asks.length > 0) said.push(`${asks.join(", ")} request for ${sort} ${container.name}`);
  if (bounds.length > 0) said.push(`${bounds.join(", ")} limit for ${sort} ${container.name}`);
  if (asks.length === 0 && bounds.length === 0) return container;
  const resources = {
    ...own,
    ...(bounds.length === 0 ? {} : { limits: { ...limits, ...own.limits } }),
    ...(asks.length === 0 ? {} : { requests: { ...requests, ...own.requests } }),
  };
  return { ...container, resources } as V1Container;
}

function withDefaults(pod: V1Pod, range: V1LimitRange): V1Pod {
  const { spec } = pod;
  if (spec === undefined) return pod;
  const defaults = defaultsOf(range);
  const said: string[] = [];
  const containers = each(spec.containers, (one) => filled(one, defaults, "container", said));
  const initContainers =
    spec.initContainers === undefined
      ? undefined
      : each(spec.initContainers, (one) => filled(one, defaults, "init container", said));
  if (said.length === 0) return pod;
  const annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${said.join("; ")}`,
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: { ...spec, containers, ...(initContainers === undefined ? {} : { initContainers }) },
  };
}

type Bound = (name: string, bound: string | number) => string | undefined;
const heldTo = (amounts: Amounts | undefined, bound: Bound): readonly string[] =>
  Object.entries(amounts ?? {}).flatMap(([name, amount]) => bound(name, amount) ?? []);

function violations(item: V1LimitRangeItem, requests: Amounts, limits: Amounts): readonly string[] {
  const asked = { type: item.type, requests, limits };
  return [
    ...heldTo(item.min, (name, bound) => minimum(asked, name, bound)),
    ...heldTo(item.max, (name, bound) => maximum(asked, name, bound)),
    ...heldTo(item.maxLimitRequestRatio, (name, bound) => ratio(asked, name, bound)),
  ];
}

function podViolations(spec: V1PodSpec, range: V1LimitRange): readonly string[] {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return itemsOf(range).flatMap((item) => {
    if (item.type === "Container")
      return all.flatMap(({ resources }) =>
        violations(item, resources?.requests ?? {}, resources?.limits ?? {}),
      );
    return item.type === "Pod" ? violations(item, podRequests(spec), podLimits(spec)) : [];
  });
}

function claimViolations(
  { spec }: V1PersistentVolumeClaim,
  range: V1LimitRange,
): readonly string[] {
  const requests = spec?.resources?.requests ?? {};
  return itemsOf(range).flatMap((item) => {
    if (item.type !== "PersistentVolumeClaim") return [];
    const asked = { type: item.type, requests, limits: {} };
    return [
      ...heldTo(item.min, (name, bound) => minimum(asked, name, bound)),
      ...heldTo(item.max, (name, bound) => maximumRequest(asked, name, bound)),
    ];
  });
}

function validate(
  request: AdmissionRequest,
  check: (range: V1LimitRange) => readonly string[],
): void {
  if (request.previous?.metadata.deletionTimestamp !== undefined) return;
  for (const range of rangesFor(request)) {
    const found = check(range);
    if (found.length > 0) throw refusal(request, aggregated(found));
  }
}

const onPods: Pick<Admission<V1Pod>, "mutate" | "validate"> = {
  mutate: (request) => rangesFor(request).reduce(withDefaults, request.object as V1Pod),
  validate: (request) =>
    validate(request, (range) => podViolations(request.object?.spec ?? none, range)),
};
export const limitRanger: Admission<V1Pod> = {
  name: "LimitRanger",
  on: { resources: ["pods"], operations: ["CREATE"] },
  ...onPods,
};
/** Containers of a Pod may change only through `resize`. */
export const limitRangerOnResize: Admission<V1Pod> = {
  name: "LimitRanger",
  on: { resources: ["pods/resize"], operations: ["UPDATE"] },
  ...onPods,
};
export const limitRangerOnClaims: Admission<V1PersistentVolumeClaim & KubeObject> = {
  name: "LimitRanger",
  on: { resources: ["persistentvolumeclaims"], operations: ["CREATE", "UPDATE"] },
  validate: (request) =>
    validate(request, (range) => claimViolations(request.object as V1PersistentVolumeClaim, range)),
};
const none: V1PodSpec = { containers: [] };
