/** Upstream: pod-security-admission/policy/check_hostProbesAndhostLifecycle.go. */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  containersOf,
  distinct,
  failing,
  containersText,
  plural,
  quotedList,
} from "#apiserver/admission/pod-security/check.ts";

const hostsOf = ({
  livenessProbe,
  readinessProbe,
  startupProbe,
  lifecycle,
}: V1Container): readonly string[] =>
  [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(
    (action) =>
      [action?.httpGet?.host, action?.tcpSocket?.host].filter((host): host is string =>
        Boolean(host),
      ),
  );

export const hostProbesAndHostLifecycle: Check = {
  id: "hostProbesAndHostLifecycle",
  level: "baseline",
  versions: [
    {
      from: 34,
      find(subject) {
        const bad = distinct(failing(subject, (container) => hostsOf(container).length > 0));
        if (bad.length === 0) return undefined;
        const hosts = distinct(containersOf(subject).flatMap(hostsOf));
        const verb = plural("uses", "use", bad.length);
        const what = plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.length);
        return {
          reason: "probe or lifecycle host",
          detail: `${containersText(bad)} ${verb} ${what} ${quotedList(hosts)}`,
        };
      },
    },
  ],
};
