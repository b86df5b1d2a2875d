/** Upstream: pod-security-admission/policy/check_privileged.go. */
import { type Check, containersText, failing } from "#apiserver/admission/pod-security/check.ts";

export const privileged: Check = {
  id: "privileged",
  level: "baseline",
  versions: [
    {
      from: 0,
      find(subject) {
        const bad = failing(subject, ({ securityContext }) => securityContext?.privileged === true);
        if (bad.length === 0) return undefined;
        return {
          reason: "privileged",
          detail: `${containersText(bad)} must not set securityContext.privileged=true`,
        };
      },
    },
  ],
};
