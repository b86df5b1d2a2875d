/** What a claim asks for. Upstream: pkg/apis/resource/validation validateDeviceClaim, v1/defaults.go. */
import type {
  V1DeviceClaim,
  V1DeviceRequest,
  V1DeviceSubRequest,
  V1ExactDeviceRequest,
} from "#apimachinery/api/resource-v1.ts";
import {
  duplicate,
  type FieldPath,
  invalid,
  invalidSilently,
  required,
  tooMany,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import { type Errors, notPositiveText, requiredName } from "#apiserver/kinds/rules/rule.ts";
import { selectors } from "./selectors.ts";

const modes = ["All", "ExactCount"];
const most = { requests: 32, alternatives: 8, constraints: 32 };
type Asked = V1ExactDeviceRequest | V1DeviceSubRequest;

const withCount = <T extends Asked>(given: T): T => {
  const typed = fill(given, { allocationMode: "ExactCount" } as Partial<T>);
  return typed.allocationMode === "ExactCount" && !typed.count ? { ...typed, count: 1 } : typed;
};
export const claimDefaults = (claim: V1DeviceClaim): V1DeviceClaim =>
  change(claim, "requests", (requests) =>
    each(requests, (request) =>
      change(change(request, "exactly", withCount), "firstAvailable", (all) =>
        each(all, withCount),
      ),
    ),
  );

function asked(errors: Errors, at: FieldPath, given: Asked): void {
  requiredName(errors, at.child("deviceClassName"), given.deviceClassName, dns1123Subdomain);
  selectors(errors, at.child("selectors"), given.selectors);
  const { allocationMode: mode = "", count = 0 } = given;
  if (!modes.includes(mode)) errors.push(unsupported(at.child("allocationMode"), mode, modes));
  else if (mode === "All" && count !== 0)
    errors.push(
      invalid(at.child("count"), count, `must not be specified when allocationMode is '${mode}'`),
    );
  else if (mode === "ExactCount" && count <= 0)
    errors.push(invalid(at.child("count"), count, notPositiveText));
}

function request(errors: Errors, at: FieldPath, given: V1DeviceRequest): void {
  requiredName(errors, at.child("name"), given.name, dns1123Label);
  const { exactly, firstAvailable = [] } = given;
  const one = "exactly one of `exactly` or `firstAvailable` is required";
  if (exactly === undefined && firstAvailable.length === 0) errors.push(required(at, one));
  else if (exactly !== undefined && firstAvailable.length > 0)
    errors.push(invalidSilently(at, `${one}, but multiple fields are set`));
  if (exactly !== undefined) asked(errors, at.child("exactly"), exactly);
  const all = at.child("firstAvailable");
  if (firstAvailable.length > most.alternatives)
    errors.push(tooMany(all, firstAvailable.length, most.alternatives));
  for (const [i, sub] of firstAvailable.entries()) {
    requiredName(errors, all.index(i).child("name"), sub.name, dns1123Label);
    if (firstAvailable.findIndex(({ name }) => name === sub.name) < i)
      errors.push(duplicate(all.index(i).child("name"), sub.name));
    asked(errors, all.index(i), sub);
  }
}

export function deviceClaim(errors: Errors, at: FieldPath, given: V1DeviceClaim = {}): void {
  const { requests = [], constraints = [] } = given;
  const all = at.child("requests");
  if (requests.length > most.requests) errors.push(tooMany(all, requests.length, most.requests));
  for (const [i, one] of requests.entries()) {
    request(errors, all.index(i), one);
    if (one.name && requests.findIndex(({ name }) => name === one.name) < i)
      errors.push(duplicate(all.index(i).child("name"), one.name));
  }
  const limits = at.child("constraints");
  if (constraints.length > most.constraints)
    errors.push(tooMany(limits, constraints.length, most.constraints));
  const names = requests.flatMap(({ name, firstAvailable = [] }) => [
    name,
    ...firstAvailable.map((sub) => `${name}/${sub.name}`),
  ]);
  for (const [i, one] of constraints.entries()) {
    for (const [n, name] of (one.requests ?? []).entries())
      if (!names.includes(name))
        errors.push(
          invalid(
            limits.index(i).child("requests").index(n),
            name,
            "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
          ),
        );
    if (one.matchAttribute === undefined && one.distinctAttribute === undefined)
      errors.push(required(limits.index(i).child("matchAttribute")));
  }
}
