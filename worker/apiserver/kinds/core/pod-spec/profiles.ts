/**
 * seccomp and AppArmor, said by annotations of old and by fields: both must mean the same.
 * Upstream: pkg/apis/core/validation validateSeccompAnnotationsAndFields, validateAppArmorAnnotationsAndFieldsMatchOnCreate,
 * pkg/registry/core/pod/strategy.go applyAppArmorVersionSkew.
 */
import type {
  V1AppArmorProfile,
  V1Pod,
  V1PodSpec,
  V1SeccompProfile,
} from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldPath, forbidden } from "#apimachinery/field.ts";
import { at as change, each } from "#apiserver/kinds/fill.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { appArmor, seccompOfContainer, seccompOfPod } from "./annotations.ts";
import { eachContainer } from "./each-container.ts";

type Annotations = Readonly<Record<string, string>>;
type Profile = V1SeccompProfile | V1AppArmorProfile;

const local = "localhost/";
const texts: Readonly<Record<string, readonly string[]>> = {
  Unconfined: ["unconfined"],
  RuntimeDefault: ["runtime/default"],
};
/** An old name of the default, of seccomp alone. */
const dockers = "docker/default";

/** `sort`: as the messages call it. */
function matches(
  errors: Errors,
  at: FieldPath,
  { type, localhostProfile }: Profile,
  text: string,
  sort: "apparmor" | "seccomp",
): void {
  const known = texts[type];
  const isDockers = sort === "seccomp" && type === "RuntimeDefault" && text === dockers;
  const otherType =
    known === undefined
      ? type === "Localhost" && !text.startsWith(local)
      : !known.includes(text) && !isDockers;
  if (otherType)
    errors.push(forbidden(at.child("type"), `${sort} type in annotation and field must match`));
  else if (type === "Localhost" && text.slice(local.length) !== localhostProfile)
    errors.push(
      forbidden(at.child("localhostProfile"), `${sort} profile in annotation and field must match`),
    );
}

/** Of a new Pod, and of a template. */
export function profilesMatch(
  errors: Errors,
  at: FieldPath,
  spec: V1PodSpec,
  annotations: Annotations,
): void {
  const own = spec.securityContext?.seccompProfile;
  const ofPod = annotations[seccompOfPod];
  if (own !== undefined && ofPod !== undefined)
    matches(errors, at.child("securityContext", "seccompProfile"), own, ofPod, "seccomp");
  eachContainer(spec, at, ({ name, securityContext }, here) => {
    const profile = securityContext?.seccompProfile;
    const text = annotations[seccompOfContainer + name];
    if (profile !== undefined && text !== undefined)
      matches(errors, here.child("securityContext", "seccompProfile"), profile, text, "seccomp");
  });
  if (spec.os?.name === "windows") return;
  eachContainer(spec, at, ({ name, securityContext }, here) => {
    const profile = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    const text = annotations[appArmor + name];
    if (profile !== undefined && text !== undefined)
      matches(errors, here.child("securityContext", "appArmorProfile"), profile, text, "apparmor");
  });
}

/** What an annotation says; undefined when it says nothing that is understood. */
export function appArmorOf(text: string): V1AppArmorProfile | undefined {
  if (text === "unconfined") return { type: "Unconfined" };
  if (text === "runtime/default") return { type: "RuntimeDefault" };
  const localhostProfile = text.startsWith(local) ? text.slice(local.length) : "";
  return localhostProfile === "" ? undefined : { type: "Localhost", localhostProfile };
}

const lists = ["containers", "initContainers", "ephemeralContainers"] as const;

/** A new Pod with fields in the place of its AppArmor annotations. */
export function withAppArmor(pod: V1Pod): V1Pod {
  const { annotations } = pod.metadata;
  if (annotations === undefined || pod.spec?.os?.name === "windows") return pod;
  if (!Object.keys(annotations).some((key) => key.startsWith(appArmor))) return pod;
  const ofPod = pod.spec?.securityContext?.appArmorProfile;
  return change(pod, "spec", (spec) => {
    let made = spec;
    for (const list of lists)
      made = change(made, list, (all) =>
        each(all, (one) => {
          const text = annotations[appArmor + one.name];
          if (text === undefined || one.securityContext?.appArmorProfile !== undefined) return one;
          const appArmorProfile = appArmorOf(text);
          if (appArmorProfile === undefined || equal(appArmorProfile, ofPod)) return one;
          return { ...one, securityContext: { ...one.securityContext, appArmorProfile } };
        }),
      ) as V1PodSpec;
    return made;
  });
}
