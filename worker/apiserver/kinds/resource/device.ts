/** A device of a slice. Upstream: pkg/apis/resource/validation validateDevice, pkg/registry/resource/resourceslice/strategy.go dropDisabledFields. */
import type { V1Device, V1DeviceAttribute } from "#apimachinery/api/resource-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldPath, invalid, tooLong } from "#apimachinery/field.ts";
import { timeText } from "#apimachinery/time.ts";
import { at as change, each, without } from "#apiserver/kinds/fill.ts";
import { list, map, set } from "#apiserver/kinds/rules/collection.ts";
import { textBytes } from "#apiserver/kinds/rules/data.ts";
import type { Errors, Rule } from "#apiserver/kinds/rules/rule.ts";
import { bindingConditions } from "./binding-conditions.ts";
import { consumption } from "./counters.ts";
import { attributeName, label, longestAttributeName } from "./names.ts";
import { noNodeChoice, nodeChoice, ofDevice } from "./node-choice.ts";
import { capacityOf } from "./request-policy.ts";
import { taint } from "./taints.ts";

const most = { entries: 32, values: 48, taints: 16, consumptions: 2 };
const longestValue = 64;
const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

/** As upstream prints one. */
const internal = ({ int, bool, string, version }: V1DeviceAttribute): object => ({
  IntValue: int ?? null,
  BoolValue: bool ?? null,
  StringValue: string ?? null,
  VersionValue: version ?? null,
  IntValues: null,
  BoolValues: null,
  StringValues: null,
  VersionValues: null,
});
const attribute: Rule<V1DeviceAttribute> = (errors, at, given) => {
  const { int, bool, string, version } = given;
  if (string !== undefined && textBytes(string) > longestValue)
    errors.push(tooLong(at.child("string"), longestValue));
  if (version !== undefined) {
    const here = at.child("version");
    if (!semver.test(version))
      errors.push(invalid(here, version, "must be a string compatible with semver.org spec 2.0.0"));
    if (textBytes(version) > longestValue) errors.push(tooLong(here, longestValue));
  }
  const count = [int, bool, string, version].filter((one) => one !== undefined).length;
  if (count !== 1)
    errors.push(
      invalid(at, count === 0 ? "" : internal(given), "exactly one value must be specified"),
    );
};

function counts(errors: Errors, at: FieldPath, { attributes, capacity }: V1Device): void {
  const values = Object.keys(attributes ?? {}).length;
  const entries = values + Object.keys(capacity ?? {}).length;
  if (entries > most.entries)
    errors.push(
      invalid(
        at,
        entries,
        `the total number of attributes and capacities must not exceed ${most.entries}`,
      ),
    );
  if (values > most.values)
    errors.push(
      invalid(at, values, `the total number of attribute values must not exceed ${most.values}`),
    );
}

const limits = { most: Infinity, longestKey: longestAttributeName };

/** `before`: the device of the same name, as it was. `choosesNodes`: each device of the slice does. */
export function device(
  errors: Errors,
  at: FieldPath,
  given: V1Device,
  before: V1Device | undefined,
  choosesNodes: boolean,
): void {
  label(errors, at.child("name"), given.name);
  counts(errors, at, given);
  map(errors, at.child("attributes"), given.attributes, limits, attributeName, attribute);
  const capacity = capacityOf(given.allowMultipleAllocations === true);
  map(errors, at.child("capacity"), given.capacity, limits, attributeName, capacity);
  // Taints that were there may be of an effect that only a newer server knows.
  if (before === undefined || !equal(before.taints ?? [], given.taints ?? []))
    list(errors, at.child("taints"), given.taints, most.taints, taint);
  set(
    errors,
    at.child("consumesCounters"),
    given.consumesCounters,
    most.consumptions,
    consumption,
    (one) => one.counterSet ?? "",
  );
  if (choosesNodes) nodeChoice(errors, at, given, ofDevice);
  else noNodeChoice(errors, at, given);
  bindingConditions(errors, at, given);
}

/** Without lists: they are off in this version, as is what the device has of a node's resources. */
const single = (given: V1DeviceAttribute): V1DeviceAttribute =>
  without(given, "ints", "bools", "strings", "versions");
function singles(
  given: Readonly<Record<string, V1DeviceAttribute>>,
): Readonly<Record<string, V1DeviceAttribute>> {
  const isChanged = Object.values(given).some((one) => single(one) !== one);
  if (!isChanged) return given;
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, single(one)]));
}

/** What the server makes of a device: taints get the time they were added. */
export function keptDevice(given: V1Device, nowMs: number): V1Device {
  const timed = change(given, "taints", (all) =>
    each(all, (one) =>
      one.timeAdded === undefined ? { ...one, timeAdded: timeText(nowMs) } : one,
    ),
  );
  return without(change(timed, "attributes", singles), "nodeAllocatableResourceMappings");
}
