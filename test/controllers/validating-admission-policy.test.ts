/** What a policy's status says of its expressions, by the kinds that it will meet. */
import { beforeAll, expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
const rule = (group: string, ...resources: string[]): Json => ({
  apiGroups: [group],
  apiVersions: ["v1"],
  operations: ["CREATE"],
  resources,
});

beforeAll(async () => {
  await api.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
    metadata: { name: "doors.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "doors", kind: "Door" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", properties: { width: { type: "integer" } } } },
            },
          },
        },
      ],
    },
  });
  await api.advance("1s");
});

let made = 0;
async function warnings(spec: Json): Promise<Json> {
  const name = `p${(made += 1)}`;
  const { code, body } = await api.request("POST", policies, { metadata: { name }, spec });
  expect(code, JSON.stringify(body)).toBe(201);
  await api.advance("1s");
  const { metadata, status } = await api.get(`${policies}/${name}`);
  expect(status.observedGeneration).toBe(metadata.generation);
  return status.typeChecking.expressionWarnings;
}
const of = (rules: readonly Json[], ...validations: Json[]): Json => ({
  matchConstraints: { resourceRules: rules },
  validations,
});
const undefinedFoo = (kind: string): string =>
  `${kind}: ERROR: <input>:1:12: undefined field 'foo'\n | object.spec.foo == 1\n | ...........^\n`;

test.each<[string, Json, Json]>([
  [
    "all is well",
    of([rule("apps", "deployments")], { expression: "object.spec.replicas > 1" }),
    undefined,
  ],
  [
    "a field that is not there",
    of([rule("apps", "deployments", "deployments/scale")], { expression: "object.spec.foo == 1" }),
    [
      {
        fieldRef: "spec.validations[0].expression",
        warning: undefinedFoo("apps/v1, Kind=Deployment"),
      },
    ],
  ],
  [
    "of several kinds each",
    of([rule("apps", "statefulsets", "deployments"), rule("", "pods")], {
      expression: "object.spec.foo == 1",
    }),
    [
      {
        fieldRef: "spec.validations[0].expression",
        warning: [
          undefinedFoo("/v1, Kind=Pod"),
          undefinedFoo("apps/v1, Kind=Deployment"),
          undefinedFoo("apps/v1, Kind=StatefulSet"),
        ].join("\n"),
      },
    ],
  ],
  [
    "a message that compares what cannot be compared",
    of([rule("apps", "deployments")], {
      expression: "object.spec.replicas > 1",
      messageExpression: "'at most ' + object.spec.replicas",
    }),
    [
      {
        fieldRef: "spec.validations[0].messageExpression",
        warning:
          "apps/v1, Kind=Deployment: ERROR: <input>:1:12: found no matching overload for '_+_' applied to '(string, int)'\n | 'at most ' + object.spec.replicas\n | ...........^\n",
      },
    ],
  ],
  [
    "custom kinds, too, and params",
    {
      ...of([rule("example.com", "doors")], { expression: "object.spec.width < params.data.most" }),
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    },
    [
      {
        fieldRef: "spec.validations[0].expression",
        warning:
          "example.com/v1, Kind=Door: ERROR: <input>:1:19: found no matching overload for '_<_' applied to '(int, string)'\n | object.spec.width < params.data.most\n | ..................^\n",
      },
    ],
  ],
  [
    "wildcards say nothing",
    of([rule("*", "pods"), rule("", "*")], { expression: "object.spec.foo == 1" }),
    undefined,
  ],
  [
    "nor does what is not known",
    of([rule("nowhere.io", "pods")], { expression: "object.spec.foo == 1" }),
    undefined,
  ],
  [
    "variables are followed",
    {
      ...of([rule("apps", "deployments")], { expression: "variables.n > 'a'" }),
      variables: [{ name: "n", expression: "object.spec.replicas" }],
    },
    [
      {
        fieldRef: "spec.validations[0].expression",
        warning:
          "apps/v1, Kind=Deployment: ERROR: <input>:1:13: found no matching overload for '_>_' applied to '(int, string)'\n | variables.n > 'a'\n | ............^\n",
      },
    ],
  ],
])("%s", async (_, spec, expected) => {
  expect(await warnings(spec)).toEqual(expected);
});

test("a change is looked at again", async () => {
  const name = `p${made}`;
  const body = { spec: { validations: [{ expression: "true" }], variables: null } };
  const { code } = await api.request("PATCH", `${policies}/${name}`, body, {
    "content-type": "application/merge-patch+json",
  });
  expect(code).toBe(200);
  await api.advance("1s");
  const { metadata, status } = await api.get(`${policies}/${name}`);
  expect([metadata.generation, status.observedGeneration, status.typeChecking]).toEqual([2, 2, {}]);
});
