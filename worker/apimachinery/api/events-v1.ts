/** Generated from types.json by generate.ts; do not edit. */
import type { V1EventSource, V1ObjectReference } from "./core-v1.ts";
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1Event {
  readonly action?: string | undefined;
  readonly apiVersion: string;
  readonly deprecatedCount?: number | undefined;
  readonly deprecatedFirstTimestamp?: string | undefined;
  readonly deprecatedLastTimestamp?: string | undefined;
  readonly deprecatedSource?: V1EventSource | undefined;
  readonly eventTime: string | null;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly note?: string | undefined;
  readonly reason?: string | undefined;
  readonly regarding?: V1ObjectReference | undefined;
  readonly related?: V1ObjectReference | undefined;
  readonly reportingController?: string | undefined;
  readonly reportingInstance?: string | undefined;
  readonly series?: V1EventSeries | undefined;
  readonly type?: string | undefined;
}

export interface V1EventSeries {
  readonly count: number;
  readonly lastObservedTime: string;
}
