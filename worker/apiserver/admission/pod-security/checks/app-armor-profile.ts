/** Upstream: pod-security-admission/policy/check_appArmorProfile.go. */
import {
  type Check,
  containersOf,
  distinct,
  failing,
  plural,
  quotedList,
  settersText,
} from "#apiserver/admission/pod-security/check.ts";

const annotation = "container.apparmor.security.beta.kubernetes.io/";

interface Confined {
  readonly appArmorProfile?: { readonly type: string } | undefined;
}
const badType = (context: Confined | undefined): string | undefined => {
  const type = context?.appArmorProfile?.type;
  return type === "RuntimeDefault" || type === "Localhost" ? undefined : type;
};
const isAllowedAnnotation = (value: string): boolean =>
  value === "" || value === "runtime/default" || value.startsWith("localhost/");

export const appArmorProfile: Check = {
  id: "appArmorProfile",
  level: "baseline",
  versions: [
    {
      from: 0,
      find(subject) {
        const ofPod = badType(subject.spec.securityContext);
        const bad = failing(
          subject,
          ({ securityContext }) => badType(securityContext) !== undefined,
        );
        const types = [
          ofPod,
          ...containersOf(subject).map(({ securityContext }) => badType(securityContext)),
        ].filter((type): type is string => type !== undefined);
        const annotations = Object.entries(subject.metadata?.annotations ?? {})
          .filter(([key, value]) => key.startsWith(annotation) && !isAllowedAnnotation(value))
          .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
          .sort();
        const values = [...distinct(types), ...annotations];
        if (values.length === 0) return undefined;
        const who = [
          settersText(ofPod !== undefined, bad),
          annotations.length === 0 ? "" : plural("annotation", "annotations", annotations.length),
        ].filter((part) => part !== "");
        return {
          reason: plural(
            "forbidden AppArmor profile",
            "forbidden AppArmor profiles",
            values.length,
          ),
          detail: `${who.join(" and ")} must not set AppArmor profile type to ${quotedList(values)}`,
        };
      },
    },
  ],
};
