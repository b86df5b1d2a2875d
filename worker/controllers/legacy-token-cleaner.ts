/**
 * Tokens that the server once made for accounts and nobody used for a year: they are marked as invalid, and go after
 * another year. Upstream: pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go.
 * Differs: each is looked at when its time has come, not all of them once a day, because nothing here polls.
 */
import type { V1ConfigMap, V1Pod, V1Secret, V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import {
  accountKeyOf,
  accountTokenType,
  accountUidAnnotation,
  invalidSinceLabel,
  lastUsedLabel,
  trackingName,
} from "#apimachinery/legacy-token.ts";
import { visitSecrets } from "#apimachinery/pod-references.ts";
import { isReason } from "#apimachinery/status.ts";
import { dayText, isDay, msOf } from "#apimachinery/time.ts";
import { keyOf } from "#client/client.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { accountIndex, byAccount } from "./service-account-token.ts";

const kind = "v1/Secret";
const accountKind = "v1/ServiceAccount";
const podKind = "v1/Pod";
const mapKind = "v1/ConfigMap";
const trackingKey = `kube-system/${trackingName}`;
const dayMs = 24 * 60 * 60_000;
/** Upstream: --legacy-service-account-token-clean-up-period. */
const periodMs = 365 * dayMs;

const startMs = (day = ""): number | undefined =>
  isDay(day) ? msOf(`${day}T00:00:00Z`) : undefined;

/** When there is something to do about it; undefined: never, as it is. */
export function dueMs(
  { metadata }: V1Secret,
  trackedSince: string | undefined,
): number | undefined {
  const { labels = {}, creationTimestamp = "" } = metadata;
  const tracked = startMs(trackedSince);
  const used = labels[lastUsedLabel];
  const usedMs = used === undefined ? 0 : startMs(used);
  if (tracked === undefined || usedMs === undefined) return undefined;
  const lastDayMs = Math.max(tracked, usedMs, startMs(labels[invalidSinceLabel]) ?? 0);
  return Math.max(lastDayMs + dayMs, msOf(creationTimestamp) + 1) + periodMs;
}

const isListed = ({ metadata }: V1Secret, account: V1ServiceAccount | undefined): boolean => {
  const uid = metadata.annotations?.[accountUidAnnotation];
  if (uid && uid !== account?.metadata.uid) return false;
  return account?.secrets?.some(({ name }) => name === metadata.name) === true;
};

function isUsed({ metadata }: V1Secret, step: ControllerStep): boolean {
  let found = false;
  for (const { spec } of step.lister<V1Pod>(podKind).list(metadata.namespace))
    if (spec !== undefined)
      visitSecrets(spec, (name) => {
        found ||= name === metadata.name;
      });
  return found;
}

function reconcile(key: string, step: ControllerStep): Result {
  const secret = step.lister<V1Secret>(kind).get(key);
  const accountKey = secret === undefined ? undefined : accountKeyOf(secret);
  if (secret === undefined || accountKey === undefined) return done;
  if (secret.metadata.deletionTimestamp !== undefined) return done;
  const atMs = dueMs(secret, step.lister<V1ConfigMap>(mapKind).get(trackingKey)?.data?.since);
  if (atMs === undefined) return done;
  if (!step.reached(atMs, "wait")) return requeueAt(atMs);
  // Whoever wrote it himself is not listed, and knows why he keeps it.
  if (!isListed(secret, step.lister<V1ServiceAccount>(accountKind).get(accountKey))) return done;
  if (isUsed(secret, step)) return requeueAt(step.nowMs + dayMs);
  try {
    invalidatedOrDeleted(secret, step);
  } catch (error) {
    if (!isReason(error, "NotFound", "Conflict")) throw error;
  }
  return done;
}

function invalidatedOrDeleted({ metadata }: V1Secret, step: ControllerStep): void {
  const { namespace, name = "", uid, resourceVersion, labels } = metadata;
  const target = { kind, namespace, name };
  if (startMs(labels?.[invalidSinceLabel]) !== undefined) {
    step.client.delete(target, { resourceVersion });
    return;
  }
  const told = { [invalidSinceLabel]: dayText(step.nowMs) };
  step.client.patch<V1Secret>(target, (now) =>
    now.metadata.uid === uid
      ? { ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, ...told } } }
      : now,
  );
}

export const legacyTokenCleaner: Controller = {
  name: "legacy-serviceaccount-token-cleaner-controller",
  account: "legacy-service-account-token-cleaner",
  watches: kind,
  heeds: ({ object }) => (object as V1Secret).type === accountTokenType,
  indexes: { [kind]: { [byAccount]: accountIndex } },
  maps: {
    // Who uses one is looked up when it matters.
    [podKind]: () => [],
    [accountKind]: ({ key }, listers) =>
      listers.lister<V1Secret>(kind).byIndex(byAccount, key).map(keyOf),
    [mapKind]: ({ key }, listers) =>
      key === trackingKey
        ? listers
            .lister<V1Secret>(kind)
            .list()
            .filter((secret) => accountKeyOf(secret) !== undefined)
            .map(keyOf)
        : [],
  },
  reconcile,
};
