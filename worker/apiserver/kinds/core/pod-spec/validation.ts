/** Validation of Pod specs. Upstream: pkg/apis/core/validation/validation.go ValidatePodSpec. */
import type {
  V1Container,
  V1ContainerPort,
  V1EnvVar,
  V1Lifecycle,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Probe,
  V1ResourceRequirements,
  V1Toleration,
  V1Volume,
} from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, qualifiedName } from "#apimachinery/names.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { validateLabels } from "#apiserver/object-meta.ts";

type Errors = FieldError[];
const nothing: readonly FieldError[] = [];

function atLeast(errors: Errors, at: FieldPath, value: number | undefined, least: number): void {
  if (value !== undefined && value < least) {
    errors.push(
      invalid(
        at,
        value,
        least === 0 ? "must be greater than or equal to 0" : `must be greater than ${least - 1}`,
      ),
    );
  }
}
function oneOf(
  errors: Errors,
  at: FieldPath,
  value: string | undefined,
  supported: readonly string[],
  isRequired = true,
): void {
  if (value === undefined || value === "") {
    if (isRequired) errors.push(required(at));
  } else if (!supported.includes(value)) errors.push(unsupported(at, value, supported));
}
function portNumber(errors: Errors, at: FieldPath, port: number): void {
  if (port < 1 || port > 65_535)
    errors.push(invalid(at, port, "must be between 1 and 65535, inclusive"));
}

/** Upstream: util/validation IsValidPortName. */
export function portName(name: string): readonly string[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push("must be no more than 15 characters");
  if (!/^[-a-z0-9]+$/.test(name))
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(name)) problems.push("must contain at least one letter (a-z)");
  if (name.includes("--")) problems.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-"))
    problems.push("must not begin or end with a hyphen");
  return problems;
}

/** A port's number or name, wherever one may stand. */
export function portReference(
  errors: Errors,
  at: FieldPath,
  port: number | string | undefined,
): void {
  if (typeof port === "number") portNumber(errors, at, port);
  else if (port === undefined) portNumber(errors, at, 0);
  else for (const problem of portName(port)) errors.push(invalid(at, port, problem));
}

function ports(errors: Errors, list: readonly V1ContainerPort[], at: FieldPath): void {
  const names = new Set<string>();
  for (const [i, port] of list.entries()) {
    const here = at.index(i);
    if (port.name) {
      const problems = portName(port.name);
      for (const problem of problems) errors.push(invalid(here.child("name"), port.name, problem));
      if (problems.length === 0 && names.has(port.name))
        errors.push(duplicate(here.child("name"), port.name));
      names.add(port.name);
    }
    if (!port.containerPort) errors.push(required(here.child("containerPort")));
    else portNumber(errors, here.child("containerPort"), port.containerPort);
    if (port.hostPort) portNumber(errors, here.child("hostPort"), port.hostPort);
    oneOf(errors, here.child("protocol"), port.protocol, ["SCTP", "TCP", "UDP"]);
  }
}

function env(errors: Errors, list: readonly V1EnvVar[], at: FieldPath): void {
  for (const [i, { name, value, valueFrom }] of list.entries()) {
    const here = at.index(i);
    if (!name) errors.push(required(here.child("name")));
    else if (!/^[ -<>-~]+$/.test(name))
      errors.push(
        invalid(
          here.child("name"),
          name,
          "a valid environment variable name must consist only of printable ASCII characters other than '='",
        ),
      );
    if (valueFrom === undefined) continue;
    const sources = Object.keys(valueFrom);
    const there = here.child("valueFrom");
    if (sources.length === 0)
      errors.push(
        invalid(
          there,
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
        ),
      );
    if (value) errors.push(invalid(there, "", "may not be specified when `value` is not empty"));
    else if (sources.length > 1)
      errors.push(invalid(there, "", "may not have more than one field specified at a time"));
    for (const kind of ["configMapKeyRef", "secretKeyRef"] as const) {
      const ref = valueFrom[kind];
      if (ref !== undefined && !ref.key) errors.push(required(there.child(kind, "key")));
    }
  }
}

const handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;
function handler(
  errors: Errors,
  given: V1Probe | NonNullable<V1Lifecycle["preStop"]>,
  at: FieldPath,
): void {
  let count = 0;
  for (const name of handlers) {
    const action = (given as Readonly<Record<string, unknown>>)[name];
    if (action === undefined) continue;
    if (count > 0)
      errors.push(forbidden(at.child(name), "may not specify more than 1 handler type"));
    count += 1;
  }
  if (count === 0) errors.push(required(at, "must specify a handler type"));
  const { exec, httpGet, tcpSocket } = given;
  if (exec !== undefined && (exec.command ?? []).length === 0)
    errors.push(required(at.child("exec", "command")));
  if (httpGet !== undefined) {
    if (!httpGet.path) errors.push(required(at.child("httpGet", "path")));
    portReference(errors, at.child("httpGet", "port"), httpGet.port);
    oneOf(errors, at.child("httpGet", "scheme"), httpGet.scheme, ["HTTP", "HTTPS"]);
  }
  if (tcpSocket !== undefined) portReference(errors, at.child("tcpSocket", "port"), tcpSocket.port);
}

function probe(errors: Errors, given: V1Probe, at: FieldPath, onlyOnce: boolean): void {
  handler(errors, given, at);
  atLeast(errors, at.child("initialDelaySeconds"), given.initialDelaySeconds, 0);
  atLeast(errors, at.child("timeoutSeconds"), given.timeoutSeconds, 0);
  atLeast(errors, at.child("periodSeconds"), given.periodSeconds, 0);
  atLeast(errors, at.child("successThreshold"), given.successThreshold, 0);
  atLeast(errors, at.child("failureThreshold"), given.failureThreshold, 0);
  if (onlyOnce && given.successThreshold !== 1)
    errors.push(invalid(at.child("successThreshold"), given.successThreshold, "must be 1"));
}

export function validateResources(
  errors: Errors,
  { limits, requests }: V1ResourceRequirements,
  at: FieldPath,
): void {
  const negative = (list: typeof limits, name: string): void => {
    for (const [resource, quantity] of Object.entries(list ?? {})) {
      const here = at.child(name).key(resource);
      for (const problem of qualifiedName(resource))
        errors.push(invalid(at.child(name), resource, problem));
      if (compareQuantities(quantity, 0) < 0)
        errors.push(invalid(here, quantity, "must be greater than or equal to 0"));
    }
  };
  negative(limits, "limits");
  negative(requests, "requests");
  for (const [resource, quantity] of Object.entries(requests ?? {})) {
    const limit = limits?.[resource];
    if (limit !== undefined && compareQuantities(quantity, limit) > 0) {
      errors.push(
        invalid(
          at.child("requests"),
          quantity,
          `must be less than or equal to ${resource} limit of ${limit}`,
        ),
      );
    }
  }
}

interface Around {
  readonly volumes: ReadonlySet<string>;
  readonly names: Set<string>;
  /** Init containers that do not go on running have no probes. */
  readonly probes: boolean;
}
function container(
  errors: Errors,
  given: V1Container,
  at: FieldPath,
  { volumes, names, probes }: Around,
): void {
  const { name, image } = given;
  if (!name) errors.push(required(at.child("name")));
  else
    for (const problem of dns1123Label(name)) errors.push(invalid(at.child("name"), name, problem));
  if (name && names.has(name)) errors.push(duplicate(at.child("name"), name));
  names.add(name);
  if (!image) errors.push(required(at.child("image")));
  else if (image !== image.trim())
    errors.push(invalid(at.child("image"), image, "must not have leading or trailing whitespace"));
  oneOf(errors, at.child("imagePullPolicy"), given.imagePullPolicy, [
    "Always",
    "IfNotPresent",
    "Never",
  ]);
  oneOf(errors, at.child("terminationMessagePolicy"), given.terminationMessagePolicy, [
    "FallbackToLogsOnError",
    "File",
  ]);
  if (given.ports !== undefined) ports(errors, given.ports, at.child("ports"));
  if (given.env !== undefined) env(errors, given.env, at.child("env"));
  const paths = new Set<string>();
  for (const [i, mount] of (given.volumeMounts ?? []).entries()) {
    const here = at.child("volumeMounts").index(i);
    if (!mount.name) errors.push(required(here.child("name")));
    else if (!volumes.has(mount.name)) errors.push(notFound(here.child("name"), mount.name));
    if (!mount.mountPath) errors.push(required(here.child("mountPath")));
    else if (paths.has(mount.mountPath))
      errors.push(invalid(here.child("mountPath"), mount.mountPath, "must be unique"));
    paths.add(mount.mountPath);
    if (mount.subPath?.startsWith("/"))
      errors.push(invalid(here.child("subPath"), mount.subPath, "must be a relative path"));
  }
  if (given.resources !== undefined)
    validateResources(errors, given.resources, at.child("resources"));
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = given;
  if (probes) {
    if (livenessProbe !== undefined) probe(errors, livenessProbe, at.child("livenessProbe"), true);
    if (readinessProbe !== undefined)
      probe(errors, readinessProbe, at.child("readinessProbe"), false);
    if (startupProbe !== undefined) probe(errors, startupProbe, at.child("startupProbe"), true);
    if (lifecycle?.postStart !== undefined)
      handler(errors, lifecycle.postStart, at.child("lifecycle", "postStart"));
    if (lifecycle?.preStop !== undefined)
      handler(errors, lifecycle.preStop, at.child("lifecycle", "preStop"));
  } else {
    for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
      if (given[field] !== undefined)
        errors.push(
          forbidden(
            at.child(field),
            "may not be set for init containers without restartPolicy=Always",
          ),
        );
    }
  }
}

function volume(
  errors: Errors,
  { name, ...sources }: V1Volume,
  at: FieldPath,
  names: ReadonlySet<string>,
): void {
  if (!name) errors.push(required(at.child("name")));
  else
    for (const problem of dns1123Label(name)) errors.push(invalid(at.child("name"), name, problem));
  if (names.has(name)) errors.push(duplicate(at.child("name"), name));
  const given = Object.keys(sources);
  if (given.length === 0) errors.push(required(at, "must specify a volume type"));
  for (const more of given.slice(1))
    errors.push(forbidden(at.child(more), "may not specify more than 1 volume type"));
  const { hostPath, persistentVolumeClaim, secret, configMap } = sources;
  if (hostPath !== undefined && !hostPath.path) errors.push(required(at.child("hostPath", "path")));
  if (persistentVolumeClaim !== undefined && !persistentVolumeClaim.claimName)
    errors.push(required(at.child("persistentVolumeClaim", "claimName")));
  if (secret !== undefined && !secret.secretName)
    errors.push(required(at.child("secret", "secretName")));
  if (configMap !== undefined && !configMap.name)
    errors.push(required(at.child("configMap", "name")));
}

export function validateTolerations(
  errors: Errors,
  list: readonly V1Toleration[],
  at: FieldPath,
): void {
  for (const [i, { key, operator, value, effect, tolerationSeconds }] of list.entries()) {
    const here = at.index(i);
    if (key)
      for (const problem of qualifiedName(key))
        errors.push(invalid(here.child("key"), key, problem));
    if (!key && operator !== "Exists")
      errors.push(
        invalid(
          here.child("operator"),
          operator ?? "",
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      errors.push(
        invalid(
          here.child("effect"),
          effect ?? "",
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
      );
    if (operator === "Exists" && value)
      errors.push(invalid(here, undefined, "value must be empty when `operator` is 'Exists'"));
    oneOf(errors, here.child("operator"), operator, ["Equal", "Exists"], false);
    oneOf(
      errors,
      here.child("effect"),
      effect,
      ["NoExecute", "NoSchedule", "PreferNoSchedule"],
      false,
    );
  }
}

export function validatePodSpec(spec: V1PodSpec, at: FieldPath): readonly FieldError[] {
  const errors: Errors = [];
  const volumes = new Set<string>();
  for (const [i, one] of (spec.volumes ?? []).entries()) {
    volume(errors, one, at.child("volumes").index(i), volumes);
    volumes.add(one.name);
  }
  const names = new Set<string>();
  if ((spec.containers ?? []).length === 0) errors.push(required(at.child("containers")));
  for (const [i, one] of (spec.containers ?? []).entries()) {
    container(errors, one, at.child("containers").index(i), { volumes, names, probes: true });
  }
  for (const [i, one] of (spec.initContainers ?? []).entries()) {
    container(errors, one, at.child("initContainers").index(i), {
      volumes,
      names,
      probes: one.restartPolicy === "Always",
    });
  }
  oneOf(errors, at.child("restartPolicy"), spec.restartPolicy, ["Always", "OnFailure", "Never"]);
  oneOf(errors, at.child("dnsPolicy"), spec.dnsPolicy, [
    "ClusterFirst",
    "ClusterFirstWithHostNet",
    "Default",
    "None",
  ]);
  if (spec.terminationGracePeriodSeconds !== undefined)
    atLeast(
      errors,
      at.child("terminationGracePeriodSeconds"),
      spec.terminationGracePeriodSeconds,
      0,
    );
  if (spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds < 1) {
    errors.push(
      invalid(
        at.child("activeDeadlineSeconds"),
        spec.activeDeadlineSeconds,
        "must be between 1 and 2147483647, inclusive",
      ),
    );
  }
  if (spec.nodeSelector !== undefined)
    errors.push(...validateLabels(spec.nodeSelector, at.child("nodeSelector")));
  const named = (
    field: "hostname" | "subdomain",
    check: (value: string) => readonly string[],
  ): void => {
    const value = spec[field];
    if (value)
      for (const problem of check(value)) errors.push(invalid(at.child(field), value, problem));
  };
  named("hostname", dns1123Label);
  named("subdomain", dns1123Label);
  if (spec.nodeName)
    for (const problem of dns1123Subdomain(spec.nodeName))
      errors.push(invalid(at.child("nodeName"), spec.nodeName, problem));
  if (spec.serviceAccountName) {
    for (const problem of dns1123Subdomain(spec.serviceAccountName))
      errors.push(invalid(at.child("serviceAccountName"), spec.serviceAccountName, problem));
  }
  if (spec.tolerations !== undefined)
    validateTolerations(errors, spec.tolerations, at.child("tolerations"));
  if (spec.hostNetwork === true) {
    for (const [i, one] of (spec.containers ?? []).entries()) {
      for (const [j, { containerPort, hostPort }] of (one.ports ?? []).entries()) {
        if (hostPort !== containerPort)
          errors.push(
            invalid(
              at.child("containers").index(i).child("ports").index(j).child("containerPort"),
              containerPort,
              "must match `hostPort` when `hostNetwork` is true",
            ),
          );
      }
    }
  }
  return errors.length === 0 ? nothing : errors;
}

/** Of a workload: its restart policy may be restricted. */
export function validateTemplate(
  template: V1PodTemplateSpec | undefined,
  at: FieldPath,
  restartPolicies: readonly string[],
): readonly FieldError[] {
  const errors: Errors = [];
  if (template?.metadata?.labels !== undefined)
    errors.push(...validateLabels(template.metadata.labels, at.child("metadata", "labels")));
  const spec = template?.spec ?? ({ containers: [] } as V1PodSpec);
  errors.push(...validatePodSpec(spec, at.child("spec")));
  const { restartPolicy } = spec;
  if (restartPolicy !== undefined && !restartPolicies.includes(restartPolicy))
    errors.push(unsupported(at.child("spec", "restartPolicy"), restartPolicy, restartPolicies));
  return errors;
}
