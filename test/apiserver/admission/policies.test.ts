/** Validating and mutating admission policies: matching, params, variables, messages, actions, patches. */
import { beforeAll, expect, test } from "vitest";
import { withMaps } from "#apiserver/cel/object-syntax.ts";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
const group = "/apis/admissionregistration.k8s.io/v1";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const configMaps = "/api/v1/namespaces/default/configmaps";
const merge = { "content-type": "application/merge-patch+json" };

const deployment = (name: string, replicas: number, labels: Json = {}): Json => ({
  metadata: { name, labels },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "nginx" }] },
    },
  },
});
const rules = (
  resources: readonly string[],
  groups = ["apps"],
  operations = ["CREATE", "UPDATE"],
): Json => ({
  resourceRules: [{ apiGroups: groups, apiVersions: ["*"], operations, resources }],
});
async function policy(name: string, spec: Json, binding: Json = {}): Promise<void> {
  const made = [
    await api.request("POST", `${group}/validatingadmissionpolicies`, { metadata: { name }, spec }),
    await api.request("POST", `${group}/validatingadmissionpolicybindings`, {
      metadata: { name: `${name}-all` },
      spec: { policyName: name, validationActions: ["Deny"], ...binding },
    }),
  ];
  for (const { code, body } of made) expect([code, body.message]).toEqual([201, undefined]);
}
async function withdraw(name: string): Promise<void> {
  await api.request("DELETE", `${group}/validatingadmissionpolicybindings/${name}-all`);
  await api.request("DELETE", `${group}/validatingadmissionpolicies/${name}`);
}
const post = async (path: string, body: Json): Promise<Json> => {
  const { code, body: answer, headers } = await api.request("POST", path, body);
  return {
    code,
    message: answer.message,
    reason: answer.reason,
    warning: headers.get("warning"),
    body: answer,
  };
};

const replicas = {
  matchConstraints: rules(["deployments"]),
  validations: [{ expression: "object.spec.replicas <= 5" }],
};

test("a policy denies what its expression does not allow", async () => {
  await policy("few", replicas);
  const refused = await api.request("POST", deployments, deployment("many", 6));
  const message =
    "deployments.apps \"many\" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few-all' denied request: failed expression: object.spec.replicas <= 5";
  expect(refused.body).toMatchObject({ code: 422, reason: "Invalid", message });
  expect(refused.body.details.causes).toEqual([
    { message: message.slice(message.indexOf("Validating")) },
  ]);
  expect((await post(deployments, deployment("some", 5))).code).toBe(201);
  const scaled = await api.request(
    "PATCH",
    `${deployments}/some`,
    { spec: { replicas: 9 } },
    merge,
  );
  expect(scaled.code).toBe(422);
  await withdraw("few");
  expect((await post(deployments, deployment("now", 6))).code).toBe(201);
});

test.each<[string, Json, Json, string | undefined]>([
  [
    "the message",
    { validations: [{ expression: "object.spec.replicas < 2", message: " too many " }] },
    {},
    "too many",
  ],
  [
    "the message's expression, with variables that build on each other",
    {
      variables: [
        { name: "wanted", expression: "object.spec.replicas" },
        { name: "twice", expression: "variables.wanted * 2" },
      ],
      validations: [
        {
          expression: "variables.twice < 4",
          messageExpression:
            "'twice ' + string(variables.wanted) + ' is ' + string(variables.twice)",
        },
      ],
    },
    {},
    "twice 3 is 6",
  ],
  [
    "the reason",
    { validations: [{ expression: "false", reason: "Forbidden", message: "no" }] },
    {},
    "no",
  ],
  [
    "an error fails",
    { validations: [{ expression: "object.spec.nothing == 1" }] },
    {},
    "expression 'object.spec.nothing == 1' resulted in error: no such key: nothing",
  ],
  [
    "an error of a variable fails",
    {
      variables: [{ name: "v", expression: "object.spec.nothing" }],
      validations: [{ expression: "variables.v == 1" }],
    },
    {},
    "expression 'variables.v == 1' resulted in error: composited variable \"v\" fails to evaluate: expression 'object.spec.nothing' resulted in error: no such key: nothing",
  ],
  [
    "unless failures are ignored",
    { failurePolicy: "Ignore", validations: [{ expression: "object.spec.nothing == 1" }] },
    {},
    undefined,
  ],
  [
    "a condition that does not hold",
    {
      matchConditions: [{ name: "c", expression: "request.userInfo.username == 'nobody'" }],
      validations: [{ expression: "false" }],
    },
    {},
    undefined,
  ],
  [
    "the request",
    {
      validations: [
        {
          expression: "request.operation != 'CREATE' || request.resource.resource != 'deployments'",
          message: "create",
        },
      ],
    },
    {},
    "create",
  ],
  [
    "the namespace",
    {
      validations: [
        { expression: "namespaceObject.metadata.name != 'default'", message: "default" },
      ],
    },
    {},
    "default",
  ],
  [
    "what the user may do",
    {
      validations: [
        {
          expression:
            "!authorizer.group('').resource('nodes').check('delete').allowed() || !authorizer.requestResource.check('create').allowed()",
          message: "may",
        },
      ],
    },
    {},
    "may",
  ],
  [
    "a binding of another namespace",
    { validations: [{ expression: "false" }] },
    {
      matchResources: {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } },
      },
    },
    undefined,
  ],
  [
    "a binding of other objects",
    { validations: [{ expression: "false" }] },
    { matchResources: { objectSelector: { matchLabels: { a: "b" } } } },
    undefined,
  ],
  [
    "what a binding excludes",
    { validations: [{ expression: "false" }] },
    { matchResources: { excludeResourceRules: rules(["deployments"])["resourceRules"] } },
    undefined,
  ],
])("%s", async (title, spec, binding, message) => {
  const name = title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  await policy(name, { matchConstraints: rules(["deployments"]), ...spec }, binding);
  const answer = await post(`${deployments}?dryRun=All`, deployment("d", 3));
  await withdraw(name);
  const said =
    message === undefined
      ? undefined
      : `deployments.apps "d" is forbidden: ValidatingAdmissionPolicy '${name}' with binding '${name}-all' denied request: ${message}`;
  expect(answer.message).toBe(said);
  if (title === "the reason") expect([answer.code, answer.reason]).toEqual([403, "Forbidden"]);
});

test("an update that changes nothing is judged too", async () => {
  await post(deployments, deployment("same", 1));
  await policy("never", {
    matchConstraints: rules(["deployments"]),
    validations: [{ expression: "false" }],
  });
  const { code } = await api.request("PATCH", `${deployments}/same`, {}, merge);
  await withdraw("never");
  expect(code).toBe(422);
});

test("Warn warns", async () => {
  await policy("soft", replicas, { validationActions: ["Warn", "Audit"] });
  const answer = await post(`${deployments}?dryRun=All`, deployment("many", 6));
  await withdraw("soft");
  expect([answer.code, answer.warning]).toEqual([
    201,
    "299 - \"Validation failed for ValidatingAdmissionPolicy 'soft' with binding 'soft-all': failed expression: object.spec.replicas <= 5\"",
  ]);
});

test("params: by name, by selector, none", async () => {
  const limits = (name: string, most: string, labels: Json = {}): Json => ({
    metadata: { name, labels },
    data: { most },
  });
  await post(configMaps, limits("limit", "4", { kind: "limit" }));
  await post(configMaps, limits("strict", "2", { kind: "limit" }));
  const spec = {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    matchConstraints: rules(["deployments"]),
    validations: [
      {
        expression: "object.spec.replicas <= int(params.data.most)",
        messageExpression: "'at most ' + params.data.most",
      },
    ],
  };
  const asked = async (paramRef: Json, count: number): Promise<string | undefined> => {
    await policy("limited", spec, { paramRef });
    const { message } = await post(`${deployments}?dryRun=All`, deployment("d", count));
    await withdraw("limited");
    return message?.slice(message.indexOf("denied"));
  };
  const deny = { parameterNotFoundAction: "Deny" };
  expect(await asked({ name: "limit", ...deny }, 5)).toBe("denied request: at most 4");
  expect(await asked({ name: "limit", ...deny }, 3)).toBeUndefined();
  expect(await asked({ selector: { matchLabels: { kind: "limit" } }, ...deny }, 3)).toBe(
    "denied request: at most 2",
  );
  expect(await asked({ name: "gone", ...deny }, 1)).toBe(
    "denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
  );
  expect(await asked({ name: "gone", parameterNotFoundAction: "Allow" }, 9)).toBeUndefined();
});

test("a scale is judged as a Scale, a deletion by what was", async () => {
  await post(deployments, deployment("scaled", 1));
  await policy("scales", {
    matchConstraints: rules(["deployments/scale"]),
    validations: [{ expression: "object.kind == 'Scale' && object.spec.replicas < 3" }],
  });
  await policy("keeps", {
    matchConstraints: rules(["deployments"], ["apps"], ["DELETE"]),
    validations: [{ expression: "object == null && oldObject.metadata.name != 'scaled'" }],
  });
  const scale = (count: number): Promise<Json> =>
    api.request("PATCH", `${deployments}/scaled/scale`, { spec: { replicas: count } }, merge);
  expect((await scale(2)).code).toBe(200);
  expect((await scale(3)).code).toBe(422);
  expect((await api.request("DELETE", `${deployments}/scaled`)).code).toBe(422);
  await withdraw("scales");
  await withdraw("keeps");
});

test("a rule about one version finds objects of another", async () => {
  await policy("equivalent", {
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ["autoscaling"],
          apiVersions: ["v1"],
          operations: ["*"],
          resources: ["horizontalpodautoscalers"],
        },
      ],
    },
    validations: [
      {
        expression: "object.apiVersion == 'autoscaling/v2'",
        messageExpression: "string(object.apiVersion)",
      },
    ],
  });
  const scaler = {
    metadata: { name: "h" },
    spec: {
      maxReplicas: 2,
      scaleTargetRef: { kind: "Deployment", name: "x", apiVersion: "apps/v1" },
    },
  };
  const { message } = await post(
    "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
    scaler,
  );
  await withdraw("equivalent");
  expect(message).toContain("denied request: autoscaling/v1");
});

test.each<[string, string]>([
  ["Object{}", "{}"],
  ["Object{a: 1}", '{"a": dyn( 1)}'],
  [
    "Object{spec: Object.spec{c: [Object.spec.c{d: 'x, }'}], e: {'k': f(1, 2)}}}",
    `{"spec": dyn( {"c": dyn( [{"d": dyn( 'x, }')}]), "e": dyn( {'k': f(1, 2)})})}`,
  ],
  [
    "[JSONPatch{op: 'add', path: '/a' + object.b}]",
    `[{"op": json_patch_op( 'add'), "path": json_patch_path( '/a' + object.b)}]`,
  ],
  ["object.Object.x", "object.Object.x"],
])("%s becomes maps", (from, to) => {
  expect(withMaps(from).expression).toBe(to);
});
test("a JSONPatch has four fields", () => {
  expect(withMaps("[JSONPatch{op: 'add', way: '/a'}]").mismatch).toBe(
    "unexpected JSONPatchType field: way",
  );
});
test("types must follow the path", () => {
  expect(withMaps("Object{spec: Object.status{a: 1}}").mismatch).toBe(
    'type mismatch: unexpected type name "Object.status", expected "Object.spec", which matches field name path from root Object type',
  );
});

async function mutation(name: string, spec: Json, binding: Json = {}): Promise<void> {
  const made = [
    await api.request("POST", `${group}/mutatingadmissionpolicies`, {
      metadata: { name },
      spec: { failurePolicy: "Fail", reinvocationPolicy: "Never", ...spec },
    }),
    await api.request("POST", `${group}/mutatingadmissionpolicybindings`, {
      metadata: { name: `${name}-all` },
      spec: { policyName: name, ...binding },
    }),
  ];
  for (const { code, body } of made) expect([code, body.message]).toEqual([201, undefined]);
}
async function retract(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await api.request("DELETE", `${group}/mutatingadmissionpolicybindings/${name}-all`);
    await api.request("DELETE", `${group}/mutatingadmissionpolicies/${name}`);
  }
}
const apply = (expression: string): Json => ({
  patchType: "ApplyConfiguration",
  applyConfiguration: { expression },
});
const patch = (expression: string): Json => ({ patchType: "JSONPatch", jsonPatch: { expression } });

test.each<[string, Json, Json]>([
  [
    "a label is applied",
    apply('Object{metadata: Object.metadata{labels: {"team": "blue"}}}'),
    { metadata: { labels: { own: "1", team: "blue" } } },
  ],
  [
    "a field is applied where there is something to apply",
    apply(
      'Object{metadata: Object.metadata{?labels: object.metadata.?labels.optMap(l, {"team": "red"}), ?annotations: optional.none()}}',
    ),
    { metadata: { labels: { own: "1", team: "red" } } },
  ],
  [
    "a container is merged by its name, another follows",
    apply(
      `Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{
        containers: [
          Object.spec.template.spec.containers{name: "web", imagePullPolicy: "Never"},
          Object.spec.template.spec.containers{name: "side", image: "busybox"}
        ]}}}}`,
    ),
    {
      spec: {
        template: {
          spec: {
            containers: [
              { name: "web", image: "nginx", imagePullPolicy: "Never" },
              { name: "side", image: "busybox", imagePullPolicy: "Always" },
            ],
          },
        },
      },
    },
  ],
  [
    "a patch",
    patch(
      '[JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a.io/b"), value: "c"}, JSONPatch{op: "replace", path: "/spec/replicas", value: object.spec.replicas + 1}]',
    ),
    { metadata: { labels: { "a.io/b": "c" } }, spec: { replicas: 3 } },
  ],
  [
    "a patch whose test fails changes nothing",
    patch(
      '[JSONPatch{op: "test", path: "/spec/replicas", value: 7}, JSONPatch{op: "remove", path: "/metadata/labels"}]',
    ),
    { metadata: { labels: { own: "1" } } },
  ],
])("%s", async (title, one, expected) => {
  const name = title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  await mutation(name, { matchConstraints: rules(["deployments"]), mutations: [one] });
  const answer = await post(`${deployments}?dryRun=All`, deployment("d", 2, { own: "1" }));
  await retract(name);
  expect(answer.message).toBeUndefined();
  expect(answer.body).toMatchObject(expected);
});

test.each<[string, Json, string]>([
  [
    "what is atomic may not be applied",
    apply(
      'Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: "web", args: ["a"]}]}}}}',
    ),
    "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.template.spec.containers[0].args",
  ],
  [
    "nor what the path does not lead to",
    apply("Object{spec: Object.metadata{}}"),
    'type mismatch: unexpected type name "Object.metadata", expected "Object.spec", which matches field name path from root Object type',
  ],
  [
    "a patch must apply",
    patch('[JSONPatch{op: "remove", path: "/spec/nothing"}]'),
    "JSON Patch: remove operation does not apply: doc is missing path: /spec/nothing: missing value",
  ],
])("%s", async (title, one, why) => {
  const name = title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  await mutation(name, { matchConstraints: rules(["deployments"]), mutations: [one] });
  const answer = await post(`${deployments}?dryRun=All`, deployment("d", 2, { own: "1" }));
  await retract(name);
  expect([answer.code, answer.reason, answer.message]).toEqual([
    403,
    "Invalid",
    `policy '${name}' with binding '${name}-all' denied request: ${why}`,
  ]);
});

test("a mutation that fails leaves the others; all failures are causes", async () => {
  const constraints = { matchConstraints: rules(["deployments"]) };
  const removes = patch('[JSONPatch{op: "remove", path: "/spec/nothing"}]');
  const mutations = [
    apply('Object{metadata: Object.metadata{labels: {"team": "blue"}}}'),
    removes,
    apply('Object{metadata: Object.metadata{labels: {"seen": object.metadata.labels.team}}}'),
  ];
  const create = (): Promise<Json> =>
    post(`${deployments}?dryRun=All`, deployment("d", 1, { own: "1" }));
  await mutation("lax", { ...constraints, failurePolicy: "Ignore", mutations });
  const { body } = await create();
  await retract("lax");
  expect(body.metadata.labels).toEqual({ own: "1", team: "blue", seen: "blue" });
  await mutation("strict", { ...constraints, mutations: [removes, removes] });
  const refused = await create();
  await retract("strict");
  expect(refused.body.details.causes).toEqual([
    { message: refused.message },
    { message: refused.message },
  ]);
});

test("who asked to be called again sees what the others did", async () => {
  const constraints = { matchConstraints: rules(["deployments"]) };
  const copies = apply(
    'Object{metadata: Object.metadata{annotations: {"seen": "team" in object.metadata.labels ? object.metadata.labels.team : "none"}}}',
  );
  await mutation("a-copies", {
    ...constraints,
    mutations: [copies],
    reinvocationPolicy: "IfNeeded",
  });
  await mutation("b-sets", {
    ...constraints,
    mutations: [apply('Object{metadata: Object.metadata{labels: {"team": "blue"}}}')],
  });
  const { body } = await post(`${deployments}?dryRun=All`, deployment("d", 1, { own: "1" }));
  await retract("a-copies", "b-sets");
  expect(body.metadata.annotations).toEqual({ seen: "blue" });
});

beforeAll(async () => {
  await api.advance("1s");
});

test.each<[string, string, Json, string]>([
  ["SelfSubjectAccessReview", "authorization.k8s.io", { resourceAttributes: { verb: "get" } }, ""],
  ["SelfSubjectRulesReview", "authorization.k8s.io", { namespace: "default" }, ""],
  [
    "LocalSubjectAccessReview",
    "authorization.k8s.io",
    { user: "jane", resourceAttributes: { verb: "get", namespace: "absent" } },
    "namespaces/absent/",
  ],
  ["TokenReview", "authentication.k8s.io", { token: "x" }, ""],
  ["SelfSubjectReview", "authentication.k8s.io", {}, ""],
])("questions are judged too: %s", async (kind, of, spec, within) => {
  const plural = `${kind.toLowerCase()}s`;
  const path = `/apis/${of}/v1/${within}${plural}`;
  expect((await post(path, { spec })).code).toBe(201);
  const name = kind.toLowerCase();
  await policy(name, {
    matchConstraints: rules([plural], [of], ["CREATE"]),
    validations: [{ expression: "object.kind == 'Other'", message: "no questions" }],
  });
  expect((await post(path, { spec })).message).toBe(
    `${plural}.${of} "Unknown" is forbidden: ValidatingAdmissionPolicy '${name}' with binding '${name}-all' denied request: no questions`,
  );
  await withdraw(name);
});
