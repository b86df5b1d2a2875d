/** What both kinds of bindings share. Upstream: pkg/apis/rbac/validation ValidateRoleBinding, ValidateClusterRoleBinding. */
import type {
  V1ClusterRoleBinding,
  V1RoleBinding,
  V1RoleRef,
  V1Subject,
} from "#apimachinery/api/rbac-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Subdomain, pathSegmentName } from "#apimachinery/names.ts";
import { guardBinding } from "#apiserver/authorization/escalation.ts";
import { ageColumn, column, nameColumn, wide, doc } from "#apiserver/kinds/columns.ts";
import { at as change, each, fillZero } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, named, requiredName } from "#apiserver/kinds/rules/rule.ts";

type AnyBinding = V1RoleBinding | V1ClusterRoleBinding;
const apiGroup = "rbac.authorization.k8s.io";
const subjectKinds = ["ServiceAccount", "User", "Group"];

function subject(errors: Errors, at: FieldPath, given: V1Subject, namespaced: boolean): void {
  const { kind = "", name, namespace, apiGroup: group = "" } = given;
  if (!name) errors.push(required(at.child("name")));
  if (kind === "ServiceAccount") {
    if (name) named(errors, at.child("name"), name, dns1123Subdomain);
    if (group !== "") errors.push(unsupported(at.child("apiGroup"), group, [""]));
    if (!namespaced && !namespace) errors.push(required(at.child("namespace")));
  } else if (kind === "User" || kind === "Group") {
    if (group !== apiGroup) errors.push(unsupported(at.child("apiGroup"), group, [apiGroup]));
  } else errors.push(unsupported(at.child("kind"), kind, subjectKinds, "listed"));
}

/** `roles`: kinds that may be referred to, as upstream lists them. */
function bindingErrors(
  { roleRef, subjects = [] }: AnyBinding,
  roles: readonly string[],
  namespaced: boolean,
): Errors {
  const errors: Errors = [];
  const at = new FieldPath("roleRef");
  const { apiGroup: group = "", kind = "", name } = (roleRef ?? {}) as Partial<V1RoleRef>;
  if (group !== apiGroup) errors.push(unsupported(at.child("apiGroup"), group, [apiGroup]));
  if (!roles.includes(kind)) errors.push(unsupported(at.child("kind"), kind, roles, "listed"));
  requiredName(errors, at.child("name"), name, pathSegmentName);
  for (const [i, one] of subjects.entries())
    subject(errors, new FieldPath("subjects").index(i), one, namespaced);
  return errors;
}

const subjectDefaults = (one: V1Subject): V1Subject =>
  one.kind === "User" || one.kind === "Group" ? fillZero(one, { apiGroup }) : one;

const subjectsOf = ({ subjects }: AnyBinding, kind: string): string =>
  (subjects ?? [])
    .filter((one) => one.kind === kind)
    .map(({ name, namespace }) => (kind === "ServiceAccount" ? `${namespace}/${name}` : name))
    .join(", ");

/** As upstream's internal type prints. */
const printedRef = ({ apiGroup: APIGroup, kind: Kind, name: Name }: V1RoleRef): object => ({
  APIGroup,
  Kind,
  Name,
});

/** A kind of binding; `what` is its name in the columns' descriptions. */
export const bindingKind = <T extends AnyBinding>(
  name: "ClusterRoleBinding" | "RoleBinding",
  what: string,
  roles: readonly string[],
): Kind<T> => ({
  gvk: `${apiGroup}/v1/${name}`,
  createOnUpdate: true,
  name: pathSegmentName,
  defaults: (object) => {
    const referred = change(
      object,
      "roleRef",
      (ref) => fillZero(ref as V1RoleRef, { apiGroup }) as T["roleRef"],
    );
    return change(
      referred,
      "subjects",
      (subjects) => each(subjects as readonly V1Subject[], subjectDefaults) as T["subjects"],
    );
  },
  guard: guardBinding,
  validate: (object) => bindingErrors(object, roles, name === "RoleBinding"),
  validateUpdate: (next, previous) =>
    equal(next.roleRef, previous.roleRef)
      ? []
      : [invalid(new FieldPath("roleRef"), printedRef(next.roleRef), "cannot change roleRef")],
  columns: [
    nameColumn,
    column(
      "Role",
      "string",
      // Upstream takes them from the older version.
      doc(`rbac.v1beta1.${name}.roleRef`),
      ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`,
    ),
    ageColumn,
    wide("Users", `Users in the ${what}`, (object) => subjectsOf(object, "User")),
    wide("Groups", `Groups in the ${what}`, (object) => subjectsOf(object, "Group")),
    wide("ServiceAccounts", `ServiceAccounts in the ${what}`, (object) =>
      subjectsOf(object, "ServiceAccount"),
    ),
  ],
});
