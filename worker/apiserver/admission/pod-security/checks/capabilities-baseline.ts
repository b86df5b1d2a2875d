/** Upstream: pod-security-admission/policy/check_capabilities_baseline.go. */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  containersOf,
  containersText,
  distinct,
  failing,
  quotedList,
} from "#apiserver/admission/pod-security/check.ts";

const allowed = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);
const added = ({ securityContext }: V1Container): readonly string[] =>
  (securityContext?.capabilities?.add ?? []).filter((one) => !allowed.has(one));

export const capabilitiesBaseline: Check = {
  id: "capabilities_baseline",
  level: "baseline",
  versions: [
    {
      from: 0,
      find(subject) {
        const bad = failing(subject, (container) => added(container).length > 0);
        if (bad.length === 0) return undefined;
        const all = quotedList(distinct(containersOf(subject).flatMap(added)));
        return {
          reason: "non-default capabilities",
          detail: `${containersText(bad)} must not include ${all} in securityContext.capabilities.add`,
        };
      },
    },
  ],
};
