/** A finalizer that holds an object while it is used. */
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import type { Client } from "#client/client.ts";

export const isHeldBy = ({ metadata }: KubeObject, finalizer: string): boolean =>
  (metadata.finalizers ?? []).includes(finalizer);

/** Puts the finalizer on what lives without it, takes it from what is deleted and not used. */
export function keepFinalizer(
  client: Client,
  object: KubeObject,
  finalizer: string,
  isUsed: () => boolean,
): void {
  const { metadata } = object;
  const { finalizers = [] } = metadata;
  const goes = metadata.deletionTimestamp !== undefined;
  const isHeld = isHeldBy(object, finalizer);
  if (goes ? !isHeld || isUsed() : isHeld) return;
  const next = goes ? finalizers.filter((one) => one !== finalizer) : [...finalizers, finalizer];
  try {
    client.update({ ...object, metadata: { ...metadata, finalizers: next } });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
