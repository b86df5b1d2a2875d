/**
 * Takes the objects of a definition that is being deleted away, then lets it go.
 * Upstream: apiextensions-apiserver/pkg/controller/finalizer/crd_finalizer.go.
 */
import type { V1CustomResourceDefinition as Definition } from "#apimachinery/api/apiextensions-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, requeueAt } from "#client/component.ts";
import { customKind, definitionKind } from "#controllers/custom-kinds.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { isTrue, withCondition, writeStatus } from "./conditions.ts";

export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";
const pollMs = 5000;

type Terminating = Parameters<typeof withCondition>[1];
const terminating = (status: "True" | "False", reason: string, message: string): Terminating => ({
  type: "Terminating",
  status,
  reason,
  message,
});
const inProgress = terminating(
  "True",
  "InstanceDeletionInProgress",
  "CustomResource deletion is in progress",
);
const completed = terminating("False", "InstanceDeletionCompleted", "removed all instances");
const never = terminating("False", "NeverEstablished", "resource was never established");

/** How many are left after all were asked to go. */
function emptied(definition: Definition, { client }: ControllerStep): number {
  const kind = customKind(definition)?.gvk;
  if (kind === undefined) return 0;
  const namespaces = new Set(
    client.list<KubeObject>(kind).map(({ metadata }) => metadata.namespace ?? ""),
  );
  for (const namespace of namespaces)
    client.deleteCollection(kind, namespace === "" ? {} : { namespace });
  return client.list(kind).length;
}

export const finalizer: Omit<Controller, "account"> = {
  name: "crd-finalizer",
  watches: definitionKind,
  reconcile(key, step) {
    const definition = step.lister<Definition>(definitionKind).get(key);
    if (
      definition?.metadata.deletionTimestamp === undefined ||
      !definition.metadata.finalizers?.includes(cleanupFinalizer)
    )
      return done;
    let end: Terminating = never;
    if (isTrue(definition, "Established")) {
      const told = withCondition(definition, inProgress, step.nowMs);
      // The write brings the key back.
      if (told !== definition) {
        writeStatus(step.client, told);
        return done;
      }
      if (emptied(definition, step) > 0) return requeueAt(step.nowMs + pollMs);
      end = completed;
    }
    writeStatus(step.client, withCondition(definition, end, step.nowMs));
    release(definition, step);
    return done;
  },
};

function release({ metadata }: Definition, { client }: ControllerStep): void {
  try {
    client.patch<Definition>({ kind: definitionKind, name: metadata.name ?? "" }, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        finalizers: current.metadata.finalizers?.filter((one) => one !== cleanupFinalizer),
      },
    }));
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
