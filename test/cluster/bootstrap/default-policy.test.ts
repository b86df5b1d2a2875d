/** The default RBAC policy. Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy_test.go and its testdata. */
import { describe, expect, it } from "vitest";
import type { V1ClusterRole, V1PolicyRule } from "#apimachinery/api/rbac-v1.ts";
import { uncovered } from "#apiserver/authorization/policy-comparison.ts";
import { apiServerPolicy, controllerAccounts } from "#cluster/bootstrap/cluster-roles.ts";
import { read, rule } from "#cluster/bootstrap/policy.ts";

const rulesOf = (name: string, kind = "ClusterRole"): readonly V1PolicyRule[] => {
  const found = apiServerPolicy.find((one) => one.kind === kind && one.metadata.name === name);
  return (found as V1ClusterRole).rules ?? [];
};
/** `get,list apps deployments`, or `get /metrics`. */
const text = ({ verbs, apiGroups, resources, nonResourceURLs, resourceNames }: V1PolicyRule) =>
  [
    verbs.join(","),
    ...(nonResourceURLs ?? [`${apiGroups?.join(",")}/${resources?.join(",")}`]),
    ...(resourceNames ?? []),
  ].join(" ");

describe("every rule", () => {
  const all = apiServerPolicy
    .filter((one) => "rules" in one)
    .map((one) => [`${one.metadata.namespace ?? ""}/${one.metadata.name}`, one] as const);
  it.each(all)("%s is written as upstream writes it", (_, one) => {
    for (const each of (one as unknown as V1ClusterRole).rules ?? []) {
      for (const words of Object.values(each) as (readonly string[])[])
        expect(words).toEqual(words.toSorted());
      if (each.verbs.includes("list")) expect(each.verbs).toContain("watch");
    }
  });
});

describe("view, edit and admin", () => {
  it("do not let see what gives more power", () => {
    for (const one of [
      "pods/attach",
      "pods/proxy",
      "pods/exec",
      "pods/portforward",
      "secrets",
      "services/proxy",
    ]) {
      const wanted = [rule(read, "core", one)];
      expect(uncovered(rulesOf("system:aggregate-to-view"), wanted), one).not.toEqual([]);
      expect(uncovered(rulesOf("system:aggregate-to-edit"), wanted), one).toEqual([]);
    }
  });
});

describe("roles, rule by rule and in order", () => {
  it.each<[string, readonly string[]]>([
    [
      "system:monitoring",
      [
        "get /flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz",
        "get /nodes/metrics",
      ],
    ],
    [
      "system:node-proxier",
      [
        "list,watch /endpoints,services",
        "get,list,watch /nodes",
        "create,patch,update ,events.k8s.io/events",
        "list,watch networking.k8s.io/servicecidrs",
        "list,watch discovery.k8s.io/endpointslices",
      ],
    ],
    [
      "system:heapster",
      ["get,list,watch /events,namespaces,nodes,pods", "get,list,watch extensions/deployments"],
    ],
    [
      "system:controller:disruption-controller",
      [
        "get,list,watch apps,extensions/deployments",
        "get,list,watch apps,extensions/replicasets",
        "get,list,watch /replicationcontrollers",
        "get,list,watch policy/poddisruptionbudgets",
        "get,list,watch apps/statefulsets",
        "update policy/poddisruptionbudgets/status",
        "patch,update /pods/status",
        "get */*/scale",
        "create,patch,update ,events.k8s.io/events",
      ],
    ],
    [
      "system:controller:persistent-volume-binder",
      [
        "create,delete,get,list,update,watch /persistentvolumes",
        "update /persistentvolumes/status",
        "get,list,update,watch /persistentvolumeclaims",
        "update /persistentvolumeclaims/status",
        "create,delete,get,list,watch /pods",
        "get,list,watch storage.k8s.io/storageclasses",
        "list,watch /nodes",
        "create,patch,update ,events.k8s.io/events",
        "watch /events",
      ],
    ],
  ])("%s", (name, rules) => expect(rulesOf(name).map(text)).toEqual(rules));

  it("leaders are chosen by Leases, of which the API server's controller makes some", () => {
    const name = "system::leader-locking-kube-controller-manager";
    expect(rulesOf(name, "Role").map(text)).toEqual([
      "create,get,list,update,watch coordination.k8s.io/leases",
      "create,get,list,update,watch coordination.k8s.io/leasecandidates",
    ]);
    const bound = apiServerPolicy.find(
      (one) => one.kind === "RoleBinding" && one.metadata.name === name,
    );
    expect(bound).toMatchObject({
      subjects: [
        { kind: "User", name: "system:kube-controller-manager" },
        { kind: "ServiceAccount", name: "kube-controller-manager" },
        { kind: "ServiceAccount", name: "leader-election-controller" },
      ],
    });
  });
});

it("the Node authorizer answers for nodes: nobody is bound to their role", () => {
  const bound = apiServerPolicy.find(
    (one) => one.kind === "ClusterRoleBinding" && one.metadata.name === "system:node",
  );
  expect(bound).not.toHaveProperty("subjects");
});

it("controllers that run nowhere by default have a role and no account", () => {
  expect(controllerAccounts).toContain("device-taint-eviction-controller");
  expect(controllerAccounts).not.toContain("selinux-warning-controller");
});
