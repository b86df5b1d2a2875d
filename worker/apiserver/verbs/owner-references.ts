/**
 * An owner that is named twice counts once, with a warning.
 * Upstream: apiserver/pkg/endpoints/handlers/rest.go dedupOwnerReferencesAndAddWarning.
 */
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Call } from "#apiserver/server.ts";

const when = { sent: "", mutated: " after mutating admission happens" } as const;
const warning = (uids: readonly string[], moment: keyof typeof when): string =>
  `.metadata.ownerReferences contains duplicate entries${when[moment]}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids.join(", ")}`;

/** The same reference when there is nothing to do. */
export function withDistinctOwners(
  { passage }: Call,
  object: KubeObject,
  moment: keyof typeof when,
): KubeObject {
  const { ownerReferences = [] } = object.metadata;
  if (ownerReferences.length < 2) return object;
  const kept = ownerReferences.filter(
    (owner, i) => ownerReferences.findIndex((one) => equal(one, owner)) === i,
  );
  if (kept.length === ownerReferences.length) return object;
  const repeated = ownerReferences.filter(
    (owner, i) => ownerReferences.findIndex((one) => equal(one, owner)) < i,
  );
  passage.warnings.push(
    warning(
      repeated.map(({ uid }) => uid ?? ""),
      moment,
    ),
  );
  return { ...object, metadata: { ...object.metadata, ownerReferences: kept } };
}
