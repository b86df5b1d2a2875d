/** ResourceClaimTemplate. Upstream: pkg/registry/resource/resourceclaimtemplate/strategy.go, pkg/apis/resource/validation. */
import type { V1ResourceClaimTemplate } from "#apimachinery/api/resource-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable } from "#apiserver/kinds/rules/rule.ts";
import { templateMeta } from "#apiserver/kinds/rules/template-meta.ts";
import { adminRequests } from "./admin-access.ts";
import { claimDefaults, deviceClaim } from "./device-requests.ts";

const at = new FieldPath("spec");

export const resourceClaimTemplate: Kind<V1ResourceClaimTemplate> = {
  gvk: "resource.k8s.io/v1/ResourceClaimTemplate",
  defaults: (object) =>
    change(object, "spec", (template) =>
      change(template, "spec", (spec) => change(spec, "devices", claimDefaults)),
    ),
  judge({ next, previous, context }) {
    const errors: Errors = [];
    if (previous === undefined)
      adminRequests(errors, next.spec?.spec?.devices?.requests, context, next.metadata.namespace);
    return errors;
  },
  validate({ spec }) {
    const errors: Errors = [];
    templateMeta(errors, at.child("metadata"), spec?.metadata);
    deviceClaim(errors, at.child("spec", "devices"), spec?.spec?.devices);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, at, next.spec, previous.spec);
    return errors;
  },
  columns: columnsOf(),
};
