/** Upstream: pod-security-admission/policy/check_runAsUser.go. */
import {
  type Check,
  failing,
  type Find,
  settersText,
  unlessUserNamespace,
} from "#apiserver/admission/pod-security/check.ts";

const find: Find = (subject) => {
  const isPod = subject.spec.securityContext?.runAsUser === 0;
  const bad = failing(subject, ({ securityContext }) => securityContext?.runAsUser === 0);
  if (!isPod && bad.length === 0) return undefined;
  return { reason: "runAsUser=0", detail: `${settersText(isPod, bad)} must not set runAsUser=0` };
};

export const runAsUser: Check = {
  id: "runAsUser",
  level: "restricted",
  versions: [
    { from: 23, find },
    { from: 35, find: unlessUserNamespace(find) },
  ],
};
