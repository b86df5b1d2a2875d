/** Parts of a Pod's spec that may change while it runs: its ephemeral containers, its resources. */
import type { V1Container, V1Pod } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { invalid } from "#apimachinery/status.ts";
import { mirror } from "#apiserver/kinds/core/pod-spec/annotations.ts";
import { resizeRefusal, validatePodResize } from "#apiserver/kinds/core/pod-spec/resize.ts";
import { pod as podKind } from "#apiserver/kinds/core/pod.ts";
import type { Part } from "#apiserver/verbs/update.ts";
import type { Subresource } from "./subresource.ts";
import { whole } from "./whole.ts";

interface Rules {
  /** Why there can be no such change of this Pod. */
  refusal(old: V1Pod): FieldError | undefined;
  /** All errors, those that were `found` in the Pod as such first. */
  judge(next: V1Pod, old: V1Pod, found: readonly FieldError[]): readonly FieldError[];
}

/** Of what was sent, which object and which state of it is meant, and one part of the spec. */
const part =
  (taken: (wanted: V1Pod, old: V1Pod) => V1Pod["spec"], { refusal, judge }: Rules): Part =>
  (wanted, before) => {
    const old = before as V1Pod;
    const { uid, resourceVersion } = wanted.metadata;
    const spec = taken(wanted as V1Pod, old);
    const next = { ...old, metadata: { ...old.metadata, uid, resourceVersion }, spec } as V1Pod;
    const refused = refusal(old);
    const errors =
      refused === undefined ? judge(next, old, podKind.validate?.(next) ?? []) : [refused];
    if (errors.length > 0)
      throw invalid({ group: "", kind: "Pod" }, old.metadata.name ?? "", errors);
    return next as KubeObject;
  };

const at = new FieldPath("spec").child("ephemeralContainers");

/** They come, and stay as they are. Upstream: validation ValidatePodEphemeralContainersUpdate. */
const onlyMore: Rules = {
  refusal: ({ metadata }) =>
    metadata.annotations?.[mirror] === undefined
      ? undefined
      : forbidden(new FieldPath("[]"), "static pods do not support ephemeral containers"),
  judge: ({ spec }, { spec: old }, found) => [
    ...found,
    ...(old?.ephemeralContainers ?? []).flatMap((one) => {
      const now = spec?.ephemeralContainers?.find(({ name }) => name === one.name);
      const said = `existing ephemeral containers ${JSON.stringify(one.name)} may not be`;
      if (now === undefined) return [forbidden(at, `${said} removed\n`)];
      // Differs: no printed difference of the two follows, because that is Go syntax of internal types.
      return equal(now, one) ? [] : [forbidden(at, `${said} changed\n`)];
    }),
  ],
};

/** Upstream: pkg/registry/core/pod/strategy.go dropNonEphemeralContainerUpdates. */
export const ephemeralContainers: Subresource = whole(
  "v1/Pod",
  "ephemeralcontainers",
  part(({ spec }, old) => {
    const { ephemeralContainers: _old, ...kept } = old.spec ?? { containers: [] };
    const asked = spec?.ephemeralContainers;
    return asked === undefined ? kept : { ...kept, ephemeralContainers: asked };
  }, onlyMore),
);

type Containers = readonly V1Container[];
/** Each container with the resources that were asked for it; as asked, where they stand in another order. */
function resized(old: Containers, asked: Containers): Containers {
  if (asked.some(({ name }, i) => name !== old[i]?.name)) return asked;
  return asked.map(({ resources, resizePolicy }, i) => {
    const { resources: _resources, resizePolicy: _policy, ...kept } = old[i] as V1Container;
    return {
      ...kept,
      ...(resources === undefined ? {} : { resources }),
      ...(resizePolicy === undefined ? {} : { resizePolicy }),
    };
  });
}

/** Upstream: pkg/registry/core/pod/strategy.go dropNonResizeUpdates. */
export const resize: Subresource = whole(
  "v1/Pod",
  "resize",
  part(
    ({ spec: asked }, { spec }) => {
      const { resources: _resources, ...kept } = spec ?? { containers: [] };
      const { containers = [], initContainers = [], resources } = asked ?? {};
      const { containers: old = [], initContainers: oldInit = [] } = kept;
      // The rules say what is wrong with these numbers.
      if (containers.length !== old.length || initContainers.length !== oldInit.length)
        return asked;
      return {
        ...kept,
        containers: resized(old, containers),
        ...(oldInit.length === 0 ? {} : { initContainers: resized(oldInit, initContainers) }),
        ...(resources === undefined ? {} : { resources }),
      };
    },
    { refusal: resizeRefusal, judge: validatePodResize },
  ),
);
