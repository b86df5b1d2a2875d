/**
 * The webhooks that are configured, and which of them a request concerns.
 * Upstream: apiserver/pkg/admission/configuration/*_webhook_manager.go, plugin/webhook/generic/webhook.go ShouldCallHook.
 */
import type {
  V1MutatingWebhook,
  V1ValidatingWebhook,
} from "#apimachinery/api/admissionregistration-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import { configured } from "#apiserver/admission/configured.ts";
import { matchedBy } from "#apiserver/admission/matching/rules.ts";
import { isChosen } from "#apiserver/admission/matching/selectors.ts";
import { conditionsHold } from "#apiserver/admission/policies/expressions.ts";
import { bound, conditionEnvironment } from "#apiserver/admission/policies/variables.ts";
import { refusal } from "#apiserver/admission/refusal.ts";
import type { Resource } from "#apiserver/registry.ts";

export type Webhook = V1ValidatingWebhook & Pick<V1MutatingWebhook, "reinvocationPolicy">;
export interface Hook {
  readonly configuration: string;
  readonly webhook: Webhook;
  /** Its place among all hooks of its sort. */
  readonly index: number;
}
/** A hook that is to be called, and the version it wants the request in. */
export interface Call {
  readonly hook: Hook;
  readonly target: Resource;
}

interface Configuration extends KubeObject {
  readonly webhooks?: readonly Webhook[] | undefined;
}
const listed = new WeakMap<object, readonly Hook[]>();

/** In order of their configurations' names. */
export function hooksOf({ call }: AdmissionRequest, kind: string): readonly Hook[] {
  const configurations = configured<Configuration>(call.server, kind);
  const known = listed.get(configurations);
  if (known !== undefined) return known;
  const hooks = configurations
    .flatMap(({ metadata, webhooks = [] }) =>
      webhooks.map((webhook) => ({ configuration: metadata.name ?? "", webhook })),
    )
    .map((hook, index) => ({ ...hook, index }));
  listed.set(configurations, hooks);
  return hooks;
}

/** Undefined: the hook is not concerned. Throws Forbidden when its conditions cannot be judged. */
export function callOf(request: AdmissionRequest, hook: Hook): Call | undefined {
  const { rules = [], matchPolicy, matchConditions = [], failurePolicy } = hook.webhook;
  const target = matchedBy(rules, matchPolicy, request);
  if (target === undefined || !isChosen(request, hook.webhook)) return undefined;
  if (matchConditions.length === 0) return { hook, target };
  const holds = conditionsHold(matchConditions, conditionEnvironment(), bound(request, target));
  if (typeof holds === "boolean") return holds ? { hook, target } : undefined;
  if (failurePolicy === "Ignore") return undefined;
  throw refusal(request, holds.error);
}

export const isIgnored = ({ webhook }: Hook): boolean => webhook.failurePolicy === "Ignore";
