/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1ExemptPriorityLevelConfiguration {
  readonly lendablePercent?: number | undefined;
  readonly nominalConcurrencyShares?: number | undefined;
}

export interface V1FlowDistinguisherMethod {
  readonly type: string;
}

export interface V1FlowSchema {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1FlowSchemaSpec | undefined;
  readonly status?: V1FlowSchemaStatus | undefined;
}

export interface V1FlowSchemaCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
}

export interface V1FlowSchemaSpec {
  readonly distinguisherMethod?: V1FlowDistinguisherMethod | undefined;
  readonly matchingPrecedence?: number | undefined;
  readonly priorityLevelConfiguration: V1PriorityLevelConfigurationReference;
  readonly rules?: readonly V1PolicyRulesWithSubjects[] | undefined;
}

export interface V1FlowSchemaStatus {
  readonly conditions?: readonly V1FlowSchemaCondition[] | undefined;
}

export interface V1GroupSubject {
  readonly name: string;
}

export interface V1LimitResponse {
  readonly queuing?: V1QueuingConfiguration | undefined;
  readonly type: string;
}

export interface V1LimitedPriorityLevelConfiguration {
  readonly borrowingLimitPercent?: number | undefined;
  readonly lendablePercent?: number | undefined;
  readonly limitResponse?: V1LimitResponse | undefined;
  readonly nominalConcurrencyShares?: number | undefined;
}

export interface V1NonResourcePolicyRule {
  readonly nonResourceURLs: readonly string[];
  readonly verbs: readonly string[];
}

export interface V1PolicyRulesWithSubjects {
  readonly nonResourceRules?: readonly V1NonResourcePolicyRule[] | undefined;
  readonly resourceRules?: readonly V1ResourcePolicyRule[] | undefined;
  readonly subjects: readonly V1Subject[];
}

export interface V1PriorityLevelConfiguration {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1PriorityLevelConfigurationSpec | undefined;
  readonly status?: V1PriorityLevelConfigurationStatus | undefined;
}

export interface V1PriorityLevelConfigurationCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
}

export interface V1PriorityLevelConfigurationReference {
  readonly name: string;
}

export interface V1PriorityLevelConfigurationSpec {
  readonly exempt?: V1ExemptPriorityLevelConfiguration | undefined;
  readonly limited?: V1LimitedPriorityLevelConfiguration | undefined;
  readonly type: string;
}

export interface V1PriorityLevelConfigurationStatus {
  readonly conditions?: readonly V1PriorityLevelConfigurationCondition[] | undefined;
}

export interface V1QueuingConfiguration {
  readonly handSize?: number | undefined;
  readonly queueLengthLimit?: number | undefined;
  readonly queues?: number | undefined;
}

export interface V1ResourcePolicyRule {
  readonly apiGroups: readonly string[];
  readonly clusterScope?: boolean | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface V1ServiceAccountSubject {
  readonly name: string;
  readonly namespace: string;
}

export interface V1Subject {
  readonly group?: V1GroupSubject | undefined;
  readonly kind: string;
  readonly serviceAccount?: V1ServiceAccountSubject | undefined;
  readonly user?: V1UserSubject | undefined;
}

export interface V1UserSubject {
  readonly name: string;
}
