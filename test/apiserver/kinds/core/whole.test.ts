/** The core group behind the whole server: what bodies leave unsaid, what a PUT makes, what is going away. */
import { beforeAll, expect, test } from "vitest";
import { type Api, newApi } from "#test/support/api.ts";

const inDefault = "/api/v1/namespaces/default";
let api: Api;
beforeAll(async () => {
  api = await newApi();
});

test("what says nothing is as good as not said", async () => {
  const { code, body } = await api.request("POST", `${inDefault}/pods`, {
    metadata: { name: "plain", labels: {} },
    spec: {
      hostNetwork: false,
      nodeSelector: {},
      terminationGracePeriodSeconds: -5,
      containers: [{ name: "c", image: "nginx:1", imagePullPolicy: "", env: [], stdin: false }],
    },
  });
  expect(code).toBe(201);
  expect(body.metadata).not.toHaveProperty("labels");
  expect(body.spec).not.toHaveProperty("hostNetwork");
  expect(body.spec).not.toHaveProperty("nodeSelector");
  expect(body.spec.terminationGracePeriodSeconds).toBe(1);
  expect(body.spec.containers[0]).not.toHaveProperty("env");
  expect(body.spec.containers[0].imagePullPolicy).toBe("IfNotPresent");
});

test.each([
  ["services", { spec: { ports: [{ port: 80 }] } }],
  ["endpoints", {}],
  ["limitranges", { spec: { limits: [] } }],
])("a PUT of %s that are not there makes them", async (plural, rest) => {
  const { code } = await api.request("PUT", `${inDefault}/${plural}/new`, {
    metadata: { name: "new" },
    ...rest,
  });
  expect(code).toBe(201);
});

const endpoints =
  '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';
test.each([
  [`${inDefault}/endpoints`, 200, endpoints],
  [`${inDefault}/endpoints/absent`, 404, endpoints],
  ["/api/v1/componentstatuses", 200, '299 - "v1 ComponentStatus is deprecated in v1.19+"'],
  [`${inDefault}/pods`, 200, null],
])("whoever reads %s (%i) is told whether it goes away", async (path, answer, warning) => {
  const { code, headers } = await api.request("GET", path);
  expect([code, headers.get("warning")]).toEqual([answer, warning]);
});
