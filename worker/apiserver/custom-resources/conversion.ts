/** Between the versions of a definition: strategy None. Upstream: apiextensions-apiserver/pkg/apiserver/conversion/nop_converter.go. */
import type { KubeObject } from "#apimachinery/object.ts";
import { methodNotAllowedText, type StatusError } from "#apimachinery/status.ts";
import type { Resource } from "#apiserver/registry.ts";

/** The same reference when it is of that version already. */
export function convert(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const { kind, apiVersion: _from, ...rest } = object;
  return { kind, apiVersion, ...rest };
}

export const notWatched = ({ apiVersion, kindName }: Resource): StatusError =>
  methodNotAllowedText(
    `${apiVersion}, Kind=${kindName} is converted by a webhook and cannot be watched: watch the version that is stored`,
  );
