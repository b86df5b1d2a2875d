/** How the request was made, as meta/v1 CreateOptions, UpdateOptions, DeleteOptions: by what is done, not by the verb. */
import type { AdmissionRequest, Operation } from "#apiserver/admission/admission.ts";

const kinds: Readonly<Record<Exclude<Operation, "CONNECT">, string>> = {
  CREATE: "CreateOptions",
  UPDATE: "UpdateOptions",
  DELETE: "DeleteOptions",
};

/** Undefined for a connection, which has none. Upstream: apiserver/pkg/endpoints/handlers/patch.go patchToUpdateOptions. */
export function operationOptions(request: AdmissionRequest): Record<string, unknown> | undefined {
  const { operation } = request;
  if (operation === "CONNECT") return undefined;
  const { options, delete: asked } = request.call.request;
  const head = { kind: kinds[operation], apiVersion: "meta.k8s.io/v1" };
  const dryRun = request.dryRun ? { dryRun: ["All"] } : {};
  if (operation === "DELETE") return { ...head, ...asked, ...dryRun };
  const { fieldManager, fieldValidation } = options;
  return {
    ...head,
    ...dryRun,
    ...(fieldManager === undefined ? {} : { fieldManager }),
    ...(fieldValidation === undefined ? {} : { fieldValidation }),
  };
}
