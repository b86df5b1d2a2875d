/**
 * May this user act as that one? Five modes are tried in order; the first that allows decides, and when
 * none does, the first refusal is told. The constrained modes also ask whether this very request may be
 * made in that mode (`impersonate-on:<mode>:<verb>`); the legacy one asks for verb `impersonate` alone.
 * Upstream: apiserver/pkg/endpoints/filters/impersonation/mode.go (ConstrainedImpersonation, on since 1.36).
 * Differs: the mode that served last is not tried first, because who one becomes would hang on what was asked before.
 */
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { isReason, type StatusError } from "#apimachinery/status.ts";
import { accountGroups, accountOf } from "#apiserver/authentication/service-account-names.ts";
import type { RequestInfo, UserInfo, WantedUser } from "#apiserver/request.ts";
import type { Decision } from "#apiserver/world.ts";
import { denied } from "./denied.ts";
import { extraProblem } from "./impersonated-extra.ts";

type Authorize = (user: UserInfo, info: RequestInfo) => Decision;

export interface Impersonation {
  /** The same object for the same user, so that what hangs on identity may be cached. */
  readonly user: UserInfo;
  /** The verb that allowed it; "" in the legacy mode. */
  readonly constraint: string;
}

interface Mode {
  /** "" = legacy. */
  readonly name: string;
  /** Does it apply at all? */
  on(wanted: WantedUser, requestor: UserInfo): boolean;
}

const nodePrefix = "system:node:";
const nodesGroup = "system:nodes";
const mastersGroup = "system:masters";
const anonymous = "system:anonymous";
const unauthenticated = "system:unauthenticated";
const authenticated = "system:authenticated";
const nodeNameExtra = "authentication.kubernetes.io/node-name";
const authenticationGroup = "authentication.k8s.io";
/** From so many values on, a wildcard is asked for first. */
const manyChecks = 4;

function nodeOf(name: string): string | undefined {
  const node = name.startsWith(nodePrefix) ? name.slice(nodePrefix.length) : "";
  return node !== "" && dns1123Subdomain(node).length === 0 ? node : undefined;
}
const isNameOnly = ({ uid, groups, extra }: WantedUser): boolean =>
  uid === "" && groups.length === 0 && Object.keys(extra).length === 0;

const modes: readonly Mode[] = [
  {
    name: "associated-node",
    on: (wanted, { name, extra }) =>
      isNameOnly(wanted) &&
      nodeOf(wanted.name) !== undefined &&
      accountOf(name) !== undefined &&
      extra?.[nodeNameExtra]?.length === 1 &&
      extra[nodeNameExtra][0] === nodeOf(wanted.name),
  },
  {
    name: "arbitrary-node",
    on: (wanted) => isNameOnly(wanted) && nodeOf(wanted.name) !== undefined,
  },
  {
    name: "serviceaccount",
    on: (wanted) => isNameOnly(wanted) && accountOf(wanted.name) !== undefined,
  },
  {
    name: "user-info",
    on: ({ name }) => nodeOf(name) === undefined && accountOf(name) === undefined,
  },
  { name: "", on: () => true },
];

/** Users acted as that are remembered. */
const most = 1000;

export class Impersonator {
  readonly #authorize: Authorize;
  readonly #users = new Map<string, UserInfo>();
  constructor(authorize: Authorize) {
    this.#authorize = authorize;
  }

  /** Throws Forbidden. */
  actingAs(requestor: UserInfo, wanted: WantedUser, info: RequestInfo): Impersonation {
    let first: StatusError | undefined;
    for (const mode of modes) {
      if (!mode.on(wanted, requestor)) continue;
      try {
        return this.#check(mode, requestor, wanted, info);
      } catch (error) {
        if (!isReason(error, "Forbidden")) throw error;
        first ??= error;
      }
    }
    throw first ?? denied(requestor, info, "all impersonation modes failed");
  }

  #check(
    { name: mode }: Mode,
    requestor: UserInfo,
    wanted: WantedUser,
    info: RequestInfo,
  ): Impersonation {
    const constraint = mode === "" ? "" : `impersonate:${mode}`;
    if (mode !== "") this.#ask(requestor, { ...info, verb: `impersonate-on:${mode}:${info.verb}` });
    const checks = new Checks(requestor, constraint, (asked) => this.#ask(requestor, asked));
    const groups = checks.username(wanted);
    checks.uid(wanted.uid);
    checks.groups(wanted.groups);
    checks.extra(wanted.extra);
    return { user: this.#known(wanted, groups), constraint };
  }

  #ask(requestor: UserInfo, info: RequestInfo): void {
    const { allowed, reason } = this.#authorize(requestor, info);
    if (!allowed) throw denied(requestor, info, reason);
  }

  #known({ name, uid, extra }: WantedUser, own: readonly string[]): UserInfo {
    const groups = withDefaults(name, own);
    const id = JSON.stringify([name, uid, groups, extra]);
    const known = this.#users.get(id);
    if (known !== undefined) return known;
    if (this.#users.size >= most) this.#users.clear();
    const made = { name, uid, groups, extra };
    this.#users.set(id, made);
    return made;
  }
}

/** What everybody is a member of. */
function withDefaults(name: string, groups: readonly string[]): readonly string[] {
  const group = name === anonymous ? unauthenticated : authenticated;
  const has = groups.includes(group) || groups.includes(unauthenticated);
  return has ? groups : [...groups, group];
}

/** The questions of one mode, one for each thing that is wanted. */
class Checks {
  readonly #requestor: UserInfo;
  readonly #constrained: boolean;
  readonly #verb: string;
  readonly #ask: (info: RequestInfo) => void;

  constructor(requestor: UserInfo, constraint: string, ask: (info: RequestInfo) => void) {
    this.#requestor = requestor;
    this.#constrained = constraint !== "";
    this.#verb = constraint || "impersonate";
    this.#ask = ask;
  }

  /** The groups that go with the name: given, or fixed by what it is. */
  username({ name, groups }: WantedUser): readonly string[] {
    const node = this.#constrained ? nodeOf(name) : undefined;
    const account = accountOf(name);
    if (node !== undefined) {
      const asked = this.#verb === "impersonate:associated-node" ? "*" : node;
      this.#ask(this.#about("nodes", asked, this.#ownGroup));
      return [nodesGroup];
    }
    if (account !== undefined) {
      const about = this.#about("serviceaccounts", account.name, this.#ownGroup);
      this.#ask({ ...about, namespace: account.namespace });
      return groups.length === 0 ? accountGroups(account.namespace) : groups;
    }
    this.#ask(this.#about("users", name, this.#ownGroup));
    return groups;
  }

  uid(uid: string): void {
    if (uid !== "") this.#ask(this.#about("uids", uid, authenticationGroup));
  }

  groups(groups: readonly string[]): void {
    if (groups.length === 0) return;
    const about = (name: string): RequestInfo => this.#about("groups", name, this.#ownGroup);
    if (this.#constrained) {
      if (groups.includes(""))
        throw denied(
          this.#requestor,
          about(""),
          "impersonating the empty string group is not allowed",
        );
      if (groups.includes(mastersGroup))
        throw denied(
          this.#requestor,
          about(mastersGroup),
          "impersonating the system:masters group is not allowed",
        );
      if (groups.length >= manyChecks && this.#may(about("*"))) return;
    }
    for (const group of groups) this.#ask(about(group));
  }

  extra(extra: WantedUser["extra"]): void {
    const entries = Object.entries(extra);
    if (entries.length === 0) return;
    const about = (key: string, value: string): RequestInfo => ({
      ...this.#about("userextras", value, authenticationGroup),
      subresource: key,
    });
    if (this.#constrained) {
      const problem = extraProblem(extra);
      if (problem !== undefined) throw denied(this.#requestor, about("", ""), problem);
      const values = entries.reduce((sum, [, all]) => sum + all.length, 0);
      if (Math.max(entries.length, values) >= manyChecks && this.#may(about("*", "*"))) return;
    }
    for (const [key, values] of entries) for (const value of values) this.#ask(about(key, value));
  }

  get #ownGroup(): string {
    return this.#constrained ? authenticationGroup : "";
  }

  #may(info: RequestInfo): boolean {
    try {
      this.#ask(info);
      return true;
    } catch (error) {
      if (isReason(error, "Forbidden")) return false;
      throw error;
    }
  }

  #about(resource: string, name: string, group: string): RequestInfo {
    const verb = this.#verb;
    const nothing = { path: "", subresource: "", namespace: "" };
    return { ...nothing, isResource: true, verb, group, version: "v1", resource, name };
  }
}
