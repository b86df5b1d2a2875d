/**
 * The one sort of Pod a kubelet may create: one that shows a static Pod of its own, and refers to nothing.
 * Upstream: plugin/pkg/admission/noderestriction/admission.go admitPodCreate.
 */
import type {
  V1Node,
  V1Pod,
  V1PodSpec,
  V1Volume,
  V1VolumeProjection,
} from "#apimachinery/api/core-v1.ts";
import { notFound } from "#apimachinery/status.ts";
import { referencesConfigMap, referencesSecret } from "#apimachinery/pod-references.ts";
import type { AdmissionRequest } from "./admission.ts";
import { refusal } from "./refusal.ts";

const mirror = "kubernetes.io/config.mirror";

export function checkMirrorPod(request: AdmissionRequest, pod: V1Pod, node: string): void {
  const refuse = (why: string): never => {
    throw refusal(request, why);
  };
  const who = `node ${JSON.stringify(node)}`;
  if (pod.metadata.annotations?.[mirror] === undefined)
    refuse(
      `pod does not have ${JSON.stringify(mirror)} annotation, ${who} can only create mirror pods`,
    );
  if (pod.spec?.nodeName !== node)
    refuse(`${who} can only create pods with spec.nodeName set to itself`);
  const owners = pod.metadata.ownerReferences ?? [];
  if (owners.length > 1)
    refuse(`${who} can only create pods with a single owner reference set to itself`);
  const [owner] = owners;
  if (owner?.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== node)
    return refuse(`${who} can only create pods with an owner reference set to itself`);
  if (owner.controller !== true)
    refuse(`${who} can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion === true)
    refuse(`${who} must not set blockOwnerDeletion on an owner reference`);
  const uid = request.context.get<V1Node>("v1/Node", "", node)?.metadata.uid;
  if (uid === undefined) throw notFound({ group: "", resource: "nodes" }, node);
  if (owner.uid !== uid) refuse(`node ${node} UID mismatch: expected ${owner.uid} got ${uid}`);
  const referred = pod.spec === undefined ? undefined : references(pod.spec);
  if (referred !== undefined) refuse(`${who} can not create pods that reference ${referred}`);
}

/** Volumes that need the API, in upstream's order; what is in none of these needs it not. */
const throughVolumes: readonly (readonly [keyof V1Volume, string])[] = [
  ["configMap", "configmaps (via configmap volumes)"],
  ["secret", "secrets (via secret volumes)"],
  ["csi", "csidrivers (via CSI volumes)"],
  ["glusterfs", "endpoints (via glusterFS volumes)"],
  ["persistentVolumeClaim", "persistentvolumeclaims"],
  ["ephemeral", "persistentvolumeclaims (via ephemeral volumes)"],
  ["azureFile", "secrets (via azureFile volumes)"],
];
const throughSources: readonly (readonly [keyof V1VolumeProjection, string])[] = [
  ["configMap", "configmaps (via projected volumes)"],
  ["secret", "secrets (via projected volumes)"],
  ["serviceAccountToken", "serviceaccounts (via projected volumes)"],
  ["clusterTrustBundle", "clustertrustbundles"],
  ["podCertificate", "podcertificates"],
];

/** The first sort of API object that a Pod refers to. Upstream: pkg/api/pod/util.go HasAPIObjectReference. */
function references(spec: V1PodSpec): string | undefined {
  if (spec.serviceAccountName) return "serviceaccounts";
  if (referencesSecret(spec)) return "secrets";
  if (referencesConfigMap(spec)) return "configmaps";
  if ((spec.resourceClaims ?? []).length > 0) return "resourceclaims";
  for (const volume of spec.volumes ?? []) {
    const found = throughVolumes.find(([sort]) => volume[sort] !== undefined);
    if (found !== undefined) return found[1];
    for (const source of volume.projected?.sources ?? []) {
      const through = throughSources.find(([sort]) => source[sort] !== undefined);
      if (through !== undefined) return through[1];
    }
  }
  return undefined;
}
