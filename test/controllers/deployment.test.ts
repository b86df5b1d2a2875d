/** Deployments: the annotations that tie them to their sets. Upstream: pkg/controller/deployment/util/deployment_util_test.go. */
import { describe, expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
await api.advance("20s");
const apps = "/apis/apps/v1/namespaces/default";
const revisionKey = "deployment.kubernetes.io/revision";
const historyKey = "deployment.kubernetes.io/revision-history";
const merge = { "content-type": "application/merge-patch+json" };

const workload = (name: string, image: string): Json => ({
  metadata: { name, labels: { app: name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image }] },
    },
  },
});
const asked = async (method: string, path: string, body?: Json): Promise<Json> => {
  const { code, body: answer } = await api.request(
    method,
    path,
    body,
    method === "PATCH" ? merge : {},
  );
  expect(code, JSON.stringify(answer)).toBeLessThan(300);
  return answer;
};
const setsOf = async (name: string): Promise<Json[]> =>
  (await api.get(`${apps}/replicasets?labelSelector=app=${name}`)).items;

/** Annotations of the set that is there, and the revision the Deployment then has. */
const revisions: readonly (readonly [string, Json, string | undefined])[] = [
  ["none", {}, "1"],
  ["a small one", { [revisionKey]: "7" }, "8"],
  ["one of 64 bits", { [revisionKey]: "3546343826724305832" }, "3546343826724305833"],
  ["one beyond them", { [revisionKey]: "9223372036854775808" }, "1"],
  ["no number", { [revisionKey]: "7th" }, "1"],
];

describe("the revision of a Deployment", () => {
  test.each(revisions)("beside an adopted set with %s", async (what, annotations, revision) => {
    const name = what.replaceAll(" ", "-");
    const old = workload(name, "nginx:1.26");
    await asked("POST", `${apps}/replicasets`, {
      ...old,
      metadata: { ...old.metadata, annotations },
    });
    await asked("POST", `${apps}/deployments`, workload(name, "nginx:1.27"));
    await api.advance("1m");
    const { metadata } = await api.get(`${apps}/deployments/${name}`);
    expect(metadata.annotations[revisionKey]).toBe(revision);
    expect(await setsOf(name)).toHaveLength(2);
  });

  test("a set that comes to fit is adopted", async () => {
    await asked("POST", `${apps}/deployments`, workload("heir", "nginx:1.27"));
    await api.advance("20s");
    const { metadata, spec } = workload("stray", "nginx:1.26");
    await asked("POST", `${apps}/replicasets`, { metadata: { name: metadata.name }, spec });
    await api.advance("20s");
    await asked("PATCH", `${apps}/replicasets/stray`, { metadata: { labels: { app: "heir" } } });
    await api.advance("1m");
    expect((await setsOf("heir")).map((set) => set.metadata.ownerReferences[0].name)).toEqual([
      "heir",
      "heir",
    ]);
  });

  /** History, and what it is when revision 3 becomes a newer one. */
  test.each([
    ["nothing", undefined, "3"],
    ["some", "1,2", "1,2,3"],
    ["too much", `${"1".repeat(1990)},22,33333`, "22,33333,3"],
  ])("numbers a set had before stay: %s", async (what, history, expected) => {
    const name = what.replaceAll(" ", "-");
    await asked("POST", `${apps}/deployments`, workload(name, "nginx:1.26"));
    await api.advance("20s");
    const [first] = await setsOf(name);
    await asked("PATCH", `${apps}/deployments/${name}`, {
      spec: workload(name, "nginx:1.27").spec,
    });
    await api.advance("1m");
    const second = (await setsOf(name)).find((set) => set.metadata.uid !== first.metadata.uid);
    await asked("PATCH", `${apps}/replicasets/${second.metadata.name}`, {
      metadata: { annotations: { [revisionKey]: "4" } },
    });
    await asked("PATCH", `${apps}/replicasets/${first.metadata.name}`, {
      metadata: {
        annotations: {
          [revisionKey]: "3",
          ...(history === undefined ? {} : { [historyKey]: history }),
        },
      },
    });
    await asked("PATCH", `${apps}/deployments/${name}`, {
      spec: workload(name, "nginx:1.26").spec,
    });
    await api.advance("1m");
    const { annotations } = (await api.get(`${apps}/replicasets/${first.metadata.name}`)).metadata;
    expect([annotations[revisionKey], annotations[historyKey]]).toEqual(["5", expected]);
  });
});
