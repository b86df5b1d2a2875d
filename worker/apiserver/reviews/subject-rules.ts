/** What may I do here? Upstream: pkg/registry/authorization/selfsubjectrulesreview/rest.go. */
import type { V1SelfSubjectRulesReview } from "#apimachinery/api/authorization-v1.ts";
import { badRequest } from "#apimachinery/status.ts";
import { nodeOf } from "#apiserver/authorization/node-authorizer.ts";
import type { UserInfo } from "#apiserver/request.ts";
import { answered, asked, type Review } from "./review.ts";

export const selfSubjectRulesReview: Review = (call) => {
  const review = asked<V1SelfSubjectRulesReview>(call);
  const namespace = review.spec?.namespace ?? "";
  if (namespace === "") throw badRequest("no namespace on request");
  const rules = call.world.authorizer.grants(call.user, namespace).map(({ rule }) => rule);
  const isMaster = call.user.groups.includes("system:masters");
  const all = isMaster
    ? [
        { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
        { verbs: ["*"], nonResourceURLs: ["*"] },
        ...rules,
      ]
    : rules;
  return answered(call, review, {
    resourceRules: all
      .filter(({ resources }) => resources !== undefined)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames === undefined ? {} : { resourceNames }),
      })),
    nonResourceRules: all
      .filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    ...completeness(call.user),
  });
};

/** The Node authorizer cannot list what a kubelet may. Upstream: node_authorizer.go RulesFor. */
const completeness = (user: UserInfo): Record<string, unknown> =>
  nodeOf(user) === undefined
    ? { incomplete: false }
    : {
        incomplete: true,
        evaluationError: "node authorizer does not support user rule resolution",
      };
