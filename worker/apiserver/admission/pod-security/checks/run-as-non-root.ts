/** Upstream: pod-security-admission/policy/check_runAsNonRoot.go. */
import {
  type Check,
  containersText,
  failing,
  type Find,
  settersText,
  unlessUserNamespace,
} from "#apiserver/admission/pod-security/check.ts";

const reason = "runAsNonRoot != true";

const find: Find = (subject) => {
  const ofPod = subject.spec.securityContext?.runAsNonRoot;
  const explicit = failing(
    subject,
    ({ securityContext }) => securityContext?.runAsNonRoot === false,
  );
  if (ofPod === false || explicit.length > 0) {
    const who = settersText(ofPod === false, explicit);
    return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  }
  if (ofPod === true) return undefined;
  const implicit = failing(
    subject,
    ({ securityContext }) => securityContext?.runAsNonRoot === undefined,
  );
  if (implicit.length === 0) return undefined;
  const who = containersText(implicit);
  return { reason, detail: `pod or ${who} must set securityContext.runAsNonRoot=true` };
};

export const runAsNonRoot: Check = {
  id: "runAsNonRoot",
  level: "restricted",
  versions: [
    { from: 0, find },
    { from: 35, find: unlessUserNamespace(find) },
  ],
};
