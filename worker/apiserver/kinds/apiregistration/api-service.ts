/** apiregistration.k8s.io/v1 APIService. Upstream: kube-aggregator/pkg/registry/apiservice/strategy.go, etcd/etcd.go; pkg/apis/apiregistration/validation/validation.go. */
import type { V1APIService } from "#apimachinery/api/apiregistration-v1.ts";
import { type FieldError, FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1035Label, dns1123Subdomain, pathSegmentName } from "#apimachinery/names.ts";
import { columnsOf, column } from "#apiserver/kinds/columns.ts";
import { at, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const spec = new FieldPath("spec");

/** `Local`, or the Service behind it. */
const serviceText = ({ spec: of }: V1APIService): string =>
  of?.service === undefined ? "Local" : `${of.service.namespace}/${of.service.name}`;

/** `True`, `False (MissingEndpoints)`. */
function availableText({ status }: V1APIService): string {
  const found = status?.conditions?.find(({ type }) => type === "Available");
  if (found === undefined) return "Unknown";
  return found.status === "True" ? "True" : `${found.status} (${found.reason ?? ""})`;
}

function validate({ metadata: { name = "" }, spec: of }: V1APIService): readonly FieldError[] {
  const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0 } = of ?? {};
  const errors: FieldError[] = [];
  const wanted = `${version}.${group}`;
  if (name !== wanted)
    errors.push(
      invalid(
        new FieldPath("metadata").child("name"),
        name,
        `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`,
      ),
    );
  if (group === "" && version !== "v1")
    errors.push(
      required(spec.child("group"), "only v1 may have an empty group and it better be legacy kube"),
    );
  if (group !== "")
    for (const problem of dns1123Subdomain(group))
      errors.push(invalid(spec.child("group"), group, problem));
  for (const problem of dns1035Label(version))
    errors.push(invalid(spec.child("version"), version, problem));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000)
    errors.push(
      invalid(
        spec.child("groupPriorityMinimum"),
        groupPriorityMinimum,
        "must be positive and less than 20000",
      ),
    );
  if (versionPriority <= 0 || versionPriority > 1000)
    errors.push(
      invalid(
        spec.child("versionPriority"),
        versionPriority,
        "must be positive and less than 1000",
      ),
    );
  return [...errors, ...serviceErrors(of)];
}

function serviceErrors(of: V1APIService["spec"]): readonly FieldError[] {
  const { service, caBundle = "", insecureSkipTLSVerify = false } = of ?? {};
  const skip = spec.child("insecureSkipTLSVerify");
  if (service === undefined)
    return [
      ...(caBundle === ""
        ? []
        : [
            invalid(
              spec.child("caBundle"),
              `${atob(caBundle).length} bytes`,
              "local APIServices may not have a caBundle",
            ),
          ]),
      ...(insecureSkipTLSVerify
        ? [invalid(skip, true, "local APIServices may not have insecureSkipTLSVerify")]
        : []),
    ];
  const named = (["namespace", "name"] as const)
    .filter((field) => !service[field])
    .map((field) => required(spec.child("service", field)));
  const { port = 0 } = service;
  const wrongPort =
    port < 1 || port > 65_535
      ? [
          invalid(
            spec.child("service", "port"),
            port,
            "port is not valid: must be between 1 and 65535, inclusive",
          ),
        ]
      : [];
  const both =
    insecureSkipTLSVerify && caBundle !== ""
      ? [invalid(skip, true, "may not be true if caBundle is present")]
      : [];
  return [...named, ...wrongPort, ...both];
}

export const apiService: Kind<V1APIService> = {
  gvk: "apiregistration.k8s.io/v1/APIService",
  statusKeeps: "metadata",
  unconditionalUpdate: false,
  name: pathSegmentName,
  defaults: (service) =>
    at(service, "spec", (of) => at(of, "service", (reference) => fill(reference, { port: 443 }))),
  validate,
  columns: columnsOf<V1APIService>(
    column(
      "Service",
      "string",
      "The reference to the service that hosts this API endpoint.",
      serviceText,
    ),
    column("Available", "string", "Whether this service is available.", availableText),
  ),
};
