/** Upstream: pod-security-admission/policy/check_allowPrivilegeEscalation.go. */
import {
  type Check,
  containersText,
  failing,
  type Find,
  unlessWindows,
} from "#apiserver/admission/pod-security/check.ts";

const find: Find = (subject) => {
  const bad = failing(
    subject,
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
  );
  if (bad.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${containersText(bad)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

export const allowPrivilegeEscalation: Check = {
  id: "allowPrivilegeEscalation",
  level: "restricted",
  versions: [
    { from: 8, find },
    { from: 25, find: unlessWindows(find) },
  ],
};
