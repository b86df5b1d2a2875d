/** What a POST makes of metadata, and what it is told when the name is taken. */
import { expect, test } from "vitest";
import { newApi } from "#test/support/api.ts";

const api = await newApi();
const maps = "/api/v1/namespaces/default/configmaps";
const merge = { "content-type": "application/merge-patch+json" };

test("what is in no namespace is put in none, whatever it says", async () => {
  const path = "/api/v1/namespaces";
  const { code, body } = await api.request("POST", path, {
    metadata: { name: "outer", namespace: "inner" },
  });
  expect([code, body.metadata.namespace]).toEqual([201, undefined]);
});

test("an owner that is named twice counts once", async () => {
  const owner = { apiVersion: "v1", kind: "Pod", name: "a", uid: "u" };
  const other = { ...owner, name: "b" };
  const twice = (moment: string): string =>
    `299 - ".metadata.ownerReferences contains duplicate entries${moment}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u"`;
  const made = await api.request("POST", maps, {
    metadata: { name: "owned", ownerReferences: [owner, other, owner] },
  });
  expect([made.code, made.headers.get("warning")]).toEqual([201, twice("")]);
  expect(made.body.metadata.ownerReferences).toEqual([owner, other]);
  const patched = await api.request(
    "PATCH",
    `${maps}/owned`,
    { metadata: { ownerReferences: [other, other] } },
    merge,
  );
  expect(patched.headers.get("warning")).toBe(twice(" after mutating admission happens"));
  expect(patched.body.metadata.ownerReferences).toEqual([other]);
});

test("a name that is taken, or is still going", async () => {
  const metadata = { name: "taken", finalizers: ["example.com/hold"] };
  await api.request("POST", maps, { metadata });
  const again = async (more: object = {}): Promise<unknown> =>
    (await api.request("POST", maps, { metadata: { name: "taken", ...more } })).body.message;
  expect(await again()).toBe('configmaps "taken" already exists');
  expect(await again({ generateName: "take" })).toBe(
    'configmaps "taken" already exists, the server was not able to generate a unique name for the object',
  );
  await api.request("DELETE", `${maps}/taken`);
  expect(await again()).toBe('object is being deleted: configmaps "taken" already exists');
});
