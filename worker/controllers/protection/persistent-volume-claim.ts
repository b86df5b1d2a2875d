/** A claim that is being deleted stays while a scheduled Pod uses it. Upstream: pkg/controller/volume/pvcprotection/pvc_protection_controller.go. */
import type { V1PersistentVolumeClaim, V1Pod } from "#apimachinery/api/core-v1.ts";
import { done } from "#client/component.ts";
import type { Controller } from "#controllers/controller.ts";
import { keepFinalizer } from "./finalizer.ts";

const finalizer = "kubernetes.io/pvc-protection";
const byClaim = "claim";

/** Keys of the claims a Pod uses; those of its ephemeral volumes are named after it. */
function claimsOf({ metadata, spec }: V1Pod): readonly string[] {
  const { name, namespace } = metadata;
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim, ephemeral, name: volume }) =>
    persistentVolumeClaim !== undefined
      ? [`${namespace}/${persistentVolumeClaim.claimName}`]
      : ephemeral === undefined
        ? []
        : [`${namespace}/${name}-${volume}`],
  );
}

export const persistentVolumeClaimProtection: Controller = {
  name: "persistentvolumeclaim-protection-controller",
  account: "pvc-protection-controller",
  watches: "v1/PersistentVolumeClaim",
  maps: { "v1/Pod": ({ object }) => claimsOf(object as V1Pod) },
  indexes: { "v1/Pod": { [byClaim]: claimsOf } },
  reconcile(key, step) {
    const claim = step.lister<V1PersistentVolumeClaim>("v1/PersistentVolumeClaim").get(key);
    if (claim === undefined) return done;
    keepFinalizer(step.client, claim, finalizer, () =>
      step
        .lister<V1Pod>("v1/Pod")
        .byIndex(byClaim, key)
        .some(({ spec }) => Boolean(spec?.nodeName)),
    );
    return done;
  },
};
