/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1CustomResourceColumnDefinition {
  readonly description?: string | undefined;
  readonly format?: string | undefined;
  readonly jsonPath: string;
  readonly name: string;
  readonly priority?: number | undefined;
  readonly type: string;
}

export interface V1CustomResourceConversion {
  readonly strategy: string;
  readonly webhook?: V1WebhookConversion | undefined;
}

export interface V1CustomResourceDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1CustomResourceDefinitionSpec;
  readonly status?: V1CustomResourceDefinitionStatus | undefined;
}

export interface V1CustomResourceDefinitionCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly message?: string | undefined;
  readonly observedGeneration?: number | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1CustomResourceDefinitionNames {
  readonly categories?: readonly string[] | undefined;
  readonly kind: string;
  readonly listKind?: string | undefined;
  readonly plural: string;
  readonly shortNames?: readonly string[] | undefined;
  readonly singular?: string | undefined;
}

export interface V1CustomResourceDefinitionSpec {
  readonly conversion?: V1CustomResourceConversion | undefined;
  readonly group: string;
  readonly names: V1CustomResourceDefinitionNames;
  readonly preserveUnknownFields?: boolean | undefined;
  readonly scope: string;
  readonly versions: readonly V1CustomResourceDefinitionVersion[];
}

export interface V1CustomResourceDefinitionStatus {
  readonly acceptedNames?: V1CustomResourceDefinitionNames | undefined;
  readonly conditions?: readonly V1CustomResourceDefinitionCondition[] | undefined;
  readonly observedGeneration?: number | undefined;
  readonly storedVersions?: readonly string[] | undefined;
}

export interface V1CustomResourceDefinitionVersion {
  readonly additionalPrinterColumns?: readonly V1CustomResourceColumnDefinition[] | undefined;
  readonly deprecated?: boolean | undefined;
  readonly deprecationWarning?: string | undefined;
  readonly name: string;
  readonly schema?: V1CustomResourceValidation | undefined;
  readonly selectableFields?: readonly V1SelectableField[] | undefined;
  readonly served: boolean;
  readonly storage: boolean;
  readonly subresources?: V1CustomResourceSubresources | undefined;
}

export interface V1CustomResourceSubresourceScale {
  readonly labelSelectorPath?: string | undefined;
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
}

export interface V1CustomResourceSubresources {
  readonly scale?: V1CustomResourceSubresourceScale | undefined;
  readonly status?: unknown | undefined;
}

export interface V1CustomResourceValidation {
  readonly openAPIV3Schema?: V1JSONSchemaProps | undefined;
}

export interface V1ExternalDocumentation {
  readonly description?: string | undefined;
  readonly url?: string | undefined;
}

export interface V1JSONSchemaProps {
  readonly additionalItems?: unknown | undefined;
  readonly additionalProperties?: unknown | undefined;
  readonly allOf?: readonly V1JSONSchemaProps[] | undefined;
  readonly anyOf?: readonly V1JSONSchemaProps[] | undefined;
  readonly default?: unknown | undefined;
  readonly definitions?: Readonly<Record<string, V1JSONSchemaProps>> | undefined;
  readonly dependencies?: Readonly<Record<string, unknown>> | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly example?: unknown | undefined;
  readonly exclusiveMaximum?: boolean | undefined;
  readonly exclusiveMinimum?: boolean | undefined;
  readonly externalDocs?: V1ExternalDocumentation | undefined;
  readonly format?: string | undefined;
  readonly id?: string | undefined;
  readonly items?: unknown | undefined;
  readonly maxItems?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minItems?: number | undefined;
  readonly minLength?: number | undefined;
  readonly minProperties?: number | undefined;
  readonly minimum?: number | undefined;
  readonly multipleOf?: number | undefined;
  readonly not?: V1JSONSchemaProps | undefined;
  readonly nullable?: boolean | undefined;
  readonly oneOf?: readonly V1JSONSchemaProps[] | undefined;
  readonly pattern?: string | undefined;
  readonly patternProperties?: Readonly<Record<string, V1JSONSchemaProps>> | undefined;
  readonly properties?: Readonly<Record<string, V1JSONSchemaProps>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly type?: string | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly "x-kubernetes-embedded-resource"?: boolean | undefined;
  readonly "x-kubernetes-int-or-string"?: boolean | undefined;
  readonly "x-kubernetes-list-map-keys"?: readonly string[] | undefined;
  readonly "x-kubernetes-list-type"?: string | undefined;
  readonly "x-kubernetes-map-type"?: string | undefined;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
  readonly "x-kubernetes-validations"?: readonly V1ValidationRule[] | undefined;
}

export interface V1SelectableField {
  readonly jsonPath: string;
}

export interface V1ServiceReference {
  readonly name: string;
  readonly namespace: string;
  readonly path?: string | undefined;
  readonly port?: number | undefined;
}

export interface V1ValidationRule {
  readonly fieldPath?: string | undefined;
  readonly message?: string | undefined;
  readonly messageExpression?: string | undefined;
  readonly optionalOldSelf?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly rule: string;
}

export interface V1WebhookClientConfig {
  readonly caBundle?: string | undefined;
  readonly service?: V1ServiceReference | undefined;
  readonly url?: string | undefined;
}

export interface V1WebhookConversion {
  readonly clientConfig?: V1WebhookClientConfig | undefined;
  readonly conversionReviewVersions: readonly string[];
}
