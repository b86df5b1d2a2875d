/** What there is to do for a DaemonSet: a Pod for each of these nodes, and these Pods no more. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";

export interface Work {
  /** Names of nodes. */
  readonly create: readonly string[];
  readonly remove: readonly V1Pod[];
}

export const isNothing = ({ create, remove }: Work): boolean =>
  create.length === 0 && remove.length === 0;
