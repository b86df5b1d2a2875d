/**
 * Says that a ServiceCIDR may be used, and keeps one that goes until no Service's address is left without a range.
 * Upstream: pkg/controller/servicecidrs/servicecidrs_controller.go.
 * Differs: a condition that says the same keeps its time, where upstream writes it anew at each sync, because a second
 * run writes nothing.
 */
import type { V1IPAddress, V1ServiceCIDR } from "#apimachinery/api/networking-v1.ts";
import type { V1Condition } from "#apimachinery/api/meta-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import { msOf, timeText } from "#apimachinery/time.ts";
import { done, requeueAt } from "#client/component.ts";
import type { WatchEvent } from "#client/informer.ts";
import type { Controller, ControllerStep, Listers } from "#controllers/controller.ts";
import { isHeldBy, keepFinalizer } from "#controllers/protection/finalizer.ts";
import { holdsAddress, holdsRange, overlap } from "./prefix.ts";

export const serviceCidrKind = "networking.k8s.io/v1/ServiceCIDR";
const addressKind = "networking.k8s.io/v1/IPAddress";
const finalizer = "networking.k8s.io/service-cidr-finalizer";
/** Until every allocator knows that the range goes. */
const deletionGraceMs = 10_000;

type Verdict = Pick<V1Condition, "status" | "reason" | "message">;
const ready: Verdict = { status: "True", reason: "", message: "Kubernetes Service CIDR is ready" };
const terminating: Verdict = {
  status: "False",
  reason: "Terminating",
  message:
    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
};

const cidrsOf = ({ spec }: V1ServiceCIDR): readonly string[] => spec?.cidrs ?? [];
const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? "";
const isAllocated = ({ metadata }: V1IPAddress): boolean =>
  metadata.labels?.["ipaddress.kubernetes.io/managed-by"] === "ipallocator.k8s.io";

/** Pure: would an address be without a range if this one went? */
export function isNeeded(
  range: V1ServiceCIDR,
  all: readonly V1ServiceCIDR[],
  addresses: readonly V1IPAddress[],
): boolean {
  const others = all.filter((one) => nameOf(one) !== nameOf(range)).flatMap(cidrsOf);
  const own = cidrsOf(range);
  if (own.every((cidr) => others.some((other) => holdsRange(other, cidr)))) return false;
  return addresses
    .filter(isAllocated)
    .some(
      (address) =>
        own.some((cidr) => holdsAddress(cidr, nameOf(address))) &&
        !others.some((cidr) => holdsAddress(cidr, nameOf(address))),
    );
}

function withReady(range: V1ServiceCIDR, verdict: Verdict, nowMs: number): V1ServiceCIDR {
  const conditions = range.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === "Ready");
  if (
    old?.status === verdict.status &&
    (old.reason ?? "") === verdict.reason &&
    old.message === verdict.message
  )
    return range;
  const next = { type: "Ready", ...verdict, lastTransitionTime: timeText(nowMs) } as V1Condition;
  return {
    ...range,
    status: { ...range.status, conditions: [...conditions.filter((one) => one !== old), next] },
  };
}

function tell(step: ControllerStep, range: V1ServiceCIDR, verdict: Verdict): void {
  const next = withReady(range, verdict, step.nowMs);
  if (next === range) return;
  try {
    step.client.updateStatus(next);
  } catch (error) {
    if (!isReason(error, "NotFound", "Conflict")) throw error;
  }
}

/** Those whose fate may be another one now. */
const touched =
  (concerns: (cidr: string, object: KubeObject) => boolean) =>
  ({ object }: WatchEvent, listers: Listers): readonly string[] =>
    listers
      .lister<V1ServiceCIDR>(serviceCidrKind)
      .list()
      .filter((range) => cidrsOf(range).some((cidr) => concerns(cidr, object)))
      .map(nameOf);

export const serviceCidr: Controller = {
  name: "service-cidr-controller",
  account: "service-cidrs-controller",
  watches: serviceCidrKind,
  maps: {
    [serviceCidrKind]: touched((cidr, object) =>
      cidrsOf(object as V1ServiceCIDR).some((other) => overlap(cidr, other)),
    ),
    // A range that is used is only looked at again when it goes.
    [addressKind]: (event, listers) =>
      event.type === "DELETED"
        ? touched((cidr, object) => holdsAddress(cidr, nameOf(object)))(event, listers)
        : [],
  },
  reconcile(key, step) {
    const ranges = step.lister<V1ServiceCIDR>(serviceCidrKind);
    const range = ranges.get(key);
    if (range === undefined) return done;
    const { deletionTimestamp } = range.metadata;
    if (deletionTimestamp === undefined) {
      if (!isHeldBy(range, finalizer)) {
        keepFinalizer(step.client, range, finalizer, () => true);
        // Its own change brings the key back.
        return done;
      }
      tell(step, range, ready);
      return done;
    }
    const addresses = step.lister<V1IPAddress>(addressKind).list();
    if (isNeeded(range, ranges.list(), addresses)) {
      tell(step, range, terminating);
      return done;
    }
    const freeMs = msOf(deletionTimestamp) + deletionGraceMs;
    if (!step.reached(freeMs, "wait")) return requeueAt(freeMs);
    keepFinalizer(step.client, range, finalizer, () => false);
    return done;
  },
};
