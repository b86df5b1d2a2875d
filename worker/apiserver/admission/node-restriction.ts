/** A kubelet changes its own Node, and the Pods bound to it. Upstream: plugin/pkg/admission/noderestriction/admission.go. */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { forbidden } from "#apimachinery/status.ts";
import { nodeOf } from "#apiserver/authorization/node-authorizer.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";

const mirror = "kubernetes.io/config.mirror";
/** Labels that say where workloads may run are not a kubelet's to set. */
const isolation = "node-restriction.kubernetes.io/";

function refuse({ info: { group, resource, name } }: AdmissionRequest, why: string): never {
  throw forbidden({ group, resource }, name, why);
}

function onPods(request: AdmissionRequest, node: string): void {
  const { operation, info } = request;
  const object = (request.object ?? request.previous) as V1Pod | undefined;
  const bound = object?.spec?.nodeName;
  if (operation === "CREATE" && info.subresource === "") {
    if (object?.metadata.annotations?.[mirror] === undefined)
      refuse(
        request,
        `pod does not have ${JSON.stringify(mirror)} annotation, node ${JSON.stringify(node)} can only create mirror pods`,
      );
    if (bound !== node)
      refuse(
        request,
        `node ${JSON.stringify(node)} can only create pods with spec.nodeName set to itself`,
      );
  } else if (operation === "DELETE" && bound !== node) {
    refuse(
      request,
      `node ${JSON.stringify(node)} can only delete pods with spec.nodeName set to itself`,
    );
  } else if (info.subresource === "status" && bound !== node) {
    refuse(
      request,
      `node ${JSON.stringify(node)} can only update pod status for pods with spec.nodeName set to itself`,
    );
  }
}

const guarded = ({ metadata: { labels = {} } }: KubeObject): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => key.startsWith(isolation)));

function onNodes(request: AdmissionRequest, node: string): void {
  const { info, object, previous } = request;
  const name = info.name || object?.metadata.name || "";
  if (name !== node)
    refuse(
      request,
      `node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(name)}`,
    );
  if (object === undefined || previous === undefined) return;
  if (!equal((object as V1Node).spec?.taints ?? [], (previous as V1Node).spec?.taints ?? []))
    refuse(request, `node ${JSON.stringify(node)} is not allowed to modify taints`);
  if (!equal(guarded(object), guarded(previous)))
    refuse(request, `is not allowed to modify labels: ${Object.keys(guarded(object)).join(", ")}`);
}

export const nodeRestriction: Admission = {
  name: "NodeRestriction",
  on: {
    resources: ["pods", "pods/status", "nodes", "nodes/status"],
    operations: ["CREATE", "UPDATE", "DELETE"],
  },
  validate(request) {
    const node = nodeOf(request.user);
    if (node === undefined) return;
    if (request.info.resource === "pods") onPods(request, node);
    else onNodes(request, node);
  },
};
