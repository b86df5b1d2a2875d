/** Parts of a Pod's spec that may change while it runs: its ephemeral containers, its resources. */
import type { V1Container, V1Pod } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { invalid } from "#apimachinery/status.ts";
import { mirror } from "#apiserver/kinds/core/pod-spec/annotations.ts";
import { validatePodResize } from "#apiserver/kinds/core/pod-spec/resize.ts";
import { pod as podKind } from "#apiserver/kinds/core/pod.ts";
import type { Part } from "#apiserver/verbs/update.ts";
import type { Subresource } from "./subresource.ts";
import { whole } from "./whole.ts";

type Rules = (next: V1Pod, old: V1Pod) => readonly FieldError[];

/** Of what was sent, which object and which state of it is meant, and one part of the spec. */
const part =
  (taken: (wanted: V1Pod, old: V1Pod) => V1Pod["spec"], rules: Rules): Part =>
  (wanted, before) => {
    const old = before as V1Pod;
    const { uid, resourceVersion } = wanted.metadata;
    const spec = taken(wanted as V1Pod, old);
    const next = { ...old, metadata: { ...old.metadata, uid, resourceVersion }, spec } as V1Pod;
    const errors = [...(podKind.validate?.(next) ?? []), ...rules(next, old)];
    if (errors.length > 0)
      throw invalid({ group: "", kind: "Pod" }, old.metadata.name ?? "", errors);
    return next as KubeObject;
  };

const at = new FieldPath("spec").child("ephemeralContainers");

/** They come, and stay as they are. Upstream: validation ValidatePodEphemeralContainersUpdate. */
const onlyMore: Rules = ({ spec }, { spec: old, metadata }) => {
  if (metadata.annotations?.[mirror] !== undefined)
    return [forbidden(new FieldPath("[]"), "static pods do not support ephemeral containers")];
  return (old?.ephemeralContainers ?? []).flatMap((one) => {
    const now = spec?.ephemeralContainers?.find(({ name }) => name === one.name);
    const said = `existing ephemeral containers ${JSON.stringify(one.name)} may not be`;
    if (now === undefined) return [forbidden(at, `${said} removed\n`)];
    // Differs: no printed difference of the two follows, because that is Go syntax of internal types.
    return equal(now, one) ? [] : [forbidden(at, `${said} changed\n`)];
  });
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

/** Each container with the resources that were asked for it; in another order they are not its own. */
const resized = <T extends readonly V1Container[] | undefined>(old: T, asked: T): T =>
  old?.map((container) => {
    const wish = asked?.find(({ name }) => name === container.name);
    if (wish === undefined) return container;
    const { resources: _resources, resizePolicy: _policy, ...kept } = container;
    const { resources, resizePolicy } = wish;
    return {
      ...kept,
      ...(resources === undefined ? {} : { resources }),
      ...(resizePolicy === undefined ? {} : { resizePolicy }),
    };
  }) as T;

/** Upstream: pkg/registry/core/pod/strategy.go dropNonResizeUpdates. */
export const resize: Subresource = whole(
  "v1/Pod",
  "resize",
  part(({ spec: asked }, { spec }) => {
    const { initContainers } = spec ?? {};
    return {
      ...spec,
      containers: resized(spec?.containers ?? [], asked?.containers ?? []),
      ...(initContainers === undefined
        ? {}
        : { initContainers: resized(initContainers, asked?.initContainers) }),
      ...(asked?.resources === undefined ? {} : { resources: asked.resources }),
    };
  }, validatePodResize),
);
