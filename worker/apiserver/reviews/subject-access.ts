/** May this user do that? Upstream: pkg/registry/authorization/{subjectaccessreview,selfsubjectaccessreview,localsubjectaccessreview}/rest.go. */
import type {
  V1LocalSubjectAccessReview,
  V1NonResourceAttributes,
  V1ResourceAttributes,
  V1SelfSubjectAccessReview,
  V1SubjectAccessReview,
} from "#apimachinery/api/authorization-v1.ts";
import { type FieldError, FieldPath, invalid as invalidField } from "#apimachinery/field.ts";
import { invalid } from "#apimachinery/status.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import { vet } from "#apiserver/subresources/admitted.ts";
import { answered, asked, type Review } from "./review.ts";
import { selectorErrors, selectorsOf } from "./selector-attributes.ts";

interface Attributes {
  readonly resourceAttributes?: V1ResourceAttributes | undefined;
  readonly nonResourceAttributes?: V1NonResourceAttributes | undefined;
}
const at = new FieldPath("spec");

export const selfSubjectAccessReview: Review = (call) => {
  const review = asked<V1SelfSubjectAccessReview>(call);
  const { spec = {} } = review;
  return reviewed(call, review, call.user, [
    ...attributeErrors(spec),
    ...selectorErrors(spec.resourceAttributes, at.child("resourceAttributes")),
    ...metadataErrors(review, []),
  ]);
};

export const subjectAccessReview: Review = (call) => {
  const review = asked<V1SubjectAccessReview>(call);
  return reviewed(call, review, subjectOf(review), [
    ...specErrors(review),
    ...metadataErrors(review, []),
  ]);
};

export const localSubjectAccessReview: Review = (call) => {
  const review = asked<V1LocalSubjectAccessReview>(call);
  const { namespace } = call.request.info;
  const { resourceAttributes, nonResourceAttributes } = review.spec ?? {};
  const errors = [
    ...specErrors(review),
    ...metadataErrors(review, ["namespace"], "must be empty except for namespace"),
  ];
  if (resourceAttributes !== undefined && (resourceAttributes.namespace ?? "") !== namespace)
    errors.push(
      invalidField(
        at.child("resourceAttributes", "namespace"),
        resourceAttributes.namespace ?? "",
        "must match metadata.namespace",
      ),
    );
  if (nonResourceAttributes !== undefined)
    errors.push(
      invalidField(
        at.child("nonResourceAttributes"),
        nonResourceAttributes,
        "disallowed on this kind of request",
      ),
    );
  return reviewed(call, review, subjectOf(review), errors);
};

function subjectOf({ spec }: V1SubjectAccessReview): UserInfo {
  const { user = "", groups = [], uid, extra } = spec ?? {};
  return { name: user, groups, uid, extra };
}

function reviewed(
  call: Call,
  review: V1SubjectAccessReview | V1SelfSubjectAccessReview,
  user: UserInfo,
  errors: readonly FieldError[],
): ReturnType<Review> {
  refuseInvalid(errors);
  vet(call, review);
  const spec = review.spec ?? {};
  const { selectors, problems } = selectorsOf(spec.resourceAttributes);
  const { allowed, reason } = call.world.authorizer.authorize(user, infoOf(spec, selectors));
  return answered(call, review, {
    allowed,
    ...(reason === "" ? {} : { reason }),
    ...(problems.length === 0 ? {} : { evaluationError: problems.join("; ") }),
  });
}

/** Of no kind, as upstream asks the decoded object, which has forgotten it. */
function refuseInvalid(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "authorization.k8s.io", kind: "" }, "", errors);
}

/** A question has no metadata of its own. */
const metadataErrors = (
  { metadata }: V1SubjectAccessReview | V1SelfSubjectAccessReview,
  but: readonly string[],
  why = "must be empty",
): readonly FieldError[] =>
  Object.entries(metadata ?? {}).some(([key, value]) => !but.includes(key) && !isEmpty(value))
    ? [invalidField(new FieldPath("metadata"), metadata, why)]
    : [];

const isEmpty = (value: unknown): boolean =>
  !value || (typeof value === "object" && Object.keys(value).length === 0);

const specErrors = (review: V1SubjectAccessReview): readonly FieldError[] => [
  ...attributeErrors(review.spec ?? {}),
  ...subjectErrors(review),
  ...selectorErrors(review.spec?.resourceAttributes, at.child("resourceAttributes")),
];

const subjectErrors = ({ spec }: V1SubjectAccessReview): readonly FieldError[] =>
  !spec?.user && (spec?.groups ?? []).length === 0
    ? [invalidField(at.child("user"), "", "at least one of user or group must be specified")]
    : [];

function attributeErrors({
  resourceAttributes,
  nonResourceAttributes,
}: Attributes): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined)
    errors.push(
      invalidField(
        at.child("nonResourceAttributes"),
        nonResourceAttributes,
        "cannot be specified in combination with resourceAttributes",
      ),
    );
  if (resourceAttributes === undefined && nonResourceAttributes === undefined)
    errors.push(
      invalidField(
        at.child("resourceAttributes"),
        undefined,
        "exactly one of nonResourceAttributes or resourceAttributes must be specified",
      ),
    );
  return errors;
}

function infoOf(
  { resourceAttributes: on, nonResourceAttributes: path }: Attributes,
  selectors: RequestInfo["selectors"],
): RequestInfo {
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
    ...(selectors === undefined ? {} : { selectors }),
  };
}
