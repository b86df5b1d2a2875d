/** Generated from types.json by generate.ts; do not edit. */
import type { V1Condition, V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1ApplyConfiguration {
  readonly expression?: string | undefined;
}

export interface V1AuditAnnotation {
  readonly key: string;
  readonly valueExpression: string;
}

export interface V1ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

export interface V1JSONPatch {
  readonly expression?: string | undefined;
}

export interface V1MatchCondition {
  readonly expression: string;
  readonly name: string;
}

export interface V1MatchResources {
  readonly excludeResourceRules?: readonly V1NamedRuleWithOperations[] | undefined;
  readonly matchPolicy?: string | undefined;
  readonly namespaceSelector?: V1LabelSelector | undefined;
  readonly objectSelector?: V1LabelSelector | undefined;
  readonly resourceRules?: readonly V1NamedRuleWithOperations[] | undefined;
}

export interface V1MutatingAdmissionPolicy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1MutatingAdmissionPolicySpec | undefined;
}

export interface V1MutatingAdmissionPolicyBinding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1MutatingAdmissionPolicyBindingSpec | undefined;
}

export interface V1MutatingAdmissionPolicyBindingSpec {
  readonly matchResources?: V1MatchResources | undefined;
  readonly paramRef?: V1ParamRef | undefined;
  readonly policyName?: string | undefined;
}

export interface V1MutatingAdmissionPolicySpec {
  readonly failurePolicy?: string | undefined;
  readonly matchConditions?: readonly V1MatchCondition[] | undefined;
  readonly matchConstraints?: V1MatchResources | undefined;
  readonly mutations?: readonly V1Mutation[] | undefined;
  readonly paramKind?: V1ParamKind | undefined;
  readonly reinvocationPolicy?: string | undefined;
  readonly variables?: readonly V1Variable[] | undefined;
}

export interface V1MutatingWebhook {
  readonly admissionReviewVersions: readonly string[];
  readonly clientConfig: V1WebhookClientConfig;
  readonly failurePolicy?: string | undefined;
  readonly matchConditions?: readonly V1MatchCondition[] | undefined;
  readonly matchPolicy?: string | undefined;
  readonly name: string;
  readonly namespaceSelector?: V1LabelSelector | undefined;
  readonly objectSelector?: V1LabelSelector | undefined;
  readonly reinvocationPolicy?: string | undefined;
  readonly rules?: readonly V1RuleWithOperations[] | undefined;
  readonly sideEffects: string;
  readonly timeoutSeconds?: number | undefined;
}

export interface V1MutatingWebhookConfiguration {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly webhooks?: readonly V1MutatingWebhook[] | undefined;
}

export interface V1Mutation {
  readonly applyConfiguration?: V1ApplyConfiguration | undefined;
  readonly jsonPatch?: V1JSONPatch | undefined;
  readonly patchType: string;
}

export interface V1NamedRuleWithOperations {
  readonly apiGroups?: readonly string[] | undefined;
  readonly apiVersions?: readonly string[] | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly resourceNames?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly scope?: string | undefined;
}

export interface V1ParamKind {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
}

export interface V1ParamRef {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly parameterNotFoundAction?: string | undefined;
  readonly selector?: V1LabelSelector | undefined;
}

export interface V1RuleWithOperations {
  readonly apiGroups?: readonly string[] | undefined;
  readonly apiVersions?: readonly string[] | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly scope?: string | undefined;
}

export interface V1ServiceReference {
  readonly name: string;
  readonly namespace: string;
  readonly path?: string | undefined;
  readonly port?: number | undefined;
}

export interface V1TypeChecking {
  readonly expressionWarnings?: readonly V1ExpressionWarning[] | undefined;
}

export interface V1ValidatingAdmissionPolicy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1ValidatingAdmissionPolicySpec | undefined;
  readonly status?: V1ValidatingAdmissionPolicyStatus | undefined;
}

export interface V1ValidatingAdmissionPolicyBinding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1ValidatingAdmissionPolicyBindingSpec;
}

export interface V1ValidatingAdmissionPolicyBindingSpec {
  readonly matchResources?: V1MatchResources | undefined;
  readonly paramRef?: V1ParamRef | undefined;
  readonly policyName: string;
  readonly validationActions: readonly string[];
}

export interface V1ValidatingAdmissionPolicySpec {
  readonly auditAnnotations?: readonly V1AuditAnnotation[] | undefined;
  readonly failurePolicy?: string | undefined;
  readonly matchConditions?: readonly V1MatchCondition[] | undefined;
  readonly matchConstraints?: V1MatchResources | undefined;
  readonly paramKind?: V1ParamKind | undefined;
  readonly validations?: readonly V1Validation[] | undefined;
  readonly variables?: readonly V1Variable[] | undefined;
}

export interface V1ValidatingAdmissionPolicyStatus {
  readonly conditions?: readonly V1Condition[] | undefined;
  readonly observedGeneration?: number | undefined;
  readonly typeChecking?: V1TypeChecking | undefined;
}

export interface V1ValidatingWebhook {
  readonly admissionReviewVersions: readonly string[];
  readonly clientConfig: V1WebhookClientConfig;
  readonly failurePolicy?: string | undefined;
  readonly matchConditions?: readonly V1MatchCondition[] | undefined;
  readonly matchPolicy?: string | undefined;
  readonly name: string;
  readonly namespaceSelector?: V1LabelSelector | undefined;
  readonly objectSelector?: V1LabelSelector | undefined;
  readonly rules?: readonly V1RuleWithOperations[] | undefined;
  readonly sideEffects: string;
  readonly timeoutSeconds?: number | undefined;
}

export interface V1ValidatingWebhookConfiguration {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly webhooks?: readonly V1ValidatingWebhook[] | undefined;
}

export interface V1Validation {
  readonly expression: string;
  readonly message?: string | undefined;
  readonly messageExpression?: string | undefined;
  readonly reason?: string | undefined;
}

export interface V1Variable {
  readonly expression: string;
  readonly name: string;
}

export interface V1WebhookClientConfig {
  readonly caBundle?: string | undefined;
  readonly service?: V1ServiceReference | undefined;
  readonly url?: string | undefined;
}
