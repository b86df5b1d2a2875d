/** May this user do that? Upstream: pkg/registry/authorization/{subjectaccessreview,selfsubjectaccessreview,localsubjectaccessreview}/rest.go. */
import type {
  V1LocalSubjectAccessReview,
  V1NonResourceAttributes,
  V1ResourceAttributes,
  V1SelfSubjectAccessReview,
  V1SubjectAccessReview,
} from "#apimachinery/api/authorization-v1.ts";
import {
  type FieldError,
  FieldPath,
  invalid as invalidField,
  required,
} from "#apimachinery/field.ts";
import { badRequest, invalid } from "#apimachinery/status.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import { answered, asked, type Review } from "./review.ts";

interface Attributes {
  readonly resourceAttributes?: V1ResourceAttributes | undefined;
  readonly nonResourceAttributes?: V1NonResourceAttributes | undefined;
}
const at = new FieldPath("spec");

export const selfSubjectAccessReview: Review = (call) => {
  const review = asked<V1SelfSubjectAccessReview>(call);
  return reviewed(call, review, review.spec ?? {}, call.user);
};

export const subjectAccessReview: Review = (call) => {
  const review = asked<V1SubjectAccessReview>(call);
  return reviewed(call, review, review.spec ?? {}, subjectOf(call, review));
};

export const localSubjectAccessReview: Review = (call) => {
  const review = asked<V1LocalSubjectAccessReview>(call);
  const { namespace } = call.request.info;
  const own = review.spec?.resourceAttributes?.namespace ?? "";
  if (own !== namespace)
    throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
  return reviewed(call, review, review.spec ?? {}, subjectOf(call, review));
};

function subjectOf(call: Call, { spec }: V1SubjectAccessReview): UserInfo {
  const { user = "", groups = [], uid, extra } = spec ?? {};
  if (user === "" && groups.length === 0) {
    throw invalid(call.resource.groupKind, "", [
      invalidField(at.child("user"), user, "at least one of user or group must be specified"),
    ]);
  }
  return { name: user, groups, uid, extra };
}

function reviewed(
  call: Call,
  review: V1SubjectAccessReview | V1SelfSubjectAccessReview,
  attributes: Attributes,
  user: UserInfo,
): ReturnType<Review> {
  const errors = problems(attributes);
  if (errors.length > 0) throw invalid(call.resource.groupKind, "", errors);
  const { allowed, reason } = call.world.authorizer.authorize(user, infoOf(attributes));
  return answered(call, review, { allowed, ...(reason === "" ? {} : { reason }) });
}

function problems({
  resourceAttributes,
  nonResourceAttributes,
}: Attributes): readonly FieldError[] {
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    return [
      invalidField(
        at.child("nonResourceAttributes"),
        nonResourceAttributes,
        "cannot be specified in combination with resourceAttributes",
      ),
    ];
  }
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) {
    return [
      required(
        at.child("resourceAttributes"),
        "exactly one of nonResourceAttributes or resourceAttributes must be specified",
      ),
    ];
  }
  return [];
}

function infoOf({ resourceAttributes: on, nonResourceAttributes: path }: Attributes): RequestInfo {
  return {
    isResource: on !== undefined,
    path: path?.path ?? "",
    verb: on?.verb ?? path?.verb ?? "",
    group: on?.group ?? "",
    version: on?.version ?? "",
    resource: on?.resource ?? "",
    subresource: on?.subresource ?? "",
    namespace: on?.namespace ?? "",
    name: on?.name ?? "",
  };
}
