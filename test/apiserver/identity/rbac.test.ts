/** RBAC as people meet it: refusals, escalation, bindings, reviews, nodes. */
import { describe, expect, test } from "vitest";
import { newApi, type Json } from "#test/support/api.ts";

const api = await newApi();
const group = "rbac.authorization.k8s.io";
const rbac = `/apis/${group}/v1`;
const inDefault = `${rbac}/namespaces/default`;
const groups = (...all: readonly string[]): string => all.join(", ");
const jane = { "impersonate-user": "jane", "impersonate-group": groups("dev") };

const rule = (verbs: string, apiGroup: string, resources: string, more: Json = {}): Json => ({
  verbs: verbs.split(" "),
  apiGroups: [apiGroup],
  resources: resources.split(" "),
  ...more,
});
const ref = (kind: string, name: string): Json => ({ apiGroup: group, kind, name });
const user = (name: string): Json => ({ apiGroup: group, kind: "User", name });

/** As jane; the code, and the message when it is refused. */
async function janes(
  method: string,
  path: string,
  body?: Json,
): Promise<readonly [number, string]> {
  const answer = await api.request(method, path, body, jane);
  return [answer.code, answer.code < 300 ? "" : answer.body.message];
}
async function made(path: string, body: Json): Promise<void> {
  const answer = await api.request("POST", path, body);
  expect(answer.code, JSON.stringify(answer.body)).toBe(201);
}

await made(`${inDefault}/rolebindings`, {
  metadata: { name: "jane-admin" },
  roleRef: ref("ClusterRole", "admin"),
  subjects: [user("jane")],
});

describe("nobody grants what he does not have", () => {
  const who = 'user "jane" (groups=["dev" "system:authenticated"])';
  const attempt = `${who} is attempting to grant RBAC permissions not currently held:\n`;
  test.each<[string, string, Json, readonly [number, string]]>([
    [
      "what she has",
      `${inDefault}/roles`,
      { metadata: { name: "fine" }, rules: [rule("get list", "", "pods")] },
      [201, ""],
    ],
    [
      "more: one line for each resource, its verbs together",
      `${inDefault}/roles`,
      {
        metadata: { name: "more" },
        rules: [
          rule("get list", "", "nodes pods"),
          rule("*", "apps", "*"),
          rule("get", "", "configmaps", { resourceNames: ["a", "b"] }),
          rule("use", "acme.io", "things", { resourceNames: ["x"] }),
        ],
      },
      [
        403,
        `roles.rbac.authorization.k8s.io "more" is forbidden: ${attempt}{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}\n{APIGroups:["acme.io"], Resources:["things"], ResourceNames:["x"], Verbs:["use"]}\n{APIGroups:["apps"], Resources:["*"], Verbs:["*"]}`,
      ],
    ],
    [
      "a role that is not there",
      `${inDefault}/rolebindings`,
      { metadata: { name: "none" }, roleRef: ref("Role", "none"), subjects: [] },
      [404, 'roles.rbac.authorization.k8s.io "none" not found'],
    ],
    [
      "the role that she has",
      `${inDefault}/rolebindings`,
      { metadata: { name: "same" }, roleRef: ref("ClusterRole", "admin"), subjects: [user("joe")] },
      [201, ""],
    ],
  ])("%s", async (_, path, body, expected) => {
    expect(await janes("POST", path, body)).toEqual(expected);
  });

  test("a role with more than she has", async () => {
    const roleRef = ref("ClusterRole", "system:node-proxier");
    const binding = { metadata: { name: "up" }, roleRef, subjects: [] };
    const [code, message] = await janes("POST", `${inDefault}/rolebindings`, binding);
    expect(code).toBe(403);
    const start = `rolebindings.rbac.authorization.k8s.io "up" is forbidden: ${attempt}`;
    expect(message.startsWith(start)).toBe(true);
    expect(message.slice(start.length).split("\n")).toContain(
      '{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list" "watch"]}',
    );
  });

  test("with escalate and bind she may", async () => {
    await made(`${rbac}/clusterroles`, {
      metadata: { name: "climber" },
      rules: [rule("escalate", group, "roles"), rule("bind", group, "clusterroles")],
    });
    await made(`${inDefault}/rolebindings`, {
      metadata: { name: "jane-climbs" },
      roleRef: ref("ClusterRole", "climber"),
      subjects: [user("jane")],
    });
    const rules = [rule("*", "*", "*")];
    expect(await janes("POST", `${inDefault}/roles`, { metadata: { name: "all" }, rules })).toEqual(
      [201, ""],
    );
    const roleRef = ref("ClusterRole", "cluster-admin");
    const binding = { metadata: { name: "all" }, roleRef, subjects: [] };
    expect(await janes("POST", `${inDefault}/rolebindings`, binding)).toEqual([201, ""]);
    await api.request("DELETE", `${inDefault}/rolebindings/jane-climbs`);
    // Her labels are hers to set no more: the whole role is looked at again.
    const labelled = { metadata: { name: "all", labels: { a: "b" } }, rules };
    expect((await janes("PUT", `${inDefault}/roles/all`, labelled))[1]).toContain(attempt);
  });

  test("who gathers roles must be a cluster's admin", async () => {
    await made(`${rbac}/clusterroles`, {
      metadata: { name: "role-writer" },
      rules: [rule("create", group, "clusterroles")],
    });
    await made(`${rbac}/clusterrolebindings`, {
      metadata: { name: "role-writer" },
      roleRef: ref("ClusterRole", "role-writer"),
      subjects: [user("jane")],
    });
    expect(
      await janes("POST", `${rbac}/clusterroles`, {
        metadata: { name: "gather" },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] },
      }),
    ).toEqual([
      403,
      'clusterroles.rbac.authorization.k8s.io "gather" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    ]);
  });
});

test("a binding stays with its role", async () => {
  const path = `${inDefault}/rolebindings/jane-admin`;
  const next = {
    metadata: { name: "jane-admin" },
    roleRef: ref("ClusterRole", "edit"),
    subjects: [user("jane")],
  };
  const { code, body } = await api.request("PUT", path, next);
  expect([code, body.message]).toEqual([
    422,
    'RoleBinding.rbac.authorization.k8s.io "jane-admin" is invalid: roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef',
  ]);
});

test("who may do everything is told so by the binding, not by the group", async () => {
  const masters = { "impersonate-user": "root", "impersonate-group": "system:masters" };
  const { body } = await api.request(
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    { spec: { namespace: "default" } },
    masters,
  );
  expect(body.spec).toEqual({});
  const all = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
  expect(body.status.resourceRules.filter(({ verbs }: Json) => verbs[0] === "*")).toEqual([all]);
});

test("a binding to a role that is gone is told", async () => {
  for (const name of ["lost", "gone"])
    await made(`${inDefault}/rolebindings`, {
      metadata: { name },
      roleRef: ref("Role", name),
      subjects: [user("lou")],
    });
  const lou = { "impersonate-user": "lou" };
  const asked = async (path: string): Promise<string> =>
    (await api.request("GET", path, undefined, lou)).body.message;
  expect(await asked("/api/v1/namespaces/default/pods")).toBe(
    'pods is forbidden: User "lou" cannot list resource "pods" in API group "" in the namespace "default": RBAC: [role.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "lost" not found]',
  );
  expect(await asked("/api/v1/namespaces/kube-system/pods")).toBe(
    'pods is forbidden: User "lou" cannot list resource "pods" in API group "" in the namespace "kube-system"',
  );
  const gone =
    '[role.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "lost" not found]';
  const rules = await api.request(
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    { spec: { namespace: "default" } },
    lou,
  );
  expect(rules.body.status).toMatchObject({ incomplete: false, evaluationError: gone });
  await made(`${rbac}/clusterrolebindings`, {
    metadata: { name: "lou-writes" },
    roleRef: ref("ClusterRole", "lou-writes"),
    subjects: [user("lou")],
  });
  await made(`${rbac}/clusterroles`, {
    metadata: { name: "lou-writes" },
    rules: [rule("create", group, "roles")],
  });
  const refused = await api.request(
    "POST",
    `${inDefault}/roles`,
    { metadata: { name: "more" }, rules: [rule("get", "", "pods")] },
    lou,
  );
  expect(refused.body.message).toMatch(
    `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}; resolution errors: [${gone}]`,
  );
});

describe("access reviews", () => {
  const at = "/apis/authorization.k8s.io/v1";
  const reviewed = async (path: string, spec: Json, headers: Record<string, string> = {}) => {
    const { code, body } = await api.request("POST", `${at}/${path}`, { spec }, headers);
    return code === 201 ? body.status : [code, body.message];
  };
  const pods = { namespace: "default", verb: "list", resource: "pods" };
  const invalid = (why: string): readonly [number, string] => [
    422,
    `.authorization.k8s.io "" is invalid: ${why}`,
  ];
  const reason =
    'RBAC: allowed by RoleBinding "jane-admin/default" of ClusterRole "admin" to User "jane"';

  test.each<[string, string, Json, Json]>([
    [
      "she may",
      "selfsubjectaccessreviews",
      { resourceAttributes: pods },
      { allowed: true, reason },
    ],
    [
      "she may not",
      "selfsubjectaccessreviews",
      { resourceAttributes: { ...pods, namespace: "kube-system" } },
      { allowed: false },
    ],
    [
      "a path",
      "selfsubjectaccessreviews",
      { nonResourceAttributes: { path: "/version", verb: "get" } },
      {
        allowed: true,
        reason:
          'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
      },
    ],
    [
      "nothing asked",
      "selfsubjectaccessreviews",
      {},
      invalid(
        "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified",
      ),
    ],
    [
      "selectors twice",
      "selfsubjectaccessreviews",
      {
        resourceAttributes: {
          ...pods,
          labelSelector: { rawSelector: "a=b", requirements: [{ key: "a", operator: "Exists" }] },
        },
      },
      invalid(
        'spec.resourceAttributes.labelSelector.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements',
      ),
    ],
    [
      "selectors that are not understood: the question is wider then",
      "selfsubjectaccessreviews",
      {
        resourceAttributes: {
          ...pods,
          fieldSelector: {
            requirements: [
              { key: "spec.nodeName", operator: "In", values: ["a"] },
              { key: "spec.nodeName", operator: "Near", values: ["a"] },
            ],
          },
          labelSelector: { rawSelector: "a in" },
        },
      },
      {
        allowed: true,
        reason,
        evaluationError:
          "spec.resourceAttributes.fieldSelector partially ignored due to parse error; spec.resourceAttributes.labelSelector ignored due to parse error",
      },
    ],
    [
      "requirements that cannot be",
      "selfsubjectaccessreviews",
      {
        resourceAttributes: {
          ...pods,
          fieldSelector: { requirements: [{ key: "", operator: "Exists", values: ["a"] }] },
          labelSelector: { requirements: [{ key: "-", operator: "In" }] },
        },
      },
      invalid(
        "[spec.resourceAttributes.fieldSelector.requirements[0].key: Required value: must be specified, spec.resourceAttributes.fieldSelector.requirements[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist', spec.resourceAttributes.labelSelector.requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn', spec.resourceAttributes.labelSelector.requirements[0].key: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')]",
      ),
    ],
  ])("%s", async (_, path, spec, expected) => {
    expect(await reviewed(path, spec, jane)).toEqual(expected);
  });

  test("about others, by who may ask", async () => {
    expect(
      await reviewed("subjectaccessreviews", { user: "jane", resourceAttributes: pods }),
    ).toEqual({ allowed: true, reason });
    expect(await reviewed("subjectaccessreviews", { resourceAttributes: pods })).toEqual(
      invalid('spec.user: Invalid value: "": at least one of user or group must be specified'),
    );
    const wrong = { labelSelector: { requirements: [{ key: "a", operator: "In" }] } };
    expect(await reviewed("subjectaccessreviews", { resourceAttributes: wrong })).toEqual(
      invalid(
        `[spec.user: Invalid value: "": at least one of user or group must be specified, spec.resourceAttributes.labelSelector.requirements[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn']`,
      ),
    );
    const local = "namespaces/kube-system/localsubjectaccessreviews";
    expect(await reviewed(local, { user: "jane", resourceAttributes: pods })).toEqual(
      invalid(
        'spec.resourceAttributes.namespace: Invalid value: "default": must match metadata.namespace',
      ),
    );
  });
});

describe("the metadata of a question", () => {
  const spec = { user: "jane", nonResourceAttributes: { path: "/version", verb: "get" } };
  const reviews = "/apis/authorization.k8s.io/v1";
  test.each<[string, string, Json, readonly [number, string | undefined]]>([
    [
      "what the server writes is passed over",
      "subjectaccessreviews",
      { creationTimestamp: null, uid: "1", namespace: "a", labels: {} },
      [201, undefined],
    ],
    [
      "a name is refused",
      "subjectaccessreviews",
      { name: "a" },
      [
        422,
        '.authorization.k8s.io "" is invalid: metadata: Invalid value: {"name":"a"}: must be empty',
      ],
    ],
    [
      "another namespace",
      "namespaces/default/localsubjectaccessreviews",
      { namespace: "a" },
      [
        400,
        "the namespace of the provided object does not match the namespace sent on the request",
      ],
    ],
  ])("%s", async (_, path, metadata, expected) => {
    const { code, body } = await api.request("POST", `${reviews}/${path}`, { metadata, spec });
    expect([code, body.message]).toEqual(expected);
  });
});

describe("a node's kubelet", () => {
  const kubelet = { "impersonate-user": "system:node:worker-1" };
  const cannot = (verb: string, what: string, name: string, where: string): string =>
    `${what}${name === "" ? "" : ` "${name}"`} is forbidden: User "system:node:worker-1" cannot ${verb} resource "${what}" in API group "" ${where}`;
  const inNamespace = 'in the namespace "default"';
  const v1 = "/api/v1/namespaces/default";
  test("reads what its Pods refer to, and nothing else", async () => {
    const data = { stringData: { a: "b" } };
    for (const name of ["mine", "other"])
      await made(`${v1}/secrets`, { metadata: { name }, ...data });
    await made(`${v1}/pods`, {
      metadata: { name: "reader" },
      spec: {
        nodeName: "worker-1",
        containers: [{ name: "a", image: "nginx", envFrom: [{ secretRef: { name: "mine" } }] }],
      },
    });
    const asked = async (path: string): Promise<string> => {
      const { code, body } = await api.request("GET", path, undefined, kubelet);
      return code === 200 ? "" : body.message;
    };
    const none = "no relationship found between node 'worker-1' and this object";
    expect(await asked(`${v1}/secrets/mine`)).toBe("");
    expect(await asked(`${v1}/pods/reader`)).toBe("");
    expect(await asked(`${v1}/pods?fieldSelector=spec.nodeName%3Dworker-1`)).toBe("");
    expect(await asked(`${v1}/serviceaccounts/default`)).toBe("");
    expect(await asked(`${v1}/serviceaccounts`)).toBe(
      `${cannot("list", "serviceaccounts", "", inNamespace)}: can only create tokens for individual service accounts`,
    );
    expect(await asked("/api/v1/nodes/worker-1")).toBe("");
    expect(await asked("/api/v1/nodes?fieldSelector=metadata.name%3Dworker-1")).toBe("");
    expect(await asked(`${v1}/secrets?fieldSelector=metadata.name%3Dmine`)).toBe("");
    expect(await asked(`${v1}/secrets/other`)).toBe(
      `${cannot("get", "secrets", "other", inNamespace)}: ${none}`,
    );
    expect(await asked(`${v1}/secrets`)).toBe(
      `${cannot("list", "secrets", "", inNamespace)}: No Object name found`,
    );
    expect(await asked(`${v1}/pods`)).toBe(
      `${cannot("list", "pods", "", inNamespace)}: can only list/watch pods with spec.nodeName field selector`,
    );
    expect(await asked("/api/v1/nodes/worker-2")).toBe(
      `${cannot("get", "nodes", "worker-2", "at the cluster scope")}: node 'worker-1' cannot read 'worker-2', only its own Node object`,
    );
    expect(await asked("/api/v1/nodes")).toBe(
      `${cannot("list", "nodes", "", "at the cluster scope")}: node 'worker-1' cannot read all nodes, only its own Node object`,
    );
  });
});

describe("the default policy", () => {
  const names = async (path: string): Promise<readonly string[]> =>
    (await api.get(path)).items
      .filter(
        ({ metadata }: Json) =>
          metadata.labels?.["kubernetes.io/bootstrapping"] === "rbac-defaults",
      )
      .map(({ metadata }: Json) => metadata.name);
  const own = (all: readonly string[]): readonly string[] =>
    all.filter((name) => !name.startsWith("system:controller:")).toSorted();

  test("all ClusterRoles of upstream, marked as its reconciler marks them", async () => {
    expect(own(await names(`${rbac}/clusterroles`))).toEqual(
      [
        "admin",
        "cluster-admin",
        "edit",
        "system:aggregate-to-admin",
        "system:aggregate-to-edit",
        "system:aggregate-to-view",
        "system:auth-delegator",
        "system:basic-user",
        "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
        "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        "system:certificates.k8s.io:kube-apiserver-client-approver",
        "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
        "system:certificates.k8s.io:kubelet-serving-approver",
        "system:certificates.k8s.io:legacy-unknown-approver",
        "system:discovery",
        "system:heapster",
        "system:kube-aggregator",
        "system:kube-controller-manager",
        "system:kube-dns",
        "system:kube-scheduler",
        "system:kubelet-api-admin",
        "system:monitoring",
        "system:node",
        "system:node-bootstrapper",
        "system:node-problem-detector",
        "system:node-proxier",
        "system:persistent-volume-provisioner",
        "system:public-info-viewer",
        "system:service-account-issuer-discovery",
        "system:volume-scheduler",
        "view",
      ].toSorted(),
    );
    const { metadata } = await api.get(`${rbac}/clusterroles/view`);
    expect(metadata.annotations).toEqual({ "rbac.authorization.kubernetes.io/autoupdate": "true" });
  });

  test("each of a controller's roles is bound to its account", async () => {
    const bound = (await names(`${rbac}/clusterrolebindings`)).filter((name) =>
      name.startsWith("system:controller:"),
    );
    const roles = (await names(`${rbac}/clusterroles`)).filter((name) =>
      name.startsWith("system:controller:"),
    );
    expect(bound.toSorted()).toEqual(roles.toSorted());
    expect(roles.length).toBeGreaterThan(30);
  });

  test("edit holds view, admin holds edit: by aggregation, also of what comes later", async () => {
    const rulesOf = async (name: string): Promise<readonly Json[]> =>
      (await api.get(`${rbac}/clusterroles/${name}`)).rules;
    const [view, edit, admin] = [
      await rulesOf("view"),
      await rulesOf("edit"),
      await rulesOf("admin"),
    ];
    expect(edit).toEqual(expect.arrayContaining([...view]));
    expect(admin).toEqual(expect.arrayContaining([...edit]));
    const things = rule("get list watch", "acme.io", "things");
    await made(`${rbac}/clusterroles`, {
      metadata: {
        name: "view-things",
        labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" },
      },
      rules: [things],
    });
    await api.advance("1s");
    for (const name of ["view", "edit", "admin"])
      expect(await rulesOf(name)).toEqual(expect.arrayContaining([things]));
  });
});
