/**
 * Pod specs, in Pods and in the templates of workloads.
 * Upstream: pkg/apis/core/validation/validation.go ValidatePodSpec, ValidatePodTemplateSpec.
 */
import type { V1Pod, V1PodSpec, V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  required,
  tooLong,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import {
  between,
  type Errors,
  named,
  oneInOrder,
  positiveInt32,
} from "#apiserver/kinds/rules/rule.ts";
import { labels } from "#apiserver/kinds/rules/selector.ts";
import { validateAnnotations } from "#apiserver/object-meta.ts";
import { affinity } from "./affinity.ts";
import { mirror, podAnnotations } from "./annotations.ts";
import { containers, ephemeralContainers, hostNetworkPorts, initContainers } from "./containers.ts";
import { sharesUsers, type Whole } from "./context.ts";
import { dns, dnsPolicy, hostAliases } from "./dns.ts";
import { eachContainer } from "./each-container.ts";
import { fileVolumes } from "./environment.ts";
import { profilesMatch } from "./profiles.ts";
import { overhead, podResources, resourceClaims } from "./resources.ts";
import { readinessGates, schedulingGates, tolerations, topologySpread } from "./scheduling.ts";
import { podSecurity } from "./security.ts";
import { volumes } from "./volumes.ts";
import { hostProcess, operatingSystem } from "./windows.ts";

const noVolumes: Whole["volumes"] = new Map();
const noClaims: ReadonlySet<string> = new Set();

/** `pod`: undefined in a template. */
export function validatePodSpec(
  spec: V1PodSpec,
  at: FieldPath,
  pod?: V1Pod["metadata"],
): readonly FieldError[] {
  const errors: Errors = [];
  const isPod = pod !== undefined;
  const podName = pod?.name ?? "";
  if (spec.terminationGracePeriodSeconds === undefined)
    errors.push(required(at.child("terminationGracePeriodSeconds")));
  const whole: Whole = {
    spec,
    isPod,
    podName,
    volumes:
      spec.volumes === undefined
        ? noVolumes
        : volumes(errors, at.child("volumes"), spec.volumes, { podName, isPod }),
    claims:
      spec.resourceClaims === undefined
        ? noClaims
        : new Set(spec.resourceClaims.map(({ name }) => name)),
    hostUsers: sharesUsers(spec),
  };
  if (pod?.annotations?.[mirror] !== undefined)
    for (const _claim of spec.resourceClaims ?? [])
      errors.push(forbidden(new FieldPath("[]"), "static pods do not support resource claims"));
  else if (spec.resourceClaims !== undefined)
    resourceClaims(errors, at.child("resourceClaims"), spec.resourceClaims);
  containers(errors, at.child("containers"), whole);
  initContainers(errors, at.child("initContainers"), whole);
  ephemeralContainers(errors, at.child("ephemeralContainers"), whole);
  podResources(errors, at.child("resources"), spec);
  hostNetworkPorts(errors, at, whole);
  oneInOrder(errors, at.child("restartPolicy"), spec.restartPolicy, restartPolicies);
  dnsPolicy(errors, at, spec);
  labels(errors, at.child("nodeSelector"), spec.nodeSelector);
  podSecurity(errors, at.child("securityContext"), spec);
  if (spec.affinity !== undefined) affinity(errors, at.child("affinity"), spec.affinity);
  dns(errors, at, spec);
  readinessGates(errors, at.child("readinessGates"), spec.readinessGates);
  schedulingGates(errors, at.child("schedulingGates"), spec.schedulingGates);
  topologySpread(errors, at.child("topologySpreadConstraints"), spec.topologySpreadConstraints);
  hostProcess(errors, at, spec);
  hostNamespaces(errors, at, spec);
  names(errors, at, spec);
  tolerations(errors, at.child("tolerations"), spec.tolerations);
  if (spec.hostAliases !== undefined)
    hostAliases(errors, at.child("hostAliases"), spec.hostAliases);
  classes(errors, at, spec);
  if (spec.overhead !== undefined) overhead(errors, at.child("overhead"), spec.overhead);
  operatingSystem(errors, at, spec);
  fileVolumes(errors, at, spec);
  return errors;
}

const restartPolicies = ["Always", "OnFailure", "Never"];

/** Users of their own go with no namespace of the host's. */
function hostNamespaces(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  if (sharesUsers(spec)) return;
  const why = "when `hostUsers` is false";
  if (spec.hostNetwork === true) errors.push(forbidden(at.child("hostNetwork"), why));
  if (spec.hostPID === true) errors.push(forbidden(at.child("HostPID"), why));
  if (spec.hostIPC === true) errors.push(forbidden(at.child("HostIPC"), why));
  eachContainer(spec, at, ({ volumeDevices = [] }, here) => {
    if (volumeDevices.length > 0) errors.push(forbidden(here.child("volumeDevices"), why));
  });
}

const longestHostname = 64;
/** Names of other things, and of the Pod on the network. */
function names(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  if (spec.hostnameOverride !== undefined)
    hostnameOverride(errors, at, spec, spec.hostnameOverride);
  if (spec.serviceAccountName)
    named(errors, at.child("serviceAccountName"), spec.serviceAccountName, dns1123Subdomain);
  if (spec.nodeName) named(errors, at.child("nodeName"), spec.nodeName, dns1123Subdomain);
  between(errors, at.child("activeDeadlineSeconds"), spec.activeDeadlineSeconds, positiveInt32);
  if (spec.hostname) named(errors, at.child("hostname"), spec.hostname, dns1123Label);
  if (spec.subdomain) named(errors, at.child("subdomain"), spec.subdomain, dns1123Label);
}
function classes(errors: Errors, at: FieldPath, spec: V1PodSpec): void {
  if (spec.priorityClassName)
    named(errors, at.child("priorityClassName"), spec.priorityClassName, dns1123Subdomain);
  if (spec.runtimeClassName !== undefined)
    named(errors, at.child("runtimeClassName"), spec.runtimeClassName, dns1123Subdomain);
  if (spec.preemptionPolicy !== undefined)
    oneInOrder(errors, at.child("preemptionPolicy"), spec.preemptionPolicy, [
      "PreemptLowerPriority",
      "Never",
    ]);
}
function hostnameOverride(
  errors: Errors,
  at: FieldPath,
  { setHostnameAsFQDN, hostNetwork }: V1PodSpec,
  name: string,
): void {
  const here = at.child("hostnameOverride");
  if (setHostnameAsFQDN === true)
    errors.push(forbidden(here, "may not be specified when setHostnameAsFQDN is true"));
  if (hostNetwork === true)
    errors.push(forbidden(here, "may not be specified when hostNetwork is true"));
  if (name.length > longestHostname) errors.push(tooLong(here, longestHostname));
  named(errors, here, name, dns1123Subdomain);
}

const nothing: V1PodSpec = { containers: [] };
const sound = new WeakMap<V1PodTemplateSpec, true>();

/** A template of any workload. */
export function podTemplate(
  errors: Errors,
  at: FieldPath,
  template: V1PodTemplateSpec | undefined,
): void {
  if (template !== undefined && sound.has(template)) return;
  const before = errors.length;
  const spec = template?.spec ?? nothing;
  labels(errors, at.child("labels"), template?.metadata?.labels);
  const { annotations } = template?.metadata ?? {};
  if (annotations !== undefined) {
    errors.push(...validateAnnotations(annotations, at.child("annotations")));
    podAnnotations(errors, at.child("annotations"), annotations, spec);
  }
  errors.push(...validatePodSpec(spec, at.child("spec")));
  if (annotations !== undefined) profilesMatch(errors, at.child("spec"), spec, annotations);
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(
      forbidden(
        at.child("spec", "ephemeralContainers"),
        "ephemeral containers not allowed in pod template",
      ),
    );
  if (template !== undefined && errors.length === before) sound.set(template, true);
}

/** A template whose Pods are to run for ever, of the workload named. */
export function lastingTemplate(
  errors: Errors,
  at: FieldPath,
  template: V1PodTemplateSpec | undefined,
  kind: string,
): void {
  podTemplate(errors, at, template);
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? nothing;
  if (restartPolicy !== "Always")
    errors.push(
      unsupported(at.child("spec", "restartPolicy"), restartPolicy ?? "", ["Always"], "listed"),
    );
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden(
        at.child("spec", "activeDeadlineSeconds"),
        `activeDeadlineSeconds in ${kind} is not Supported`,
      ),
    );
}
