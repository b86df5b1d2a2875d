/** Deletes bootstrap tokens that are over. Upstream: pkg/controller/bootstrap/tokencleaner.go. */
import type { V1Secret } from "#apimachinery/api/core-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, requeueAt } from "#client/component.ts";
import type { Controller } from "#controllers/controller.ts";
import { endMs, isTokenSecret, secretKind as kind } from "./token-secret.ts";

export const tokenCleaner: Controller = {
  name: "token-cleaner",
  account: "token-cleaner",
  watches: kind,
  heeds: ({ object }) => isTokenSecret(object as V1Secret),
  reconcile(key, step) {
    const secret = step.lister<V1Secret>(kind).get(key);
    if (secret === undefined || !isTokenSecret(secret)) return done;
    const atMs = endMs(secret);
    if (atMs === Number.POSITIVE_INFINITY) return done;
    if (!step.reached(atMs, "wait")) return requeueAt(atMs);
    const { namespace, name = "", uid } = secret.metadata;
    try {
      step.client.delete({ kind, namespace, name }, { uid });
    } catch (error) {
      if (!isReason(error, "NotFound", "Conflict")) throw error;
    }
    return done;
  },
};
