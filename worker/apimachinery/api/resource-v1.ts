/** Generated from types.json by generate.ts; do not edit. */
import type { V1NodeSelector } from "./core-v1.ts";
import type { V1Condition, V1ObjectMeta } from "./meta-v1.ts";

export interface V1AllocatedDeviceStatus {
  readonly conditions?: readonly V1Condition[] | undefined;
  readonly data?: unknown | undefined;
  readonly device: string;
  readonly driver: string;
  readonly networkData?: V1NetworkDeviceData | undefined;
  readonly pool: string;
  readonly shareID?: string | undefined;
}

export interface V1AllocationResult {
  readonly allocationTimestamp?: string | undefined;
  readonly devices?: V1DeviceAllocationResult | undefined;
  readonly nodeSelector?: V1NodeSelector | undefined;
}

export interface V1CELDeviceSelector {
  readonly expression: string;
}

export interface V1CapacityRequestPolicy {
  readonly default?: string | undefined;
  readonly validRange?: V1CapacityRequestPolicyRange | undefined;
  readonly validValues?: readonly string[] | undefined;
}

export interface V1CapacityRequestPolicyRange {
  readonly max?: string | undefined;
  readonly min: string;
  readonly step?: string | undefined;
}

export interface V1CapacityRequirements {
  readonly requests?: Readonly<Record<string, string>> | undefined;
}

export interface V1Counter {
  readonly value: string;
}

export interface V1CounterSet {
  readonly counters: Readonly<Record<string, V1Counter>>;
  readonly name: string;
}

export interface V1Device {
  readonly allNodes?: boolean | undefined;
  readonly allowMultipleAllocations?: boolean | undefined;
  readonly attributes?: Readonly<Record<string, V1DeviceAttribute>> | undefined;
  readonly bindingConditions?: readonly string[] | undefined;
  readonly bindingFailureConditions?: readonly string[] | undefined;
  readonly bindsToNode?: boolean | undefined;
  readonly capacity?: Readonly<Record<string, V1DeviceCapacity>> | undefined;
  readonly consumesCounters?: readonly V1DeviceCounterConsumption[] | undefined;
  readonly name: string;
  readonly nodeAllocatableResourceMappings?: Readonly<Record<string, V1NodeAllocatableResourceMapping>> | undefined;
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: V1NodeSelector | undefined;
  readonly taints?: readonly V1DeviceTaint[] | undefined;
}

export interface V1DeviceAllocationConfiguration {
  readonly opaque?: V1OpaqueDeviceConfiguration | undefined;
  readonly requests?: readonly string[] | undefined;
  readonly source: string;
}

export interface V1DeviceAllocationResult {
  readonly config?: readonly V1DeviceAllocationConfiguration[] | undefined;
  readonly results?: readonly V1DeviceRequestAllocationResult[] | undefined;
}

export interface V1DeviceAttribute {
  readonly bool?: boolean | undefined;
  readonly bools?: readonly boolean[] | undefined;
  readonly int?: number | undefined;
  readonly ints?: readonly number[] | undefined;
  readonly string?: string | undefined;
  readonly strings?: readonly string[] | undefined;
  readonly version?: string | undefined;
  readonly versions?: readonly string[] | undefined;
}

export interface V1DeviceCapacity {
  readonly requestPolicy?: V1CapacityRequestPolicy | undefined;
  readonly value: string;
}

export interface V1DeviceClaim {
  readonly config?: readonly V1DeviceClaimConfiguration[] | undefined;
  readonly constraints?: readonly V1DeviceConstraint[] | undefined;
  readonly requests?: readonly V1DeviceRequest[] | undefined;
}

export interface V1DeviceClaimConfiguration {
  readonly opaque?: V1OpaqueDeviceConfiguration | undefined;
  readonly requests?: readonly string[] | undefined;
}

export interface V1DeviceClass {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1DeviceClassSpec;
}

export interface V1DeviceClassConfiguration {
  readonly opaque?: V1OpaqueDeviceConfiguration | undefined;
}

export interface V1DeviceClassSpec {
  readonly config?: readonly V1DeviceClassConfiguration[] | undefined;
  readonly extendedResourceName?: string | undefined;
  readonly selectors?: readonly V1DeviceSelector[] | undefined;
}

export interface V1DeviceConstraint {
  readonly distinctAttribute?: string | undefined;
  readonly matchAttribute?: string | undefined;
  readonly requests?: readonly string[] | undefined;
}

export interface V1DeviceCounterConsumption {
  readonly counterSet: string;
  readonly counters: Readonly<Record<string, V1Counter>>;
}

export interface V1DeviceRequest {
  readonly exactly?: V1ExactDeviceRequest | undefined;
  readonly firstAvailable?: readonly V1DeviceSubRequest[] | undefined;
  readonly name: string;
}

export interface V1DeviceRequestAllocationResult {
  readonly adminAccess?: boolean | undefined;
  readonly bindingConditions?: readonly string[] | undefined;
  readonly bindingFailureConditions?: readonly string[] | undefined;
  readonly consumedCapacity?: Readonly<Record<string, string>> | undefined;
  readonly device: string;
  readonly driver: string;
  readonly pool: string;
  readonly request: string;
  readonly shareID?: string | undefined;
  readonly tolerations?: readonly V1DeviceToleration[] | undefined;
}

export interface V1DeviceSelector {
  readonly cel?: V1CELDeviceSelector | undefined;
}

export interface V1DeviceSubRequest {
  readonly allocationMode?: string | undefined;
  readonly capacity?: V1CapacityRequirements | undefined;
  readonly count?: number | undefined;
  readonly deviceClassName: string;
  readonly name: string;
  readonly selectors?: readonly V1DeviceSelector[] | undefined;
  readonly tolerations?: readonly V1DeviceToleration[] | undefined;
}

export interface V1DeviceTaint {
  readonly effect: string;
  readonly key: string;
  readonly timeAdded?: string | undefined;
  readonly value?: string | undefined;
}

export interface V1DeviceToleration {
  readonly effect?: string | undefined;
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly tolerationSeconds?: number | undefined;
  readonly value?: string | undefined;
}

export interface V1ExactDeviceRequest {
  readonly adminAccess?: boolean | undefined;
  readonly allocationMode?: string | undefined;
  readonly capacity?: V1CapacityRequirements | undefined;
  readonly count?: number | undefined;
  readonly deviceClassName: string;
  readonly selectors?: readonly V1DeviceSelector[] | undefined;
  readonly tolerations?: readonly V1DeviceToleration[] | undefined;
}

export interface V1NetworkDeviceData {
  readonly hardwareAddress?: string | undefined;
  readonly interfaceName?: string | undefined;
  readonly ips?: readonly string[] | undefined;
}

export interface V1NodeAllocatableResourceMapping {
  readonly allocationMultiplier?: string | undefined;
  readonly capacityKey?: string | undefined;
}

export interface V1OpaqueDeviceConfiguration {
  readonly driver: string;
  readonly parameters: unknown;
}

export interface V1ResourceClaim {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1ResourceClaimSpec;
  readonly status?: V1ResourceClaimStatus | undefined;
}

export interface V1ResourceClaimConsumerReference {
  readonly apiGroup?: string | undefined;
  readonly name: string;
  readonly resource: string;
  readonly uid: string;
}

export interface V1ResourceClaimSpec {
  readonly devices?: V1DeviceClaim | undefined;
}

export interface V1ResourceClaimStatus {
  readonly allocation?: V1AllocationResult | undefined;
  readonly devices?: readonly V1AllocatedDeviceStatus[] | undefined;
  readonly reservedFor?: readonly V1ResourceClaimConsumerReference[] | undefined;
}

export interface V1ResourceClaimTemplate {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1ResourceClaimTemplateSpec;
}

export interface V1ResourceClaimTemplateSpec {
  readonly metadata?: V1ObjectMeta | undefined;
  readonly spec: V1ResourceClaimSpec;
}

export interface V1ResourcePool {
  readonly generation: number;
  readonly name: string;
  readonly resourceSliceCount: number;
}

export interface V1ResourceSlice {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1ResourceSliceSpec;
}

export interface V1ResourceSliceSpec {
  readonly allNodes?: boolean | undefined;
  readonly devices?: readonly V1Device[] | undefined;
  readonly driver: string;
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: V1NodeSelector | undefined;
  readonly perDeviceNodeSelection?: boolean | undefined;
  readonly pool: V1ResourcePool;
  readonly sharedCounters?: readonly V1CounterSet[] | undefined;
}
