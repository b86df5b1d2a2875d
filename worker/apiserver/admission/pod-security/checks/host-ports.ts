/** Upstream: pod-security-admission/policy/check_hostPorts.go. */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  containersOf,
  containersText,
  distinct,
  failing,
  plural,
} from "#apiserver/admission/pod-security/check.ts";

const portsOf = ({ ports = [] }: V1Container): readonly string[] =>
  ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));

export const hostPorts: Check = {
  id: "hostPorts",
  level: "baseline",
  versions: [
    {
      from: 0,
      find(subject) {
        const bad = failing(subject, (container) => portsOf(container).length > 0);
        if (bad.length === 0) return undefined;
        const ports = distinct(containersOf(subject).flatMap(portsOf));
        const verb = plural("uses", "use", bad.length);
        const what = plural("hostPort", "hostPorts", ports.length);
        return {
          reason: "hostPort",
          detail: `${containersText(bad)} ${verb} ${what} ${ports.join(", ")}`,
        };
      },
    },
  ],
};
