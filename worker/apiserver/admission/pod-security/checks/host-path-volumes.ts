/** Upstream: pod-security-admission/policy/check_hostPathVolumes.go. */
import { type Check, plural, quotedList } from "#apiserver/admission/pod-security/check.ts";

export const hostPathVolumes: Check = {
  id: "hostPathVolumes",
  level: "baseline",
  versions: [
    {
      from: 0,
      find({ spec }) {
        const bad = (spec.volumes ?? [])
          .filter(({ hostPath }) => hostPath !== undefined)
          .map(({ name }) => name);
        if (bad.length === 0) return undefined;
        const detail = `${plural("volume", "volumes", bad.length)} ${quotedList(bad)}`;
        return { reason: "hostPath volumes", detail };
      },
    },
  ],
};
