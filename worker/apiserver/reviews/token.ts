/** Whose token is this? Upstream: pkg/registry/authentication/tokenreview/storage.go. */
import { aggregated } from "#apimachinery/aggregate.ts";
import { nobodysError } from "#apiserver/authentication/bearer.ts";
import type { V1TokenReview } from "#apimachinery/api/authentication-v1.ts";
import { badRequest } from "#apimachinery/status.ts";
import { apiAudiences } from "#apiserver/authentication/token-claims.ts";
import { answerTo } from "#apiserver/awaiting.ts";
import type { UserInfo } from "#apiserver/request.ts";
import { vet } from "#apiserver/subresources/admitted.ts";
import { answered, asked, type Review } from "./review.ts";

export const tokenReview: Review = (call) => {
  const review = asked<V1TokenReview>(call);
  const { token = "", audiences: wanted = [] } = review.spec ?? {};
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  vet(call, review);
  const { tokens } = call.server;
  const bearer = answerTo(call.request, { id: "bearer", run: () => tokens.prove(token) });
  const { user, audiences, error, remarks } = bearer.identify(
    wanted.length === 0 ? apiAudiences : wanted,
  );
  if (remarks !== undefined) call.passage.remark(remarks);
  return answered(
    call,
    review,
    user === undefined
      ? { user: {}, error: toldOf(error) }
      : { authenticated: true, user: told(user), audiences },
  );
};

/** The server's own token is tried first, and its refusal told too. Upstream: apiserver/pkg/server/config.go AuthorizeClientBearerToken. */
const toldOf = (error: string): string => aggregated([nobodysError, error]);

/** A user as the API shows one. */
export const told = ({ name, uid, groups, extra }: UserInfo): Record<string, unknown> => ({
  username: name,
  ...(uid ? { uid } : {}),
  groups,
  ...(extra === undefined || Object.keys(extra).length === 0 ? {} : { extra }),
});
