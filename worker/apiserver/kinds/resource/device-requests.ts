/** What a claim asks for. Upstream: pkg/apis/resource/validation validateDeviceClaim, v1/defaults.go. */
import type {
  V1DeviceClaim,
  V1DeviceClaimConfiguration,
  V1DeviceConstraint,
  V1DeviceRequest,
  V1DeviceSubRequest,
  V1ExactDeviceRequest,
} from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import { list, set } from "#apiserver/kinds/rules/collection.ts";
import {
  type Errors,
  notPositiveText,
  requiredName,
  type Rule,
} from "#apiserver/kinds/rules/rule.ts";
import { configuration } from "./configuration.ts";
import { attributeNameWithDomain, label } from "./names.ts";
import { requestNames, requestReferences } from "./request-names.ts";
import { selectors } from "./selectors.ts";
import { tolerations } from "./taints.ts";

const modes = ["All", "ExactCount"];
const most = { requests: 32, alternatives: 8, constraints: 32, configurations: 32 };
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
  tolerations(errors, at.child("tolerations"), given.tolerations);
}

const alternative: Rule<V1DeviceSubRequest> = (errors, at, given) => {
  label(errors, at.child("name"), given.name);
  asked(errors, at, given);
};
const request: Rule<V1DeviceRequest> = (errors, at, { name, exactly, firstAvailable = [] }) => {
  label(errors, at.child("name"), name);
  const one = "exactly one of `exactly` or `firstAvailable` is required";
  if (firstAvailable.length > 0) {
    if (exactly !== undefined)
      errors.push(invalid(at, null, `${one}, but multiple fields are set`));
    else
      set(
        errors,
        at.child("firstAvailable"),
        firstAvailable,
        most.alternatives,
        alternative,
        (sub) => sub.name ?? "",
      );
  } else if (exactly === undefined) errors.push(required(at, one));
  else asked(errors, at.child("exactly"), exactly);
};

const constraint =
  (names: ReadonlySet<string>): Rule<V1DeviceConstraint> =>
  (errors, at, { requests, matchAttribute, distinctAttribute }) => {
    requestReferences(errors, at.child("requests"), requests, names);
    if (matchAttribute !== undefined)
      attributeNameWithDomain(errors, at.child("matchAttribute"), matchAttribute);
    else if (distinctAttribute !== undefined)
      attributeNameWithDomain(errors, at.child("distinctAttribute"), distinctAttribute);
    else
      errors.push(
        required(
          at,
          'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set',
        ),
      );
  };
const claimConfiguration =
  (names: ReadonlySet<string>): Rule<V1DeviceClaimConfiguration> =>
  (errors, at, given) => {
    requestReferences(errors, at.child("requests"), given.requests, names);
    configuration(errors, at, given);
  };

export function deviceClaim(errors: Errors, at: FieldPath, given: V1DeviceClaim = {}): void {
  const { requests, constraints, config } = given;
  const names = requestNames(given);
  set(errors, at.child("requests"), requests, most.requests, request, ({ name }) => name ?? "");
  list(errors, at.child("constraints"), constraints, most.constraints, constraint(names));
  list(errors, at.child("config"), config, most.configurations, claimConfiguration(names));
}
