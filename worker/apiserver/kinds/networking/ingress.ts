/** Ingress. Upstream: pkg/registry/networking/ingress/strategy.go, pkg/apis/networking/validation ValidateIngress. */
import type {
  V1HTTPIngressPath,
  V1Ingress,
  V1IngressBackend,
  V1IngressRule,
  V1IngressTLS,
} from "#apimachinery/api/networking-v1.ts";
import { FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, portName } from "#apimachinery/names.ts";
import { column, columnsOf, loadBalancers } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { addressOf, ip } from "#apiserver/kinds/rules/address.ts";
import { portNumber } from "#apiserver/kinds/rules/port.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";
import { typedReference } from "./typed-reference.ts";
import { wildcardSubdomain } from "./wildcard.ts";

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const badSequences = ["//", "/./", "/../", "%2f", "%2F"];
const badEnds = ["/..", "/."];
const noAddress = "must be a DNS name, not an IP address";

function backend(errors: Errors, at: FieldPath, given: V1IngressBackend): void {
  const { resource, service } = given;
  if (resource !== undefined && service !== undefined)
    errors.push(invalid(at, "", "cannot set both resource and service backends"));
  else if (resource !== undefined) typedReference(errors, at.child("resource"), resource);
  else if (service !== undefined) {
    const { name, port } = service;
    if (!name) errors.push(required(at.child("service", "name")));
    else named(errors, at.child("service", "name"), name, dns1123Label);
    const here = at.child("service", "port");
    if (port?.name && port.number)
      errors.push(invalid(at, "", "cannot set both port name & port number"));
    else if (port?.name) named(errors, here.child("name"), port.name, portName);
    else if (port?.number) portNumber(errors, here.child("number"), port.number);
    else errors.push(required(at, "port name or number is required"));
  } else errors.push(invalid(at, "", "resource or service backend is required"));
}

function path(errors: Errors, at: FieldPath, given: V1HTTPIngressPath): void {
  const { pathType, path: text = "" } = given;
  if (pathType === undefined) {
    errors.push(required(at.child("pathType"), "pathType must be specified"));
    return;
  }
  const here = at.child("path");
  const isSpecific = pathType === "ImplementationSpecific";
  if (!pathTypes.includes(pathType))
    errors.push(unsupported(at.child("pathType"), pathType, pathTypes));
  else if (!text.startsWith("/") && !(isSpecific && text === ""))
    errors.push(invalid(here, text, "must be an absolute path"));
  if (pathType === "Exact" || pathType === "Prefix") {
    for (const bad of badSequences)
      if (text.includes(bad)) errors.push(invalid(here, text, `must not contain '${bad}'`));
    for (const bad of badEnds)
      if (text.endsWith(bad)) errors.push(invalid(here, text, `cannot end with '${bad}'`));
  }
  backend(errors, at.child("backend"), given.backend ?? {});
}

function rule(errors: Errors, at: FieldPath, { host = "", http }: V1IngressRule): void {
  if (host !== "") {
    if (addressOf(host) !== undefined) errors.push(invalid(at.child("host"), host, noAddress));
    named(
      errors,
      at.child("host"),
      host,
      host.includes("*") ? wildcardSubdomain : dns1123Subdomain,
    );
  }
  if (http === undefined) return;
  const paths = http.paths ?? [];
  if (paths.length === 0) errors.push(required(at.child("http", "paths")));
  for (const [i, one] of paths.entries()) path(errors, at.child("http", "paths").index(i), one);
}

function tls(errors: Errors, at: FieldPath, { hosts = [], secretName = "" }: V1IngressTLS): void {
  for (const [i, host] of hosts.entries())
    named(
      errors,
      at.child("hosts").index(i),
      host,
      host.includes("*") ? wildcardSubdomain : dns1123Subdomain,
    );
  if (secretName !== "") named(errors, at.child("secretName"), secretName, dns1123Subdomain);
}

function validate({ spec = {} }: V1Ingress): Errors {
  const errors: Errors = [];
  const at = new FieldPath("spec");
  const { rules = [], defaultBackend, ingressClassName } = spec;
  if (rules.length === 0 && defaultBackend === undefined)
    errors.push(
      invalid(at, spec.rules ?? null, "either `defaultBackend` or `rules` must be specified"),
    );
  if (defaultBackend !== undefined) backend(errors, at.child("defaultBackend"), defaultBackend);
  for (const [i, one] of rules.entries()) rule(errors, at.child("rules").index(i), one);
  for (const [i, one] of (spec.tls ?? []).entries()) tls(errors, at.child("tls").index(i), one);
  if (ingressClassName !== undefined)
    named(errors, at.child("ingressClassName"), ingressClassName, dns1123Subdomain);
  return errors;
}

function validateStatus(next: V1Ingress, previous: V1Ingress): Errors {
  const errors: Errors = [];
  const before = (previous.status?.loadBalancer?.ingress ?? []).map((one) => one.ip);
  for (const [i, one] of (next.status?.loadBalancer?.ingress ?? []).entries()) {
    const at = new FieldPath("status").child("loadBalancer", "ingress").index(i);
    if (one.ip) ip(errors, at.child("ip"), one.ip, before);
    if (!one.hostname) continue;
    named(errors, at.child("hostname"), one.hostname, dns1123Subdomain);
    if (addressOf(one.hostname) !== undefined)
      errors.push(invalid(at.child("hostname"), one.hostname, noAddress));
  }
  return errors;
}

/** An annotation and a field that say the same, since 1.18. */
const classAnnotation = "kubernetes.io/ingress.class";

function classErrors({ metadata, spec }: V1Ingress): Errors {
  const annotated = metadata.annotations?.[classAnnotation];
  const wanted = spec?.ingressClassName;
  if (annotated === undefined || wanted === undefined || annotated === wanted) return [];
  const at = new FieldPath("annotations").child(classAnnotation);
  return [invalid(at, annotated, "must match `ingressClassName` when both are specified")];
}

/** Of new ones alone. */
function warnings({ metadata, spec }: V1Ingress, previous?: V1Ingress): readonly string[] {
  return previous !== undefined ||
    metadata.annotations?.[classAnnotation] === undefined ||
    spec?.ingressClassName !== undefined
    ? []
    : [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`];
}

const mostHosts = 3;
/** Rules without a host count among those left out, and among no others. */
function hosts({ spec }: V1Ingress): string {
  const rules = spec?.rules ?? [];
  const named = rules.flatMap(({ host }, i) => (host ? [[i, host] as const] : []));
  if (named.length === 0) return "*";
  const shown = named.slice(0, mostHosts);
  const text = shown.map(([, host]) => host).join(",");
  const [last = 0] = shown[mostHosts - 1] ?? [rules.length];
  return last < rules.length - 1 ? `${text} + ${rules.length - mostHosts} more...` : text;
}

export const ingress: Kind<V1Ingress> = {
  gvk: "networking.k8s.io/v1/Ingress",
  validate,
  validateCreate: classErrors,
  validateStatusUpdate: validateStatus,
  warnings,
  columns: columnsOf(
    column(
      "Class",
      "string",
      "The name of the IngressClass resource that should be used for additional configuration",
      ({ spec }: V1Ingress) => spec?.ingressClassName ?? "<none>",
    ),
    column(
      "Hosts",
      "string",
      "Hosts that incoming requests are matched against before the ingress rule",
      hosts,
    ),
    column(
      "Address",
      "string",
      "Address is a list containing ingress points for the load-balancer",
      ({ status }: V1Ingress) => loadBalancers(status).join(","),
    ),
    column("Ports", "string", "Ports of TLS configurations that open", ({ spec }: V1Ingress) =>
      (spec?.tls ?? []).length > 0 ? "80, 443" : "80",
    ),
  ),
};
