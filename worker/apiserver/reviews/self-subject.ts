/** Who am I? Upstream: pkg/registry/authentication/selfsubjectreview/rest.go. */
import type { KubeObject } from "#apimachinery/object.ts";
import { timeText } from "#apimachinery/time.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import type { Call } from "#apiserver/server.ts";
import { vet } from "#apiserver/subresources/admitted.ts";
import { asked } from "./review.ts";
import { told } from "./token.ts";

export function selfSubjectReview(call: Call): Answer {
  const review = asked<KubeObject>(call);
  vet(call, review);
  const { kind, apiVersion } = review;
  const userInfo = told(call.user);
  const metadata = { creationTimestamp: timeText(call.world.nowMs()) };
  return objectAnswer(
    { kind, apiVersion, metadata, status: { userInfo } } as KubeObject,
    false,
    201,
    call.passage.warnings,
  );
}
