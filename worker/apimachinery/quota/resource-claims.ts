/**
 * Claims of devices in quotas, also by the class they ask for: as many as they may be given at most.
 * Upstream: pkg/quota/v1/evaluator/core/resource_claims.go.
 * Differs: devices are not counted by the extended resource of their class, because Pods get no devices here.
 */
import type { V1ResourceClaim } from "#apimachinery/api/resource-v1.ts";
import type { Evaluator } from "./evaluator.ts";

const resource = "resourceclaims.resource.k8s.io";
const ofClass = ".deviceclass.resource.k8s.io/devices";
/** Of one claim, whatever it asks for. */
const mostDevices = 32;

interface Asked {
  readonly deviceClassName?: string | undefined;
  readonly allocationMode?: string | undefined;
  readonly count?: number | undefined;
}
const devicesOf = ({ allocationMode, count = 0 }: Asked): number =>
  allocationMode === "All" ? mostDevices : count;

export const resourceClaims: Evaluator<V1ResourceClaim> = {
  resource,
  kind: "resource.k8s.io/v1/ResourceClaim",
  counts: (name) => name === `count/${resource}` || name.endsWith(ofClass),
  usage({ spec }) {
    const used = new Map<string, number>();
    for (const { exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
      // One of the alternatives: of each class the largest.
      const most = new Map<string, number>();
      const all = firstAvailable.length > 0 || exactly === undefined ? firstAvailable : [exactly];
      for (const asked of all) {
        const name = `${asked.deviceClassName}${ofClass}`;
        most.set(name, Math.max(most.get(name) ?? 0, devicesOf(asked)));
      }
      for (const [name, count] of most) used.set(name, (used.get(name) ?? 0) + count);
    }
    const devices = [...used].map(([name, count]) => [name, String(count)]);
    return { [`count/${resource}`]: "1", ...Object.fromEntries(devices) };
  },
};
