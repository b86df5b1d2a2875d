/** Fills the Secrets that ask for a legacy token, and deletes those whose account is gone. Upstream: pkg/controller/serviceaccount/tokens_controller.go. */
import type { V1Secret, V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import {
  accountKeyOf,
  accountNameAnnotation as nameAnnotation,
  accountUidAnnotation as uidAnnotation,
} from "#apimachinery/legacy-token.ts";
import { isReason } from "#apimachinery/status.ts";
import { keyOf } from "#client/client.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";

const kind = "v1/Secret";
const accountKind = "v1/ServiceAccount";
/** Index of Secrets by the account that they are to have a token of, for `Controller.indexes`. */
export const byAccount = "service-account";
export function accountIndex(secret: V1Secret): readonly string[] {
  const key = accountKeyOf(secret);
  return key === undefined ? [] : [key];
}

function reconcile(key: string, step: ControllerStep): Result {
  const secret = step.lister<V1Secret>(kind).get(key);
  const accountKey = secret === undefined ? undefined : accountKeyOf(secret);
  if (secret === undefined || accountKey === undefined) return done;
  if (secret.metadata.deletionTimestamp !== undefined) return done;
  const account = step.lister<V1ServiceAccount>(accountKind).get(accountKey);
  const wantedUid = secret.metadata.annotations?.[uidAnnotation];
  if (account === undefined || (wantedUid && wantedUid !== account.metadata.uid))
    return deleted(secret, step);
  const { namespace = "", name = "", uid = "" } = account.metadata;
  const { token, "ca.crt": ca, namespace: told } = secret.data ?? {};
  const wanted = { "ca.crt": btoa(step.signer.rootCa), namespace: btoa(namespace) };
  if (token && ca === wanted["ca.crt"] && told === wanted.namespace && wantedUid) return done;
  const signed =
    token ||
    btoa(
      step.signer.token({
        id: secret.metadata.uid ?? "",
        namespace,
        account: name,
        accountUid: uid,
        secret: secret.metadata.name ?? "",
      }),
    );
  step.client.update<V1Secret>({
    ...secret,
    metadata: {
      ...secret.metadata,
      annotations: { ...secret.metadata.annotations, [nameAnnotation]: name, [uidAnnotation]: uid },
    },
    data: { ...secret.data, ...wanted, token: signed },
  });
  return done;
}

function deleted({ metadata }: V1Secret, step: ControllerStep): Result {
  const { namespace, name = "", uid } = metadata;
  try {
    step.client.delete({ kind, namespace, name }, { uid });
  } catch (error) {
    if (!isReason(error, "NotFound", "Conflict")) throw error;
  }
  return done;
}

/** Acts as the manager itself: it must run before any account has a token. */
export const serviceAccountToken: Controller = {
  name: "serviceaccount-token-controller",
  account: "",
  watches: kind,
  indexes: { [kind]: { [byAccount]: accountIndex } },
  maps: {
    [accountKind]: ({ key }, listers) =>
      listers.lister<V1Secret>(kind).byIndex(byAccount, key).map(keyOf),
  },
  reconcile,
};
