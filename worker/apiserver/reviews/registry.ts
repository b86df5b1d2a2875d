/** Resources whose POST is a question. */
import type { Review } from "./review.ts";
import { selfSubjectReview } from "./self-subject.ts";
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  subjectAccessReview,
} from "./subject-access.ts";
import { selfSubjectRulesReview } from "./subject-rules.ts";
import { tokenReview } from "./token.ts";

export const reviews: Readonly<Record<string, Review>> = {
  selfsubjectaccessreviews: selfSubjectAccessReview,
  subjectaccessreviews: subjectAccessReview,
  localsubjectaccessreviews: localSubjectAccessReview,
  selfsubjectrulesreviews: selfSubjectRulesReview,
  selfsubjectreviews: selfSubjectReview,
  tokenreviews: tokenReview,
};
