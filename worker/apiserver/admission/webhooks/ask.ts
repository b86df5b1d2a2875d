/**
 * Asks a webhook: an errand outside the gates, whose answer is kept with the request until it has passed them.
 * Upstream: apiserver/pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go callHook.
 */
import type { StatusError } from "#apimachinery/status.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import type { Errand } from "#apimachinery/errand.ts";
import type { Heard, Outside } from "#apiserver/world.ts";
import { refusedAddress, unreachable, urlOf } from "./address.ts";
import type { Call } from "./hooks.ts";
import {
  questionOf,
  rejection,
  type Reply,
  type Review,
  reviewOf,
  verified,
  versionOf,
} from "./review.ts";
import { placeOf, postToService } from "./service.ts";

/** What calling came to: words, a failure to call, or words that refuse. */
export type Asked =
  | { readonly reply: Reply }
  | { readonly failed: string }
  | { readonly refused: StatusError; readonly reply: Reply };

const defaultTimeoutSeconds = 10;

/** A question that can be put, or why it cannot. */
export type Prepared =
  | { readonly review: Review; readonly errand: Errand<Heard> }
  | { readonly asked: Asked };

export function prepared(request: AdmissionRequest, call: Call, round: number): Prepared {
  const { webhook, configuration } = call.hook;
  const { name, clientConfig, timeoutSeconds = defaultTimeoutSeconds } = webhook;
  const version = versionOf(call);
  if (version === undefined)
    return {
      asked: {
        failed:
          "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)",
      },
    };
  const url = urlOf(clientConfig, timeoutSeconds);
  const world = request.call.world;
  const { service } = clientConfig;
  const place = service === undefined ? undefined : placeOf(request.context, service);
  const problem =
    place === undefined
      ? addressProblem(url, world.outside)
      : "failure" in place
        ? place.failure
        : undefined;
  if (problem !== undefined)
    return { asked: { failed: `failed to call webhook: Post ${JSON.stringify(url)}: ${problem}` } };
  const uid = world.uid(`${configuration}/${name} ${round} ${questionOf(request, call)}`);
  const review = reviewOf(request, call, uid, version);
  const { body } = review;
  const outside = world.outside as Outside;
  return {
    review,
    errand: {
      id: `webhook ${configuration}/${name} ${uid}`,
      run: () =>
        place === undefined || "failure" in place
          ? outside.post({ url, body, timeoutMs: timeoutSeconds * 1000 })
          : postToService(world.dialer, place, clientConfig, { body, timeoutSeconds }),
    },
  };
}

function addressProblem(url: string, outside: Outside | undefined): string | undefined {
  if (outside === undefined) return unreachable;
  if (!URL.canParse(url)) return `parse ${JSON.stringify(url)}: invalid URI for request`;
  return refusedAddress(new URL(url), outside.allowedOrigins);
}

/** What was heard, in upstream's words. */
export function askedOf(call: Call, review: Review, heard: Heard, isMutating: boolean): Asked {
  const { name, clientConfig, timeoutSeconds = defaultTimeoutSeconds } = call.hook.webhook;
  if ("failure" in heard) {
    const url = JSON.stringify(urlOf(clientConfig, timeoutSeconds));
    return { failed: `failed to call webhook: Post ${url}: ${heard.failure}` };
  }
  if (heard.status < 200 || heard.status > 206)
    return { failed: `failed to call webhook: ${statusText(heard)}` };
  const reply = verified(heard.text, review, isMutating);
  if ("invalid" in reply) return { failed: reply.invalid };
  return reply.allowed ? { reply } : { refused: rejection(name, reply.result), reply };
}

/** Upstream: apimachinery/pkg/api/errors NewGenericServerResponse. */
export function statusText({
  status,
  text,
}: {
  readonly status: number;
  readonly text: string;
}): string {
  if (status === 404) return "the server could not find the requested resource";
  if (status === 401) return "the server has asked for the client to provide credentials";
  if (status === 403) return text.trim() || "forbidden";
  if (status >= 500)
    return `an error on the server (${JSON.stringify(text.trim() || "unknown")}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}
