/** Annotations that mean something to Pods. Upstream: pkg/apis/core/validation ValidatePodSpecificAnnotations. */
import type { V1PodSpec } from "#apimachinery/api/core-v1.ts";
import { type FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import { descending } from "#apiserver/kinds/rules/path.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { annotatedTolerations } from "./annotation-lists.ts";

type Annotations = Readonly<Record<string, string>>;

export const mirror = "kubernetes.io/config.mirror";
const deletionCost = "controller.kubernetes.io/pod-deletion-cost";
export const seccompOfPod = "seccomp.security.alpha.kubernetes.io/pod";
export const seccompOfContainer = "container.seccomp.security.alpha.kubernetes.io/";
export const appArmor = "container.apparmor.security.beta.kubernetes.io/";

const isInt32 = (text: string): boolean =>
  /^(0|[1-9-]\d*)$/.test(text) && Math.abs(Number(text)) <= 2_147_483_647;

function seccomp(errors: Errors, at: FieldPath, profile: string): void {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return;
  if (profile.startsWith("localhost/")) descending(errors, at, profile.slice("localhost/".length));
  else errors.push(invalid(at, profile, "must be a valid seccomp profile"));
}

export function podAnnotations(
  errors: Errors,
  at: FieldPath,
  annotations: Annotations,
  spec: V1PodSpec,
): void {
  const mirrored = annotations[mirror];
  if (mirrored !== undefined && !spec.nodeName)
    errors.push(
      invalid(at.key(mirror), mirrored, "must set spec.nodeName if mirror pod annotation is set"),
    );
  annotatedTolerations(errors, at, annotations);
  const cost = annotations[deletionCost];
  if (cost !== undefined && !isInt32(cost))
    errors.push(invalid(at.key(deletionCost), cost, "must be a 32bit integer"));
  const ofPod = annotations[seccompOfPod];
  if (ofPod !== undefined) seccomp(errors, at.child(seccompOfPod), ofPod);
  for (const [key, value] of Object.entries(annotations))
    if (key.startsWith(seccompOfContainer)) seccomp(errors, at.child(key), value);
  for (const [key, value] of Object.entries(annotations)) {
    if (key.startsWith(appArmor)) {
      const name = key.slice(appArmor.length);
      const all = [
        ...(spec.containers ?? []),
        ...(spec.initContainers ?? []),
        ...(spec.ephemeralContainers ?? []),
      ];
      if (!all.some((one) => one.name === name))
        errors.push(invalid(at.key(key), name, "container not found"));
      if (value !== "" && !/^(runtime\/default$|unconfined$|localhost\/)/.test(value))
        errors.push(
          invalid(at.key(key), value, `invalid AppArmor profile name: ${JSON.stringify(value)}`),
        );
    }
  }
}

/** A mirror stays one, and AppArmor is decided once. */
export function podAnnotationsUpdate(
  errors: Errors,
  at: FieldPath,
  next: Annotations = {},
  previous: Annotations = {},
): void {
  for (const key of new Set([...Object.keys(previous), ...Object.keys(next)])) {
    if (next[key] === previous[key]) continue;
    const isNew = previous[key] === undefined;
    if (key.startsWith(appArmor))
      errors.push(
        forbidden(
          at.key(key),
          isNew
            ? "may not add AppArmor annotations"
            : "may not remove or update AppArmor annotations",
        ),
      );
    if (key === mirror)
      errors.push(
        forbidden(
          at.key(key),
          isNew
            ? "may not add mirror pod annotation"
            : "may not remove or update mirror pod annotation",
        ),
      );
  }
}
