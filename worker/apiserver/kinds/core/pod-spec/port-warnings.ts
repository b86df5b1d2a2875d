/** `Warning:` texts about ports that containers of a Pod share. Upstream: pkg/api/pod/warnings.go warningsForPodSpecAndMeta. */
import type { V1ContainerPort, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import type { FieldPath } from "#apimachinery/field.ts";
import { eachContainer } from "./each-container.ts";

interface Port {
  readonly at: FieldPath;
  readonly port: V1ContainerPort;
}
function relation(one: V1ContainerPort, other: V1ContainerPort): string | undefined {
  const [ip, otherIp] = [one.hostIP ?? "", other.hostIP ?? ""];
  const [host, otherHost] = [one.hostPort ?? 0, other.hostPort ?? 0];
  if (ip === otherIp && host === otherHost) return "duplicate port definition with";
  if (host === 0 || otherHost === 0) return "overlapping port definition with";
  return host === otherHost && (ip === "") !== (otherIp === "")
    ? "dangerously ambiguous port definition with"
    : undefined;
}
function ports(at: FieldPath, spec: V1PodSpec): readonly string[] {
  const found: string[] = [];
  const seen = new Map<string, Port[]>();
  eachContainer(spec, at, (one, here) => {
    for (const [i, port] of (one.ports ?? []).entries()) {
      const own = here.child("ports").index(i);
      if (port.hostIP && !port.hostPort)
        found.push(`${own}: hostIP set without hostPort: ${goPort(port)}`);
      const key = `${port.containerPort}/${port.protocol ?? ""}`;
      const others = seen.get(key) ?? [];
      for (const other of others) {
        const text = relation(port, other.port);
        if (text !== undefined) found.push(`${own}: ${text} ${other.at}`);
      }
      seen.set(key, [...others, { at: own, port }]);
    }
  });
  return found;
}
/** Services and probes that name a port mean the first of the name. */
function portNames(at: FieldPath, spec: V1PodSpec): readonly string[] {
  const found: string[] = [];
  const seen = new Map<string, FieldPath>();
  eachContainer(spec, at, (one, here) => {
    for (const [i, { name }] of (one.ports ?? []).entries()) {
      if (!name) continue;
      const own = here.child("ports").index(i);
      const other = seen.get(name);
      if (other === undefined) seen.set(name, own);
      else
        found.push(
          `${own}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`,
        );
    }
  });
  return found;
}
/** As Go's `%+v` prints it. */
const goPort = ({
  name = "",
  hostPort = 0,
  containerPort,
  protocol = "",
  hostIP = "",
}: V1ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;

export const portWarnings = (at: FieldPath, spec: V1PodSpec): readonly string[] => [
  ...ports(at, spec),
  ...portNames(at, spec),
];
