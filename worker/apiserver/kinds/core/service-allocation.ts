/**
 * Families, ClusterIPs and node ports: every Service gets its own.
 * Upstream: pkg/registry/core/service/portallocator, storage/alloc.go.
 */
import type { V1Service, V1ServicePort, V1ServiceSpec } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, invalid } from "#apimachinery/field.ts";
import { invalid as invalidObject } from "#apimachinery/status.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import { isIpv6 } from "#apiserver/kinds/rules/address.ts";
import { addressed } from "./service-addresses.ts";
import { needsClusterIp, needsNodePorts } from "./service-update.ts";
import { clusterIpErrors, needsHealthCheck } from "./service-validation.ts";

const firstPort = 30_000;
const ports = 2768;
const reservedPorts = 86;
const at = new FieldPath("spec");
const on = { group: "", kind: "Service" };

/** The Service with what it asks for and does not have yet; throws 422 when its wish cannot be met. */
export function allocated(
  service: V1Service,
  previous: V1Service | undefined,
  context: KindContext,
): V1Service {
  const spec = service.spec ?? {};
  const others = context
    .list<V1Service>("v1/Service")
    .filter(
      ({ metadata }) =>
        metadata.name !== service.metadata.name ||
        metadata.namespace !== service.metadata.namespace,
    );
  if (!needsClusterIp(spec)) return service;
  const familied = withFamilies(service, previous?.spec);
  const { spec: made = {} } = familied;
  // One that has an address keeps it: validation refuses another.
  const begins = previous === undefined || previous.spec?.type === "ExternalName";
  const withIp = begins && made.clusterIP !== "None" ? addressed(familied, context) : familied;
  const isPorted =
    needsNodePorts(made) || (made.ports ?? []).some(({ nodePort }) => nodePort !== undefined);
  const withPorts =
    isPorted && made.type !== "ClusterIP" ? withNodePorts(withIp, others, context) : withIp;
  return needsHealthCheck(made) ? withHealthCheck(withPorts, others, context) : withPorts;
}

/** This cluster's addresses are of one family. Upstream: storage/alloc.go initIPFamilyFields. */
function withFamilies(service: V1Service, old: V1ServiceSpec | undefined): V1Service {
  const { spec = {}, metadata } = service;
  const problems = [...clusterIpErrors(spec, old)];
  const refuse = (): never => {
    throw invalidObject(on, metadata.name ?? "", problems);
  };
  if (problems.length > 0) refuse();
  const { clusterIPs = [], selector } = spec;
  const isOfNobody = clusterIPs[0] === "None" && Object.keys(selector ?? {}).length === 0;
  const ipFamilyPolicy =
    spec.ipFamilyPolicy ?? old?.ipFamilyPolicy ?? (isOfNobody ? "RequireDualStack" : "SingleStack");
  const families = keptFamilies(spec, old, ipFamilyPolicy);
  const wrongPolicy = (why: string): unknown =>
    problems.push(invalid(at.child("ipFamilyPolicy"), ipFamilyPolicy, why));
  if (ipFamilyPolicy === "SingleStack") {
    const many = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
    if (clusterIPs.length === 2) wrongPolicy(`${many} cluster IPs are specified`);
    if (families.length === 2) wrongPolicy(`${many} IP families are specified`);
  } else if (families.length > 0 && families.length < (old?.ipFamilies ?? []).length)
    wrongPolicy("must be 'SingleStack' to release the secondary IP family");
  if (problems.length > 0) refuse();
  const first = families.length === 0 ? ["IPv4"] : families;
  if (isOfNobody) {
    const other = first[0] === "IPv4" ? "IPv6" : "IPv4";
    const ipFamilies =
      first.length < 2 && ipFamilyPolicy !== "SingleStack" ? [...first, other] : first;
    return filled(service, { ipFamilyPolicy, ipFamilies });
  }
  for (const [i, ip] of clusterIPs.entries())
    if (isIpv6(ip) && families[i] === undefined)
      problems.push(
        invalid(
          at.child("clusterIPs").index(i),
          clusterIPs,
          "IPv6 is not configured on this cluster",
        ),
      );
  if (ipFamilyPolicy === "RequireDualStack")
    problems.push(
      invalid(
        at.child("ipFamilyPolicy"),
        ipFamilyPolicy,
        "this cluster is not configured for dual-stack services",
      ),
    );
  for (const [i, family] of families.entries())
    if (family !== "IPv4")
      problems.push(
        invalid(at.child("ipFamilies").index(i), family, "not configured on this cluster"),
      );
  if (problems.length > 0) refuse();
  return filled(service, { ipFamilyPolicy, ipFamilies: first });
}
/** Of families that are left as they were, a single stack keeps the first. */
function keptFamilies(
  { ipFamilies = [] }: V1ServiceSpec,
  old: V1ServiceSpec | undefined,
  policy: string,
): readonly string[] {
  const isLeft = policy === "SingleStack" && equal(ipFamilies, old?.ipFamilies);
  return isLeft ? ipFamilies.slice(0, 1) : ipFamilies;
}
const filled = (service: V1Service, spec: Partial<V1ServiceSpec>): V1Service =>
  change(service, "spec", (old) => (equal({ ...old, ...spec }, old) ? old : { ...old, ...spec }));

/** A node port like the others. */
function withHealthCheck(
  service: V1Service,
  others: readonly V1Service[],
  context: KindContext,
): V1Service {
  const asked = service.spec?.healthCheckNodePort ?? 0;
  const taken = new Set(
    [...others, service].flatMap(({ spec }) => [
      ...(spec?.ports ?? []).map(({ nodePort }) => nodePort ?? 0),
      ...(spec === service.spec ? [] : [spec?.healthCheckNodePort ?? 0]),
    ]),
  );
  if (asked !== 0) {
    const refuse = (why: string): never => {
      throw invalidObject(on, service.metadata.name ?? "", [
        invalid(at.child("healthCheckNodePort"), asked, why),
      ]);
    };
    if (asked < firstPort || asked >= firstPort + ports)
      refuse("provided port is not in the valid range. The range of valid ports is 30000-32767");
    if (taken.has(asked)) refuse("provided port is already allocated");
    return service;
  }
  const start = Math.floor(context.random("health-port") * (ports - reservedPorts));
  for (let n = start, tries = 0; tries < ports; n += 1, tries += 1) {
    const healthCheckNodePort = firstPort + reservedPorts + (n % (ports - reservedPorts));
    if (!taken.has(healthCheckNodePort)) return filled(service, { healthCheckNodePort });
  }
  return service;
}

function withNodePorts(
  service: V1Service,
  others: readonly V1Service[],
  context: KindContext,
): V1Service {
  const list = service.spec?.ports ?? [];
  const id = ({ protocol = "TCP" }: V1ServicePort, port: number): string => `${protocol} ${port}`;
  const taken = new Set(
    others.flatMap(({ spec }) => (spec?.ports ?? []).map((port) => id(port, port.nodePort ?? 0))),
  );
  const made = list.map((port, i) => {
    if (port.nodePort) {
      const here = at.child("ports").index(i).child("nodePort");
      const name = service.metadata.name ?? "";
      if (port.nodePort < firstPort || port.nodePort >= firstPort + ports) {
        throw invalidObject(on, name, [
          invalid(
            here,
            port.nodePort,
            "provided port is not in the valid range. The range of valid ports is 30000-32767",
          ),
        ]);
      }
      if (taken.has(id(port, port.nodePort)))
        throw invalidObject(on, name, [
          invalid(here, port.nodePort, "provided port is already allocated"),
        ]);
      taken.add(id(port, port.nodePort));
      return port;
    }
    if (!needsNodePorts(service.spec ?? {})) return port;
    for (
      let n = Math.floor(context.random(`node-port-${i}`) * (ports - reservedPorts)), tries = 0;
      tries < ports;
      n += 1, tries += 1
    ) {
      const nodePort = firstPort + reservedPorts + (n % (ports - reservedPorts));
      if (taken.has(id(port, nodePort))) continue;
      taken.add(id(port, nodePort));
      return { ...port, nodePort };
    }
    return port;
  });
  return list.every((port, i) => port === made[i])
    ? service
    : { ...service, spec: { ...service.spec, ports: made } };
}
