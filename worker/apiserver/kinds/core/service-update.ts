/**
 * What an update of a Service does not repeat, and what a change of its type makes void.
 * Upstream: pkg/registry/core/service/strategy.go dropTypeDependentFields, storage/storage.go patchAllocatedValues, normalizeClusterIPs.
 */
import type { V1Service, V1ServicePort, V1ServiceSpec } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { at as change, each } from "#apiserver/kinds/fill.ts";
import { isExternal, needsHealthCheck } from "./service-validation.ts";

type Name = keyof V1ServiceSpec;

export const needsClusterIp = ({ type }: V1ServiceSpec): boolean => type !== "ExternalName";
export const needsNodePorts = ({
  type,
  allocateLoadBalancerNodePorts: allocates = true,
}: V1ServiceSpec): boolean => type === "NodePort" || (type === "LoadBalancer" && allocates);
const isLoadBalancer = ({ type }: V1ServiceSpec): boolean => type === "LoadBalancer";

/** The one address and the list of them say the same. */
export function withClusterIps(spec: V1ServiceSpec, old: V1ServiceSpec | undefined): V1ServiceSpec {
  const { clusterIP, clusterIPs = [] } = spec;
  if (old === undefined)
    return clusterIP && clusterIPs.length === 0 ? { ...spec, clusterIPs: [clusterIP] } : spec;
  if ((clusterIP ?? "") === (old.clusterIP ?? "") || !equal(clusterIPs, old.clusterIPs ?? []))
    return spec;
  if (clusterIP) return { ...spec, clusterIPs: [clusterIP] };
  const { clusterIPs: _gone, ...rest } = spec;
  return rest;
}

/** Values that the server gave out once. */
function kept(spec: V1ServiceSpec, old: V1ServiceSpec): V1ServiceSpec {
  let made = spec;
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    if (!made.clusterIP && old.clusterIP) made = { ...made, clusterIP: old.clusterIP };
    if (
      (made.clusterIPs ?? []).length === 0 &&
      old.clusterIPs !== undefined &&
      made.clusterIP === old.clusterIP
    )
      made = { ...made, clusterIPs: old.clusterIPs };
  }
  if (needsNodePorts(old) && needsNodePorts(spec)) {
    const given = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort));
    const used = new Set(
      (old.ports ?? []).flatMap(({ nodePort }) =>
        nodePort && given.has(nodePort) ? [nodePort] : [],
      ),
    );
    const named = new Map((old.ports ?? []).map(({ name = "", nodePort }) => [name, nodePort]));
    made = change(made, "ports", (ports) =>
      each(ports, (port) => {
        const before = named.get(port.name ?? "");
        if (port.nodePort || !before || used.has(before)) return port;
        used.add(before);
        return { ...port, nodePort: before };
      }),
    );
  }
  if (needsHealthCheck(old) && needsHealthCheck(spec) && !spec.healthCheckNodePort)
    return old.healthCheckNodePort === undefined
      ? made
      : { ...made, healthCheckNodePort: old.healthCheckNodePort };
  return made;
}

function without(spec: V1ServiceSpec, names: readonly Name[]): V1ServiceSpec {
  const gone = names.filter((name) => spec[name] !== undefined);
  if (gone.length === 0) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !gone.includes(name as Name)));
}
/** Whatever it says of their allocation. */
const mayHaveNodePorts = ({ type }: V1ServiceSpec): boolean =>
  type === "NodePort" || type === "LoadBalancer";
/** Every node port is one that it had. */
function hasOldNodePorts({ ports = [] }: V1ServiceSpec, old: V1ServiceSpec): boolean {
  const had = new Set((old.ports ?? []).map(({ nodePort }) => nodePort));
  return ports.every(({ nodePort }) => !nodePort || had.has(nodePort));
}
function withoutNodePort(port: V1ServicePort): V1ServicePort {
  if (port.nodePort === undefined) return port;
  const { nodePort: _gone, ...rest } = port;
  return rest;
}

/** Fields that meant something to the old type alone and that nobody changed. */
function dropped(spec: V1ServiceSpec, old: V1ServiceSpec): V1ServiceSpec {
  const isLeft = (needs: (one: V1ServiceSpec) => boolean): boolean => needs(old) && !needs(spec);
  const same = (...names: readonly Name[]): readonly Name[] =>
    names.filter((name) => equal(spec[name], old[name]));
  const gone: Name[] = [];
  if (isLeft(needsClusterIp)) {
    if (same("clusterIP", "clusterIPs").length === 2) gone.push("clusterIP", "clusterIPs");
    gone.push(...same("ipFamilies", "ipFamilyPolicy"));
  }
  if (isLeft(needsHealthCheck)) gone.push(...same("healthCheckNodePort"));
  if (isLeft(isLoadBalancer))
    gone.push(...same("allocateLoadBalancerNodePorts", "loadBalancerClass"));
  if (isLeft(isExternal)) gone.push(...same("externalTrafficPolicy"));
  const made = without(spec, gone);
  return isLeft(mayHaveNodePorts) && hasOldNodePorts(spec, old)
    ? change(made, "ports", (ports) => each(ports, withoutNodePort))
    : made;
}

export function carriedOver(next: V1Service, { spec: old = {} }: V1Service): V1Service {
  const { spec } = next;
  if (spec === undefined) return next;
  const made = dropped(kept(withClusterIps(spec, old), old), old);
  return made === spec ? next : { ...next, spec: made };
}
