/** Containers: regular, init and ephemeral. Upstream: pkg/apis/core/validation validateContainers, validateInitContainers, validateEphemeralContainers. */
import type {
  V1Container,
  V1ContainerPort,
  V1ContainerResizePolicy,
  V1ContainerRestartRule,
  V1EphemeralContainer,
} from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  required,
  tooMany,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, portName } from "#apimachinery/names.ts";
import { portNumber, protocols } from "#apiserver/kinds/rules/port.ts";
import {
  type Errors,
  oneInOrder,
  oneOf,
  oneOfIfAny,
  remembered,
  requiredName,
} from "#apiserver/kinds/rules/rule.ts";
import type { Whole } from "./context.ts";
import { environment } from "./environment.ts";
import { mounts } from "./mounts.ts";
import { checks, noChecks } from "./probes.ts";
import { containerResources } from "./resources.ts";
import { containerSecurity } from "./security.ts";

const ports = remembered<readonly V1ContainerPort[]>((errors, at, list) => {
  const names = new Set<string>();
  for (const [i, { name, containerPort, hostPort, protocol }] of list.entries()) {
    const here = at.index(i);
    if (name) {
      const problems = portName(name);
      for (const problem of problems) errors.push(invalid(here.child("name"), name, problem));
      if (problems.length === 0 && names.has(name))
        errors.push(duplicate(here.child("name"), name));
      names.add(name);
    }
    if (!containerPort) errors.push(required(here.child("containerPort")));
    else portNumber(errors, here.child("containerPort"), containerPort);
    if (hostPort) portNumber(errors, here.child("hostPort"), hostPort);
    oneOf(errors, here.child("protocol"), protocol, protocols);
  }
});

/** No two containers that run at the same time may have the same port of the host. */
function hostPorts(
  errors: Errors,
  at: FieldPath,
  list: readonly Pick<V1Container, "ports">[],
): void {
  let seen: Set<string> | undefined;
  for (const [i, one] of list.entries()) {
    for (const [j, { hostPort, hostIP = "", protocol = "" }] of (one.ports ?? []).entries()) {
      if (!hostPort) continue;
      const id = `${protocol}/${hostIP}/${hostPort}`;
      seen ??= new Set();
      if (seen.has(id))
        errors.push(duplicate(at.index(i).child("ports").index(j).child("hostPort"), id));
      seen.add(id);
    }
  }
}

const resizable = ["cpu", "memory"];
const resizeRestarts = ["NotRequired", "RestartContainer"];
function resizePolicy(
  errors: Errors,
  at: FieldPath,
  list: readonly V1ContainerResizePolicy[],
  restartPolicy: string | undefined,
): void {
  const seen = new Set<string>();
  for (const [i, { resourceName, restartPolicy: restart }] of list.entries()) {
    if (seen.has(resourceName)) errors.push(duplicate(at.index(i), resourceName));
    seen.add(resourceName);
    oneOf(errors, at, resourceName, resizable);
    oneOf(errors, at, restart, resizeRestarts);
    if (restartPolicy === "Never" && restart !== "NotRequired")
      errors.push(
        invalid(at, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"),
      );
  }
}

const restartPolicies = ["Always", "Never", "OnFailure"];
const restartActions = ["Restart", "RestartAllContainers"];
const exitCodeOperators = ["In", "NotIn"];
const mostRules = 20;
const mostExitCodes = 255;
function restartRules(
  errors: Errors,
  at: FieldPath,
  rules: readonly V1ContainerRestartRule[],
): void {
  if (rules.length > mostRules) errors.push(tooMany(at, rules.length, mostRules));
  for (const [i, { action = "", exitCodes }] of rules.entries()) {
    const here = at.index(i);
    if (!restartActions.includes(action))
      errors.push(unsupported(here.child("action"), action, restartActions));
    if (exitCodes === undefined) {
      errors.push(required(here.child("exitCodes"), "must be specified"));
      continue;
    }
    const codes = here.child("exitCodes");
    const { operator = "" } = exitCodes;
    if (!exitCodeOperators.includes(operator))
      errors.push(unsupported(codes.child("operator"), operator, exitCodeOperators));
    const count = (exitCodes.values ?? []).length;
    if (count > mostExitCodes) errors.push(tooMany(codes.child("values"), count, mostExitCodes));
  }
}
/** A container's own restart policy, beside the Pod's. Of an init container without one the rules are not looked at. */
function ownRestarts(
  errors: Errors,
  at: FieldPath,
  { restartPolicy, restartPolicyRules = [] }: V1Container,
  isInit = false,
): void {
  oneOfIfAny(errors, at.child("restartPolicy"), restartPolicy, restartPolicies);
  if (restartPolicyRules.length === 0) return;
  if (restartPolicy === undefined) {
    errors.push(
      required(at.child("restartPolicy"), "must specify restartPolicy when restart rules are used"),
    );
    if (isInit) return;
  }
  restartRules(errors, at.child("restartPolicyRules"), restartPolicyRules);
}

const terminationPolicies = ["File", "FallbackToLogsOnError"];
const pullPolicies = ["Always", "IfNotPresent", "Never"];
/** What every container says. */
function common(errors: Errors, at: FieldPath, given: V1Container, whole: Whole): void {
  requiredName(errors, at.child("name"), given.name, dns1123Label);
  if (!given.image) errors.push(required(at.child("image")));
  oneInOrder(
    errors,
    at.child("terminationMessagePolicy"),
    given.terminationMessagePolicy,
    terminationPolicies,
  );
  if (given.ports !== undefined) ports(errors, at.child("ports"), given.ports);
  environment(errors, at, given);
  mounts(errors, at, given, whole);
  oneOf(errors, at.child("imagePullPolicy"), given.imagePullPolicy, pullPolicies);
  if (given.resources !== undefined)
    containerResources(errors, at.child("resources"), given.resources, whole.claims);
  if (given.resizePolicy !== undefined)
    resizePolicy(errors, at.child("resizePolicy"), given.resizePolicy, whole.spec.restartPolicy);
  if (given.securityContext !== undefined)
    containerSecurity(errors, at.child("securityContext"), given.securityContext, whole.hostUsers);
}

export function image(errors: Errors, at: FieldPath, { image: text = "" }: V1Container): void {
  if (text !== text.trim())
    errors.push(invalid(at.child("image"), text, "must not have leading or trailing whitespace"));
}

export function containers(errors: Errors, at: FieldPath, whole: Whole): void {
  const list = whole.spec.containers ?? [];
  if (list.length === 0) errors.push(required(at));
  const names = new Set<string>();
  for (const [i, one] of list.entries()) {
    const here = at.index(i);
    common(errors, here, one, whole);
    if (names.has(one.name)) errors.push(duplicate(here.child("name"), one.name));
    names.add(one.name);
    checks(errors, here, one, whole.spec.terminationGracePeriodSeconds);
    ownRestarts(errors, here, one);
  }
  hostPorts(errors, at, list);
}

export function initContainers(errors: Errors, at: FieldPath, whole: Whole): void {
  const names = new Set((whole.spec.containers ?? []).map(({ name }) => name));
  for (const [i, one] of (whole.spec.initContainers ?? []).entries()) {
    const here = at.index(i);
    common(errors, here, one, whole);
    ownRestarts(errors, here, one, true);
    if (names.has(one.name)) errors.push(duplicate(here.child("name"), one.name));
    else if (one.name) names.add(one.name);
    // Upstream looks at a list of this one container, and so names the first.
    hostPorts(errors, at, [one]);
    if (one.restartPolicy === "Always")
      checks(errors, here, one, whole.spec.terminationGracePeriodSeconds);
    else {
      noChecks(errors, here, one);
      noRestarts(errors, here.child("resizePolicy"), one.resizePolicy);
    }
  }
}

/** An init container that ends is not started again for the sake of its resources. */
function noRestarts(
  errors: Errors,
  at: FieldPath,
  list: readonly V1ContainerResizePolicy[] | undefined,
): void {
  for (const [i, { restartPolicy }] of (list ?? []).entries())
    if (restartPolicy === "RestartContainer")
      errors.push(
        invalid(
          at.index(i).child("restartPolicy"),
          restartPolicy,
          "must not be set to 'RestartContainer' for non-sidecar initContainers",
        ),
      );
}

const notAllowedInEphemeral = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const satisfies readonly (keyof V1EphemeralContainer)[];
const notInEphemeral = "cannot be set for an Ephemeral Container";

/** What has nothing in it is as good as not set: Go's zero values. */
const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== "" &&
  !(typeof value === "object" && value !== null && Object.keys(value).length === 0);

export function ephemeralContainers(errors: Errors, at: FieldPath, whole: Whole): void {
  const {
    containers: regular = [],
    initContainers: init = [],
    ephemeralContainers: list = [],
  } = whole.spec;
  if (list.length === 0) return;
  const others = new Set([...regular, ...init].map(({ name }) => name));
  const names = new Set(others);
  for (const [i, one] of list.entries()) {
    const here = at.index(i);
    common(errors, here, one, whole);
    image(errors, here, one);
    if (names.has(one.name)) errors.push(duplicate(here.child("name"), one.name));
    names.add(one.name);
    const target = one.targetContainerName;
    if (target && !others.has(target))
      errors.push(notFound(here.child("targetContainerName"), target));
    for (const field of notAllowedInEphemeral)
      if (isSet(one[field])) errors.push(forbidden(here.child(field), notInEphemeral));
    for (const [j, { subPath, subPathExpr }] of (one.volumeMounts ?? []).entries()) {
      const mount = here.child("volumeMounts").index(j);
      if (subPath) errors.push(forbidden(mount.child("subPath"), notInEphemeral));
      if (subPathExpr) errors.push(forbidden(mount.child("subPathExpr"), notInEphemeral));
    }
  }
}

/** Of a Pod on the host's network the container's port is the host's. */
export function hostNetworkPorts(errors: Errors, at: FieldPath, { spec, isPod }: Whole): void {
  if (spec.hostNetwork !== true) return;
  for (const [i, one] of (spec.containers ?? []).entries())
    for (const [j, { containerPort, hostPort = 0 }] of (one.ports ?? []).entries())
      if ((isPod || hostPort !== 0) && hostPort !== containerPort)
        errors.push(
          invalid(
            at.child("containers").index(i).child("ports").index(j).child("hostPort"),
            hostPort,
            "must match `containerPort` when `hostNetwork` is true",
          ),
        );
}
