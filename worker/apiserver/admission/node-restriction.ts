/**
 * A kubelet changes its own Node, Lease, CSINode and ResourceSlices, and the Pods bound to it.
 * Upstream: plugin/pkg/admission/noderestriction/admission.go.
 * Differs: a refused claim status is not followed by a printed difference, because that is Go syntax of internal types.
 */
import type { V1TokenRequest } from "#apimachinery/api/authentication-v1.ts";
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import type { V1Node, V1PersistentVolumeClaim, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1ResourceSlice } from "#apimachinery/api/resource-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { notFound } from "#apimachinery/status.ts";
import { parseRequest } from "#apimachinery/x509/certificate-request.ts";
import { nodeOf } from "#apiserver/authorization/node-authorizer.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { forbiddenLabels } from "./node-labels.ts";
import { checkMirrorPod } from "./node-mirror-pod.ts";
import { audienceProblem } from "./node-token-audience.ts";
import { refusal } from "./refusal.ts";

const quoted = (text: string): string => JSON.stringify(text);

function onPods(request: AdmissionRequest, node: string): void {
  const { operation, info } = request;
  const pod = (request.object ?? request.previous) as V1Pod;
  const own = (request.previous as V1Pod | undefined)?.spec?.nodeName === node;
  if (info.subresource === "status") return onPodStatus(request, node);
  if (info.subresource === "eviction") {
    const found = request.context.get<V1Pod>("v1/Pod", info.namespace, info.name);
    if (found?.spec?.nodeName !== node)
      throw refusal(request, `node ${node} can only evict pods with spec.nodeName set to itself`);
    return;
  }
  if (info.subresource !== "") {
    const why = `unexpected pod subresource ${quoted(info.subresource)}, only 'status' and 'eviction' are allowed`;
    throw refusal(request, why);
  }
  if (operation === "CREATE") checkMirrorPod(request, pod, node);
  else if (operation === "UPDATE") {
    const why = `unexpected operation "UPDATE", node ${quoted(node)} can only create and delete mirror pods`;
    throw refusal(request, why);
  } else if (!own) {
    const why = `node ${quoted(node)} can only delete pods with spec.nodeName set to itself`;
    throw refusal(request, why);
  }
}

function onPodStatus(request: AdmissionRequest, node: string): void {
  const next = request.object as V1Pod;
  const old = request.previous as V1Pod;
  if (old.spec?.nodeName !== node) {
    const why = `node ${quoted(node)} can only update pod status for pods with spec.nodeName set to itself`;
    throw refusal(request, why);
  }
  if (!equal(next.metadata.labels ?? {}, old.metadata.labels ?? {}))
    throw refusal(request, `node ${quoted(node)} cannot update labels through pod status`);
  if (!equal(next.status?.resourceClaimStatuses, old.status?.resourceClaimStatuses))
    throw refusal(request, `node ${quoted(node)} cannot update resource claim statues`);
  if (!equal(next.status?.extendedResourceClaimStatus, old.status?.extendedResourceClaimStatus))
    throw refusal(request, `node ${quoted(node)} cannot update extended resource claim status`);
}

function onNodes(request: AdmissionRequest, node: string): void {
  const { info, object, previous } = request;
  const name = info.name || object?.metadata.name || "";
  if (name !== node)
    throw refusal(request, `node ${quoted(node)} is not allowed to modify node ${quoted(name)}`);
  if (object === undefined) return;
  const changed = forbiddenLabels(object.metadata.labels, previous?.metadata.labels);
  const { configSource } = (object as V1Node).spec ?? {};
  if (previous === undefined) {
    if (configSource !== undefined) {
      const why = `node ${quoted(node)} is not allowed to create pods with a non-nil configSource`;
      throw refusal(request, why);
    }
    if (changed.length === 0) return;
    const why = `node ${quoted(node)} is not allowed to set the following labels: ${changed.join(", ")}`;
    throw refusal(request, why);
  }
  const old = previous as V1Node;
  if (configSource !== undefined && !equal(configSource, old.spec?.configSource)) {
    const why = `node ${quoted(node)} is not allowed to update configSource to a new non-nil configSource`;
    throw refusal(request, why);
  }
  if (!equal((object as V1Node).spec?.taints ?? [], old.spec?.taints ?? []))
    throw refusal(request, `node ${quoted(node)} is not allowed to modify taints`);
  if (!equal(object.metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? []))
    throw refusal(request, `node ${quoted(node)} is not allowed to modify ownerReferences`);
  if (changed.length > 0)
    throw refusal(request, `is not allowed to modify labels: ${changed.join(", ")}`);
}

function onClaims(request: AdmissionRequest, node: string): void {
  const { info, object, previous, operation } = request;
  if (info.subresource !== "status") throw refusal(request, "may only update PVC status");
  if (operation !== "UPDATE") throw refusal(request, `unexpected operation ${quoted(operation)}`);
  const rest = ({ metadata, status, ...others }: V1PersistentVolumeClaim): unknown => {
    const { resourceVersion: _version, managedFields: _managed, ...kept } = metadata;
    const {
      capacity: _capacity,
      conditions: _conditions,
      allocatedResources: _allocated,
      allocatedResourceStatuses: _statuses,
      ...same
    } = status ?? {};
    return { ...others, metadata: kept, status: same };
  };
  const [next, old] = [object, previous] as [V1PersistentVolumeClaim, V1PersistentVolumeClaim];
  if (equal(rest(next), rest(old))) return;
  const why = `node ${quoted(node)} is not allowed to update fields other than status.quantity and status.conditions`;
  throw refusal(request, why);
}

function onTokens(request: AdmissionRequest, node: string): void {
  const { object, context, info } = request;
  const bound = (object as unknown as V1TokenRequest).spec?.boundObjectRef;
  if (bound?.apiVersion !== "v1" || bound.kind !== "Pod" || !bound.name)
    throw refusal(request, "node requested token not bound to a pod");
  if (!bound.uid) throw refusal(request, "node requested token with a pod binding without a uid");
  const pod = context.get<V1Pod>("v1/Pod", info.namespace, bound.name);
  if (pod === undefined) throw notFound({ group: "", resource: "pods" }, bound.name);
  if (pod.metadata.uid !== bound.uid) {
    const why = `the UID in the bound object reference (${bound.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw refusal(request, why);
  }
  if (pod.spec?.nodeName !== node)
    throw refusal(request, "node requested token bound to a pod scheduled on a different node");
  const wrong = audienceProblem(request, pod);
  if (wrong !== undefined) throw refusal(request, wrong);
}

function onLeases(request: AdmissionRequest, node: string): void {
  const { info, object } = request;
  if (info.namespace !== "kube-node-lease")
    throw refusal(request, 'can only access leases in the "kube-node-lease" system namespace');
  if ((info.name || object?.metadata.name) !== node) {
    const why = "can only access node lease with the same name as the requesting node";
    throw refusal(request, why);
  }
}

function onCsiNodes(request: AdmissionRequest, node: string): void {
  if ((request.info.name || request.object?.metadata.name) === node) return;
  throw refusal(request, "can only access CSINode with the same name as the requesting node");
}

/** The rest is the authorizer's: it knows no object that is to be made, nor each of a collection that goes. */
function onResourceSlices(request: AdmissionRequest, node: string): void {
  const { operation, object, previous } = request;
  if (operation === "UPDATE") return;
  const slice = (object ?? previous) as V1ResourceSlice | undefined;
  if (slice?.spec?.nodeName === node) return;
  const what = operation === "CREATE" ? "create" : "delete";
  const why = `can only ${what} ResourceSlice with the same NodeName as the requesting node`;
  throw refusal(request, why);
}

const kubeletSigners: ReadonlySet<string> = new Set([
  "kubernetes.io/kubelet-serving",
  "kubernetes.io/kube-apiserver-client-kubelet",
]);
function onSigningRequests(request: AdmissionRequest, node: string): void {
  if (request.operation !== "CREATE") return;
  const { spec } = request.object as V1CertificateSigningRequest;
  if (!kubeletSigners.has(spec?.signerName)) return;
  const asked = parseRequest(spec.request ?? "");
  if (typeof asked === "string") throw refusal(request, `unable to parse csr: ${asked}`);
  if (asked.subject.commonName !== `system:node:${node}`)
    throw refusal(request, `can only create a node CSR with CN=system:node:${node}`);
}

/** By resource; a subresource named here has its own judge. */
const judges: Readonly<Record<string, (request: AdmissionRequest, node: string) => void>> = {
  pods: onPods,
  nodes: onNodes,
  persistentvolumeclaims: onClaims,
  serviceaccounts: onTokens,
  leases: onLeases,
  csinodes: onCsiNodes,
  resourceslices: onResourceSlices,
  certificatesigningrequests: onSigningRequests,
};

export const nodeRestriction: Admission = {
  name: "NodeRestriction",
  on: {
    resources: [
      "pods",
      "pods/status",
      "pods/binding",
      "pods/eviction",
      "pods/ephemeralcontainers",
      "pods/resize",
      "nodes",
      "nodes/status",
      "persistentvolumeclaims",
      "persistentvolumeclaims/status",
      "serviceaccounts/token",
      "leases.coordination.k8s.io",
      "csinodes.storage.k8s.io",
      "resourceslices.resource.k8s.io",
      "certificatesigningrequests.certificates.k8s.io",
    ],
    operations: ["CREATE", "UPDATE", "DELETE"],
  },
  mutate(request) {
    const node = nodeOf(request.user);
    if (node === "")
      throw refusal(request, `could not determine node from user ${quoted(request.user.name)}`);
    if (node !== undefined) judges[request.info.resource]?.(request, node);
    return request.object;
  },
};
