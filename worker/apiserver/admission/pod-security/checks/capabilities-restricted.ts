/** Upstream: pod-security-admission/policy/check_capabilities_restricted.go. */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  containersOf,
  containersText,
  distinct,
  failing,
  type Find,
  quotedList,
  unlessWindows,
} from "#apiserver/admission/pod-security/check.ts";

const added = ({ securityContext }: V1Container): readonly string[] =>
  (securityContext?.capabilities?.add ?? []).filter((one) => one !== "NET_BIND_SERVICE");

const find: Find = (subject) => {
  const keeping = failing(
    subject,
    ({ securityContext }) => securityContext?.capabilities?.drop?.includes("ALL") !== true,
  );
  const adding = failing(subject, (container) => added(container).length > 0);
  const all = quotedList(distinct(containersOf(subject).flatMap(added)));
  const details = [
    ...(keeping.length === 0
      ? []
      : [`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0
      ? []
      : [`${containersText(adding)} must not include ${all} in securityContext.capabilities.add`]),
  ];
  if (details.length === 0) return undefined;
  return { reason: "unrestricted capabilities", detail: details.join("; ") };
};
const overrides = ["capabilities_baseline"];

export const capabilitiesRestricted: Check = {
  id: "capabilities_restricted",
  level: "restricted",
  versions: [
    { from: 22, find, overrides },
    { from: 25, find: unlessWindows(find), overrides },
  ],
};
