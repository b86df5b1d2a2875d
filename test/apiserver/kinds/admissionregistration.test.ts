/** admissionregistration.k8s.io: webhooks and policies, and what is wrong with their expressions. */
import { describe, expect, test } from "vitest";
import {
  paramKindAuthority,
  paramRefAuthority,
} from "#apiserver/kinds/admissionregistration/param-authority.ts";
import type { Change } from "#apiserver/kinds/kind.ts";
import { cells, complete, kindOf, problems } from "./problems.ts";

const group = "admissionregistration.k8s.io/v1";
const rules = [
  { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] },
];
const hook = (over: object = {}): object => ({
  webhooks: [
    {
      name: "a.example.com",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      clientConfig: { url: "https://a.example" },
      rules,
      ...over,
    },
  ],
});

describe("webhooks", () => {
  const gvk = `${group}/MutatingWebhookConfiguration`;
  const at = "webhooks[0]";
  const withRule = (over: object): object => hook({ rules: [{ ...rules[0], ...over }] });
  test.each<[string, object, readonly string[]]>([
    ["a whole one", hook(), []],
    [
      "a short name",
      hook({ name: "a.b" }),
      [
        `${at}.name: Invalid value: "a.b": should be a domain with at least three segments separated by dots`,
      ],
    ],
    [
      "side effects untold",
      hook({ sideEffects: undefined }),
      [`${at}.sideEffects: Required value: must specify one of None, NoneOnDryRun`],
    ],
    [
      "side effects",
      hook({ sideEffects: "Some" }),
      [`${at}.sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"`],
    ],
    [
      "too patient",
      hook({ timeoutSeconds: 31 }),
      [
        `${at}.timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds`,
      ],
    ],
    [
      "no version we speak",
      hook({ admissionReviewVersions: ["v9"] }),
      [
        `${at}.admissionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1`,
      ],
    ],
    [
      "a version twice",
      hook({ admissionReviewVersions: ["v1", "v1"] }),
      [`${at}.admissionReviewVersions[1]: Invalid value: "v1": duplicate version`],
    ],
    [
      "every part of everything, and one of it",
      withRule({ resources: ["*/*", "*/status"] }),
      [
        `${at}.rules[0].resources[1]: Invalid value: "*/status": if '*/*' is present, must not specify */status`,
        `${at}.rules[0].resources: Invalid value: ["*/*","*/status"]: if '*/*' is present, must not specify other resources`,
      ],
    ],
    [
      "nowhere to ask",
      hook({ clientConfig: {} }),
      [`${at}.clientConfig: Required value: exactly one of url or service is required`],
    ],
    [
      "in the clear",
      hook({ clientConfig: { url: "http://a.example" } }),
      [
        `${at}.clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
      ],
    ],
    [
      "with a query",
      hook({ clientConfig: { url: "https://a.example/x?y=1" } }),
      [
        `${at}.clientConfig.url: Invalid value: "y=1": query parameters are not permitted in the URL`,
      ],
    ],
    [
      "a Service without a name",
      hook({ clientConfig: { service: { namespace: "a" } } }),
      [`${at}.clientConfig.service.namespace: Required value`],
    ],
    ["no operation", withRule({ operations: [] }), [`${at}.rules[0].operations: Required value`]],
    [
      "all and one more",
      withRule({ operations: ["*", "CREATE"] }),
      [
        `${at}.rules[0].operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`,
      ],
    ],
    [
      "parts twice",
      withRule({ resources: ["pods/*", "pods/log"] }),
      [
        `${at}.rules[0].resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log`,
      ],
    ],
    [
      "another policy",
      hook({ failurePolicy: "Shrug" }),
      [`${at}.failurePolicy: Unsupported value: "Shrug": supported values: "Fail", "Ignore"`],
    ],
    [
      "a condition that is no question",
      hook({ matchConditions: [{ name: "a", expression: "1" }] }),
      [
        `${at}.matchConditions[0].expression: Invalid value: "1": must evaluate to bool but got int`,
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
  test("what nobody says", () => {
    const service = { namespace: "a", name: "b" };
    expect(complete(gvk, hook({ clientConfig: { service } }))).toMatchObject({
      webhooks: [
        {
          failurePolicy: "Fail",
          matchPolicy: "Equivalent",
          namespaceSelector: {},
          objectSelector: {},
          timeoutSeconds: 10,
          reinvocationPolicy: "Never",
          rules: [{ scope: "*" }],
          clientConfig: { service: { port: 443 } },
        },
      ],
    });
  });
});

describe("ValidatingAdmissionPolicy", () => {
  const gvk = `${group}/ValidatingAdmissionPolicy`;
  const policy = (over: object = {}): object => ({
    spec: {
      matchConstraints: { resourceRules: rules },
      validations: [{ expression: "object.spec.replicas <= 5" }],
      ...over,
    },
  });
  const checking = (expression: string, over: object = {}): object =>
    policy({ validations: [{ expression }], ...over });
  const at = "spec.validations[0]";
  test.each<[string, object, readonly string[]]>([
    ["a whole one", policy(), []],
    [
      "about nothing",
      policy({ matchConstraints: undefined }),
      ["spec.matchConstraints: Required value"],
    ],
    [
      "about no resource",
      policy({ matchConstraints: {} }),
      ["spec.matchConstraints.resourceRules: Required value"],
    ],
    [
      "no validation",
      policy({ validations: [] }),
      ["validations", "auditAnnotations"].map(
        (field) =>
          `spec.${field}: Required value: validations or auditAnnotations must contain at least one item`,
      ),
    ],
    [
      "an empty expression",
      checking(" "),
      [`${at}.expression: Required value: expression is not specified`],
    ],
    [
      "a number",
      checking("1 + 1"),
      [`${at}.expression: Invalid value: "1 + 1": must evaluate to bool but got int`],
    ],
    [
      "a name nobody knows",
      checking("objct.a"),
      [
        `${at}.expression: Invalid value: "objct.a": compilation failed: ERROR: <input>:1:1: undeclared reference to 'objct' (in container '')\n | objct.a\n | ^`,
      ],
    ],
    [
      "params without a kind",
      checking("params.most > 1"),
      [
        `${at}.expression: Invalid value: "params.most > 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.most > 1\n | ^`,
      ],
    ],
    [
      "params of a kind",
      checking("params.most > 1", { paramKind: { apiVersion: "v1", kind: "ConfigMap" } }),
      [],
    ],
    [
      "a field that requests do not have",
      checking("request.colour == 'a'"),
      [
        `${at}.expression: Invalid value: "request.colour == 'a'": compilation failed: ERROR: <input>:1:8: undefined field 'colour'\n | request.colour == 'a'\n | .......^`,
      ],
    ],
    [
      "who may do what",
      checking("authorizer.group('').resource('pods').check('get').allowed()"),
      [],
    ],
    [
      "variables in order",
      policy({
        variables: [
          { name: "n", expression: "size(object.a)" },
          { name: "m", expression: "variables.n + 1" },
        ],
        validations: [{ expression: "variables.m > 2" }],
      }),
      [],
    ],
    [
      "a variable of a later line",
      policy({ variables: [{ name: "m", expression: "variables.n" }] }),
      [
        "spec.variables[0].expression: Invalid value: \"variables.n\": compilation failed: ERROR: <input>:1:10: undefined field 'n'\n | variables.n\n | .........^",
      ],
    ],
    [
      "a variable with a bad name",
      policy({ variables: [{ name: "a-b", expression: "1" }] }),
      ['spec.variables[0].name: Invalid value: "a-b": must be a valid CEL identifier'],
    ],
    [
      "a message of two lines",
      policy({ validations: [{ expression: "true", message: "a\nb" }] }),
      [`${at}.message: Invalid value: "a\\nb": must not contain line breaks`],
    ],
    [
      "a reason",
      policy({ validations: [{ expression: "true", reason: "Bored" }] }),
      [
        `${at}.reason: Unsupported value: "Bored": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"`,
      ],
    ],
    [
      "a message that is a number",
      policy({ validations: [{ expression: "true", messageExpression: "1" }] }),
      [`${at}.messageExpression: Invalid value: "1": must evaluate to string but got int`],
    ],
    [
      "a kind of params without a version",
      policy({ paramKind: { apiVersion: "a.example/", kind: "K" } }),
      ['spec.paramKind.apiVersion: Invalid value: "a.example/": version must be specified'],
    ],
  ])("%s", (_, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
  test("shows how many validations, and of which kind its parameters are", () => {
    const given = policy({ paramKind: { apiVersion: "v1", kind: "ConfigMap" } });
    expect(cells(gvk, given).slice(1, 3)).toEqual([1, "v1/ConfigMap"]);
    expect(cells(gvk, policy()).slice(1, 3)).toEqual([1, "<unset>"]);
  });
});

describe("bindings and mutations", () => {
  const binding = `${group}/ValidatingAdmissionPolicyBinding`;
  const mutating = `${group}/MutatingAdmissionPolicy`;
  const bound = (over: object): object => ({
    spec: { policyName: "p", validationActions: ["Deny"], ...over },
  });
  const mutated = (mutation: object): object => ({
    spec: {
      reinvocationPolicy: "Never",
      matchConstraints: { resourceRules: rules },
      mutations: [mutation],
    },
  });
  test.each<[string, string, object, readonly string[]]>([
    [
      "no policy",
      binding,
      { spec: { validationActions: ["Deny"] } },
      ["spec.policyName: Required value"],
    ],
    [
      "no action",
      binding,
      bound({ validationActions: [] }),
      ["spec.validationActions: Required value: at least one validation action is required"],
    ],
    [
      "deny and warn",
      binding,
      bound({ validationActions: ["Deny", "Warn"] }),
      [
        'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ],
    ],
    [
      "no parameter",
      binding,
      bound({ paramRef: { parameterNotFoundAction: "Deny" } }),
      ["spec.paramRef: Required value: one of name or selector must be specified"],
    ],
    [
      "a parameter without what if",
      binding,
      bound({ paramRef: { name: "a" } }),
      ["spec.paramRef.parameterNotFoundAction: Required value"],
    ],
    [
      "no mutation",
      mutating,
      { spec: { reinvocationPolicy: "Never", matchConstraints: { resourceRules: rules } } },
      ["spec.mutations: Required value: mutations must contain at least one item"],
    ],
    [
      "a patch of another sort",
      mutating,
      mutated({ patchType: "JSONPatch", applyConfiguration: { expression: "Object{}" } }),
      [
        "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch",
        'spec.mutations[0].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
      ],
    ],
    [
      "a patch of what goes, without an expression",
      mutating,
      {
        spec: {
          reinvocationPolicy: "Never",
          matchConstraints: { resourceRules: [{ ...rules[0], operations: ["DELETE"] }] },
          mutations: [{ patchType: "JSONPatch", jsonPatch: {} }],
        },
      },
      [
        'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
        "spec.mutations[0].jsonPatch.expression: Required value",
      ],
    ],
    [
      "patches that compile",
      mutating,
      mutated({
        patchType: "ApplyConfiguration",
        applyConfiguration: {
          expression: 'Object{spec: Object.spec{replicas: object.spec.replicas + 1}, kind: "x"}',
        },
      }),
      [],
    ],
    [
      "operations that compile",
      mutating,
      mutated({
        patchType: "JSONPatch",
        jsonPatch: {
          expression:
            '[JSONPatch{op: "test", path: "/a/" + jsonpatch.escapeKey("b"), value: 1}, JSONPatch{op: "remove", path: "/a"}]',
        },
      }),
      [],
    ],
    [
      "a patch that does not compile",
      mutating,
      mutated({
        patchType: "ApplyConfiguration",
        applyConfiguration: { expression: "Object{spec: Object.spec{replicas: nothing}}" },
      }),
      [
        "spec.mutations[0].applyConfiguration.expression: Invalid value: \"Object{spec: Object.spec{replicas: nothing}}\": compilation failed: ERROR: <input>:1:36: undeclared reference to 'nothing' (in container '')\n | Object{spec: Object.spec{replicas: nothing}}\n | ...................................^",
      ],
    ],
    [
      "operations whose parts are no texts",
      mutating,
      mutated({
        patchType: "JSONPatch",
        jsonPatch: { expression: '[JSONPatch{op: "add", path: 1}]' },
      }),
      [
        "spec.mutations[0].jsonPatch.expression: Invalid value: \"[JSONPatch{op: \\\"add\\\", path: 1}]\": compilation failed: ERROR: <input>:1:27: expected type of field 'path' is 'string' but provided type is 'int'\n | [JSONPatch{op: \"add\", path: 1}]\n | ..........................^",
      ],
    ],
    [
      "a patch that is none",
      mutating,
      mutated({ patchType: "ApplyConfiguration", applyConfiguration: { expression: "'a'" } }),
      [
        `spec.mutations[0].applyConfiguration.expression: Invalid value: "'a'": must evaluate to Object but got string`,
      ],
    ],
    [
      "operations that are none",
      mutating,
      mutated({ patchType: "JSONPatch", jsonPatch: { expression: "1" } }),
      [
        'spec.mutations[0].jsonPatch.expression: Invalid value: "1": must evaluate to list(JSONPatch) but got int',
      ],
    ],
  ])("%s", (_, gvk, given, expected) => {
    expect(problems(gvk, given)).toEqual(expected);
  });
  test.each([
    [{ name: "a" }, "*/a"],
    [{ name: "a", namespace: "b" }, "b/a"],
    [undefined, "<unset>"],
  ])("a binding shows its parameters", (paramRef, text) => {
    expect(cells(binding, bound({ paramRef }))[2]).toBe(text);
  });
});

test("a name that is kept for files", () => {
  const gvk = `${group}/ValidatingWebhookConfiguration`;
  const named = complete(gvk, { ...hook(), metadata: { name: "a.static.k8s.io" } });
  expect(kindOf(gvk).warnings?.(named)).toEqual([
    'metadata.name: names ending with ".static.k8s.io" are reserved for static manifest-based configurations and cannot be managed via the API',
  ]);
});

describe("whoever lets a policy look at parameters must be able to read them", () => {
  const user = { name: "jane", groups: ["a", "b"], extra: { k: ["v"] } };
  const change = (next: object, allowed: boolean, found?: object): Change =>
    ({
      next,
      previous: undefined,
      user,
      info: { subresource: "" },
      context: {
        authorizer: { authorize: () => ({ allowed, reason: "" }) },
        get: () => found,
        resourceOf: (kind: string) => (kind === "v1/ConfigMap" ? "configmaps" : undefined),
      },
    }) as never;
  const ofKind = (kind: string): object => ({ spec: { paramKind: { apiVersion: "v1", kind } } });
  const policies = `${group}/ValidatingAdmissionPolicy`;
  const who = "user &{jane  [a b] map[k:[v]]}";
  const ok = (): [] => [];

  test("of a policy", () => {
    const asked = ofKind("ConfigMap") as never;
    expect(paramKindAuthority(change(asked, true), ok)).toEqual([]);
    expect(paramKindAuthority(change(asked, false), ok)).toMatchObject([
      {
        field: "spec.paramKind",
        message: `Forbidden: ${who} must have "get" permission on all objects of the referenced paramKind (kind=ConfigMap, apiVersion=v1)`,
      },
    ]);
  });
  test.each<[string, object | undefined, string]>([
    [
      "known",
      ofKind("ConfigMap"),
      `${who} does not have "get" permission on the object referenced by paramRef`,
    ],
    [
      "of another kind",
      ofKind("Mood"),
      `unable to resolve paramKind &{v1 Mood} to determine minimum required permissions and ${who} does not have "get" permission for all groups, versions and resources`,
    ],
    [
      "missing",
      undefined,
      `unable to get policy p to determine minimum required permissions and ${who} does not have "get" permission for all groups, versions and resources`,
    ],
  ])("of a binding whose policy is %s", (_, found, expected) => {
    const binding = { spec: { policyName: "p", paramRef: { name: "c" } } };
    expect(paramRefAuthority(change(binding, false, found), policies, ok)).toMatchObject([
      { field: "spec.paramRef", message: `Forbidden: ${expected}` },
    ]);
  });
});
