/** Whose token is this? Upstream: pkg/registry/authentication/tokenreview/storage.go. */
import type { V1TokenReview } from "#apimachinery/api/authentication-v1.ts";
import { badRequest } from "#apimachinery/status.ts";
import { answered, asked, type Review } from "./review.ts";

/** No tokens are issued yet, so none is anybody's. */
export const tokenReview: Review = (call) => {
  const review = asked<V1TokenReview>(call);
  if (!review.spec?.token) throw badRequest("token is required for TokenReview in authentication");
  return answered(call, review, {
    authenticated: false,
    error: "[invalid bearer token]",
    user: {},
  });
};
