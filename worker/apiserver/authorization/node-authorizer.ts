/**
 * What a kubelet may do: its own Node and Lease, the Pods bound to it, and what these refer to.
 * Upstream: plugin/pkg/auth/authorizer/node/node_authorizer.go, rbac/bootstrappolicy NodeRules.
 */
import type { V1PersistentVolume } from "#apimachinery/api/core-v1.ts";
import type { V1VolumeAttachment } from "#apimachinery/api/storage-v1.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import type { Decision } from "#apiserver/world.ts";
import { nodeRules } from "./node-rules.ts";
import type { NodeGraph } from "./node-graph.ts";
import { ruleAllows } from "./rbac.ts";
import { volumeSecrets } from "./volume-secrets.ts";

const prefix = "system:node:";
const leaseNamespace = "kube-node-lease";
const allowed: Decision = { allowed: true, reason: "" };
const no = (reason: string): Decision => ({ allowed: false, reason });
const noOpinion = no("");
const nameless = no("No Object name found");

export interface NodeWorld {
  readonly graph: NodeGraph;
  readonly get: KindContext["get"];
  volumes(): readonly V1PersistentVolume[];
}
/** `group/resource` → what a node may do with it; every other resource is a matter of the static rules. */
type Rule = (node: string, info: RequestInfo, world: NodeWorld) => Decision;

/** Verbs, by what they are allowed for. */
const verbs = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const mirrors = verbs("create delete");
const createUpdatePatch = verbs("create update patch");
const ownVerbs = verbs("get create update patch delete");
const reads = verbs("get list watch");
const ofOneSlice = verbs("get update patch delete");
const collections = verbs("list watch");
const updates = verbs("update patch");
const ofSlices = verbs("watch list deletecollection");

/** Is there a way from the object over a Pod to the node? */
function related(
  node: string,
  { resource, namespace, name }: RequestInfo,
  { graph }: NodeWorld,
): Decision {
  if (name === "") return nameless;
  return graph.has(node, resource, namespace, name) ? allowed : unrelated(node);
}
const unrelated = (node: string): Decision =>
  no(`no relationship found between node '${node}' and this object`);

const readOfOne: Rule = (node, info, world) => {
  if (!reads.has(info.verb)) return no("can only read resources of this type");
  if (info.subresource !== "") return no("cannot read subresource");
  if (info.namespace === "") return no("can only read namespaced object of this type");
  return related(node, info, world);
};

const getOf =
  (find: Rule): Rule =>
  (node, info, world) => {
    if (info.verb !== "get") return no("can only get individual resources of this type");
    if (info.subresource !== "") return no("cannot get subresource");
    if (info.name === "") return nameless;
    return find(node, info, world);
  };

const claim: Rule = (node, info, world) => {
  if (info.subresource !== "status") return getOf(related)(node, info, world);
  if (!updates.has(info.verb)) return no("can only get/update/patch this type");
  return related(node, info, world);
};

/** Volumes need secrets of their own, which their Pods do not name. */
const secret: Rule = (node, info, world) => {
  const decision = readOfOne(node, info, world);
  if (decision.allowed || !reads.has(info.verb) || info.name === "") return decision;
  const { graph, volumes } = world;
  const isNeeded = volumes().some(({ spec }) => {
    const { namespace = "", name = "" } = spec?.claimRef ?? {};
    return (
      name !== "" &&
      graph.has(node, "persistentvolumeclaims", namespace, name) &&
      volumeSecrets(spec).some((one) => one.namespace === info.namespace && one.name === info.name)
    );
  });
  return isNeeded ? allowed : decision;
};

const volume: Rule = (node, { name }, { graph, get }) => {
  const bound = get<V1PersistentVolume>("v1/PersistentVolume", "", name)?.spec?.claimRef;
  const { namespace = "", name: claimName = "" } = bound ?? {};
  return bound !== undefined && graph.has(node, "persistentvolumeclaims", namespace, claimName)
    ? allowed
    : unrelated(node);
};

const attachment: Rule = (node, { name }, { get }) =>
  get<V1VolumeAttachment>("storage.k8s.io/v1/VolumeAttachment", "", name)?.spec?.nodeName === node
    ? allowed
    : unrelated(node);

/** Credential providers ask for the annotations of a Pod's account. */
const account: Rule = (node, info, world) => {
  if (info.verb === "get" && info.subresource === "") return readOfOne(node, info, world);
  if (info.verb !== "create" || info.name === "")
    return no("can only create tokens for individual service accounts");
  if (info.subresource !== "token")
    return no("can only create token subresource of serviceaccount");
  return related(node, info, world);
};

const lease: Rule = (node, { verb, namespace, name }) => {
  if (!ownVerbs.has(verb)) return no("can only get, create, update, patch, or delete a node lease");
  if (namespace !== leaseNamespace)
    return no(`can only access leases in the ${JSON.stringify(leaseNamespace)} system namespace`);
  return verb === "create" || name === node
    ? allowed
    : no("can only access node lease with the same name as the requesting node");
};

const csiNode: Rule = (node, { verb, subresource, name }) => {
  if (!ownVerbs.has(verb)) return no("can only get, create, update, patch, or delete a CSINode");
  if (subresource !== "") return no("cannot authorize CSINode subresources");
  return verb === "create" || name === node
    ? allowed
    : no("can only access CSINode with the same name as the requesting node");
};

const selectsNode = (node: string, { selectors }: RequestInfo, field: string): boolean =>
  selectors?.fields.some(
    ({ key, operator, values }) => key === field && operator === "=" && values[0] === node,
  ) === true;

const slice: Rule = (node, info, world) => {
  if (info.subresource !== "") return no("cannot authorize ResourceSlice subresources");
  if (info.verb === "create") return allowed;
  if (ofOneSlice.has(info.verb)) {
    const found = world.get("resource.k8s.io/v1/ResourceSlice", "", info.name);
    const of = (found as { spec?: { nodeName?: string } } | undefined)?.spec?.nodeName;
    return of === node ? allowed : unrelated(node);
  }
  if (ofSlices.has(info.verb))
    return selectsNode(node, info, "spec.nodeName")
      ? allowed
      : no("can only list/watch/deletecollection resourceslices with nodeName field selector");
  return no(
    "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection",
  );
};

const nodes: Rule = (node, { subresource, verb, name }) => {
  if (subresource === "status") return updates.has(verb) ? allowed : noOpinion;
  if (subresource !== "") return noOpinion;
  // Whose Node it is admission checks: NodeRestriction.
  if (createUpdatePatch.has(verb)) return allowed;
  if (!reads.has(verb)) return noOpinion;
  if (name === node) return allowed;
  const what = name === "" ? "all nodes" : `'${name}'`;
  return no(`node '${node}' cannot read ${what}, only its own Node object`);
};

const pods: Rule = (node, info, world) => {
  const { subresource, verb } = info;
  if (subresource === "status") return updates.has(verb) ? allowed : noOpinion;
  if (subresource === "eviction") return verb === "create" ? allowed : noOpinion;
  if (subresource !== "") return noOpinion;
  if (verb === "get") return getOf(related)(node, info, world);
  if (collections.has(verb)) {
    if (selectsNode(node, info, "spec.nodeName")) return allowed;
    return info.name === ""
      ? no("can only list/watch pods with spec.nodeName field selector")
      : related(node, info, world);
  }
  return mirrors.has(verb) ? allowed : noOpinion;
};

const rules: Readonly<Record<string, Rule>> = {
  "/secrets": secret,
  "/configmaps": readOfOne,
  "/persistentvolumeclaims": claim,
  "/persistentvolumes": getOf(volume),
  "resource.k8s.io/resourceclaims": getOf(related),
  "storage.k8s.io/volumeattachments": getOf(attachment),
  "/serviceaccounts": account,
  "coordination.k8s.io/leases": lease,
  "storage.k8s.io/csinodes": csiNode,
  "resource.k8s.io/resourceslices": slice,
  "/nodes": nodes,
  "/pods": pods,
};

export class NodeAuthorizer {
  readonly #world: NodeWorld;
  constructor(world: NodeWorld) {
    this.#world = world;
  }

  /** Undefined: it is no node that asks. */
  authorize(user: UserInfo, info: RequestInfo): Decision | undefined {
    const node = nodeOf(user);
    if (node === undefined) return undefined;
    if (node === "") return no(`unknown node for user ${JSON.stringify(user.name)}`);
    const rule = info.isResource ? rules[`${info.group}/${info.resource}`] : undefined;
    if (rule !== undefined) return rule(node, info, this.#world);
    return nodeRules.some((one) => ruleAllows(one, info)) ? allowed : noOpinion;
  }
}

/** The node that a kubelet speaks for. Upstream: pkg/auth/nodeidentifier/default.go. */
export function nodeOf({ name, groups }: UserInfo): string | undefined {
  return name.startsWith(prefix) && groups.includes("system:nodes")
    ? name.slice(prefix.length)
    : undefined;
}
