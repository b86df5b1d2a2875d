/** The gates before a connection: rights by method, admission of its options, what it is refused for. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, newApi } from "#test/support/api.ts";

const pods = "/api/v1/namespaces/default/pods";
const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
const admission = "/apis/admissionregistration.k8s.io/v1";
/** All gates are passed: what is missing is the upgrade. */
const upgrade = "Upgrade request required";
let api: Api;

async function mayDo(user: string, verbs: readonly string[]): Promise<void> {
  await api.request("POST", `${rbac}/roles`, {
    metadata: { name: user },
    rules: [
      {
        apiGroups: [""],
        resources: ["pods/exec", "pods/attach", "pods/portforward"],
        verbs,
      },
    ],
  });
  await api.request("POST", `${rbac}/rolebindings`, {
    metadata: { name: user },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: user },
    subjects: [{ kind: "User", name: user }],
  });
}

beforeAll(async () => {
  api = await newApi();
  await mayDo("reader", ["get"]);
  await mayDo("maker", ["create"]);
  await mayDo("both", ["get", "create"]);
  const containers = [{ name: "web", image: "nginx:1.27" }];
  await api.request("POST", pods, { metadata: { name: "web" }, spec: { containers } });
  await api.request("POST", pods, {
    metadata: { name: "homeless" },
    spec: { containers, nodeSelector: { no: "where" } },
  });
  await api.advance("30s");
});

describe("rights", () => {
  test.each<[string, string, number, string]>([
    ["reader", "GET", 403, 'pods "web" is forbidden: '],
    [
      "reader",
      "POST",
      403,
      'pods "web" is forbidden: User "reader" cannot create resource "pods/SUB" in API group "" in the namespace "default"',
    ],
    [
      "maker",
      "GET",
      403,
      'pods "web" is forbidden: User "maker" cannot get resource "pods/SUB" in API group "" in the namespace "default"',
    ],
    ["maker", "POST", 400, upgrade],
    ["both", "GET", 400, upgrade],
    ["both", "POST", 400, upgrade],
  ])("%s, %s", async (user, method, code, message) => {
    for (const asked of ["exec?command=ls&stdout=true", "attach?stdout=true", "portforward"]) {
      const headers = { "impersonate-user": user };
      const answer = await api.request(method, `${pods}/web/${asked}`, undefined, headers);
      expect(answer.code, asked).toBe(code);
      const [subresource = ""] = asked.split("?");
      expect(answer.body.message).toContain(message.replace("SUB", subresource));
    }
  });
});

test.each<[string, number, string]>([
  ["nosuch/exec?command=ls&stdout=true", 404, 'pods "nosuch" not found'],
  ["homeless/exec?command=ls&stdout=true", 400, "pod homeless does not have a host assigned"],
  ["homeless/portforward", 400, "pod homeless does not have a host assigned"],
  ["web/exec?command=ls&stdout=true&container=x", 400, "container x is not valid for pod web"],
  ["web/attach?stdout=true&container=x", 400, "container x is not valid for pod web"],
  ["web/attach", 400, "you must specify at least 1 of stdin, stdout, stderr"],
  ["web/exec?stdout=true", 400, "you must specify at least 1 command for the container"],
  [
    "web/portforward?ports=x",
    400,
    'unable to parse "x" as a port: strconv.ParseUint: parsing "x": invalid syntax',
  ],
  ["web/portforward?ports=0", 400, 'port "0" must be > 0'],
])("%s is refused", async (path, code, message) => {
  const answer = await api.request("GET", `${pods}/${path}`);
  expect([answer.code, answer.body.message]).toEqual([code, message]);
});

test("admission judges the options, by CONNECT", async () => {
  await api.request("POST", `${admission}/validatingadmissionpolicies`, {
    metadata: { name: "no-shells" },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [""],
            apiVersions: ["v1"],
            operations: ["CONNECT"],
            resources: ["pods/exec"],
          },
        ],
      },
      validations: [{ expression: "object.command[0] != 'sh'", message: "no shells here" }],
    },
  });
  await api.request("POST", `${admission}/validatingadmissionpolicybindings`, {
    metadata: { name: "no-shells" },
    spec: { policyName: "no-shells", validationActions: ["Deny"] },
  });
  const shell = await api.request("GET", `${pods}/web/exec?command=sh&stdout=true`);
  expect([shell.code, shell.body.message]).toEqual([
    422,
    "pods \"web\" is forbidden: ValidatingAdmissionPolicy 'no-shells' with binding 'no-shells' denied request: no shells here",
  ]);
  const other = await api.request("GET", `${pods}/web/exec?command=ls&stdout=true`);
  expect(other.body.message).toContain(upgrade);
});
