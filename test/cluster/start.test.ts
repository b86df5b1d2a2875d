/** A cluster that starts again: the default policy is as it should be, Services' addresses are kept. */
import { expect, test } from "vitest";
import type { KubeObject } from "#apimachinery/object.ts";
import { isProtected, leadsElsewhere, updated } from "#cluster/bootstrap/policy-update.ts";
import { newWired } from "#test/support/wired.ts";

const rbac = "rbac.authorization.k8s.io/v1";
const object = (kind: string, name: string, more: object): KubeObject =>
  ({ apiVersion: rbac, kind, metadata: { name }, ...more }) as unknown as KubeObject;
const role = (rules: readonly object[], more: object = {}): KubeObject =>
  object("ClusterRole", "r", { rules, ...more });
const get = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
const all = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
const subject = (name: string): object => ({
  kind: "User",
  apiGroup: "rbac.authorization.k8s.io",
  name,
});
const binding = (name: string, ...subjects: readonly object[]): KubeObject =>
  object("ClusterRoleBinding", "b", { roleRef: { kind: "ClusterRole", name }, subjects });

test.each<[string, KubeObject, KubeObject, object | undefined]>([
  ["what is the same stays", role([get]), role([get]), undefined],
  ["what is covered stays", role([get]), role([all]), undefined],
  [
    "what is missing is added",
    role([get]),
    role([{ ...get, verbs: ["list"] }]),
    { rules: [{ ...get, verbs: ["list"] }, get] },
  ],
  [
    "a subject that is missing is added",
    binding("r", subject("a"), subject("b")),
    binding("r", subject("c"), subject("a")),
    { subjects: [subject("c"), subject("a"), subject("b")] },
  ],
  [
    "a subject more stays",
    binding("r", subject("a")),
    binding("r", subject("a"), subject("b")),
    undefined,
  ],
  [
    "what a role gathers",
    role([], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } }),
    role([get]),
    { rules: [get], aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } },
  ],
])("%s", (_, wanted, found, expected) => {
  const next = updated(wanted, found);
  if (expected === undefined) expect(next).toBe(found);
  else expect(next).toMatchObject(expected);
});
test("a binding to another role is made anew; what is protected stays", () => {
  expect(leadsElsewhere(binding("a"), binding("b"))).toBe(true);
  const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
  expect(isProtected({ ...role([]), metadata: { annotations } } as KubeObject)).toBe(true);
});

test("nothing is written when nothing is missing", async () => {
  const cluster = await newWired();
  const { revision } = cluster;
  expect((await cluster.evicted()).revision).toBe(revision);
});

test("a role, a binding and an address come back", async () => {
  const cluster = await newWired();
  const bindingOf = (kind: string, name: string): KubeObject => object(kind, name, {});
  cluster.delete(bindingOf("ClusterRole", "view"));
  cluster.patch(bindingOf("ClusterRole", "system:basic-user"), { rules: [] });
  const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
  cluster.patch(bindingOf("ClusterRole", "system:monitoring"), {
    rules: [],
    metadata: { annotations },
  });
  cluster.patch(bindingOf("ClusterRoleBinding", "system:discovery"), { subjects: [] });
  cluster.delete({
    apiVersion: "networking.k8s.io/v1",
    kind: "IPAddress",
    metadata: { name: "10.96.0.10" },
  });
  const woken = await cluster.evicted();
  const found = (gvk: string, name: string): KubeObject =>
    woken.objects(gvk).find(({ metadata }) => metadata.name === name) as KubeObject;
  expect(found(`${rbac}/ClusterRole`, "view")).toBeDefined();
  expect(found(`${rbac}/ClusterRole`, "system:basic-user")).toMatchObject({
    rules: expect.arrayContaining([
      {
        apiGroups: ["authentication.k8s.io"],
        resources: ["selfsubjectreviews"],
        verbs: ["create"],
      },
    ]),
  });
  expect(found(`${rbac}/ClusterRole`, "system:monitoring")).toMatchObject({ rules: [] });
  expect(found(`${rbac}/ClusterRoleBinding`, "system:discovery")).toMatchObject({
    subjects: [{ kind: "Group", name: "system:authenticated" }],
  });
  expect(found("networking.k8s.io/v1/IPAddress", "10.96.0.10")).toBeDefined();
});
