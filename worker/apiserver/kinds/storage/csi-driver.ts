/** CSIDriver. Upstream: pkg/registry/storage/csidriver/strategy.go, pkg/apis/storage/validation. */
import type { V1CSIDriver } from "#apimachinery/api/storage-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { duplicate, FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, fill, without } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable, oneOfIfAny } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("spec");
const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifecycleModes = ["Persistent", "Ephemeral"];
const leastTokenSeconds = 600;
const mostTokenSeconds = 2 ** 32;
const leastUpdateSeconds = 10;

type Spec = V1CSIDriver["spec"];

function tokenRequests(errors: Errors, requests: NonNullable<Spec["tokenRequests"]>): void {
  const here = at.child("tokenRequests");
  const audiences = new Set<string>();
  for (const [i, { audience, expirationSeconds }] of requests.entries()) {
    if (audiences.has(audience)) {
      errors.push(duplicate(here.index(i).child("audience"), audience));
      continue;
    }
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

/** Off in this version: Pods are scheduled whether their node has the driver or not. */
const withoutMissing = (object: V1CSIDriver): V1CSIDriver =>
  change(object, "spec", (spec) => without(spec, "preventPodSchedulingIfMissing"));

export const csiDriver: Kind<V1CSIDriver> = {
  gvk: "storage.k8s.io/v1/CSIDriver",
  generation: "changes",
  unconditionalUpdate: false,
  defaults: (object) =>
    change(object, "spec", (spec) => {
      const filled = fill(spec, {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: "ReadWriteOnceWithFSType",
        volumeLifecycleModes: ["Persistent"],
        requiresRepublish: false,
        seLinuxMount: false,
      });
      return filled.volumeLifecycleModes?.length === 0
        ? { ...filled, volumeLifecycleModes: ["Persistent"] }
        : filled;
    }),
  prepareForCreate: withoutMissing,
  prepareForUpdate: withoutMissing,
  validate({ spec = {} }) {
    const errors: Errors = [];
    // Upstream's own spelling of the first one's path.
    if (spec.attachRequired === undefined) errors.push(required(at.child("attachedRequired")));
    if (spec.podInfoOnMount === undefined) errors.push(required(at.child("podInfoOnMount")));
    if (spec.storageCapacity === undefined) errors.push(required(at.child("storageCapacity")));
    oneOfIfAny(errors, at.child("fsGroupPolicy"), spec.fsGroupPolicy, groupPolicies);
    tokenRequests(errors, spec.tokenRequests ?? []);
    for (const mode of spec.volumeLifecycleModes ?? [])
      if (!lifecycleModes.includes(mode))
        errors.push(unsupported(at.child("volumeLifecycleModes"), mode, lifecycleModes, "listed"));
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
    const { serviceAccountTokenInSecrets: inSecrets } = spec;
    if (inSecrets !== undefined && (spec.tokenRequests ?? []).length === 0)
      errors.push(
        invalid(
          at.child("serviceAccountTokenInSecrets"),
          inSecrets,
          "serviceAccountTokenInSecrets is set but no tokenRequests are specified",
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
  warnings({ spec = {} }, previous) {
    const { tokenRequests = [], serviceAccountTokenInSecrets: inSecrets } = spec;
    const isOld = previous !== undefined && equal(previous.spec.tokenRequests ?? [], tokenRequests);
    return tokenRequests.length === 0 || inSecrets !== undefined || isOld
      ? []
      : [
          "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes",
        ];
  },
  columns: columnsOf(
    column(
      "AttachRequired",
      "boolean",
      doc("storage.v1.CSIDriverSpec.attachRequired"),
      ({ spec }: V1CSIDriver) => spec.attachRequired ?? true,
    ),
    column(
      "PodInfoOnMount",
      "boolean",
      doc("storage.v1.CSIDriverSpec.podInfoOnMount"),
      ({ spec }: V1CSIDriver) => spec.podInfoOnMount ?? false,
    ),
    column(
      "StorageCapacity",
      "boolean",
      doc("storage.v1.CSIDriverSpec.storageCapacity"),
      ({ spec }: V1CSIDriver) => spec.storageCapacity ?? false,
    ),
    column(
      "TokenRequests",
      "string",
      doc("storage.v1.CSIDriverSpec.tokenRequests"),
      ({ spec }: V1CSIDriver) =>
        spec.tokenRequests?.map(({ audience }) => audience).join(",") ?? "<unset>",
    ),
    column(
      "RequiresRepublish",
      "boolean",
      doc("storage.v1.CSIDriverSpec.requiresRepublish"),
      ({ spec }: V1CSIDriver) => spec.requiresRepublish ?? false,
    ),
    column(
      "Modes",
      "string",
      doc("storage.v1.CSIDriverSpec.volumeLifecycleModes"),
      ({ spec }: V1CSIDriver) => (spec.volumeLifecycleModes ?? []).join(",") || "<none>",
    ),
  ),
};
