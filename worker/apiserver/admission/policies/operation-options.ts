/** How the request was made, as meta/v1 CreateOptions, UpdateOptions, PatchOptions, DeleteOptions. */
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";

const kinds: Readonly<Record<string, string>> = {
  create: "CreateOptions",
  update: "UpdateOptions",
  patch: "PatchOptions",
  delete: "DeleteOptions",
  deletecollection: "DeleteOptions",
};

export function operationOptions(request: AdmissionRequest): Record<string, unknown> {
  const { info, options, delete: asked } = request.call.request;
  const kind = kinds[info.verb] ?? "CreateOptions";
  const head = { kind, apiVersion: "meta.k8s.io/v1" };
  const dryRun = request.dryRun ? { dryRun: ["All"] } : {};
  if (kind === "DeleteOptions") return { ...head, ...asked, ...dryRun };
  const { fieldManager, fieldValidation, force } = options;
  return {
    ...head,
    ...dryRun,
    ...(force === undefined || kind !== "PatchOptions" ? {} : { force }),
    ...(fieldManager === undefined ? {} : { fieldManager }),
    ...(fieldValidation === undefined ? {} : { fieldValidation }),
  };
}
