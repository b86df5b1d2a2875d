/** How a plugin says no. Upstream: apiserver/pkg/admission/errors.go NewForbidden. */
import { forbidden, type StatusCause, type StatusError } from "#apimachinery/status.ts";
import type { AdmissionRequest } from "./admission.ts";

/** What the object is called in refusals: while its name is still to be generated, by the beginning of it. */
export function shownName({ info, object, previous }: AdmissionRequest): string {
  if (info.name !== "") return info.name;
  const { name, generateName } = (object ?? previous)?.metadata ?? {};
  return name || generateName || "Unknown";
}

/** 403 `pods "web" is forbidden: why`. */
export function refusal(
  request: AdmissionRequest,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  const { group, resource } = request.info;
  return forbidden({ group, resource }, shownName(request), why, causes);
}
