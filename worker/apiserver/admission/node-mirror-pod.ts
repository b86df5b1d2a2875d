/**
 * The one sort of Pod a kubelet may create: one that shows a static Pod of its own, and refers to nothing.
 * Upstream: plugin/pkg/admission/noderestriction/admission.go admitPodCreate.
 */
import type { V1Container, V1Node, V1Pod, V1Volume } from "#apimachinery/api/core-v1.ts";
import { notFound } from "#apimachinery/status.ts";
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
  const referred = references(pod);
  if (referred !== undefined) refuse(`${who} can not create pods that reference ${referred}`);
}

/** The first sort of API object that a Pod refers to, in upstream's order. */
function references({ spec }: V1Pod): string | undefined {
  if (spec?.serviceAccountName) return "a service account";
  const volumes = spec?.volumes ?? [];
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const hasVolume = (test: (volume: V1Volume) => unknown): boolean =>
    volumes.some((volume) => test(volume) !== undefined);
  const hasVariable = (one: "secret" | "configMap"): boolean =>
    containers.some(({ env = [], envFrom = [] }: V1Container) =>
      [
        ...env.map(({ valueFrom }) => valueFrom?.[`${one}KeyRef`]),
        ...envFrom.map((from) => from[`${one}Ref`]),
      ].some((reference) => reference !== undefined),
    );
  const hasProjected = (one: "secret" | "configMap" | "clusterTrustBundle"): boolean =>
    sources.some((source) => source[one] !== undefined);
  if (
    (spec?.imagePullSecrets ?? []).length > 0 ||
    hasVolume(({ secret }) => secret) ||
    hasProjected("secret") ||
    hasVariable("secret")
  )
    return "secrets";
  if (
    hasVolume(({ configMap }) => configMap) ||
    hasProjected("configMap") ||
    hasVariable("configMap")
  )
    return "configmaps";
  if (hasProjected("clusterTrustBundle")) return "clustertrustbundles";
  return hasVolume(({ persistentVolumeClaim }) => persistentVolumeClaim)
    ? "persistentvolumeclaims"
    : undefined;
}
