/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectReference } from "./core-v1.ts";
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: V1EndpointConditions | undefined;
  readonly deprecatedTopology?: Readonly<Record<string, string>> | undefined;
  readonly hints?: V1EndpointHints | undefined;
  readonly hostname?: string | undefined;
  readonly nodeName?: string | undefined;
  readonly targetRef?: V1ObjectReference | undefined;
  readonly zone?: string | undefined;
}

export interface V1EndpointConditions {
  readonly ready?: boolean | undefined;
  readonly serving?: boolean | undefined;
  readonly terminating?: boolean | undefined;
}

export interface V1EndpointHints {
  readonly forNodes?: readonly V1ForNode[] | undefined;
  readonly forZones?: readonly V1ForZone[] | undefined;
}

export interface V1EndpointPort {
  readonly appProtocol?: string | undefined;
  readonly name?: string | undefined;
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
}

export interface V1EndpointSlice {
  readonly addressType: string;
  readonly apiVersion: string;
  readonly endpoints?: readonly V1Endpoint[] | undefined;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly ports?: readonly V1EndpointPort[] | undefined;
}

export interface V1ForNode {
  readonly name: string;
}

export interface V1ForZone {
  readonly name: string;
}
