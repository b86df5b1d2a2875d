/** PUT namespaces/<name>/finalize: all but the status, the finalizers among it. Upstream: pkg/registry/core/namespace/storage FinalizeREST, validation ValidateNamespaceFinalizeUpdate. */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import { invalid } from "#apimachinery/status.ts";
import { finalizerErrors } from "#apiserver/kinds/core/namespace.ts";
import type { Part } from "#apiserver/verbs/update.ts";
import type { Subresource } from "./subresource.ts";
import { whole } from "./whole.ts";

const finalized: Part = (wanted, old, { resource }) => {
  const { spec } = wanted as V1Namespace;
  const errors = finalizerErrors(spec?.finalizers ?? [], (at, i) => at.index(i));
  if (errors.length > 0) throw invalid(resource.groupKind, old.metadata.name ?? "", errors);
  const { status } = old as V1Namespace;
  return { ...wanted, status } as V1Namespace;
};

export const finalize: Subresource = whole("v1/Namespace", "finalize", finalized);
