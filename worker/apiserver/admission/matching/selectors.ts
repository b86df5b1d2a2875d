/**
 * Is the request in a selected namespace, is its object selected?
 * Upstream: apiserver/pkg/admission/plugin/webhook/predicates/{namespace,object}/matcher.go.
 */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import { isNamespaceObject } from "./attributes.ts";

export interface Selectors {
  readonly namespaceSelector?: V1LabelSelector | undefined;
  readonly objectSelector?: V1LabelSelector | undefined;
}

/** Nothing but Namespaces is selected by namespace when it is in none. */
function isInNamespace(request: AdmissionRequest, selector: V1LabelSelector | undefined): boolean {
  const wanted = selectorOf(selector) ?? [];
  if (wanted.length === 0) return true;
  const { object, previous, info, context } = request;
  if (isNamespaceObject(request)) return matches(wanted, (object ?? previous)?.metadata.labels);
  if (info.namespace === "") return true;
  const namespace = context.get<V1Namespace>("v1/Namespace", "", info.namespace);
  return matches(wanted, namespace?.metadata.labels);
}

/** By the labels it has, or had. */
function isSelected(
  { object, previous }: AdmissionRequest,
  selector: V1LabelSelector | undefined,
): boolean {
  const wanted = selectorOf(selector) ?? [];
  return (
    wanted.length === 0 ||
    [object, previous].some((one) => one !== undefined && matches(wanted, one.metadata?.labels))
  );
}

export const isChosen = (
  request: AdmissionRequest,
  { namespaceSelector, objectSelector }: Selectors,
): boolean => isInNamespace(request, namespaceSelector) && isSelected(request, objectSelector);
