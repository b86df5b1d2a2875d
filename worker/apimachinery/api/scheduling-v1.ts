/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1PriorityClass {
  readonly apiVersion: string;
  readonly description?: string | undefined;
  readonly globalDefault?: boolean | undefined;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly preemptionPolicy?: string | undefined;
  readonly value?: number | undefined;
}
