/** ResourceSlice. Upstream: pkg/registry/resource/resourceslice/strategy.go, pkg/apis/resource/validation ValidateResourceSlice. */
import type {
  V1Device,
  V1ResourcePool,
  V1ResourceSlice,
  V1ResourceSliceSpec,
} from "#apimachinery/api/resource-v1.ts";
import { FieldPath, invalid } from "#apimachinery/field.ts";
import { ageColumn, column, doc, nameColumn } from "#apiserver/kinds/columns.ts";
import { at as change, each } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { set } from "#apiserver/kinds/rules/collection.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";
import {
  type Errors,
  immutable,
  notNegativeWordText,
  notPositiveText,
} from "#apiserver/kinds/rules/rule.ts";
import { counterSet } from "./counters.ts";
import { device, keptDevice } from "./device.ts";
import { poolName } from "./names.ts";
import { nodeChoice, ofSlice } from "./node-choice.ts";

const at = new FieldPath("spec");
const most = { devices: 128, devicesWithMore: 64, counterSets: 8 };

function pool(errors: Errors, here: FieldPath, given: Partial<V1ResourcePool>): void {
  const { resourceSliceCount: slices = 0, generation = 0 } = given;
  poolName(errors, here.child("name"), given.name);
  if (slices <= 0) errors.push(invalid(here.child("resourceSliceCount"), slices, notPositiveText));
  if (generation < 0)
    errors.push(invalid(here.child("generation"), generation, notNegativeWordText));
}

/** Such devices are larger, so that fewer fit into a slice. */
const hasMore = ({ taints = [], consumesCounters = [] }: V1Device): boolean =>
  taints.length + consumesCounters.length > 0;

function judged(next: V1ResourceSlice, previous?: V1ResourceSlice): Errors {
  const errors: Errors = [];
  const spec: Partial<V1ResourceSliceSpec> = next.spec ?? {};
  const before = previous?.spec;
  const { devices, sharedCounters } = spec;
  driverName(errors, at.child("driver"), spec.driver);
  pool(errors, at.child("pool"), spec.pool ?? {});
  if (before !== undefined) {
    immutable(errors, at.child("pool", "name"), spec.pool?.name, before.pool?.name);
    immutable(errors, at.child("driver"), spec.driver, before.driver);
    immutable(errors, at.child("nodeName"), spec.nodeName, before.nodeName);
  }
  nodeChoice(errors, at, spec, ofSlice);
  if (sharedCounters !== undefined && devices !== undefined)
    errors.push(invalid(at, "", "only one of `sharedCounters` or `devices` is allowed"));
  const known = new Map(before?.devices?.map((one) => [one.name, one]));
  set(
    errors,
    at.child("devices"),
    devices,
    devices?.some(hasMore) === true ? most.devicesWithMore : most.devices,
    (found, here, one) =>
      device(found, here, one, known.get(one.name), spec.perDeviceNodeSelection === true),
    ({ name }) => name ?? "",
  );
  set(
    errors,
    at.child("sharedCounters"),
    sharedCounters,
    most.counterSets,
    counterSet,
    ({ name }) => name ?? "",
  );
  return errors;
}

const kept = (slice: V1ResourceSlice, nowMs: number): V1ResourceSlice =>
  change(slice, "spec", (spec) =>
    change(spec, "devices", (devices) => each(devices, (one) => keptDevice(one, nowMs))),
  );

export const resourceSlice: Kind<V1ResourceSlice> = {
  gvk: "resource.k8s.io/v1/ResourceSlice",
  generation: true,
  prepareForCreate: (slice, { nowMs }) => kept(slice, nowMs),
  prepareForUpdate: (next, _previous, { nowMs }) => kept(next, nowMs),
  validateCreate: (slice) => judged(slice),
  validateUpdate: judged,
  warnings({ spec: { driver = "" } = {} as V1ResourceSliceSpec }) {
    return driver === driver.toLowerCase()
      ? []
      : [
          `spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`,
        ];
  },
  fields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.driver": ({ spec }) => spec.driver,
  },
  columns: [
    nameColumn,
    column(
      "Node",
      "string",
      doc("resource.v1.ResourceSliceSpec.nodeName"),
      ({ spec }: V1ResourceSlice) => spec.nodeName ?? "",
    ),
    column(
      "Driver",
      "string",
      doc("resource.v1.ResourceSliceSpec.driver"),
      ({ spec }: V1ResourceSlice) => spec.driver,
    ),
    column(
      "Pool",
      "string",
      doc("resource.v1.ResourcePool.name"),
      ({ spec }: V1ResourceSlice) => spec.pool.name,
    ),
    ageColumn,
  ],
};
