/** Between the versions of a definition: strategy None. Upstream: apiextensions-apiserver/pkg/apiserver/conversion/nop_converter.go. */
import type { KubeObject } from "#apimachinery/object.ts";

/** The same reference when it is of that version already. */
export function convert(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const { kind, apiVersion: _from, ...rest } = object;
  return { kind, apiVersion, ...rest };
}
