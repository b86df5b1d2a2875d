/**
 * RBAC: which rules a user has, and which of them a request needs.
 *
 * Bindings are compiled once per user and kept until any RBAC object changes; a decision that does
 * not hang on an object's name is kept as well.
 * Upstream: pkg/registry/rbac/validation/rule.go, plugin/pkg/auth/authorizer/rbac/rbac.go.
 */
import { aggregated } from "#apimachinery/aggregate.ts";
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
  V1RoleRef,
  V1Subject,
} from "#apimachinery/api/rbac-v1.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { Decision } from "#apiserver/world.ts";

export const rbacKinds = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"].map(
  (kind) => `rbac.authorization.k8s.io/v1/${kind}`,
);

/** Reads of the RBAC objects as they are now. */
export interface RbacSource {
  objects<T>(gvk: string): readonly T[];
}

/** One rule a user has; `namespace` undefined = everywhere. */
export interface Grant {
  readonly rule: V1PolicyRule;
  readonly namespace: string | undefined;
  readonly reason: string;
}
interface Problem {
  readonly namespace: string | undefined;
  readonly text: string;
}
interface Compiled {
  readonly generation: number;
  readonly grants: readonly Grant[];
  /** Bindings to roles that do not exist. */
  readonly problems: readonly Problem[];
  readonly decisions: Map<string, Decision | undefined>;
}

const most = 2000;

export class RbacRules {
  readonly #source: RbacSource;
  #generation = 0;
  #compiled = new WeakMap<UserInfo, Compiled>();

  constructor(source: RbacSource) {
    this.#source = source;
  }

  /** An RBAC object changed. */
  forget(): void {
    this.#generation += 1;
  }

  authorize(user: UserInfo, info: RequestInfo): Decision {
    const compiled = this.#of(user);
    const { verb, group, resource, subresource, namespace, path, isResource } = info;
    const id = isResource
      ? `${verb} ${group}/${resource}/${subresource} ${namespace}`
      : `${verb} ${path}`;
    const { decisions } = compiled;
    let decision = decisions.get(id);
    if (decision === undefined && !decisions.has(id)) {
      decision = decide(compiled, info, (rule) => (rule.resourceNames ?? []).length === 0);
      if (decisions.size < most) decisions.set(id, decision);
    }
    decision ??= decide(compiled, info, (rule) => rule.resourceNames?.includes(info.name) === true);
    return decision ?? { allowed: false, reason: problemText(compiled, info) };
  }

  /** Every rule that holds in a namespace; cluster-wide ones among them. */
  grants(user: UserInfo, namespace: string): readonly Grant[] {
    return this.#of(user).grants.filter(
      (grant) => grant.namespace === undefined || grant.namespace === namespace,
    );
  }

  /** Bound roles that do not exist, each once. */
  problems(user: UserInfo, namespace: string): readonly string[] {
    return problemsIn(this.#of(user), namespace);
  }

  #of(user: UserInfo): Compiled {
    const known = this.#compiled.get(user);
    if (known !== undefined && known.generation === this.#generation) return known;
    const made = {
      generation: this.#generation,
      ...compile(this.#source, user),
      decisions: new Map<string, Decision | undefined>(),
    };
    this.#compiled.set(user, made);
    return made;
  }
}

function decide(
  { grants }: Compiled,
  info: RequestInfo,
  named: (rule: V1PolicyRule) => boolean,
): Decision | undefined {
  const found = grants.find(
    ({ rule, namespace }) =>
      (namespace === undefined || (info.isResource && namespace === info.namespace)) &&
      named(rule) &&
      ruleAllows(rule, info),
  );
  return found === undefined ? undefined : { allowed: true, reason: found.reason };
}

/** `namespace` undefined: for the whole cluster. */
function problemsIn({ problems }: Compiled, within: string | undefined): readonly string[] {
  if (problems.length === 0) return [];
  const found = problems.filter(
    ({ namespace }) => namespace === undefined || (within !== "" && namespace === within),
  );
  return [...new Set(found.map(({ text }) => text))];
}

function problemText(compiled: Compiled, { isResource, namespace }: RequestInfo): string {
  const told = problemsIn(compiled, isResource ? namespace : undefined);
  return told.length === 0 ? "" : `RBAC: ${aggregated(told)}`;
}

/** Verb, group, resource or path; not the name. */
export function ruleAllows(
  rule: V1PolicyRule,
  { isResource, verb, group, resource, subresource, path }: RequestInfo,
): boolean {
  if (!has(rule.verbs, verb)) return false;
  if (!isResource)
    return (rule.nonResourceURLs ?? []).some(
      (url) =>
        url === "*" || url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1))),
    );
  if (!has(rule.apiGroups, group)) return false;
  const { resources = [] } = rule;
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  return resources.some(
    (one) => one === "*" || one === full || (subresource !== "" && one === `*/${subresource}`),
  );
}
const has = (values: readonly string[] | undefined, value: string): boolean =>
  values !== undefined && (values.includes("*") || values.includes(value));

function compile(source: RbacSource, user: UserInfo): Pick<Compiled, "grants" | "problems"> {
  const clusterRoles = new Map(
    source.objects<V1ClusterRole>(rbacKinds[0] as string).map((role) => [role.metadata.name, role]),
  );
  const roles = new Map(
    source
      .objects<V1Role>(rbacKinds[2] as string)
      .map((role) => [`${role.metadata.namespace}/${role.metadata.name}`, role]),
  );
  const grants: Grant[] = [];
  const problems: Problem[] = [];
  const bind = (
    binding: V1ClusterRoleBinding | V1RoleBinding,
    namespace: string | undefined,
  ): void => {
    const subject = binding.subjects?.find((one) => isMeant(one, user, namespace));
    if (subject === undefined) return;
    const { roleRef, metadata } = binding;
    const role =
      roleRef.kind === "Role"
        ? roles.get(`${namespace}/${roleRef.name}`)
        : clusterRoles.get(roleRef.name);
    if (role === undefined) {
      problems.push({ namespace, text: missing(roleRef) });
      return;
    }
    const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
    const name = namespace === undefined ? metadata.name : `${metadata.name}/${namespace}`;
    const reason = `RBAC: allowed by ${kind} ${JSON.stringify(name)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subjectText(subject, namespace ?? "")}`;
    for (const rule of role.rules ?? []) grants.push({ rule, namespace, reason });
  };
  for (const binding of source.objects<V1ClusterRoleBinding>(rbacKinds[1] as string))
    bind(binding, undefined);
  for (const binding of source.objects<V1RoleBinding>(rbacKinds[3] as string))
    bind(binding, binding.metadata.namespace);
  return { grants, problems };
}

const missing = ({ kind, name }: V1RoleRef): string =>
  `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`;

function isMeant(
  { kind, name, namespace: own }: V1Subject,
  user: UserInfo,
  namespace: string | undefined,
): boolean {
  if (kind === "User") return name === user.name;
  if (kind === "Group") return user.groups.includes(name);
  return (
    kind === "ServiceAccount" &&
    user.name === `system:serviceaccount:${own || namespace || ""}:${name}`
  );
}

const subjectText = ({ kind, name, namespace }: V1Subject, within: string): string =>
  `${kind} ${JSON.stringify(kind === "ServiceAccount" ? `${name}/${namespace || within}` : name)}`;
