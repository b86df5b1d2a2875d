/** ResourceSlice. Upstream: pkg/registry/resource/resourceslice/strategy.go, pkg/apis/resource/validation ValidateResourceSlice. */
import type { V1ResourceSlice, V1ResourceSliceSpec } from "#apimachinery/api/resource-v1.ts";
import { duplicate, FieldPath, invalid, required, tooLong, tooMany } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { ageColumn, column, nameColumn } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import {
  type Errors,
  immutable,
  named,
  notNegative,
  notPositiveText,
  requiredName,
} from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec");
const most = { devices: 128, driver: 63, pool: 253 };
const places = ["nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection"] as const;

function poolName(errors: Errors, here: FieldPath, name = ""): void {
  if (name === "") errors.push(required(here));
  else {
    if (name.length > most.pool) errors.push(tooLong(here, most.pool));
    for (const part of name.split("/")) named(errors, here, part, dns1123Subdomain);
  }
}

function place(errors: Errors, spec: Partial<V1ResourceSliceSpec>): void {
  const set = places.filter((field) => spec[field] !== undefined && spec[field] !== false);
  const one = `exactly one of ${places.map((field) => `\`${field}\``).join(", ")} is required`;
  if (set.length === 0) errors.push(required(at, one));
  else if (set.length > 1)
    errors.push(
      invalid(
        at,
        `{${set.map((field) => `\`${field}\``).join(", ")}}`,
        `${one}, but multiple fields are set`,
      ),
    );
  if (spec.nodeName !== undefined)
    named(errors, at.child("nodeName"), spec.nodeName, dns1123Subdomain);
}

function validate({ spec = {} }: { readonly spec?: Partial<V1ResourceSliceSpec> }): Errors {
  const errors: Errors = [];
  const { driver = "", pool, devices = [] } = spec;
  requiredName(errors, at.child("driver"), driver, dns1123Subdomain);
  if (driver.length > most.driver) errors.push(tooLong(at.child("driver"), most.driver));
  poolName(errors, at.child("pool", "name"), pool?.name);
  const slices = pool?.resourceSliceCount ?? 0;
  if (slices <= 0)
    errors.push(invalid(at.child("pool", "resourceSliceCount"), slices, notPositiveText));
  notNegative(errors, at.child("pool", "generation"), pool?.generation);
  place(errors, spec);
  const all = at.child("devices");
  if (devices.length > most.devices) errors.push(tooMany(all, devices.length, most.devices));
  for (const [i, { name }] of devices.entries()) {
    requiredName(errors, all.index(i).child("name"), name, dns1123Label);
    if (name && devices.findIndex((one) => one.name === name) < i)
      errors.push(duplicate(all.index(i).child("name"), name));
  }
  return errors;
}

export const resourceSlice: Kind<V1ResourceSlice> = {
  gvk: "resource.k8s.io/v1/ResourceSlice",
  generation: true,
  validate,
  validateUpdate(next, previous) {
    const errors: Errors = [];
    const [now, before] = [next.spec, previous.spec];
    immutable(errors, at.child("driver"), now.driver, before.driver);
    immutable(errors, at.child("pool", "name"), now.pool?.name, before.pool?.name);
    immutable(errors, at.child("nodeName"), now.nodeName ?? "", before.nodeName ?? "");
    return errors;
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
      "NodeName identifies the node which provides the resources in this pool. A field selector can be used to list only ResourceSlice objects belonging to a certain node.",
      ({ spec }: V1ResourceSlice) => spec.nodeName || "<none>",
    ),
    column(
      "Driver",
      "string",
      "Driver identifies the DRA driver providing the capacity information. A field selector can be used to list only ResourceSlice objects with a certain driver name.",
      ({ spec }: V1ResourceSlice) => spec.driver,
    ),
    column(
      "Pool",
      "string",
      "Name is used to identify the pool. For node-local devices, this is often the node name, but this is not required.",
      ({ spec }: V1ResourceSlice) => spec.pool.name,
    ),
    ageColumn,
  ],
};
