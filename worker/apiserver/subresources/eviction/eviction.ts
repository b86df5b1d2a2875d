/**
 * POST pods/<name>/eviction: a DELETE that a PodDisruptionBudget may refuse. The Pod says why it goes before it does.
 * Upstream: pkg/registry/core/pod/storage/eviction.go EvictionREST.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1Eviction, V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { type ToldCondition, withPodCondition } from "#apimachinery/pod-condition.ts";
import { badRequest, methodNotRouted, notFound, StatusError } from "#apimachinery/status.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import { type Answer, statusAnswer } from "#apiserver/answer.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import { updateOwnStatus } from "#apiserver/own-writes.ts";
import { checkRecord } from "#apiserver/preconditions.ts";
import type { DeleteOptions } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import { admitted } from "#apiserver/subresources/admitted.ts";
import { created } from "#apiserver/subresources/created.ts";
import { ownObject } from "#apiserver/subresources/own-object.ts";
import type { Subresource } from "#apiserver/subresources/subresource.ts";
import { deleteEntry } from "#apiserver/verbs/delete.ts";
import { replace, stored } from "#apiserver/verbs/update.ts";
import type { Entry } from "#store/entry.ts";
import { budgetsOf, isFreeToGo, spent } from "./budget.ts";

const budgetKind = "policy/v1/PodDisruptionBudget";
/** The same object by its older name. */
const olderVersion = "policy/v1beta1";
const evicting: ToldCondition = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
};

export const eviction: Subresource = {
  name: "eviction",
  on: ({ gvk }) => gvk === "v1/Pod",
  handle(call): Answer {
    const { request, resource, server, world } = call;
    const { verb, name, namespace } = request.info;
    if (verb !== "create") throw methodNotRouted();
    const asked = ownObject<V1Eviction>(call, inOneVersion(request.body));
    if (asked.metadata?.name !== name)
      throw badRequest("name in URL does not match name in Eviction object");
    const options = deleteOptionsOf(asked, request.options.dryRun === true);
    const judged = admitted(call, asked).call;
    const { key, previous } = stored(call);
    if (previous === undefined) throw notFound(resource.groupResource, name);
    const pod = previous.value as V1Pod;
    const deletion: Call = {
      ...judged,
      request: {
        ...request,
        options: { ...request.options, dryRun: (options.dryRun ?? []).length > 0 },
        delete: options,
      },
    };
    if (mayIgnoreBudgets(pod)) return evicted(deletion, previous);

    const budgets = kindContext(server, key).list<V1PodDisruptionBudget>(budgetKind, namespace);
    const [budget, ...more] = budgetsOf(pod, budgets);
    if (more.length > 0) throw moreThanOne();
    if (budget === undefined) return evicted(deletion, previous);
    if (isFreeToGo(pod, budget)) return evicted(atAnyVersion(deletion), previous);
    const left = spent(budget, pod, world.nowMs());
    if (deletion.request.options.dryRun !== true) updateOwnStatus(call, budgetKind, left);
    return evicted(deletion, previous);
  },
};

const inOneVersion = (body: unknown): unknown =>
  (body as V1Eviction | undefined)?.apiVersion === olderVersion
    ? { ...(body as V1Eviction), apiVersion: "policy/v1" }
    : body;

/**
 * Upstream: propagateDryRun.
 * Differs: options that contradict each other are 400, not 500, because it is the caller's mistake.
 */
function deleteOptionsOf({ deleteOptions = {} }: V1Eviction, dryRun: boolean): DeleteOptions {
  const asked = dryRun ? ["All"] : [];
  const own = deleteOptions.dryRun ?? [];
  if (own.length === 0) return { ...deleteOptions, dryRun: asked };
  if (asked.length > 0 && own.join(" ") !== "All")
    throw badRequest(
      `Non-matching dry-run options in request and content: [${asked.join(" ")}] and [${own.join(" ")}]`,
    );
  return deleteOptions;
}

/** It does not run yet, runs no more, or goes already: nothing is disrupted. */
const mayIgnoreBudgets = ({ metadata, status }: V1Pod): boolean =>
  metadata.deletionTimestamp !== undefined || status?.phase === "Pending" || isTerminal({ status });

/** As upstream: the version that counts is the one whose health was judged. */
function atAnyVersion(call: Call): Call {
  const { request } = call;
  const { preconditions } = request.delete ?? {};
  return preconditions?.resourceVersion === undefined
    ? call
    : {
        ...call,
        request: {
          ...request,
          delete: { ...request.delete, preconditions: { uid: preconditions.uid } },
        },
      };
}

const moreThanOne = (): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message:
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    code: 500,
  });

/** Upstream: addConditionAndDeletePod. */
function evicted(call: Call, previous: Entry): Answer {
  if (call.request.options.dryRun === true) {
    const { wrote } = deleteEntry(call, previous);
    return statusAnswer(created, wrote);
  }
  const pod = previous.value as V1Pod;
  checkRecord(call.resource.groupKind, call.request.delete?.preconditions ?? {}, pod);
  const observedGeneration = pod.metadata.generation;
  const status = withPodCondition(pod, { ...evicting, observedGeneration }, call.world.nowMs());
  const told = status === pod.status ? pod : { ...pod, status };
  // As upstream: nobody becomes an owner of the condition.
  const owners = call.server.fields.owners(previous);
  replace(call, told as unknown as KubeObject, previous, { scope: "status", owners });
  const { preconditions } = call.request.delete ?? {};
  const now = stored(call).previous ?? previous;
  const { resourceVersion } = (now.value as KubeObject).metadata;
  const deletion: Call =
    preconditions?.resourceVersion === undefined
      ? call
      : {
          ...call,
          request: {
            ...call.request,
            delete: {
              ...call.request.delete,
              preconditions: { ...preconditions, resourceVersion },
            },
          },
        };
  deleteEntry(deletion, now);
  return statusAnswer(created, true);
}
