/** What a webhook says besides yes or no: warnings for the client, annotations for the trace. */
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import type { Hook } from "./hooks.ts";
import type { Reply } from "./review.ts";

export function heed(
  { call }: AdmissionRequest,
  { webhook }: Hook,
  { warnings, annotations }: Reply,
): void {
  call.passage.warnings.push(...warnings);
  for (const [key, value] of Object.entries(annotations))
    call.passage.annotate(`${webhook.name}/${key}`, String(value));
}
