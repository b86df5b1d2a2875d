/** POST pods/<name>/eviction: a DELETE that PodDisruptionBudgets may refuse. Upstream: pkg/registry/core/pod/storage/eviction.go. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import {
  badRequest,
  internalError,
  methodNotRouted,
  notFound,
  type Status,
  StatusError,
} from "#apimachinery/status.ts";
import { type Answer, statusAnswer } from "#apiserver/answer.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import type { DeleteOptions } from "#apiserver/request.ts";
import { deleteEntry } from "#apiserver/verbs/delete.ts";
import { stored } from "#apiserver/verbs/update.ts";
import { admitted } from "./admitted.ts";
import type { Subresource } from "./subresource.ts";

const success: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};

interface Eviction {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: DeleteOptions;
}

export const eviction: Subresource = {
  name: "eviction",
  on: ({ gvk }) => gvk === "v1/Pod",
  handle(call): Answer {
    const { request, resource, server } = call;
    const { verb, name, namespace } = request.info;
    if (verb !== "create") throw methodNotRouted();
    const { metadata, deleteOptions } = (request.body ?? {}) as Eviction;
    if (metadata?.name && metadata.name !== name) {
      throw badRequest("name in URL does not match name in Eviction object");
    }
    const { key, previous } = stored(call);
    if (previous === undefined) throw notFound(resource.groupResource, name);
    const judged = admitted(call, evictionOf(request.body, name, namespace)).call;
    const pod = previous.value as V1Pod;
    const budgets = kindContext(server, key)
      .list<V1PodDisruptionBudget>("policy/v1/PodDisruptionBudget", namespace)
      .filter(({ spec }) => covers(spec?.selector, pod));
    if (isLive(pod)) checkBudgets(budgets);
    const { wrote } = deleteEntry(
      { ...judged, request: { ...request, delete: deleteOptions } },
      previous,
    );
    return statusAnswer(success, wrote);
  },
};

/** As admission sees it: named, and of its kind. */
const evictionOf = (body: unknown, name: string, namespace: string): KubeObject => ({
  ...(body as KubeObject | undefined),
  apiVersion: "policy/v1",
  kind: "Eviction",
  metadata: { ...(body as KubeObject | undefined)?.metadata, name, namespace },
});

function covers(selector: Parameters<typeof selectorOf>[0], { metadata }: KubeObject): boolean {
  const parsed = selectorOf(selector);
  return parsed !== undefined && matches(parsed, metadata.labels);
}

const isLive = ({ metadata, status }: V1Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status?.phase !== "Succeeded" &&
  status?.phase !== "Failed" &&
  status?.phase !== "Pending";

function checkBudgets(budgets: readonly V1PodDisruptionBudget[]): void {
  if (budgets.length > 1)
    throw internalError(
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  const [budget] = budgets;
  if (budget === undefined) return;
  const { name } = budget.metadata;
  const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  if (disruptionsAllowed > 0) return;
  const why = `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  throw new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    reason: "TooManyRequests",
    details: { causes: [{ reason: "DisruptionBudget", message: why }] },
    code: 429,
  });
}
