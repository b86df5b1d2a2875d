/** What goes only with an apply, and what an apply needs. Upstream: apimachinery/pkg/apis/meta/v1/validation ValidatePatchOptions. */
import type { FieldError } from "#apimachinery/field.ts";
import { invalid } from "#apimachinery/status.ts";
import type { ApiRequest } from "#apiserver/request.ts";

/** Throws 422. */
export function checkPatchOptions({ patch, options }: ApiRequest): void {
  const errors: FieldError[] = [];
  if (patch?.type === "apply") {
    if (!options.fieldManager)
      errors.push({
        reason: "FieldValueRequired",
        field: "fieldManager",
        message: "Required value: is required for apply patch",
      });
  } else if (options.force !== undefined)
    errors.push({
      reason: "FieldValueForbidden",
      field: "force",
      message: "Forbidden: may not be specified for non-apply patch",
    });
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", errors);
}
