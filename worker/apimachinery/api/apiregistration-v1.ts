/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1APIService {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1APIServiceSpec | undefined;
  readonly status?: V1APIServiceStatus | undefined;
}

export interface V1APIServiceCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1APIServiceSpec {
  readonly caBundle?: string | undefined;
  readonly group?: string | undefined;
  readonly groupPriorityMinimum: number;
  readonly insecureSkipTLSVerify?: boolean | undefined;
  readonly service?: V1ServiceReference | undefined;
  readonly version?: string | undefined;
  readonly versionPriority: number;
}

export interface V1APIServiceStatus {
  readonly conditions?: readonly V1APIServiceCondition[] | undefined;
}

export interface V1ServiceReference {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly port?: number | undefined;
}
