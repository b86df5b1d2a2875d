/**
 * When a token that lies in a Secret was used last: a label, written once a day by the server itself.
 * Upstream: pkg/serviceaccount/legacy.go Validate, patchSecretWithLastUsedDate.
 */
import type { V1Secret } from "#apimachinery/api/core-v1.ts";
import {
  invalidSinceLabel as invalidSince,
  lastUsedLabel as lastUsed,
} from "#apimachinery/legacy-token.ts";
import { StatusError } from "#apimachinery/status.ts";
import { dayText } from "#apimachinery/time.ts";
import { Awaiting } from "#apiserver/awaiting.ts";
import type { ApiServer } from "#apiserver/server.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** A token that cannot be labelled now is a token all the same: the next use tries again. */
export function tellUse(server: ApiServer, secret: V1Secret): void {
  try {
    label(server, secret);
  } catch (error) {
    if (!(error instanceof StatusError) && !(error instanceof Awaiting)) throw error;
  }
}

function label(server: ApiServer, { metadata }: V1Secret): void {
  const nowMs = server.world.nowMs();
  const today = dayText(nowMs);
  const { labels = {}, name = "", namespace = "", uid } = metadata;
  // Another server's clock may be ahead.
  if (labels[lastUsed] === today || labels[lastUsed] === dayText(nowMs + dayMs)) return;
  server.handle({
    info: {
      isResource: true,
      path: "",
      verb: "patch",
      group: "",
      version: "v1",
      resource: "secrets",
      subresource: "",
      namespace,
      name,
    },
    user: { name: "system:apiserver", groups: ["system:masters", "system:authenticated"] },
    userAgent: "kube-apiserver",
    actor: { name: "kube-apiserver", cause: 0 },
    options: {},
    patch: {
      type: "function",
      apply: (secret: V1Secret) =>
        secret.metadata.uid === uid
          ? {
              ...secret,
              metadata: {
                ...secret.metadata,
                labels: { ...secret.metadata.labels, [lastUsed]: today },
              },
            }
          : secret,
    },
    trusted: true,
  });
}

/** Why a token that nobody used for long is not taken any more. Upstream: LegacyServiceAccountTokenCleanUp. */
export function invalidated({ metadata }: V1Secret, account: string): string | undefined {
  if (!metadata.labels?.[invalidSince]) return undefined;
  const { namespace, name } = metadata;
  return `the token in secret ${namespace}/${name} for service account ${namespace}/${account} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${invalidSince}' label from the secret to temporarily allow use of this token`;
}
