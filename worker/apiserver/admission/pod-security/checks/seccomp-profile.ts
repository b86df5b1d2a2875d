/** Upstream: pod-security-admission/policy/check_seccompProfile_baseline.go, check_seccompProfile_restricted.go. */
import type { V1SeccompProfile } from "#apimachinery/api/core-v1.ts";
import {
  type Check,
  containersOf,
  containersText,
  distinct,
  failing,
  type Find,
  plural,
  quotedList,
  settersText,
  type Subject,
  unlessWindows,
  type Violation,
} from "#apiserver/admission/pod-security/check.ts";

const reason = "seccompProfile";
const podAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const containerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

interface Profiled {
  readonly seccompProfile?: V1SeccompProfile | undefined;
}
const badType = (context: Profiled | undefined): readonly string[] => {
  const type = context?.seccompProfile?.type;
  return type === undefined || type === "RuntimeDefault" || type === "Localhost" ? [] : [type];
};
const isAllowedAnnotation = (value: string): boolean =>
  value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");

const inAnnotations: Find = (subject) => {
  const annotations = subject.metadata?.annotations ?? {};
  const keys = [
    podAnnotation,
    ...containersOf(subject).map(({ name }) => containerAnnotation + name),
  ];
  const bad = distinct(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || isAllowedAnnotation(value)
        ? []
        : [`${key}=${JSON.stringify(value)}`];
    }),
  );
  if (bad.length === 0) return undefined;
  const what = plural("annotation", "annotations", bad.length);
  return { reason, detail: `forbidden ${what} ${bad.join(", ")}` };
};

/** Types that were set, and are wrong. */
function explicit(subject: Subject): Violation | undefined {
  const ofPod = badType(subject.spec.securityContext);
  const bad = failing(subject, ({ securityContext }) => badType(securityContext).length > 0);
  if (ofPod.length === 0 && bad.length === 0) return undefined;
  const types = distinct([
    ...ofPod,
    ...containersOf(subject).flatMap(({ securityContext }) => badType(securityContext)),
  ]);
  const who = settersText(ofPod.length > 0, bad);
  return {
    reason,
    detail: `${who} must not set securityContext.seccompProfile.type to ${quotedList(types)}`,
  };
}

const required: Find = (subject) => {
  const wrong = explicit(subject);
  if (wrong !== undefined || subject.spec.securityContext?.seccompProfile !== undefined)
    return wrong;
  const missing = failing(
    subject,
    ({ securityContext }) => securityContext?.seccompProfile === undefined,
  );
  if (missing.length === 0) return undefined;
  const who = containersText(missing);
  return {
    reason,
    detail: `pod or ${who} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

export const seccompProfileBaseline: Check = {
  id: "seccompProfile_baseline",
  level: "baseline",
  versions: [
    { from: 0, find: inAnnotations },
    { from: 19, find: explicit },
  ],
};
const overrides = ["seccompProfile_baseline"];
export const seccompProfileRestricted: Check = {
  id: "seccompProfile_restricted",
  level: "restricted",
  versions: [
    { from: 19, find: required, overrides },
    { from: 25, find: unlessWindows(required), overrides },
  ],
};
