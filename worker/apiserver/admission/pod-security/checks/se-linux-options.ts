/** Upstream: pod-security-admission/policy/check_seLinuxOptions.go. */
import type { V1SELinuxOptions } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  containersOf,
  distinct,
  failing,
  type Find,
  plural,
  quotedList,
  settersText,
} from "#apiserver/admission/pod-security/check.ts";

const types = ["", "container_t", "container_init_t", "container_kvm_t"];

const finder =
  (allowed: ReadonlySet<string>): Find =>
  (subject) => {
    const isBad = (options: V1SELinuxOptions | undefined): boolean =>
      options !== undefined &&
      (!allowed.has(options.type ?? "") || Boolean(options.user) || Boolean(options.role));
    const ofPod = subject.spec.securityContext?.seLinuxOptions;
    const bad = failing(subject, ({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    if (!isBad(ofPod) && bad.length === 0) return undefined;
    const all = [
      ofPod,
      ...containersOf(subject).map(({ securityContext }) => securityContext?.seLinuxOptions),
    ];
    const wrong = distinct(
      all.map((options) => options?.type ?? "").filter((type) => !allowed.has(type)),
    );
    const said = [
      ...(wrong.length === 0
        ? []
        : [`${plural("type", "types", wrong.length)} ${quotedList(wrong)}`]),
      ...(all.some((options) => options?.user) ? ["user may not be set"] : []),
      ...(all.some((options) => options?.role) ? ["role may not be set"] : []),
    ];
    const who = settersText(isBad(ofPod), bad);
    return {
      reason: "seLinuxOptions",
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${said.join("; ")}`,
    };
  };

export const seLinuxOptions: Check = {
  id: "seLinuxOptions",
  level: "baseline",
  versions: [
    { from: 0, find: finder(new Set(types)) },
    { from: 31, find: finder(new Set([...types, "container_engine_t"])) },
  ],
};
