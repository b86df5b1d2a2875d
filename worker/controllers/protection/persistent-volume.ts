/** A volume that is being deleted stays while a claim has it. Upstream: pkg/controller/volume/pvprotection/pv_protection_controller.go. */
import type { V1PersistentVolume } from "#apimachinery/api/core-v1.ts";
import { done } from "#client/component.ts";
import type { Controller } from "#controllers/controller.ts";
import { keepFinalizer } from "./finalizer.ts";

const finalizer = "kubernetes.io/pv-protection";

export const persistentVolumeProtection: Controller = {
  name: "persistentvolume-protection-controller",
  account: "pv-protection-controller",
  watches: "v1/PersistentVolume",
  reconcile(key, step) {
    const volume = step.lister<V1PersistentVolume>("v1/PersistentVolume").get(key);
    if (volume !== undefined)
      keepFinalizer(step.client, volume, finalizer, () => volume.status?.phase === "Bound");
    return done;
  },
};
