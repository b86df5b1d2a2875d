/** CSIDriver. Upstream: pkg/registry/storage/csidriver/strategy.go, pkg/apis/storage/validation. */
import type { V1CSIDriver } from "#apimachinery/api/storage-v1.ts";
import { duplicate, FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable, oneOf } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec");
const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifecycleModes = ["Ephemeral", "Persistent"];
const leastTokenSeconds = 600;
const mostTokenSeconds = 2 ** 32;
const leastUpdateSeconds = 10;

type Spec = V1CSIDriver["spec"];

function tokenRequests(errors: Errors, requests: NonNullable<Spec["tokenRequests"]>): void {
  const here = at.child("tokenRequests");
  const audiences = new Set<string>();
  for (const [i, { audience, expirationSeconds }] of requests.entries()) {
    if (audiences.has(audience)) errors.push(duplicate(here.index(i).child("audience"), audience));
    audiences.add(audience);
    const seconds = here.index(i).child("expirationSeconds");
    if (expirationSeconds === undefined) continue;
    if (expirationSeconds < leastTokenSeconds)
      errors.push(
        invalid(seconds, expirationSeconds, "may not specify a duration less than 10 minutes"),
      );
    if (expirationSeconds > mostTokenSeconds)
      errors.push(
        invalid(seconds, expirationSeconds, "may not specify a duration larger than 2^32 seconds"),
      );
  }
}

const orUnset = (value: string): string => value || "<unset>";

export const csiDriver: Kind<V1CSIDriver> = {
  gvk: "storage.k8s.io/v1/CSIDriver",
  unconditionalUpdate: false,
  defaults: (object) =>
    change(object, "spec", (spec) =>
      fill(spec, {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: "ReadWriteOnceWithFSType",
        volumeLifecycleModes: ["Persistent"],
        requiresRepublish: false,
        seLinuxMount: false,
      }),
    ),
  validate({ spec = {} }) {
    const errors: Errors = [];
    // Upstream's own spelling of the first one's path.
    if (spec.attachRequired === undefined) errors.push(required(at.child("attachedRequired")));
    if (spec.podInfoOnMount === undefined) errors.push(required(at.child("podInfoOnMount")));
    if (spec.storageCapacity === undefined) errors.push(required(at.child("storageCapacity")));
    oneOf(errors, at.child("fsGroupPolicy"), spec.fsGroupPolicy, groupPolicies);
    tokenRequests(errors, spec.tokenRequests ?? []);
    for (const [i, mode] of (spec.volumeLifecycleModes ?? []).entries())
      if (!lifecycleModes.includes(mode))
        errors.push(unsupported(at.child("volumeLifecycleModes").index(i), mode, lifecycleModes));
    if (spec.seLinuxMount === undefined) errors.push(required(at.child("seLinuxMount")));
    const period = spec.nodeAllocatableUpdatePeriodSeconds;
    if (period !== undefined && period < leastUpdateSeconds)
      errors.push(
        invalid(
          at.child("nodeAllocatableUpdatePeriodSeconds"),
          period,
          "must be greater than or equal to 10 seconds",
        ),
      );
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    const [now, before] = [next.spec, previous.spec];
    immutable(errors, at.child("attachedRequired"), now.attachRequired, before.attachRequired);
    immutable(
      errors,
      at.child("volumeLifecycleModes"),
      now.volumeLifecycleModes,
      before.volumeLifecycleModes,
    );
    return errors;
  },
  columns: columnsOf(
    column(
      "AttachRequired",
      "boolean",
      "attachRequired indicates this CSI volume driver requires an attach operation.",
      ({ spec }: V1CSIDriver) => spec.attachRequired ?? true,
    ),
    column(
      "PodInfoOnMount",
      "boolean",
      "podInfoOnMount indicates this CSI volume driver requires additional pod information (like podName, podUID, etc.) during mount operations, if set to true.",
      ({ spec }: V1CSIDriver) => spec.podInfoOnMount ?? false,
    ),
    column(
      "StorageCapacity",
      "boolean",
      "storageCapacity indicates that the CSI volume driver wants pod scheduling to consider the storage capacity that the driver deployment will report by creating CSIStorageCapacity objects with capacity information, if set to true.",
      ({ spec }: V1CSIDriver) => spec.storageCapacity ?? false,
    ),
    column(
      "TokenRequests",
      "string",
      "tokenRequests indicates the CSI driver needs pods' service account tokens it is mounting volume for to do necessary authentication.",
      ({ spec }: V1CSIDriver) =>
        orUnset((spec.tokenRequests ?? []).map(({ audience }) => audience).join(",")),
    ),
    column(
      "RequiresRepublish",
      "boolean",
      "requiresRepublish indicates the CSI driver wants `NodePublishVolume` being periodically called to reflect any possible change in the mounted volume.",
      ({ spec }: V1CSIDriver) => spec.requiresRepublish ?? false,
    ),
    column(
      "Modes",
      "string",
      "volumeLifecycleModes defines what kind of volumes this CSI volume driver supports.",
      ({ spec }: V1CSIDriver) => (spec.volumeLifecycleModes ?? []).join(",") || "<none>",
    ),
  ),
};
