/** Generated from types.json by generate.ts; do not edit. */
import type { V1TypedLocalObjectReference } from "./core-v1.ts";
import type { V1Condition, V1LabelSelector, V1ObjectMeta } from "./meta-v1.ts";

export interface V1HTTPIngressPath {
  readonly backend: V1IngressBackend;
  readonly path?: string | undefined;
  readonly pathType: string;
}

export interface V1HTTPIngressRuleValue {
  readonly paths: readonly V1HTTPIngressPath[];
}

export interface V1IPAddress {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1IPAddressSpec;
}

export interface V1IPAddressSpec {
  readonly parentRef: V1ParentReference;
}

export interface V1IPBlock {
  readonly cidr: string;
  readonly except?: readonly string[] | undefined;
}

export interface V1Ingress {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1IngressSpec | undefined;
  readonly status?: V1IngressStatus | undefined;
}

export interface V1IngressBackend {
  readonly resource?: V1TypedLocalObjectReference | undefined;
  readonly service?: V1IngressServiceBackend | undefined;
}

export interface V1IngressClass {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1IngressClassSpec | undefined;
}

export interface V1IngressClassParametersReference {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly scope?: string | undefined;
}

export interface V1IngressClassSpec {
  readonly controller?: string | undefined;
  readonly parameters?: V1IngressClassParametersReference | undefined;
}

export interface V1IngressLoadBalancerIngress {
  readonly hostname?: string | undefined;
  readonly ip?: string | undefined;
  readonly ports?: readonly V1IngressPortStatus[] | undefined;
}

export interface V1IngressLoadBalancerStatus {
  readonly ingress?: readonly V1IngressLoadBalancerIngress[] | undefined;
}

export interface V1IngressPortStatus {
  readonly error?: string | undefined;
  readonly port: number;
  readonly protocol: string;
}

export interface V1IngressRule {
  readonly host?: string | undefined;
  readonly http?: V1HTTPIngressRuleValue | undefined;
}

export interface V1IngressServiceBackend {
  readonly name: string;
  readonly port?: V1ServiceBackendPort | undefined;
}

export interface V1IngressSpec {
  readonly defaultBackend?: V1IngressBackend | undefined;
  readonly ingressClassName?: string | undefined;
  readonly rules?: readonly V1IngressRule[] | undefined;
  readonly tls?: readonly V1IngressTLS[] | undefined;
}

export interface V1IngressStatus {
  readonly loadBalancer?: V1IngressLoadBalancerStatus | undefined;
}

export interface V1IngressTLS {
  readonly hosts?: readonly string[] | undefined;
  readonly secretName?: string | undefined;
}

export interface V1NetworkPolicy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1NetworkPolicySpec | undefined;
}

export interface V1NetworkPolicyEgressRule {
  readonly ports?: readonly V1NetworkPolicyPort[] | undefined;
  readonly to?: readonly V1NetworkPolicyPeer[] | undefined;
}

export interface V1NetworkPolicyIngressRule {
  readonly from?: readonly V1NetworkPolicyPeer[] | undefined;
  readonly ports?: readonly V1NetworkPolicyPort[] | undefined;
}

export interface V1NetworkPolicyPeer {
  readonly ipBlock?: V1IPBlock | undefined;
  readonly namespaceSelector?: V1LabelSelector | undefined;
  readonly podSelector?: V1LabelSelector | undefined;
}

export interface V1NetworkPolicyPort {
  readonly endPort?: number | undefined;
  readonly port?: number | string | undefined;
  readonly protocol?: string | undefined;
}

export interface V1NetworkPolicySpec {
  readonly egress?: readonly V1NetworkPolicyEgressRule[] | undefined;
  readonly ingress?: readonly V1NetworkPolicyIngressRule[] | undefined;
  readonly podSelector?: V1LabelSelector | undefined;
  readonly policyTypes?: readonly string[] | undefined;
}

export interface V1ParentReference {
  readonly group?: string | undefined;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly resource: string;
}

export interface V1ServiceBackendPort {
  readonly name?: string | undefined;
  readonly number?: number | undefined;
}

export interface V1ServiceCIDR {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: V1ServiceCIDRSpec | undefined;
  readonly status?: V1ServiceCIDRStatus | undefined;
}

export interface V1ServiceCIDRSpec {
  readonly cidrs?: readonly string[] | undefined;
}

export interface V1ServiceCIDRStatus {
  readonly conditions?: readonly V1Condition[] | undefined;
}
