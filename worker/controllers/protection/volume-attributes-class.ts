/** A class of attributes stays while a volume or a claim names it. Upstream: pkg/controller/volume/vacprotection/vac_protection_controller.go. */
import type { V1PersistentVolume, V1PersistentVolumeClaim } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { done } from "#client/component.ts";
import type { Controller } from "#controllers/controller.ts";
import { keepFinalizer } from "./finalizer.ts";

const finalizer = "kubernetes.io/vac-protection";
const kind = "storage.k8s.io/v1/VolumeAttributesClass";
const byClass = "attributesClass";

const present = (...names: readonly (string | undefined)[]): readonly string[] =>
  names.filter((name): name is string => Boolean(name));
const ofVolume = ({ spec }: V1PersistentVolume): readonly string[] =>
  present(spec?.volumeAttributesClassName);
const ofClaim = ({ spec, status }: V1PersistentVolumeClaim): readonly string[] =>
  present(
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  );

/** Of the state now and of the one before: both classes may be free. */
const namedBy =
  <T extends KubeObject>(of: (object: T) => readonly string[]) =>
  ({
    object,
    previous,
  }: {
    object: KubeObject;
    previous: KubeObject | undefined;
  }): readonly string[] => [
    ...of(object as T),
    ...(previous === undefined ? [] : of(previous as T)),
  ];

export const volumeAttributesClassProtection: Controller = {
  name: "volumeattributesclass-protection-controller",
  account: "volumeattributesclass-protection-controller",
  watches: kind,
  maps: { "v1/PersistentVolume": namedBy(ofVolume), "v1/PersistentVolumeClaim": namedBy(ofClaim) },
  indexes: {
    "v1/PersistentVolume": { [byClass]: ofVolume },
    "v1/PersistentVolumeClaim": { [byClass]: ofClaim },
  },
  reconcile(key, step) {
    const found = step.lister(kind).get(key);
    if (found === undefined) return done;
    keepFinalizer(
      step.client,
      found,
      finalizer,
      () =>
        step.lister("v1/PersistentVolume").countIndex(byClass, key) > 0 ||
        step.lister("v1/PersistentVolumeClaim").countIndex(byClass, key) > 0,
    );
    return done;
  },
};
