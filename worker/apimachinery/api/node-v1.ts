/** Generated from types.json by generate.ts; do not edit. */
import type { V1Toleration } from "./core-v1.ts";
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1Overhead {
  readonly podFixed?: Readonly<Record<string, string>> | undefined;
}

export interface V1RuntimeClass {
  readonly apiVersion: string;
  readonly handler: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly overhead?: V1Overhead | undefined;
  readonly scheduling?: V1Scheduling | undefined;
}

export interface V1Scheduling {
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: readonly V1Toleration[] | undefined;
}
