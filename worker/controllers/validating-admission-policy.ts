/**
 * Says in a policy's status what is doubtful in its expressions.
 * Upstream: pkg/controller/validatingadmissionpolicystatus/controller.go.
 */
import type {
  V1ExpressionWarning,
  V1ValidatingAdmissionPolicy,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { done } from "#client/component.ts";
import type { Controller } from "./controller.ts";

/** Who knows the types of the API: expressions are the API server's. */
export interface TypeChecker {
  warnings(policy: V1ValidatingAdmissionPolicy): readonly V1ExpressionWarning[];
}

const kind = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";

export const validatingAdmissionPolicy = (checker: TypeChecker): Controller => ({
  name: "validatingadmissionpolicy-status-controller",
  account: "validatingadmissionpolicy-status-controller",
  watches: kind,
  reconcile(key, step) {
    const policy = step.lister<V1ValidatingAdmissionPolicy>(kind).get(key);
    if (policy === undefined) return done;
    const { generation } = policy.metadata;
    // What it said of this generation holds, whatever becomes of the kinds.
    if (policy.status?.observedGeneration === generation) return done;
    const expressionWarnings = checker.warnings(policy);
    const typeChecking = expressionWarnings.length === 0 ? {} : { expressionWarnings };
    try {
      step.client.updateStatus<V1ValidatingAdmissionPolicy>({
        ...policy,
        status: { ...policy.status, observedGeneration: generation, typeChecking },
      });
    } catch (error) {
      if (!isReason(error, "NotFound", "Conflict")) throw error;
    }
    return done;
  },
});
