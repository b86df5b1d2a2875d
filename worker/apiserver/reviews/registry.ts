/** Kinds whose POST is a question. */
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
  "authorization.k8s.io/v1/SelfSubjectAccessReview": selfSubjectAccessReview,
  "authorization.k8s.io/v1/SubjectAccessReview": subjectAccessReview,
  "authorization.k8s.io/v1/LocalSubjectAccessReview": localSubjectAccessReview,
  "authorization.k8s.io/v1/SelfSubjectRulesReview": selfSubjectRulesReview,
  "authentication.k8s.io/v1/SelfSubjectReview": selfSubjectReview,
  "authentication.k8s.io/v1/TokenReview": tokenReview,
};
