/** RBAC objects. Upstream: pkg/registry/rbac/{role,rolebinding,clusterrole,clusterrolebinding}/strategy.go, pkg/apis/rbac/validation. */
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1Role,
  V1RoleBinding,
  V1Subject,
} from "#apimachinery/api/rbac-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { pathSegmentName } from "#apimachinery/names.ts";
import { guardBinding, guardRole } from "#apiserver/authorization/escalation.ts";
import { ageColumn, column, nameColumn, wide } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Column, Kind } from "#apiserver/kinds/kind.ts";

type AnyRole = V1Role | V1ClusterRole;
type AnyBinding = V1RoleBinding | V1ClusterRoleBinding;
const apiGroup = "rbac.authorization.k8s.io";

function ruleErrors({ rules }: AnyRole): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { verbs = [], apiGroups = [], resources = [], nonResourceURLs = [] }] of (
    rules ?? []
  ).entries()) {
    const at = new FieldPath("rules").index(i);
    if (verbs.length === 0)
      errors.push(required(at.child("verbs"), "verbs must contain at least one value"));
    if (nonResourceURLs.length > 0) {
      if (apiGroups.length > 0 || resources.length > 0)
        errors.push(
          invalid(
            at.child("nonResourceURLs"),
            nonResourceURLs,
            "rules cannot apply to both regular resources and non-resource URLs",
          ),
        );
      continue;
    }
    if (apiGroups.length === 0)
      errors.push(
        required(at.child("apiGroups"), "resource rules must supply at least one api group"),
      );
    if (resources.length === 0)
      errors.push(
        required(at.child("resources"), "resource rules must supply at least one resource"),
      );
  }
  return errors;
}

const created: Column = {
  name: "Created At",
  type: "date",
  description: "When the server created it.",
  of: ({ metadata }) => metadata.creationTimestamp ?? "",
};
const roleKind = <T extends AnyRole>(name: string): Kind<T> => ({
  gvk: `${apiGroup}/v1/${name}`,
  name: pathSegmentName,
  defaults: (object) => fill(object, { rules: [] } as unknown as Partial<T>),
  guard: guardRole,
  validate: ruleErrors,
  columns: [nameColumn, created],
});

const subjectDefaults = (subject: V1Subject): V1Subject =>
  subject.kind === "ServiceAccount" ? subject : fill(subject, { apiGroup });

function bindingErrors({ roleRef, subjects, metadata }: AnyBinding): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = new FieldPath("roleRef");
  const kinds = metadata.namespace === undefined ? ["ClusterRole"] : ["ClusterRole", "Role"];
  if (!roleRef?.name) errors.push(required(at.child("name")));
  if (!kinds.includes(roleRef?.kind ?? ""))
    errors.push(unsupported(at.child("kind"), roleRef?.kind ?? "", kinds));
  for (const [i, { kind, name, namespace }] of (subjects ?? []).entries()) {
    const here = new FieldPath("subjects").index(i);
    if (!name) errors.push(required(here.child("name")));
    if (!["Group", "ServiceAccount", "User"].includes(kind))
      errors.push(unsupported(here.child("kind"), kind, ["Group", "ServiceAccount", "User"]));
    if (kind === "ServiceAccount" && !namespace) errors.push(required(here.child("namespace")));
  }
  return errors;
}
const subjectsOf = ({ subjects }: AnyBinding, kind: string): string =>
  (subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === "ServiceAccount" ? `${namespace}/${name}` : name))
    .join(", ");

const bindingKind = <T extends AnyBinding>(name: string): Kind<T> => ({
  gvk: `${apiGroup}/v1/${name}`,
  name: pathSegmentName,
  defaults: (object) => {
    const referred = change(
      object,
      "roleRef",
      (ref) =>
        fill(
          ref as NonNullable<T["roleRef"]>,
          { apiGroup } as Partial<NonNullable<T["roleRef"]>>,
        ) as T["roleRef"],
    );
    return change(
      referred,
      "subjects",
      (subjects) => each(subjects as readonly V1Subject[], subjectDefaults) as T["subjects"],
    );
  },
  guard: guardBinding,
  validate: bindingErrors,
  validateUpdate: (next, previous) =>
    equal(next.roleRef, previous.roleRef)
      ? []
      : [invalid(new FieldPath("roleRef"), next.roleRef, "cannot change roleRef")],
  columns: [
    nameColumn,
    column(
      "Role",
      "string",
      "The role it grants.",
      ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`,
    ),
    ageColumn,
    wide("Users", "Users it grants the role to.", (object) => subjectsOf(object, "User")),
    wide("Groups", "Groups it grants the role to.", (object) => subjectsOf(object, "Group")),
    wide("ServiceAccounts", "Service accounts it grants the role to.", (object) =>
      subjectsOf(object, "ServiceAccount"),
    ),
  ],
});

export const role: Kind<V1Role> = roleKind("Role");
export const clusterRole: Kind<V1ClusterRole> = roleKind("ClusterRole");
export const roleBinding: Kind<V1RoleBinding> = bindingKind("RoleBinding");
export const clusterRoleBinding: Kind<V1ClusterRoleBinding> = bindingKind("ClusterRoleBinding");
