/** Which ControllerRevision a DaemonSet is at, and which of the old ones go. Upstream: pkg/controller/daemon/update.go. */
import type { V1ControllerRevision, V1DaemonSet } from "#apimachinery/api/apps-v1.ts";
import type { V1Pod, V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import { templateHash } from "#apimachinery/hash.ts";
import { isReason } from "#apimachinery/status.ts";
import type { ControllerStep } from "#controllers/controller.ts";
import {
  byRevision,
  hasData,
  newestRevision,
  revisionHashLabel,
  revisionKind,
  templatePatch,
} from "#controllers/history.ts";
import { claim, controllerRef } from "#controllers/owner.ts";

const daemonSetKind = "apps/v1/DaemonSet";

interface History {
  readonly hash: string;
  readonly old: readonly V1ControllerRevision[];
}

/**
 * The revision of the present template, made, renumbered or rid of its doubles as need be, and the others.
 * `podsOf` is asked only for doubles. Upstream: constructHistory.
 */
export function historyOf(
  set: V1DaemonSet,
  podsOf: () => readonly V1Pod[],
  step: ControllerStep,
): History {
  const owned = claim(
    set,
    set.spec?.selector,
    step.lister<V1ControllerRevision>(revisionKind),
    step,
  ).map((history) => labelled(history, step));
  const patch = templatePatch(set.spec?.template as V1PodTemplateSpec);
  const present = owned.filter((history) => hasData(history, patch));
  const old = owned.filter((history) => !hasData(history, patch));
  const revision = newestRevision(old) + 1;
  const [first] = present;
  if (first === undefined) return { hash: hashOf(snapshot(set, revision, step)), old };
  const current = present.length === 1 ? first : withoutDoubles(present, podsOf, step);
  if ((current.revision ?? 0) < revision) step.client.update({ ...current, revision });
  return { hash: hashOf(current), old };
}

const hashOf = ({ metadata }: V1ControllerRevision): string =>
  metadata.labels?.[revisionHashLabel] ?? "";

/** One without a hash is known by its name. */
function labelled(history: V1ControllerRevision, step: ControllerStep): V1ControllerRevision {
  const { labels, name = "" } = history.metadata;
  if (labels?.[revisionHashLabel] !== undefined) return history;
  return step.client.update<V1ControllerRevision>({
    ...history,
    metadata: { ...history.metadata, labels: { ...labels, [revisionHashLabel]: name } },
  });
}

/** The newest of equals stays, and the Pods are its. Upstream: dedupCurHistories. */
function withoutDoubles(
  present: readonly V1ControllerRevision[],
  podsOf: () => readonly V1Pod[],
  step: ControllerStep,
): V1ControllerRevision {
  const kept = present.reduce((best, one) =>
    (one.revision ?? 0) >= (best.revision ?? 0) ? one : best,
  );
  const hash = hashOf(kept);
  for (const { metadata } of podsOf()) {
    if (metadata.labels?.[revisionHashLabel] === hash) continue;
    const { name = "", namespace } = metadata;
    step.client.patch<V1Pod>({ kind: "v1/Pod", namespace, name }, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [revisionHashLabel]: hash } },
    }));
  }
  for (const one of present) if (one !== kept) remove(one, step);
  return kept;
}

function remove({ metadata }: V1ControllerRevision, step: ControllerStep): void {
  const { name = "", namespace } = metadata;
  step.client.delete({ kind: revisionKind, namespace, name });
}

/** The template becomes a revision. Two templates of one hash are told apart by a count. Upstream: snapshot. */
function snapshot(set: V1DaemonSet, revision: number, step: ControllerStep): V1ControllerRevision {
  const template = set.spec?.template as V1PodTemplateSpec;
  const { collisionCount } = set.status ?? {};
  const hash = templateHash(template, collisionCount);
  const { namespace, annotations } = set.metadata;
  const name = `${set.metadata.name}-${hash}`;
  const data = templatePatch(template);
  try {
    return step.client.create<V1ControllerRevision>({
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata?.labels, [revisionHashLabel]: hash },
        ...(annotations === undefined ? {} : { annotations }),
        ownerReferences: [controllerRef(set)],
      },
      data,
      revision,
    } as V1ControllerRevision);
  } catch (error) {
    if (!isReason(error, "AlreadyExists")) throw error;
    const other = step.client.get<V1ControllerRevision>({ kind: revisionKind, namespace, name });
    if (hasData(other, data)) return other;
    const target = { kind: daemonSetKind, namespace, name: set.metadata.name ?? "" };
    const fresh = step.client.get<V1DaemonSet>(target);
    if (fresh.status?.collisionCount === collisionCount) {
      const status = { ...fresh.status, collisionCount: (collisionCount ?? 0) + 1 };
      step.client.updateStatus<V1DaemonSet>({ ...fresh, status } as V1DaemonSet);
    }
    throw error;
  }
}

/** Old ones beyond the limit go, the oldest first, but none that a Pod still has. Upstream: cleanupHistory. */
export function cleanUp(
  set: V1DaemonSet,
  old: readonly V1ControllerRevision[],
  pods: readonly V1Pod[],
  step: ControllerStep,
): void {
  let surplus = old.length - (set.spec?.revisionHistoryLimit ?? 10);
  if (surplus <= 0) return;
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[revisionHashLabel]));
  for (const history of old.toSorted(byRevision)) {
    if (surplus <= 0) return;
    if (live.has(hashOf(history))) continue;
    remove(history, step);
    surplus -= 1;
  }
}
