/**
 * ValidatingAdmissionWebhook: others judge, all at the same time.
 * Upstream: apiserver/pkg/admission/plugin/webhook/validating/dispatcher.go.
 */
import { internalError, type StatusError } from "#apimachinery/status.ts";
import type { Admission, AdmissionRequest } from "#apiserver/admission/admission.ts";
import { isExempt } from "#apiserver/admission/policies/bound-policies.ts";
import { answersTo, drawsErrand } from "#apiserver/awaiting.ts";
import { type Asked, askedOf, prepared } from "./ask.ts";
import { type Call, callOf, type Hook, hooksOf, isIgnored } from "./hooks.ts";
import { heed } from "./heed.ts";

const kind = "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration";

function askAll(request: AdmissionRequest, calls: readonly Call[]): readonly Asked[] {
  const questions = calls.map((call) => ({ call, question: prepared(request, call, 0) }));
  const errands = questions.flatMap(({ question }) =>
    "errand" in question ? [question.errand] : [],
  );
  if (errands.length > 0)
    answersTo<unknown>(request.call.request, [
      drawsErrand(request.call.world.store.revision),
      ...errands,
    ]);
  return questions.map(({ call, question }) => {
    if ("asked" in question) return question.asked;
    const [heard] = answersTo(request.call.request, [question.errand]);
    return askedOf(call, question.review, heard as never, false);
  });
}

/** What its answer comes to. `index`: its place among those that were called. */
function conclude(
  request: AdmissionRequest,
  { hook, asked, index }: { readonly hook: Hook; readonly asked: Asked; readonly index: number },
): StatusError | undefined {
  const { name } = hook.webhook;
  if ("reply" in asked) heed(request, hook, asked.reply);
  if ("refused" in asked) return asked.refused;
  if ("reply" in asked) return undefined;
  if (!isIgnored(hook))
    return internalError(`failed calling webhook ${JSON.stringify(name)}: ${asked.failed}`);
  request.call.passage.annotate(
    `failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`,
    name,
  );
  return undefined;
}

function validate(request: AdmissionRequest): void {
  const hooks = hooksOf(request, kind);
  if (hooks.length === 0 || isExempt(request)) return;
  const calls = hooks.flatMap((hook) => callOf(request, hook) ?? []);
  if (calls.length === 0) return;
  const answers = askAll(request, calls);
  // All are heard, whoever refuses.
  const refusals = calls.flatMap(
    ({ hook }, index) => conclude(request, { hook, asked: answers[index] as Asked, index }) ?? [],
  );
  const [first] = refusals;
  if (first !== undefined) throw first;
}

export const validatingAdmissionWebhook: Admission = {
  name: "ValidatingAdmissionWebhook",
  on: { resources: ["*/*"], operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"] },
  validate,
};
