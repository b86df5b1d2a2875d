/** Upstream: pod-security-admission/policy/check_procMount_baseline.go, check_procMount_restricted.go. */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  containersOf,
  containersText,
  distinct,
  failing,
  type Find,
  quotedList,
  unlessUserNamespace,
} from "#apiserver/admission/pod-security/check.ts";

const mountOf = ({ securityContext }: V1Container): readonly string[] => {
  const mount = securityContext?.procMount;
  return mount === undefined || mount === "Default" ? [] : [mount];
};

const find: Find = (subject) => {
  const bad = failing(subject, (container) => mountOf(container).length > 0);
  if (bad.length === 0) return undefined;
  const mounts = quotedList(distinct(containersOf(subject).flatMap(mountOf)));
  return {
    reason: "procMount",
    detail: `${containersText(bad)} must not set securityContext.procMount to ${mounts}`,
  };
};

export const procMountBaseline: Check = {
  id: "procMount",
  level: "baseline",
  versions: [
    { from: 0, find },
    { from: 35, find: unlessUserNamespace(find) },
  ],
};
export const procMountRestricted: Check = {
  id: "procMount_restricted",
  level: "restricted",
  versions: [{ from: 35, find, overrides: ["procMount"] }],
};
