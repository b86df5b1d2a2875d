/**
 * The chain of authorizers, as `--authorization-mode=Node,RBAC` has it: group system:masters first,
 * then the Node authorizer, then RBAC. The first that allows decides; a refusal tells all reasons.
 * Upstream: pkg/kubeapiserver/authorizer/config.go, apiserver/pkg/authorization/union.
 */
import type { V1PersistentVolume } from "#apimachinery/api/core-v1.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import type { ApiServer } from "#apiserver/server.ts";
import type { Authorizer, Decision } from "#apiserver/world.ts";
import { NodeAuthorizer, nodeOf } from "./node-authorizer.ts";
import { NodeGraph } from "./node-graph.ts";
import { type Grant, rbacKinds, RbacRules } from "./rbac.ts";

const masters = "system:masters";
const unbound: Decision = { allowed: false, reason: "the authorizer has not been attached" };

export class AuthorizerChain implements Authorizer {
  #rbac: RbacRules | undefined;
  #node: NodeAuthorizer | undefined;

  /** The authorizers read policy and Pods from the server they guard. */
  attach(api: ApiServer): void {
    const rbac = new RbacRules({ objects: <T>(gvk: string) => api.objects(gvk) as readonly T[] });
    for (const gvk of rbacKinds) watch(api, gvk, () => rbac.forget());
    const graph = new NodeGraph();
    for (const object of api.objects("v1/Pod"))
      graph.hear({ type: "ADDED", object, previous: undefined });
    watch(api, "v1/Pod", (event) => graph.hear(event));
    this.#rbac = rbac;
    const volumes = (): readonly V1PersistentVolume[] =>
      api.objects("v1/PersistentVolume") as readonly V1PersistentVolume[];
    this.#node = new NodeAuthorizer({ graph, get: kindContext(api, "").get, volumes });
  }

  authorize(user: UserInfo, info: RequestInfo): Decision {
    if (user.groups.includes(masters)) return { allowed: true, reason: `group ${masters}` };
    const rbac = this.#rbac;
    if (rbac === undefined) return unbound;
    const node = nodeOf(user) === undefined ? undefined : this.#node?.authorize(user, info);
    if (node?.allowed === true) return node;
    const decision = rbac.authorize(user, info);
    if (decision.allowed || node === undefined) return decision;
    return {
      allowed: false,
      reason: [node.reason, decision.reason].filter((reason) => reason !== "").join(", "),
    };
  }

  grants(user: UserInfo, namespace: string): readonly Grant[] {
    return this.#rbac?.grants(user, namespace) ?? [];
  }
  problems(user: UserInfo, namespace: string): readonly string[] {
    return this.#rbac?.problems(user, namespace) ?? [];
  }
}

function watch(
  api: ApiServer,
  gvk: string,
  sink: Parameters<ApiServer["watches"]["subscribe"]>[1],
): void {
  const resource = api.registry.ofKind(gvk);
  if (resource !== undefined) api.watches.subscribe(resource, sink);
}
