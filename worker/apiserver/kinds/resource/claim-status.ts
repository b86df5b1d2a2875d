/** What became of a claim. Upstream: pkg/apis/resource/validation ValidateResourceClaimStatusUpdate. */
import type {
  V1AllocatedDeviceStatus,
  V1AllocationResult,
  V1DeviceAllocationConfiguration,
  V1DeviceRequestAllocationResult,
  V1NetworkDeviceData,
  V1ResourceClaim,
  V1ResourceClaimConsumerReference,
  V1ResourceClaimStatus,
} from "#apimachinery/api/resource-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, forbidden, invalid, tooLong, tooMany } from "#apimachinery/field.ts";
import { nodeSelector } from "#apiserver/kinds/core/pod-spec/affinity.ts";
import { interfaceAddress } from "#apiserver/kinds/rules/cidr.ts";
import { list, set } from "#apiserver/kinds/rules/collection.ts";
import { conditions } from "#apiserver/kinds/rules/condition.ts";
import { textBytes } from "#apiserver/kinds/rules/data.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";
import { type Errors, immutable, oneOf, present, type Rule } from "#apiserver/kinds/rules/rule.ts";
import { deviceId, isAllocatedIn } from "./allocated-device.ts";
import { bindingConditions } from "./binding-conditions.ts";
import { configuration, rawObject } from "./configuration.ts";
import { label, poolName, uid } from "./names.ts";
import { requestNames, requestReference, requestReferences } from "./request-names.ts";

const statusAt = new FieldPath("status");
const most = { consumers: 256, results: 32, configurations: 64, conditions: 8, addresses: 16 };
const longest = { interfaceName: 256, hardwareAddress: 128 };

const consumer: Rule<V1ResourceClaimConsumerReference> = (errors, at, given) => {
  for (const name of ["resource", "name", "uid"] as const)
    present(errors, at.child(name), given[name]);
};

function networkData(errors: Errors, at: FieldPath, given: V1NetworkDeviceData): void {
  for (const name of ["interfaceName", "hardwareAddress"] as const)
    if (textBytes(given[name] ?? "") > longest[name])
      errors.push(tooLong(at.child(name), longest[name]));
  set(errors, at.child("ips"), given.ips, most.addresses, interfaceAddress, (ip) => ip);
}

const deviceStatus =
  (isAllocated: (device: V1AllocatedDeviceStatus) => boolean): Rule<V1AllocatedDeviceStatus> =>
  (errors, at, given) => {
    driverName(errors, at.child("driver"), given.driver);
    poolName(errors, at.child("pool"), given.pool);
    label(errors, at.child("device"), given.device);
    uid(errors, at.child("shareID"), given.shareID);
    if (!isAllocated(given))
      errors.push(invalid(at, deviceId(given), "must be an allocated device in the claim"));
    const own = given.conditions ?? [];
    if (own.length > most.conditions)
      errors.push(tooMany(at.child("conditions"), own.length, most.conditions));
    conditions(errors, at.child("conditions"), own);
    if (given.data !== undefined) rawObject(errors, at.child("data"), given.data);
    if (given.networkData !== undefined)
      networkData(errors, at.child("networkData"), given.networkData);
  };

const result =
  (names: ReadonlySet<string>): Rule<V1DeviceRequestAllocationResult> =>
  (errors, at, given) => {
    requestReference(names)(errors, at.child("request"), given.request);
    driverName(errors, at.child("driver"), given.driver);
    poolName(errors, at.child("pool"), given.pool);
    label(errors, at.child("device"), given.device);
    bindingConditions(errors, at, given);
    uid(errors, at.child("shareID"), given.shareID);
  };
const allocationConfiguration =
  (names: ReadonlySet<string>): Rule<V1DeviceAllocationConfiguration> =>
  (errors, at, given) => {
    oneOf(errors, at.child("source"), given.source, ["FromClaim", "FromClass"]);
    requestReferences(errors, at.child("requests"), given.requests, names);
    configuration(errors, at, given);
  };
function allocation(
  errors: Errors,
  at: FieldPath,
  given: V1AllocationResult,
  names: ReadonlySet<string>,
): void {
  const { results, config } = given.devices ?? {};
  const devices = at.child("devices");
  list(errors, devices.child("results"), results, most.results, result(names));
  list(
    errors,
    devices.child("config"),
    config,
    most.configurations,
    allocationConfiguration(names),
  );
  if (given.nodeSelector !== undefined)
    nodeSelector(errors, at.child("nodeSelector"), given.nodeSelector);
}

function reservations(
  errors: Errors,
  at: FieldPath,
  next: V1ResourceClaimStatus,
  previous: V1ResourceClaimStatus,
  isDeleted: boolean,
): void {
  const { reservedFor = [] } = next;
  if (reservedFor.length === 0) return;
  if (next.allocation === undefined)
    errors.push(forbidden(at, "may not be specified when `allocated` is not set"));
  else if (
    isDeleted &&
    !reservedFor.every((one) => previous.reservedFor?.some((before) => equal(before, one)))
  )
    errors.push(
      forbidden(
        at,
        "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set",
      ),
    );
}

export function claimStatus(next: V1ResourceClaim, previous: V1ResourceClaim): Errors {
  const errors: Errors = [];
  const { status = {} } = next;
  const { status: before = {} } = previous;
  const forReserved = statusAt.child("reservedFor");
  set(errors, forReserved, status.reservedFor, most.consumers, consumer, (one) => one.uid ?? "");
  set(
    errors,
    statusAt.child("devices"),
    status.devices,
    Infinity,
    deviceStatus(isAllocatedIn(status)),
    deviceId,
  );
  const isDeleted = next.metadata.deletionTimestamp !== undefined;
  reservations(errors, forReserved, status, before, isDeleted);
  const forAllocation = statusAt.child("allocation");
  if (status.allocation === undefined) return errors;
  if (before.allocation !== undefined)
    immutable(errors, forAllocation, status.allocation, before.allocation);
  else allocation(errors, forAllocation, status.allocation, requestNames(next.spec.devices ?? {}));
  return errors;
}
