/** What the operating system of a Pod rules out, and options of Windows. Upstream: pkg/apis/core/validation validateOS, validateWindows, validateLinux. */
import type {
  V1PodSpec,
  V1SecurityContext,
  V1WindowsSecurityContextOptions,
} from "#apimachinery/api/core-v1.ts";
import { type FieldPath, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";
import { eachContainer } from "./each-container.ts";

const mostSpecKib = 64;
const mostDomain = 256;
const mostUser = 104;
const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const dnsDomain = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);

export function windowsOptions(
  errors: Errors,
  at: FieldPath,
  given: V1WindowsSecurityContextOptions,
): void {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = given;
  if (gmsaCredentialSpecName !== undefined)
    named(errors, at.child("gmsaCredentialSpecName"), gmsaCredentialSpecName, dns1123Subdomain);
  if (gmsaCredentialSpec !== undefined) {
    const why =
      gmsaCredentialSpec === ""
        ? "gmsaCredentialSpec cannot be an empty string"
        : gmsaCredentialSpec.length > mostSpecKib * 1024
          ? `gmsaCredentialSpec size must be under ${mostSpecKib} KiB`
          : undefined;
    if (why !== undefined)
      errors.push(invalid(at.child("gmsaCredentialSpec"), gmsaCredentialSpec, why));
  }
  if (runAsUserName !== undefined)
    for (const why of userNameProblems(runAsUserName))
      errors.push(invalid(at.child("runAsUserName"), runAsUserName, why));
}

function userNameProblems(name: string): readonly string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name))
    return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const domain = parts.length === 2 ? (parts[0] ?? "") : undefined;
  const user = parts.at(-1) ?? "";
  const problems: string[] = [];
  if (domain !== undefined && domain.length >= mostDomain)
    problems.push(`runAsUserName's Domain length must be under ${mostDomain} characters`);
  if (domain !== undefined && !netBios.test(domain) && !dnsDomain.test(domain))
    problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (user === "") problems.push("runAsUserName's User cannot be empty");
  else if (user.length > mostUser)
    problems.push(`runAsUserName's User length must not be longer than ${mostUser} characters`);
  if (/^[. ]+$/.test(user))
    problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    problems.push(
      "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]",
    );
  return problems;
}

const notOnWindows = "cannot be set for a windows pod";
/** In upstream's order, where some lie in the spec. */
const ofPod = [
  "appArmorProfile",
  "seLinuxOptions",
  "hostUsers",
  "hostPID",
  "hostIPC",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "shareProcessNamespace",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
  "seLinuxChangePolicy",
] as const;
const inSpec = new Set<string>(["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"]);
const ofContainer: readonly (keyof V1SecurityContext)[] = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
];

type Settings = Readonly<Partial<Record<(typeof ofPod)[number], unknown>>>;
function onWindows(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  const own = at.child("securityContext");
  for (const name of ofPod) {
    const isOfSpec = inSpec.has(name);
    const { [name]: value } = (isOfSpec ? spec : (spec.securityContext ?? {})) as Settings;
    const isOff = value === false && (name === "hostPID" || name === "hostIPC");
    if (value !== undefined && !isOff)
      errors.push(forbidden((isOfSpec ? at : own).child(name), notOnWindows));
  }
  eachContainer(spec, at, ({ securityContext }, here) => {
    for (const name of ofContainer)
      if (securityContext?.[name] !== undefined)
        errors.push(forbidden(here.child("securityContext", name), notOnWindows));
  });
}
function onLinux(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  const why = "windows options cannot be set for a linux pod";
  if (spec.securityContext?.windowsOptions !== undefined)
    errors.push(forbidden(at.child("securityContext", "windowsOptions"), why));
  eachContainer(spec, at, ({ securityContext }, here) => {
    if (securityContext?.windowsOptions !== undefined)
      errors.push(forbidden(here.child("securityContext", "windowsOptions"), why));
  });
}

/** spec.os, and what it rules out. */
export function operatingSystem(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  const { os } = spec;
  if (os === undefined) return;
  if (!os.name) errors.push(required(at.child("os", "name")));
  else if (os.name === "linux") onLinux(errors, at, spec);
  else if (os.name === "windows") onWindows(errors, at, spec);
  else errors.push(unsupported(at.child("os"), os.name, ["linux", "windows"]));
}

/** HostProcess containers of Windows: all or none, and on the host's network. */
export function hostProcess(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  const ofWhole = spec.securityContext?.windowsOptions?.hostProcess;
  let all = 0;
  let hosted = 0;
  eachContainer(spec, at, ({ securityContext }, here) => {
    all += 1;
    const own = securityContext?.windowsOptions?.hostProcess;
    if (ofWhole !== undefined && own !== undefined && ofWhole !== own)
      errors.push(
        invalid(
          here.child("securityContext", "windowsOptions", "hostProcess"),
          own,
          `pod hostProcess value must be identical if both are specified, was ${ofWhole}`,
        ),
      );
    if (own ?? ofWhole) hosted += 1;
  });
  if (hosted === 0) return;
  if (hosted !== all)
    errors.push(
      invalid(
        at,
        "",
        "If pod contains any hostProcess containers then all containers must be HostProcess containers",
      ),
    );
  if (spec.hostNetwork !== true)
    errors.push(
      invalid(
        at.child("hostNetwork"),
        false,
        "hostNetwork must be true if pod contains any hostProcess containers",
      ),
    );
}
