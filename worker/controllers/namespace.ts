/** The namespace controller: empties a namespace that is being deleted. Upstream: pkg/controller/namespace/deletion. */
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import { resources } from "#apimachinery/api/schema.ts";
import type { V1Namespace, V1NamespaceCondition, V1Pod } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import { byNamespace } from "#client/informer.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { customKind, definitionKind } from "./custom-kinds.ts";

const kind = "v1/Namespace";
const finalizer = "kubernetes";

interface Content {
  readonly gvk: string;
  /** `pods.`, `deployments.apps`, as the condition names it. */
  readonly text: string;
}
/** Everything that can be emptied; one entry where a kind is served in two versions. */
const contents: readonly Content[] = resources
  .filter(
    ({ namespaced, verbs, group, plural }) =>
      namespaced &&
      verbs.includes("deletecollection") &&
      !(group === "events.k8s.io" && plural === "events"),
  )
  .map(({ group, version, kind: name, plural }) => ({
    gvk: `${group === "" ? version : `${group}/${version}`}/${name}`,
    text: `${plural}.${group}`,
  }));
const pods = contents.filter(({ gvk }) => gvk === "v1/Pod");
const builtIn = contents.filter(({ gvk }) => gvk !== "v1/Pod");

/** What definitions of namespaced kinds serve. */
const customContents = (step: ControllerStep): readonly Content[] =>
  step
    .lister<V1CustomResourceDefinition>(definitionKind)
    .list()
    .map(customKind)
    .filter((one) => one !== undefined)
    .filter(({ namespaced }) => namespaced);

interface Remaining {
  readonly text: string;
  readonly objects: readonly KubeObject[];
}

function reconcile(key: string, step: ControllerStep): Result {
  const namespace = step.lister<V1Namespace>(kind).get(key);
  if (namespace?.metadata.deletionTimestamp === undefined) return done;
  if (!(namespace.spec?.finalizers ?? []).includes(finalizer)) return done;
  // Pods first: what they use stays until they are gone.
  const left = emptied(key, pods, step);
  const remaining =
    left.length > 0 ? left : emptied(key, [...builtIn, ...customContents(step)], step);
  tell(namespace, remaining, step);
  if (remaining.length > 0) return requeueAt(step.nowMs + waitMs(remaining));
  finalize(key, step);
  return done;
}

/** Deletes all of these kinds; what is still there afterwards. */
function emptied(
  namespace: string,
  kinds: readonly Content[],
  step: ControllerStep,
): readonly Remaining[] {
  return kinds.flatMap(({ gvk, text }) => {
    if (step.client.list(gvk, { namespace }).length === 0) return [];
    step.client.deleteCollection(gvk, { namespace, propagationPolicy: "Background" });
    const objects = step.client.list(gvk, { namespace });
    return objects.length === 0 ? [] : [{ text, objects }];
  });
}

/** Half the longest grace and a second, as upstream estimates it. */
function waitMs(remaining: readonly Remaining[]): number {
  const graces = remaining.flatMap(({ objects }) =>
    objects.map(({ metadata }) => metadata.deletionGracePeriodSeconds ?? 0),
  );
  return Math.max(5, Math.floor(Math.max(0, ...graces) / 2) + 1) * 1000;
}

const counted = (names: readonly string[], word: (name: string, count: number) => string): string =>
  [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => word(name, all.length))
    .toSorted()
    .join(", ");

/** Pure: the five conditions, in upstream's order. Upstream: status_condition_utils.go. */
export function conditionsOf(
  old: readonly V1NamespaceCondition[],
  remaining: readonly Remaining[],
  nowMs: number,
): readonly V1NamespaceCondition[] {
  const objects = remaining.flatMap(({ text, objects: list }) =>
    list.map((object) => ({ text, object })),
  );
  const finalizers = objects.flatMap(({ object }) => object.metadata.finalizers ?? []);
  const rows: readonly (readonly [string, boolean, string, string])[] = [
    [
      "NamespaceDeletionDiscoveryFailure",
      false,
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ],
    [
      "NamespaceDeletionGroupVersionParsingFailure",
      false,
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ],
    [
      "NamespaceDeletionContentFailure",
      false,
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ],
    objects.length === 0
      ? ["NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed"]
      : [
          "NamespaceContentRemaining",
          true,
          "SomeResourcesRemain",
          `Some resources are remaining: ${counted(
            objects.map(({ text }) => text),
            (text, n) => `${text} has ${n} resource instances`,
          )}`,
        ],
    finalizers.length === 0
      ? [
          "NamespaceFinalizersRemaining",
          false,
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        ]
      : [
          "NamespaceFinalizersRemaining",
          true,
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${counted(finalizers, (name, n) => `${name} in ${n} resource instances`)}`,
        ],
  ];
  return rows.map(([type, is, reason, message]) => {
    const status = is ? "True" : "False";
    const before = old.find((one) => one.type === type);
    if (
      before !== undefined &&
      before.status === status &&
      before.reason === reason &&
      before.message === message
    )
      return before;
    return {
      type,
      status,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : timeText(nowMs),
      reason,
      message,
    };
  });
}

function tell(namespace: V1Namespace, remaining: readonly Remaining[], step: ControllerStep): void {
  const { status } = namespace;
  const conditions = conditionsOf(status?.conditions ?? [], remaining, step.nowMs);
  if (!equal(conditions, status?.conditions))
    step.client.updateStatus<V1Namespace>({ ...namespace, status: { ...status, conditions } });
}

function finalize(name: string, step: ControllerStep): void {
  try {
    const current = step.client.get<V1Namespace>({ kind, name });
    const finalizers = (current.spec?.finalizers ?? []).filter((one) => one !== finalizer);
    step.client.updateSub<V1Namespace>("finalize", {
      ...current,
      spec: { ...current.spec, finalizers },
    });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

export const namespace: Controller = {
  name: "namespace-controller",
  account: "namespace-controller",
  watches: kind,
  maps: {
    /** Only read: kinds of its contents. */
    [definitionKind]: () => [],
    /** The last Pod's end lets it go on at once. */
    "v1/Pod": ({ type, object }, listers) => {
      const name = object.metadata.namespace ?? "";
      if (
        type !== "DELETED" ||
        listers.lister<V1Namespace>(kind).get(name)?.metadata.deletionTimestamp === undefined
      )
        return [];
      return listers.lister<V1Pod>("v1/Pod").countIndex(byNamespace, name) === 0 ? [name] : [];
    },
  },
  reconcile,
};
