/**
 * What nodes of this version can do that older ones cannot, and which Pods need it. In the alphabet's order.
 * Upstream: component-helpers/nodedeclaredfeatures/features/registry.go AllFeatures, those whose gates are on.
 */
import type { V1Container, V1PodSpec } from "./api/core-v1.ts";
import { equal } from "./equal.ts";

interface DeclaredFeature {
  readonly name: string;
  /** Does a Pod run only where it is there? Left out: none needs it. */
  isNeededBy?(spec: V1PodSpec): boolean;
  /** Does a change of a Pod that runs? Left out: none does. */
  isNeededFor?(next: V1PodSpec, old: V1PodSpec): boolean;
}

const restartAll = (containers: readonly V1Container[] | undefined): boolean =>
  containers?.some(({ restartPolicyRules }) =>
    restartPolicyRules?.some(({ action }) => action === "RestartAllContainers"),
  ) === true;

const features: readonly DeclaredFeature[] = [
  { name: "ExtendWebSocketsToKubelet" },
  {
    name: "InPlacePodLevelResourcesVerticalScaling",
    isNeededFor: (next, old) => !equal(next.resources, old.resources),
  },
  {
    name: "InPlacePodVerticalScalingInitContainers",
    isNeededFor: ({ initContainers: next = [] }, { initContainers: old = [] }) =>
      old.some(
        ({ restartPolicy, resources }, i) =>
          restartPolicy !== "Always" && !equal(resources, next[i]?.resources),
      ),
  },
  {
    name: "RestartAllContainersOnContainerExits",
    isNeededBy: ({ containers, initContainers }) =>
      restartAll(containers) || restartAll(initContainers),
  },
];

/** What a node of this version declares. */
export const declaredFeatures: readonly string[] = features.map(({ name }) => name);

const none: readonly string[] = [];
const namesOf = (isNeeded: (feature: DeclaredFeature) => boolean): readonly string[] =>
  features.some(isNeeded) ? features.filter(isNeeded).map(({ name }) => name) : none;

export const featuresFor = (spec: V1PodSpec): readonly string[] =>
  namesOf(({ isNeededBy }) => isNeededBy?.(spec) === true);

export const featuresForUpdate = (next: V1PodSpec, old: V1PodSpec): readonly string[] =>
  namesOf(({ isNeededFor }) => isNeededFor?.(next, old) === true);
