/**
 * The Pod Security Standards, by a namespace's labels: Pods are refused or warned of, workloads warned of.
 * Upstream: plugin/pkg/admission/security/podsecurity/admission.go, pod-security-admission/admission/admission.go.
 */
import { aggregated } from "#apimachinery/aggregate.ts";
import type { V1Container, V1Namespace, V1Pod, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { invalid } from "#apimachinery/status.ts";
import type { Admission, AdmissionRequest } from "#apiserver/admission/admission.ts";
import { refusal } from "#apiserver/admission/refusal.ts";
import type { Subject } from "./check.ts";
import { detailText, violations } from "./evaluate.ts";
import { isStricter, warningsFor } from "./namespace-change.ts";
import { levelText, type LevelVersion, type Policy, policyOf } from "./policy.ts";

/** Where a workload has its Pod template. */
const templates: Readonly<Record<string, readonly string[]>> = {
  podtemplates: ["template"],
  replicationcontrollers: ["spec", "template"],
  "replicasets.apps": ["spec", "template"],
  "deployments.apps": ["spec", "template"],
  "statefulsets.apps": ["spec", "template"],
  "daemonsets.apps": ["spec", "template"],
  "jobs.batch": ["spec", "template"],
  "cronjobs.batch": ["spec", "jobTemplate", "spec", "template"],
};

function templateOf({ info: { group, resource }, object }: AdmissionRequest): Subject | undefined {
  const path = templates[group === "" ? resource : `${resource}.${group}`] ?? [];
  let found: unknown = object;
  for (const part of path) found = (found as Record<string, unknown> | undefined)?.[part];
  const subject = found as Partial<Subject> | undefined;
  return subject?.spec === undefined
    ? undefined
    : { metadata: subject.metadata, spec: subject.spec };
}

const policyFor = ({ context, info }: AdmissionRequest): Policy =>
  policyOf(context.get<V1Namespace>("v1/Namespace", "", info.namespace)?.metadata.labels);

const textAt = (asked: LevelVersion, subject: Subject): string =>
  detailText(violations(asked, subject));

function warn({ call }: AdmissionRequest, { warn: asked }: Policy, subject: Subject): void {
  const why = textAt(asked, subject);
  if (why === "") return;
  const level = JSON.stringify(levelText(asked));
  call.passage.warnings.push(`would violate PodSecurity ${level}: ${why}`);
}

/** What a plugin adds to the request's trace; upstream's audit annotations. */
function audit({ call }: AdmissionRequest, { audit: asked }: Policy, subject: Subject): void {
  const why = textAt(asked, subject);
  if (why === "") return;
  const level = JSON.stringify(levelText(asked));
  call.passage.annotate(`${prefix}audit-violations`, `would violate PodSecurity ${level}: ${why}`);
}

const prefix = "pod-security.kubernetes.io/";
/** Of a component's requests nothing of the sort is kept. */
function recordEnforced({ call }: AdmissionRequest, policy: Policy): void {
  if (call.request.trusted === true) return;
  call.passage.record(`${prefix}enforce-policy`, levelText(policy.enforce));
}
function recordErrors({ call }: AdmissionRequest, { errors }: Policy): void {
  if (errors.length === 0) return;
  const texts = errors.map(({ field, message }) => `${field}: ${message}`);
  call.passage.record(`${prefix}error`, `Failed to parse policy: ${aggregated(texts)}`);
}

function onPod(request: AdmissionRequest): void {
  const pod = request.object as V1Pod;
  const policy = policyFor(request);
  if (policy.isPrivileged || pod.spec === undefined) return recordEnforced(request, policy);
  const old = (request.previous as V1Pod | undefined)?.spec;
  if (old !== undefined && !isSignificant(pod.spec, old)) return;
  const subject = { metadata: pod.metadata, spec: pod.spec };
  recordEnforced(request, policy);
  recordErrors(request, policy);
  audit(request, policy, subject);
  const why = textAt(policy.enforce, subject);
  if (why !== "") {
    const level = JSON.stringify(levelText(policy.enforce));
    throw refusal(request, `violates PodSecurity ${level}: ${why}`);
  }
  warn(request, policy, subject);
}

function onTemplate(request: AdmissionRequest): void {
  const policy = policyFor(request);
  if (policy.isPrivileged) return;
  const subject = templateOf(request);
  if (subject === undefined) return;
  recordErrors(request, policy);
  audit(request, policy, subject);
  warn(request, policy, subject);
}

function onNamespace({ object, previous, context, call }: AdmissionRequest): void {
  const { metadata } = object as V1Namespace;
  const next = policyOf(metadata.labels);
  const { name = "" } = metadata;
  const old = previous === undefined ? undefined : policyOf(previous.metadata.labels);
  const isNews = JSON.stringify(next.errors) !== JSON.stringify(old?.errors ?? []);
  if (next.errors.length > 0 && isNews)
    throw invalid({ group: "", kind: "Namespace" }, name, next.errors);
  if (old === undefined || !isStricter(next.enforce, old.enforce)) return;
  call.passage.warnings.push(
    ...warningsFor(name, next.enforce, context.list<V1Pod>("v1/Pod", name)),
  );
}

/** Of what may change in a Pod, images and new ephemeral containers matter. Upstream: isSignificantPodUpdate. */
function isSignificant(next: V1PodSpec, old: V1PodSpec): boolean {
  const changed = (
    now: readonly V1Container[] = [],
    before: readonly V1Container[] = [],
  ): boolean =>
    now !== before &&
    (now.length !== before.length || now.some(({ image }, i) => image !== before[i]?.image));
  const known = new Map((old.ephemeralContainers ?? []).map(({ name, image }) => [name, image]));
  return (
    changed(next.containers, old.containers) ||
    changed(next.initContainers, old.initContainers) ||
    (next.ephemeralContainers ?? []).some(
      ({ name, image }) => !known.has(name) || known.get(name) !== image,
    )
  );
}

export const podSecurity: Admission<KubeObject> = {
  name: "PodSecurity",
  on: {
    resources: [
      "namespaces",
      "pods",
      "pods/ephemeralcontainers",
      "pods/resize",
      ...Object.keys(templates),
    ],
    operations: ["CREATE", "UPDATE"],
  },
  validate(request) {
    const { resource, group } = request.info;
    if (resource === "pods" && group === "") onPod(request);
    else if (resource === "namespaces") onNamespace(request);
    else onTemplate(request);
  },
};
