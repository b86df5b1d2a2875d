/** Security contexts of Pods and containers. Upstream: pkg/apis/core/validation ValidateSecurityContext, validatePodSpecSecurityContext. */
import type {
  V1AppArmorProfile,
  V1PodSecurityContext,
  V1PodSpec,
  V1SeccompProfile,
  V1SecurityContext,
  V1Sysctl,
} from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldPath,
  invalid,
  required,
  tooLong,
  unsupported,
} from "#apimachinery/field.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { descending } from "#apiserver/kinds/rules/path.ts";
import {
  between,
  type Errors,
  oneOfIfAny,
  remembered,
  userRange,
} from "#apiserver/kinds/rules/rule.ts";
import { windowsOptions } from "./windows.ts";

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];
const longestPath = 4095;

function seccomp(errors: Errors, at: FieldPath, profile: V1SeccompProfile): void {
  const { type, localhostProfile } = profile;
  if (!type) errors.push(required(at.child("type"), "type is required when seccompProfile is set"));
  else if (!profileTypes.includes(type))
    errors.push(unsupported(at.child("type"), type, profileTypes, "listed"));
  const path = at.child("localhostProfile");
  if (type === "Localhost") {
    if (localhostProfile === undefined)
      errors.push(required(path, "must be set when seccomp type is Localhost"));
    else descending(errors, path, localhostProfile);
  } else if (localhostProfile !== undefined)
    errors.push(
      invalid(
        path,
        { Type: type ?? "", LocalhostProfile: localhostProfile },
        "can only be set when seccomp type is Localhost",
      ),
    );
}

function appArmor(errors: Errors, at: FieldPath, profile: V1AppArmorProfile): void {
  const { type, localhostProfile } = profile;
  const path = at.child("localhostProfile");
  if (!type)
    errors.push(required(at.child("type"), "type is required when appArmorProfile is set"));
  else if (!profileTypes.includes(type))
    errors.push(unsupported(at.child("type"), type, profileTypes, "listed"));
  else if (type !== "Localhost") {
    if (localhostProfile !== undefined)
      errors.push(
        invalid(path, localhostProfile, "can only be set when AppArmor type is Localhost"),
      );
  } else if (localhostProfile === undefined)
    errors.push(required(path, "must be set when AppArmor type is Localhost"));
  else {
    if (localhostProfile.trim() !== localhostProfile)
      errors.push(invalid(path, localhostProfile, "must not be padded with whitespace"));
    else if (localhostProfile === "")
      errors.push(required(path, "must be set when AppArmor type is Localhost"));
    if (localhostProfile.length > longestPath) errors.push(tooLong(path, longestPath));
  }
}

interface Shared {
  readonly appArmorProfile?: V1AppArmorProfile | undefined;
  readonly windowsOptions?: V1SecurityContext["windowsOptions"];
}
function otherProfiles(errors: Errors, at: FieldPath, given: Shared): void {
  if (given.windowsOptions !== undefined)
    windowsOptions(errors, at.child("windowsOptions"), given.windowsOptions);
  if (given.appArmorProfile !== undefined)
    appArmor(errors, at.child("appArmorProfile"), given.appArmorProfile);
}

const procMounts = ["Default", "Unmasked"];
const users = remembered<V1SecurityContext>((errors, at, given) => {
  between(errors, at.child("runAsUser"), given.runAsUser, userRange);
  between(errors, at.child("runAsGroup"), given.runAsGroup, userRange);
  const { procMount } = given;
  if (procMount !== undefined && !procMounts.includes(procMount))
    errors.push(unsupported(at.child("procMount"), procMount, procMounts, "listed"));
});
const rights = remembered<V1SecurityContext>((errors, at, given) => {
  if (given.seccompProfile !== undefined)
    seccomp(errors, at.child("seccompProfile"), given.seccompProfile);
  const { allowPrivilegeEscalation, privileged, capabilities } = given;
  const refuse = (what: string): unknown =>
    errors.push(
      invalid(at, internal(given), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`),
    );
  if (allowPrivilegeEscalation === false) {
    if (privileged === true) refuse("`privileged` to true");
    for (const one of capabilities?.add ?? [])
      if (one === "CAP_SYS_ADMIN") refuse("`capabilities.Add` CAP_SYS_ADMIN");
  }
  otherProfiles(errors, at, given);
});
/** As upstream prints its internal type, whose fields stand in this order. */
const internalNames: readonly (keyof V1SecurityContext)[] = [
  "capabilities",
  "privileged",
  "seLinuxOptions",
  "windowsOptions",
  "runAsUser",
  "runAsGroup",
  "runAsNonRoot",
  "readOnlyRootFilesystem",
  "allowPrivilegeEscalation",
  "procMount",
  "seccompProfile",
  "appArmorProfile",
];
const profileNames = ["type", "localhostProfile"];
function internal(given: V1SecurityContext): unknown {
  const nested: Partial<Record<keyof V1SecurityContext, unknown>> = { ...given };
  if (given.capabilities !== undefined)
    nested.capabilities = asInternal(given.capabilities, ["add", "drop"]);
  for (const name of ["seccompProfile", "appArmorProfile"] as const)
    if (given[name] !== undefined) nested[name] = asInternal(given[name], profileNames);
  return asInternal(nested, internalNames);
}

export function containerSecurity(
  errors: Errors,
  at: FieldPath,
  given: V1SecurityContext,
  hostUsers: boolean,
): void {
  users(errors, at, given);
  if (hostUsers && given.procMount === "Unmasked")
    errors.push(
      invalid(
        at.child("procMount"),
        given.procMount,
        "`hostUsers` must be false to use `Unmasked`",
      ),
    );
  rights(errors, at, given);
}

const sysctlSegment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const sysctlPattern = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`;
const sysctl = new RegExp(sysctlPattern);
const longestSysctl = 253;
/** Which namespace of the kernel a parameter belongs to. Upstream: component-helpers/node/util/sysctl. */
const isOfNetwork = (name: string): boolean => /^net[./]/.test(name);
const isOfIpc = (name: string): boolean =>
  /^fs[./]mqueue[./]/.test(name) || /^kernel[./](shm|msg|sem)/.test(name);

function sysctls(
  errors: Errors,
  at: FieldPath,
  list: readonly V1Sysctl[],
  { hostNetwork, hostIPC }: V1PodSpec,
): void {
  const names = new Set<string>();
  for (const [i, { name = "" }] of list.entries()) {
    const here = at.index(i).child("name");
    if (name === "") errors.push(required(here));
    else if (name.length > longestSysctl || !sysctl.test(name))
      errors.push(
        invalid(
          here,
          name,
          `must have at most ${longestSysctl} characters and match regex ${sysctlPattern}`,
        ),
      );
    else if (names.has(name)) errors.push(duplicate(here, name));
    if (hostNetwork === true && isOfNetwork(name))
      errors.push(invalid(here, name, "may not be specified when 'hostNetwork' is true"));
    else if (hostIPC === true && isOfIpc(name))
      errors.push(invalid(here, name, "may not be specified when 'hostIPC' is true"));
    names.add(name);
  }
}

const groups = remembered<V1PodSecurityContext>((errors, at, given) => {
  between(errors, at.child("fsGroup"), given.fsGroup, userRange);
  between(errors, at.child("runAsUser"), given.runAsUser, userRange);
  between(errors, at.child("runAsGroup"), given.runAsGroup, userRange);
  for (const [i, group] of (given.supplementalGroups ?? []).entries())
    between(errors, at.child("supplementalGroups").index(i), group, userRange);
});
const policies = remembered<V1PodSecurityContext>((errors, at, given) => {
  oneOfIfAny(errors, at.child("fsGroupChangePolicy"), given.fsGroupChangePolicy, [
    "Always",
    "OnRootMismatch",
  ]);
  if (given.seccompProfile !== undefined)
    seccomp(errors, at.child("seccompProfile"), given.seccompProfile);
  otherProfiles(errors, at, given);
  oneOfIfAny(errors, at.child("supplementalGroupsPolicy"), given.supplementalGroupsPolicy, [
    "Merge",
    "Strict",
  ]);
  // Volumes are mounted with a label only where SELinuxMount is on, and here it is off.
  oneOfIfAny(errors, at.child("seLinuxChangePolicy"), given.seLinuxChangePolicy, ["Recursive"]);
});

export function podSecurity(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  const { securityContext, shareProcessNamespace, hostPID } = spec;
  if (securityContext !== undefined) groups(errors, at, securityContext);
  if (shareProcessNamespace === true && hostPID === true)
    errors.push(
      invalid(
        at.child("shareProcessNamespace"),
        true,
        "ShareProcessNamespace and HostPID cannot both be enabled",
      ),
    );
  if (securityContext === undefined) return;
  if (securityContext.sysctls !== undefined)
    sysctls(errors, at.child("sysctls"), securityContext.sysctls, spec);
  policies(errors, at, securityContext);
}
