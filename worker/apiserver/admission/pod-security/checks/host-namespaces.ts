/** Upstream: pod-security-admission/policy/check_hostNamespaces.go. */
import type { Check } from "#apiserver/admission/pod-security/check.ts";

const fields = ["hostNetwork", "hostPID", "hostIPC"] as const;

export const hostNamespaces: Check = {
  id: "hostNamespaces",
  level: "baseline",
  versions: [
    {
      from: 0,
      find({ spec }) {
        const shared = fields.filter((field) => spec[field] === true);
        if (shared.length === 0) return undefined;
        const detail = shared.map((field) => `${field}=true`).join(", ");
        return { reason: "host namespaces", detail };
      },
    },
  ],
};
