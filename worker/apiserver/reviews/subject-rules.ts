/** What may I do here? Upstream: pkg/registry/authorization/selfsubjectrulesreview/rest.go. */
import { aggregated } from "#apimachinery/aggregate.ts";
import type { V1SelfSubjectRulesReview } from "#apimachinery/api/authorization-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest } from "#apimachinery/status.ts";
import { nodeOf } from "#apiserver/authorization/node-authorizer.ts";
import { vet } from "#apiserver/subresources/admitted.ts";
import { answered, asked, type Review } from "./review.ts";

export const selfSubjectRulesReview: Review = (call) => {
  const review = asked<V1SelfSubjectRulesReview>(call);
  const namespace = review.spec?.namespace ?? "";
  if (namespace === "") throw badRequest("no namespace on request");
  vet(call, review);
  const { authorizer } = call.world;
  const rules = authorizer.grants(call.user, namespace).map(({ rule }) => rule);
  const isNode = nodeOf(call.user) !== undefined;
  const errors = [...(isNode ? [nodeProblem] : []), ...authorizer.problems(call.user, namespace)];
  const status = {
    resourceRules: rules
      .filter(({ resources = [] }) => resources.length > 0)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames === undefined ? {} : { resourceNames }),
      })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: isNode,
    ...(errors.length === 0 ? {} : { evaluationError: aggregated(errors) }),
  };
  // The question is not repeated.
  return answered(call, { ...review, metadata: {}, spec: {} } as KubeObject, status);
};

/** The Node authorizer cannot list what a kubelet may. Upstream: node_authorizer.go RulesFor. */
const nodeProblem = "node authorizer does not support user rule resolution";
