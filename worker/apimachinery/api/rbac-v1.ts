/** Generated from types.json by generate.ts; do not edit. */
import type { V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1AggregationRule {
  readonly clusterRoleSelectors?: readonly V1LabelSelector[] | undefined;
}

export interface V1ClusterRole {
  readonly aggregationRule?: V1AggregationRule | undefined;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly rules?: readonly V1PolicyRule[] | undefined;
}

export interface V1ClusterRoleBinding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly roleRef: V1RoleRef;
  readonly subjects?: readonly V1Subject[] | undefined;
}

export interface V1PolicyRule {
  readonly apiGroups?: readonly string[] | undefined;
  readonly nonResourceURLs?: readonly string[] | undefined;
  readonly resourceNames?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly verbs: readonly string[];
}

export interface V1Role {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly rules?: readonly V1PolicyRule[] | undefined;
}

export interface V1RoleBinding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly roleRef: V1RoleRef;
  readonly subjects?: readonly V1Subject[] | undefined;
}

export interface V1RoleRef {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

export interface V1Subject {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}
