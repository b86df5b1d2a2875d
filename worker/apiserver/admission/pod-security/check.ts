/**
 * One check of the Pod Security Standards: a typed constant, with the versions in which it changed.
 * To add one: one file in `checks/` and one line in `checks/registry.ts`.
 * Upstream: pod-security-admission/policy/checks.go.
 */
import type { V1Container, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";

/** A Pod, or the template of one. */
export interface Subject {
  readonly metadata?: V1ObjectMeta | undefined;
  readonly spec: V1PodSpec;
}

/** Reads `reason (detail)`. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}
export type Find = (subject: Subject) => Violation | undefined;

export interface CheckVersion {
  /** Kubernetes' minor version from which on it is so. */
  readonly from: number;
  readonly find: Find;
  /** Baseline checks that this one makes needless. */
  readonly overrides?: readonly string[];
}
export interface Check {
  readonly id: string;
  /** Baseline checks count for restricted namespaces too. */
  readonly level: "baseline" | "restricted";
  /** In order. */
  readonly versions: readonly CheckVersion[];
}

export const containersOf = ({ spec }: Subject): readonly V1Container[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...((spec.ephemeralContainers ?? []) as readonly V1Container[]),
];
/** Names of the containers that fail a test, in order. */
export const failing = (
  subject: Subject,
  isBad: (container: V1Container) => boolean,
): readonly string[] =>
  containersOf(subject)
    .filter(isBad)
    .map(({ name }) => name);

export const quotedList = (items: readonly string[]): string =>
  items.map((item) => `"${item}"`).join(", ");
export const plural = (one: string, more: string, count: number): string =>
  count === 1 ? one : more;
/** `container "a"`, `containers "a", "b"`. */
export const containersText = (names: readonly string[]): string =>
  `${plural("container", "containers", names.length)} ${quotedList(names)}`;
/** `pod and container "a"`: who set something. */
export const settersText = (isPod: boolean, names: readonly string[]): string =>
  [...(isPod ? ["pod"] : []), ...(names.length > 0 ? [containersText(names)] : [])].join(" and ");
/** Each once, in order. */
export const distinct = (values: Iterable<string>): readonly string[] =>
  [...new Set(values)].sort();

export const isWindows = ({ spec }: Subject): boolean => spec.os?.name === "windows";
/** Windows Pods cannot set what the check asks for. */
export const unlessWindows =
  (find: Find): Find =>
  (subject) =>
    isWindows(subject) ? undefined : find(subject);
/** Root inside a user namespace is nobody outside of it. */
export const unlessUserNamespace =
  (find: Find): Find =>
  (subject) =>
    subject.spec.hostUsers === false ? undefined : find(subject);
