/**
 * Between the versions of a definition. Upstream: apiextensions-apiserver/pkg/apiserver/conversion/nop_converter.go,
 * webhook_converter.go.
 * Differs: no conversion webhook is called. Where one would be needed, the version that is stored works, the
 * others answer 500 as if their webhook did not.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { internalError, type StatusError } from "#apimachinery/status.ts";
import type { Resource } from "#apiserver/registry.ts";

/** The same reference when it is of that version already. */
export function convert(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const { kind, apiVersion: _from, ...rest } = object;
  return { kind, apiVersion, ...rest };
}

export const noWebhook = ({ apiVersion, kindName }: Resource): StatusError =>
  internalError(
    `conversion webhook for ${apiVersion}, Kind=${kindName} failed: conversion webhooks are not called in this cluster`,
  );
