/** Every namespace has a service account `default`. Upstream: pkg/controller/serviceaccount/serviceaccounts_controller.go. */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { isTerminating } from "./pod-control.ts";

const kind = "v1/ServiceAccount";
const name = "default";

function reconcile(key: string, step: ControllerStep): Result {
  const namespace = step.lister<V1Namespace>("v1/Namespace").get(key);
  if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return done;
  if (step.lister(kind).get(`${key}/${name}`) !== undefined) return done;
  try {
    step.client.create({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace: key },
    });
  } catch (error) {
    if (!isReason(error, "AlreadyExists") && !isTerminating(error)) throw error;
  }
  return done;
}

export const serviceAccount: Controller = {
  name: "serviceaccount-controller",
  account: "service-account-controller",
  watches: "v1/Namespace",
  maps: {
    [kind]: ({ type, object }) =>
      type === "DELETED" && object.metadata.name === name ? [object.metadata.namespace ?? ""] : [],
  },
  reconcile,
};
