/**
 * The order of groups and versions: clients take the first that has what they look for.
 * Upstream: pkg/controlplane/apiserver/aggregator.go DefaultGenericAPIServicePriorities, cmd/kube-apiserver/app/aggregator.go,
 * apimachinery/pkg/version/helpers.go CompareKubeAwareVersionStrings.
 */

const priorities: Readonly<Record<string, number>> = {
  "": 18_000,
  "apiregistration.k8s.io": 18_000,
  apps: 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  policy: 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "apiextensions.k8s.io": 16_700,
  "admissionregistration.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "resource.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
  "metrics.k8s.io": 100,
};
/** Of groups that custom resources make. */
const ofCustomResources = 1000;

export const priorityOf = (group: string): number => priorities[group] ?? ofCustomResources;

const parts = (version: string): readonly [number, number, number] | undefined => {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return undefined;
  return [stage === undefined ? 2 : stage === "beta" ? 1 : 0, Number(major), Number(minor ?? 0)];
};

/** v2, v1, v1beta2, v1beta1, v1alpha1, then anything else by name. */
export function newerFirst(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  if (left === undefined || right === undefined)
    return left === right ? (a < b ? -1 : 1) : left === undefined ? 1 : -1;
  return right[0] - left[0] || right[1] - left[1] || right[2] - left[2];
}

/** 15 for what is stable, less for what is on its way. Upstream: DefaultGenericAPIServicePriorities. */
export function versionPriorityOf({ group, version }: { group: string; version: string }): number {
  if (group === "metrics.k8s.io") return 100;
  if (group === "") return 1;
  if (version.includes("alpha")) return 1;
  if (version.includes("beta")) return 9;
  if (group === "autoscaling" && version === "v2") return 30;
  return group === "flowcontrol.apiserver.k8s.io" || group === "resource.k8s.io" ? 21 : 15;
}
