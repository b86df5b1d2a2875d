/** Acting as somebody else: the modes of 1.36, what each allows, and what a refusal says. */
import { describe, expect, test } from "vitest";
import { newApi, type Json } from "#test/support/api.ts";

const api = await newApi();
const whoami = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const pods = "/api/v1/namespaces/default/pods";
const rbac = "/apis/rbac.authorization.k8s.io/v1";
const roleGroup = "rbac.authorization.k8s.io";

type Sent = Record<string, string>;
const as = (user: string, groups: readonly string[] = [], more: Sent = {}): Sent => ({
  "impersonate-user": user,
  ...(groups.length === 0 ? {} : { "impersonate-group": groups.join(", ") }),
  ...more,
});
async function who(headers: Sent): Promise<Json> {
  const { code, body } = await api.request("POST", whoami, {}, headers);
  return code === 201 ? body.status.userInfo : { code, message: body.message };
}
/** `grant("bob", …)`: a ClusterRole of one rule, bound to a user. */
async function grant(user: string, ...rules: readonly Json[]): Promise<void> {
  const name = `${user}-may`;
  await api.request("POST", `${rbac}/clusterroles`, { metadata: { name }, rules });
  await api.request("POST", `${rbac}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: roleGroup, kind: "ClusterRole", name },
    subjects: [{ apiGroup: roleGroup, kind: "User", name: user }],
  });
}

describe("the admin acts as", () => {
  const authenticated = "system:authenticated";
  test.each<[string, Sent, Json]>([
    ["a user", as("jane"), { username: "jane", groups: [authenticated] }],
    [
      "a member of groups",
      as("jane", ["dev", "ops"]),
      { username: "jane", groups: ["dev", "ops", authenticated] },
    ],
    [
      "a member of groups with commas in their names",
      as("jane", ["dev", ",,,odd"]),
      { username: "jane", groups: ["dev", ",,,odd", authenticated] },
    ],
    [
      "somebody with uid and extra",
      as("jane", [], {
        "impersonate-uid": "7",
        "impersonate-extra-acme.io%2fscopes": "view, edit",
      }),
      {
        username: "jane",
        uid: "7",
        groups: [authenticated],
        extra: { "acme.io/scopes": ["view", "edit"] },
      },
    ],
    [
      "an account",
      as("system:serviceaccount:default:web"),
      {
        username: "system:serviceaccount:default:web",
        groups: ["system:serviceaccounts", "system:serviceaccounts:default", authenticated],
      },
    ],
    [
      "a node, which is in its group by itself",
      as("system:node:worker-1"),
      { username: "system:node:worker-1", groups: ["system:nodes", authenticated] },
    ],
    [
      "a cluster's master, by the old verb alone",
      as("root", ["system:masters"]),
      { username: "root", groups: ["system:masters", authenticated] },
    ],
  ])("%s", async (_, headers, info) => {
    expect(await who(headers)).toEqual(info);
  });

  test("nobody", async () => {
    const anonymous = as("system:anonymous");
    const { body } = await api.request("GET", pods, undefined, anonymous);
    expect(body.message).toBe(
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    expect((await api.request("GET", "/version", undefined, anonymous)).code).toBe(200);
  });
});

test("groups without a user", async () => {
  expect(await who({ "impersonate-group": "dev" })).toEqual({
    code: 400,
    message:
      'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"dev"}, Extra:map[string][]string(nil)} without impersonating a user name',
  });
});

/** Tokens are the only other way in: an account asks, with the headers. */
async function accountAsks(name: string, headers: Sent, path = pods): Promise<Json> {
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await api.request("POST", accounts, { metadata: { name } });
  const { body } = await api.request("POST", `${accounts}/${name}/token`, {});
  const authorization = `Bearer ${body.status.token}`;
  const answer = await api.request("GET", path, undefined, { ...headers, authorization });
  return { code: answer.code, message: answer.body.message ?? "" };
}
async function grantAccount(name: string, ...rules: readonly Json[]): Promise<void> {
  await grant(`system:serviceaccount:default:${name}`, ...rules);
}
const authentication = "authentication.k8s.io";

describe("an account acts as jane", () => {
  const jane = as("jane");
  const noPods =
    'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"';
  test.each<[string, string, readonly Json[], Sent, number, string]>([
    [
      "without any right: the first refusal is told",
      "none",
      [],
      jane,
      403,
      'pods is forbidden: User "system:serviceaccount:default:none" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "default"',
    ],
    [
      "for this request, but not as her",
      "on-only",
      [{ verbs: ["impersonate-on:user-info:list"], apiGroups: [""], resources: ["pods"] }],
      jane,
      403,
      'users.authentication.k8s.io "jane" is forbidden: User "system:serviceaccount:default:on-only" cannot impersonate:user-info resource "users" in API group "authentication.k8s.io" at the cluster scope',
    ],
    [
      "in the constrained way: what she may not, stays forbidden",
      "constrained",
      [
        { verbs: ["impersonate-on:user-info:list"], apiGroups: [""], resources: ["pods"] },
        { verbs: ["impersonate:user-info"], apiGroups: [authentication], resources: ["users"] },
      ],
      jane,
      403,
      noPods,
    ],
    [
      "by the old verb",
      "legacy",
      [{ verbs: ["impersonate"], apiGroups: [""], resources: ["users"], resourceNames: ["jane"] }],
      jane,
      403,
      noPods,
    ],
    [
      "as a master in the constrained way: never",
      "master",
      [
        { verbs: ["impersonate-on:user-info:list"], apiGroups: [""], resources: ["pods"] },
        {
          verbs: ["impersonate:user-info"],
          apiGroups: [authentication],
          resources: ["users", "groups"],
        },
      ],
      as("jane", ["system:masters"]),
      403,
      'groups.authentication.k8s.io "system:masters" is forbidden: User "system:serviceaccount:default:master" cannot impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope: impersonating the system:masters group is not allowed',
    ],
  ])("%s", async (_, name, rules, headers, code, message) => {
    await grantAccount(name, ...rules);
    expect(await accountAsks(name, headers)).toEqual({ code, message });
  });
});
