/** Generated from types.json by generate.ts; do not edit. */
import type { V1FieldSelectorRequirement, V1LabelSelectorRequirement, V1ObjectMeta } from "./meta-v1.ts";

export interface V1FieldSelectorAttributes {
  readonly rawSelector?: string | undefined;
  readonly requirements?: readonly V1FieldSelectorRequirement[] | undefined;
}

export interface V1LabelSelectorAttributes {
  readonly rawSelector?: string | undefined;
  readonly requirements?: readonly V1LabelSelectorRequirement[] | undefined;
}

export interface V1LocalSubjectAccessReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1SubjectAccessReviewSpec;
  readonly status?: V1SubjectAccessReviewStatus | undefined;
}

export interface V1NonResourceAttributes {
  readonly path?: string | undefined;
  readonly verb?: string | undefined;
}

export interface V1NonResourceRule {
  readonly nonResourceURLs?: readonly string[] | undefined;
  readonly verbs: readonly string[];
}

export interface V1ResourceAttributes {
  readonly fieldSelector?: V1FieldSelectorAttributes | undefined;
  readonly group?: string | undefined;
  readonly labelSelector?: V1LabelSelectorAttributes | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly resource?: string | undefined;
  readonly subresource?: string | undefined;
  readonly verb?: string | undefined;
  readonly version?: string | undefined;
}

export interface V1ResourceRule {
  readonly apiGroups?: readonly string[] | undefined;
  readonly resourceNames?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly verbs: readonly string[];
}

export interface V1SelfSubjectAccessReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1SelfSubjectAccessReviewSpec;
  readonly status?: V1SubjectAccessReviewStatus | undefined;
}

export interface V1SelfSubjectAccessReviewSpec {
  readonly nonResourceAttributes?: V1NonResourceAttributes | undefined;
  readonly resourceAttributes?: V1ResourceAttributes | undefined;
}

export interface V1SelfSubjectRulesReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1SelfSubjectRulesReviewSpec;
  readonly status?: V1SubjectRulesReviewStatus | undefined;
}

export interface V1SelfSubjectRulesReviewSpec {
  readonly namespace?: string | undefined;
}

export interface V1SubjectAccessReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1SubjectAccessReviewSpec;
  readonly status?: V1SubjectAccessReviewStatus | undefined;
}

export interface V1SubjectAccessReviewSpec {
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly nonResourceAttributes?: V1NonResourceAttributes | undefined;
  readonly resourceAttributes?: V1ResourceAttributes | undefined;
  readonly uid?: string | undefined;
  readonly user?: string | undefined;
}

export interface V1SubjectAccessReviewStatus {
  readonly allowed: boolean;
  readonly denied?: boolean | undefined;
  readonly evaluationError?: string | undefined;
  readonly reason?: string | undefined;
}

export interface V1SubjectRulesReviewStatus {
  readonly evaluationError?: string | undefined;
  readonly incomplete: boolean;
  readonly nonResourceRules: readonly V1NonResourceRule[];
  readonly resourceRules: readonly V1ResourceRule[];
}
