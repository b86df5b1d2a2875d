/** Which requests a flow schema is about. Upstream: pkg/apis/flowcontrol/validation ValidateFlowSchemaPolicyRulesWithSubjects. */
import type {
  V1NonResourcePolicyRule,
  V1PolicyRulesWithSubjects,
  V1ResourcePolicyRule,
  V1Subject,
} from "#apimachinery/api/flowcontrol-v1.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { type Errors, named, present } from "#apiserver/kinds/rules/rule.ts";

const verbs = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "proxy",
  "update",
  "watch",
];
const all = "*";

/** `*` stands alone; without it `check` looks at each. */
interface ListRule {
  readonly missing: string;
  readonly others: string;
  check?(errors: Errors, at: FieldPath, values: readonly string[]): void;
}
function listed(
  errors: Errors,
  at: FieldPath,
  values: readonly string[],
  { missing, others, check }: ListRule,
): void {
  if (values.length === 0) errors.push(required(at, missing));
  else if (!values.includes(all)) check?.(errors, at, values);
  else if (values.length > 1)
    errors.push(invalid(at, values, `if '*' is present, must not specify other ${others}`));
}

const verbRule: ListRule = {
  missing: "verbs must contain at least one value",
  others: "verbs",
  check(errors, at, values) {
    if (!values.every((verb) => verbs.includes(verb))) errors.push(unsupported(at, values, verbs));
  },
};

function pathProblem(at: FieldPath, path: string): FieldError | undefined {
  if (path === "") return invalid(at, path, "must not be empty");
  if (path === "/") return undefined;
  if (!path.startsWith("/")) return invalid(at, path, "must start with slash");
  if (path.includes(" ")) return invalid(at, path, "must not contain white-space");
  if (path.includes("//")) return invalid(at, path, "must not contain double slash");
  const stars = path.split(all).length - 1;
  return stars > 1 || (stars === 1 && !path.endsWith("/*"))
    ? invalid(at, path, "wildcard can only do suffix matching")
    : undefined;
}

function nonResourceRule(errors: Errors, at: FieldPath, given: V1NonResourcePolicyRule): void {
  listed(errors, at.child("verbs"), given.verbs ?? [], verbRule);
  listed(errors, at.child("nonResourceURLs"), given.nonResourceURLs ?? [], {
    missing: "nonResourceURLs must contain at least one value",
    others: "non-resource URLs",
    check(found, here, urls) {
      for (const [i, url] of urls.entries()) {
        const problem = pathProblem(here.index(i), url);
        if (problem !== undefined) found.push(problem);
      }
    },
  });
}

function resourceRule(errors: Errors, at: FieldPath, given: V1ResourcePolicyRule): void {
  listed(errors, at.child("verbs"), given.verbs ?? [], verbRule);
  listed(errors, at.child("apiGroups"), given.apiGroups ?? [], {
    missing: "resource rules must supply at least one api group",
    others: "api groups",
  });
  listed(errors, at.child("resources"), given.resources ?? [], {
    missing: "resource rules must supply at least one resource",
    others: "resources",
  });
  const namespaces = given.namespaces ?? [];
  if (namespaces.length === 0 && given.clusterScope === true) return;
  listed(errors, at.child("namespaces"), namespaces, {
    missing: "resource rules that are not cluster scoped must supply at least one namespace",
    others: "namespaces",
    check(found, here, names) {
      for (const [i, name] of names.entries())
        for (const problem of dns1123Label(name))
          found.push(
            invalid(
              here.index(i),
              name,
              `each member of this list must be '*' or a DNS-1123 label; ${problem}`,
            ),
          );
    },
  });
}

const subjectKinds = { ServiceAccount: "serviceAccount", User: "user", Group: "group" } as const;

function subject(errors: Errors, at: FieldPath, given: V1Subject): void {
  const kind = given.kind as keyof typeof subjectKinds;
  const field = subjectKinds[kind];
  if (field === undefined) {
    errors.push(unsupported(at.child("kind"), kind, Object.keys(subjectKinds)));
    return;
  }
  const own = given[field];
  const here = at.child(field);
  if (own === undefined)
    errors.push(required(here, `${field} is required when subject kind is '${kind}'`));
  else present(errors, here.child("name"), own.name);
  const account = given.serviceAccount;
  if (kind === "ServiceAccount" && account !== undefined) {
    if (account.name && account.name !== all)
      named(errors, here.child("name"), account.name, dns1123Subdomain);
    if (account.namespace) named(errors, here.child("namespace"), account.namespace, dns1123Label);
    else
      errors.push(required(here.child("namespace"), "must specify namespace for service account"));
  }
  for (const [otherKind, other] of Object.entries(subjectKinds))
    if (other !== field && given[other] !== undefined)
      errors.push(
        forbidden(at.child(other), `${other} is forbidden when subject kind is not '${otherKind}'`),
      );
}

export function policyRulesWithSubjects(
  errors: Errors,
  at: FieldPath,
  given: V1PolicyRulesWithSubjects,
): void {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = given;
  if (subjects.length === 0)
    errors.push(required(at.child("subjects"), "subjects must contain at least one value"));
  for (const [i, one] of subjects.entries()) subject(errors, at.child("subjects").index(i), one);
  if (resourceRules.length + nonResourceRules.length === 0)
    errors.push(
      required(at, "at least one of resourceRules and nonResourceRules has to be non-empty"),
    );
  for (const [i, one] of resourceRules.entries())
    resourceRule(errors, at.child("resourceRules").index(i), one);
  for (const [i, one] of nonResourceRules.entries())
    nonResourceRule(errors, at.child("nonResourceRules").index(i), one);
}
