/** What the rules of a Pod spec's parts need to know of the whole. */
import type { V1PodSpec, V1Volume } from "#apimachinery/api/core-v1.ts";

export interface Whole {
  readonly spec: V1PodSpec;
  /** A Pod, not a template in a workload: some rules came too late for templates. */
  readonly isPod: boolean;
  /** "" when the Pod has none yet. */
  readonly podName: string;
  /** The valid ones. */
  readonly volumes: ReadonlyMap<string, V1Volume>;
  /** Names in spec.resourceClaims. */
  readonly claims: ReadonlySet<string>;
  readonly hostUsers: boolean;
}

/** Default true: users of the container are users of the machine. */
export const sharesUsers = ({ hostUsers }: V1PodSpec): boolean => hostUsers !== false;
