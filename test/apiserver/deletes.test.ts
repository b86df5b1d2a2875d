/** DELETE: what is asked before the object is looked for, and graces that run. */
import { expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";

test("options that contradict each other are refused, be there an object or not", async () => {
  const wrong = { propagationPolicy: "Orphan", orphanDependents: true };
  for (const path of [`${maps}/nobody`, `${maps}?labelSelector=no=one`]) {
    const { code, body } = await api.request("DELETE", path, wrong);
    expect([code, body.message]).toEqual([
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ]);
  }
});

test("who wants dependents to go at once is told that it has only begun", async () => {
  const metadata = { name: "held", finalizers: ["example.com/hold"] };
  await api.request("POST", maps, { metadata });
  const deleted = async (options: object): Promise<number> =>
    (await api.request("DELETE", `${maps}/held`, options)).code;
  expect(await deleted({ orphanDependents: false })).toBe(202);
  expect(await deleted({ propagationPolicy: "Background" })).toBe(200);
});

test("a grace that runs may only be shortened, counted from its beginning", async () => {
  const [node] = (await api.get("/api/v1/nodes")).items;
  const made = await api.request("POST", pods, {
    metadata: { name: "slow" },
    spec: {
      nodeName: node.metadata.name,
      terminationGracePeriodSeconds: 30,
      containers: [{ name: "web", image: "nginx" }],
    },
  });
  expect(made.code, JSON.stringify(made.body)).toBe(201);
  const remove = async (options?: Json): Promise<readonly [number, number]> => {
    const { metadata } = (await api.request("DELETE", `${pods}/slow`, options)).body;
    return [metadata.deletionGracePeriodSeconds, Date.parse(metadata.deletionTimestamp)];
  };
  const [first, ends] = await remove({ gracePeriodSeconds: 100 });
  expect(first).toBe(100);
  const begun = ends - 100_000;
  // Nothing is said of the grace, or a longer one: it stays. Nor does a finalizer come in.
  expect(await remove()).toEqual([100, ends]);
  expect(await remove({ gracePeriodSeconds: 200, propagationPolicy: "Foreground" })).toEqual([
    100,
    ends,
  ]);
  expect((await api.get(`${pods}/slow`)).metadata.finalizers).toBeUndefined();
  expect(await remove({ gracePeriodSeconds: 60 })).toEqual([60, begun + 60_000]);
  expect((await api.request("DELETE", `${pods}/slow`, { gracePeriodSeconds: 0 })).code).toBe(200);
  expect((await api.request("GET", `${pods}/slow`)).code).toBe(404);
});
