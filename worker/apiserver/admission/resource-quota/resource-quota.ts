/**
 * A namespace's quotas: what does not fit is refused; what fits is written into their status at once, in the
 * same synchronous turn as the object, so that two requests can never both take the last piece. What becomes
 * free is the resource quota controller's to see.
 * Upstream: apiserver/pkg/admission/plugin/resourcequota/{admission,controller,resource_access}.go.
 */
import type { V1ResourceQuota } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Evaluator } from "#apimachinery/quota/evaluator.ts";
import { evaluators, objectCount } from "#apimachinery/quota/registry.ts";
import type { Admission, AdmissionRequest } from "#apiserver/admission/admission.ts";
import { configured } from "#apiserver/admission/configured.ts";
import { refusal } from "#apiserver/admission/refusal.ts";
import { updateOwnStatus } from "#apiserver/own-writes.ts";
import { type Asked, checkQuota, concerns, unfit } from "./check-quota.ts";

const kind = "v1/ResourceQuota";

const known = new Map(evaluators.map((one) => [one.resource, one]));

function evaluatorFor({ info, call }: AdmissionRequest): Evaluator {
  const { group, resource } = info;
  const name = group === "" ? resource : `${resource}.${group}`;
  return known.get(name) ?? objectCount(name, call.resource.gvk);
}

function validate(request: AdmissionRequest): void {
  const { info, object, previous, context, dryRun } = request;
  if (info.namespace === "" || object === undefined || isNamespace(request)) return;
  if (configured(request.call.server, kind).length === 0) return;
  const quotas = context.list<V1ResourceQuota>(kind, info.namespace);
  if (quotas.length === 0) return;
  const evaluator = evaluatorFor(request);
  if (isOfTheObject(request) && evaluator.judges?.(object, previous as KubeObject) === false)
    return;
  const asked: Asked = {
    evaluator,
    object,
    previous,
    isStatus: info.subresource === "status",
    nowMs: context.nowMs,
  };
  const refuse = (why: string | undefined): void => {
    if (why !== undefined) throw refusal(request, why);
  };
  const concerned = quotas.filter((quota) => concerns(quota, asked));
  // What is wrong with the request itself is told first, whichever quota says so.
  for (const quota of concerned) refuse(unfit(quota, asked));
  const taken: V1ResourceQuota[] = [];
  for (const quota of concerned) {
    const verdict = checkQuota(quota, asked);
    if (verdict === undefined) continue;
    if ("refused" in verdict) throw refusal(request, verdict.refused);
    taken.push({ ...quota, status: { ...quota.status, used: verdict.used } } as V1ResourceQuota);
  }
  if (dryRun) return;
  for (const quota of taken) updateOwnStatus(request.call, kind, quota);
}

const isOfTheObject = ({ operation, info }: AdmissionRequest): boolean =>
  operation === "UPDATE" && info.subresource === "";

const isNamespace = ({ info }: AdmissionRequest): boolean =>
  info.group === "" && info.resource === "namespaces";

const resourceQuotaOn = (
  resources: Admission["on"]["resources"],
  operation: "CREATE" | "UPDATE",
): Admission<KubeObject> => ({
  name: "ResourceQuota",
  on: { resources, operations: [operation] },
  validate,
});

export const resourceQuota: Admission = resourceQuotaOn(["*"], "CREATE");
/** Updates that may use more. */
export const resourceQuotaOnUpdates: Admission = resourceQuotaOn(
  ["pods", "pods/resize", "services", "persistentvolumeclaims", "persistentvolumeclaims/status"],
  "UPDATE",
);
