/**
 * Access to devices that are in use: only in namespaces that are labelled for it.
 * Upstream: pkg/registry/resource/utils.go AuthorizedForAdmin, AuthorizedForAdminStatus.
 */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import type { V1DeviceRequest, V1ResourceClaimStatus } from "#apimachinery/api/resource-v1.ts";
import { FieldPath, forbidden } from "#apimachinery/field.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

const label = "resource.kubernetes.io/admin-access";
const requestsAt = new FieldPath("spec").child("devices", "requests");
const resultsAt = new FieldPath("status").child("allocation", "devices", "results");

function permitted(
  errors: Errors,
  at: FieldPath,
  { get }: Pick<KindContext, "get">,
  namespace: string,
): void {
  const found = get<V1Namespace>("v1/Namespace", "", namespace);
  if (found?.metadata.labels?.[label] !== "true")
    errors.push(
      forbidden(
        at,
        `admin access to devices requires the \`${label}: true\` label on the containing namespace`,
      ),
    );
}

export function adminRequests(
  errors: Errors,
  requests: readonly V1DeviceRequest[] = [],
  context: Pick<KindContext, "get">,
  namespace = "",
): void {
  const i = requests.findIndex(({ exactly }) => exactly?.adminAccess === true);
  if (i >= 0) permitted(errors, requestsAt.index(i).child("adminAccess"), context, namespace);
}

/** What was granted once is not asked about again. */
export function adminResults(
  errors: Errors,
  next: V1ResourceClaimStatus | undefined,
  previous: V1ResourceClaimStatus | undefined,
  context: Pick<KindContext, "get">,
  namespace = "",
): void {
  const granted = (status: V1ResourceClaimStatus | undefined): number =>
    (status?.allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess);
  const i = granted(next);
  if (i >= 0 && granted(previous) < 0)
    permitted(errors, resultsAt.index(i).child("adminAccess"), context, namespace);
}
