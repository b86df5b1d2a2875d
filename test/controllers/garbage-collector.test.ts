/** What the garbage collector takes and what it leaves. Upstream: test/e2e/apimachinery/garbage_collector.go. */
import { expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
await api.advance("20s");
const maps = "/api/v1/namespaces/default/configmaps";
const merge = { "content-type": "application/merge-patch+json" };

test("owners in a circle do not wait for each other", async () => {
  const names = ["one", "two", "three"];
  const uids = new Map<string, string>();
  for (const name of names) {
    const { body } = await api.request("POST", maps, { metadata: { name } });
    uids.set(name, body.metadata.uid);
  }
  for (const [i, name] of names.entries()) {
    const owner = names.at(i - 1) ?? "";
    const reference: Json = {
      apiVersion: "v1",
      kind: "ConfigMap",
      name: owner,
      uid: uids.get(owner),
      controller: true,
      blockOwnerDeletion: true,
    };
    const body = { metadata: { ownerReferences: [reference] } };
    const { code } = await api.request("PATCH", `${maps}/${name}`, body, merge);
    expect(code).toBe(200);
  }
  await api.request("DELETE", `${maps}/one`, { propagationPolicy: "Foreground" });
  await api.advance("30s");
  const left = (await api.get(maps)).items.map(({ metadata }: Json) => metadata.name);
  expect(left).toEqual(["kube-root-ca.crt"]);
});
