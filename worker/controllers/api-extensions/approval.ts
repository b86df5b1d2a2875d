/** Tells whether a definition in one of Kubernetes' own groups was approved. Upstream: apiextensions-apiserver/pkg/controller/apiapproval/apiapproval_controller.go. */
import type { V1CustomResourceDefinition as Definition } from "#apimachinery/api/apiextensions-v1.ts";
import { apiApproval, isProtectedGroup } from "#apimachinery/api-approval.ts";
import { done } from "#client/component.ts";
import { definitionKind } from "#controllers/custom-kinds.ts";
import type { Controller } from "#controllers/controller.ts";
import { withCondition, writeStatus } from "./conditions.ts";

const reasons = {
  approved: { status: "True", reason: "ApprovedAnnotation" },
  bypassed: { status: "False", reason: "UnapprovedAnnotation" },
  invalid: { status: "False", reason: "InvalidAnnotation" },
  missing: { status: "False", reason: "MissingAnnotation" },
} as const;

export const approval: Omit<Controller, "account"> = {
  name: "crd-api-approval",
  watches: definitionKind,
  reconcile(key, step) {
    const definition = step.lister<Definition>(definitionKind).get(key);
    if (definition === undefined || !isProtectedGroup(definition.spec.group)) return done;
    const { state, message } = apiApproval(definition.metadata.annotations);
    const condition = {
      type: "KubernetesAPIApprovalPolicyConformant",
      ...reasons[state],
      message,
    };
    const next = withCondition(definition, condition, step.nowMs);
    if (next !== definition) writeStatus(step.client, next);
    return done;
  },
};
