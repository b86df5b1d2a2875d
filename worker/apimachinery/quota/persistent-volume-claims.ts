/** Claims in quotas, also by their class. Upstream: pkg/quota/v1/evaluator/core/persistent_volume_claims.go. */
import type { V1PersistentVolumeClaim } from "#apimachinery/api/core-v1.ts";
import { compareQuantities, wholeValue } from "#apimachinery/quantity.ts";
import { type Evaluator, selects } from "./evaluator.ts";

const claims = "persistentvolumeclaims";
const storage = "requests.storage";
const ofClass = ".storageclass.storage.k8s.io/";

const classOf = ({ metadata, spec }: V1PersistentVolumeClaim): string =>
  metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName ?? "";

/** What was asked for, or what is held if that is more; in whole bytes. */
function sizeOf({ spec, status }: V1PersistentVolumeClaim): string | number | undefined {
  const asked = spec?.resources?.requests?.["storage"];
  const held = status?.allocatedResources?.["storage"];
  const size =
    asked !== undefined && held !== undefined && compareQuantities(held, asked) > 0 ? held : asked;
  if (size === undefined) return undefined;
  const whole = wholeValue(size);
  return compareQuantities(whole, size) === 0 ? size : whole;
}

const attributeClasses = ({ spec, status }: V1PersistentVolumeClaim): readonly string[] =>
  [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name): name is string => Boolean(name));

export const persistentVolumeClaims: Evaluator<V1PersistentVolumeClaim> = {
  resource: claims,
  kind: "v1/PersistentVolumeClaim",
  counts: (name) =>
    name === `count/${claims}` ||
    [claims, storage].some((one) => name === one || name.endsWith(ofClass + one)),
  usage(claim) {
    const name = classOf(claim);
    const size = sizeOf(claim);
    return {
      [claims]: "1",
      [`count/${claims}`]: "1",
      ...(name === "" ? {} : { [name + ofClass + claims]: "1" }),
      ...(size === undefined ? {} : { [storage]: size }),
      ...(name === "" || size === undefined ? {} : { [name + ofClass + storage]: size }),
    };
  },
  inScope(claim, scope) {
    if (scope.scopeName !== "VolumeAttributesClass") return false;
    const names = attributeClasses(claim);
    return names.length === 0
      ? selects(scope, undefined)
      : names.some((name) => selects(scope, name));
  },
  frees: (next, old) =>
    next.spec?.resources !== old.spec?.resources ||
    next.status?.allocatedResources !== old.status?.allocatedResources ||
    attributeClasses(next).join() !== attributeClasses(old).join(),
};
