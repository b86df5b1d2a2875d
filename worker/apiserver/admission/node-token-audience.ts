/**
 * For whom a kubelet may ask a Pod's token: for those the Pod's own volumes, or the drivers behind them, name; for
 * others when the authorizer says so.
 * Upstream: plugin/pkg/admission/noderestriction/admission.go validateNodeServiceAccountAudience (ServiceAccountNodeAudienceRestriction).
 */
import { aggregated } from "#apimachinery/aggregate.ts";
import type { V1TokenRequest } from "#apimachinery/api/authentication-v1.ts";
import type {
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Volume,
} from "#apimachinery/api/core-v1.ts";
import type { V1CSIDriver } from "#apimachinery/api/storage-v1.ts";
import { notFound } from "#apimachinery/status.ts";
import type { AdmissionRequest } from "./admission.ts";

/** Drivers that stand in for volumes of older sorts. Upstream: csi-translation-lib/plugins. */
const migrated = {
  awsElasticBlockStore: "ebs.csi.aws.com",
  azureDisk: "disk.csi.azure.com",
  azureFile: "file.csi.azure.com",
  cinder: "cinder.csi.openstack.org",
  gcePersistentDisk: "pd.csi.storage.gke.io",
  portworxVolume: "pxd.portworx.com",
  vsphereVolume: "csi.vsphere.vmware.com",
} as const;
type Migrated = Partial<Record<keyof typeof migrated, unknown>>;
const standIn = (source: Migrated): string =>
  Object.entries(migrated).find(([sort]) => source[sort as keyof Migrated] !== undefined)?.[1] ??
  "";

/** Why the kubelet may not; undefined: it may. */
export function audienceProblem(request: AdmissionRequest, pod: V1Pod): string | undefined {
  const { audiences = [] } = (request.object as unknown as V1TokenRequest).spec ?? {};
  if (audiences.length > 1) return "node may only request 0 or 1 audiences";
  const [audience = ""] = audiences;
  const named = names(request, pod, audience);
  if (named === true) return undefined;
  if (named !== false) return `error validating audience ${JSON.stringify(audience)}: ${named}`;
  const { user, info, call } = request;
  const decision = call.world.authorizer.authorize(user, {
    isResource: true,
    path: "",
    verb: "request-serviceaccounts-token-audience",
    group: "",
    version: "v1",
    resource: audience,
    subresource: "",
    namespace: info.namespace,
    name: info.name,
  });
  if (decision.allowed) return undefined;
  return `audience ${JSON.stringify(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
}

/** Do the Pod's volumes name the audience? A text: why that cannot be told. */
function names(request: AdmissionRequest, pod: V1Pod, audience: string): boolean | string {
  const errors: string[] = [];
  for (const volume of pod.spec?.volumes ?? []) {
    const sources = volume.projected?.sources ?? [];
    if (sources.some(({ serviceAccountToken: of }) => of && (of.audience ?? "") === audience))
      return true;
    const driver = driverOf(request, pod, volume);
    if (typeof driver !== "string") {
      errors.push(driver.error);
      continue;
    }
    if (driver === "") continue;
    const { context } = request;
    const found = context.get<V1CSIDriver>("storage.k8s.io/v1/CSIDriver", "", driver);
    if (found === undefined)
      errors.push(missing({ group: "storage.k8s.io", resource: "csidriver" }, driver).error);
    else if (found.spec?.tokenRequests?.some((one) => (one.audience ?? "") === audience))
      return true;
  }
  return errors.length === 0 ? false : aggregated(errors);
}

const missing = (
  on: { readonly group: string; readonly resource: string },
  name: string,
): { readonly error: string } => ({ error: notFound(on, name).message });

function driverOf(
  { context }: AdmissionRequest,
  { metadata }: V1Pod,
  volume: V1Volume,
): string | { readonly error: string } {
  const { ephemeral, persistentVolumeClaim, csi, name } = volume;
  const claimName =
    ephemeral?.volumeClaimTemplate === undefined
      ? persistentVolumeClaim?.claimName
      : `${metadata.name}-${name}`;
  if (claimName === undefined) return csi?.driver ?? standIn(volume as Migrated);
  const { namespace = "" } = metadata;
  const claim = context.get<V1PersistentVolumeClaim>(
    "v1/PersistentVolumeClaim",
    namespace,
    claimName,
  );
  if (claim === undefined)
    return missing({ group: "", resource: "persistentvolumeclaim" }, claimName);
  const { volumeName = "" } = claim.spec ?? {};
  const bound = context.get<V1PersistentVolume>("v1/PersistentVolume", "", volumeName);
  if (bound === undefined) return missing({ group: "", resource: "persistentvolume" }, volumeName);
  return bound.spec?.csi?.driver ?? standIn((bound.spec ?? {}) as Migrated);
}
