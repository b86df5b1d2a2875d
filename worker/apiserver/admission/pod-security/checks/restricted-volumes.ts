/** Upstream: pod-security-admission/policy/check_restrictedVolumes.go. */
import type { V1Volume } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  distinct,
  plural,
  quotedList,
} from "#apiserver/admission/pod-security/check.ts";

const allowed = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;
const isAllowed = (volume: V1Volume): boolean => allowed.some((type) => volume[type] !== undefined);
const typeOf = (volume: V1Volume): string =>
  Object.entries(volume).find(([key, value]) => key !== "name" && value !== undefined)?.[0] ??
  "unknown";

export const restrictedVolumes: Check = {
  id: "restrictedVolumes",
  level: "restricted",
  versions: [
    {
      from: 0,
      overrides: ["hostPathVolumes"],
      find({ spec }) {
        const bad = (spec.volumes ?? []).filter((volume) => !isAllowed(volume));
        if (bad.length === 0) return undefined;
        const types = distinct(bad.map(typeOf));
        const names = quotedList(bad.map(({ name }) => name));
        const verb = plural("uses", "use", bad.length);
        const what = plural("restricted volume type", "restricted volume types", types.length);
        return {
          reason: "restricted volume types",
          detail: `${plural("volume", "volumes", bad.length)} ${names} ${verb} ${what} ${quotedList(types)}`,
        };
      },
    },
  ],
};
