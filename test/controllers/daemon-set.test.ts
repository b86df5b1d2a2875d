/** DaemonSets: their history, their rollouts, and what they adopt. Upstream: pkg/controller/daemon/{daemon_controller,update}_test.go. */
import { describe, expect, test } from "vitest";
import { decodeProtobuf } from "#apimachinery/api/protobuf.ts";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi({ workers: 3 });
await api.advance("20s");
const apps = "/apis/apps/v1/namespaces/default";
const revisions = `${apps}/controllerrevisions`;
const merge = { "content-type": "application/merge-patch+json" };
const hashKey = "controller-revision-hash";

const daemons = (name: string, more: Json = {}): Json => ({
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image: "nginx:1.27", args: ["a < b && c"] }] },
    },
    ...more,
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
const withImage = async (name: string, image: string): Promise<Json> =>
  asked("PATCH", `${apps}/daemonsets/${name}`, {
    spec: { template: { spec: { containers: [{ name: "app", image }] } } },
  });
const byRevision = (a: Json, b: Json): number => a.revision - b.revision;
const historyOf = async (name: string): Promise<Json[]> =>
  (await api.get(`${revisions}?labelSelector=app=${name}`)).items.toSorted(byRevision);
const podsOf = async (name: string): Promise<Json[]> =>
  (await api.get(`/api/v1/namespaces/default/pods?labelSelector=app=${name}`)).items;
const hashesOf = async (name: string): Promise<string[]> => [
  ...new Set((await podsOf(name)).map(({ metadata }) => metadata.labels[hashKey] as string)),
];
/** Keys of every object in it, in their order. */
const isSorted = (value: Json): boolean => {
  if (typeof value !== "object" || value === null) return true;
  const keys = Object.keys(value);
  return (
    (Array.isArray(value) || keys.join() === keys.toSorted().join()) &&
    Object.values(value).every(isSorted)
  );
};

describe("the history of a DaemonSet", () => {
  test("its data is the patch that Go would write, letter by letter", async () => {
    await asked("POST", `${apps}/daemonsets`, daemons("letters"));
    await api.advance("20s");
    const [only] = await historyOf("letters");
    const { template } = (await api.get(`${apps}/daemonsets/letters`)).spec;
    expect(only.data).toEqual({ spec: { template: { ...template, $patch: "replace" } } });
    expect(isSorted(only.data)).toBe(true);
    const wire = await api.fetch("GET", `${revisions}/${only.metadata.name}`, undefined, {
      accept: "application/vnd.kubernetes.protobuf",
    });
    const bytes = new Uint8Array(await wire.arrayBuffer());
    expect(new TextDecoder().decode(bytes)).toContain(
      String.raw`"args":["a \u003c b \u0026\u0026 c"]`,
    );
    expect(decodeProtobuf(bytes)["data"]).toEqual(only.data);
  });

  test("a template that comes back gets the highest number, and no second revision", async () => {
    await asked("POST", `${apps}/daemonsets`, daemons("back"));
    await api.advance("20s");
    await withImage("back", "nginx:1.28");
    await api.advance("2m");
    await asked("PATCH", `${apps}/daemonsets/back`, {
      spec: { template: { spec: daemons("back").spec.template.spec } },
    });
    await api.advance("2m");
    const all = await historyOf("back");
    expect(all.map(({ revision }) => revision)).toEqual([2, 3]);
    expect(all[1].data.spec.template.spec.containers[0].args).toEqual(["a < b && c"]);
    expect(await hashesOf("back")).toEqual([all[1].metadata.labels[hashKey]]);
  });

  test("of two alike the newer stays, and the Pods are its; one alone is no news", async () => {
    await asked("POST", `${apps}/daemonsets`, daemons("twins"));
    await api.advance("20s");
    const [first] = await historyOf("twins");
    const { namespace, annotations, ownerReferences } = first.metadata;
    const labels = { ...first.metadata.labels, [hashKey]: "other" };
    const metadata = { name: "twins-other", namespace, labels, annotations, ownerReferences };
    const second = { ...first, metadata, revision: 2 };
    await asked("POST", revisions, second);
    await api.advance("20s");
    expect(await historyOf("twins")).toHaveLength(2);
    await asked("PATCH", `${revisions}/twins-other`, { metadata: { annotations: { a: "b" } } });
    await api.advance("20s");
    expect((await historyOf("twins")).map((one) => one.metadata.name)).toEqual(["twins-other"]);
    expect(await hashesOf("twins")).toEqual(["other"]);
  });

  test("a name that is taken makes it count up", async () => {
    await asked("POST", `${apps}/daemonsets`, daemons("taken"));
    await api.advance("20s");
    const [{ metadata }] = await historyOf("taken");
    const taken = { kind: "ControllerRevision", apiVersion: "apps/v1", data: {}, revision: 9 };
    await asked("DELETE", `${apps}/daemonsets/taken`);
    await api.advance("1m");
    await asked("POST", revisions, { ...taken, metadata: { name: metadata.name } });
    await asked("POST", `${apps}/daemonsets`, daemons("taken"));
    await api.advance("1m");
    const set = await api.get(`${apps}/daemonsets/taken`);
    expect(set.status).toMatchObject({ collisionCount: 1, numberReady: 3 });
    const [own] = await historyOf("taken");
    expect([own.metadata.name === metadata.name, own.revision]).toEqual([false, 1]);
  });

  test("old ones beyond the limit go, but none that a Pod still has", async () => {
    const onDelete = { revisionHistoryLimit: 1, updateStrategy: { type: "OnDelete" } };
    await asked("POST", `${apps}/daemonsets`, daemons("limit", onDelete));
    await api.advance("20s");
    for (const image of ["nginx:1.28", "nginx:1.29", "nginx:1.30"]) {
      await withImage("limit", image);
      await api.advance("20s");
    }
    expect((await historyOf("limit")).map(({ revision }) => revision)).toEqual([1, 4]);
  });

  test("an orphan that fits is adopted", async () => {
    await asked("POST", `${apps}/daemonsets`, daemons("heir"));
    await api.advance("20s");
    const labels = { app: "heir", [hashKey]: "found" };
    await asked("POST", revisions, { metadata: { name: "found", labels }, data: {}, revision: 1 });
    await api.advance("20s");
    const all = await historyOf("heir");
    expect(all.map(({ metadata }) => metadata.ownerReferences[0].name)).toEqual(["heir", "heir"]);
    expect(all.map(({ revision }) => revision)).toEqual([1, 2]);
  });
});

describe("a rollout of a DaemonSet", () => {
  test("with surge the new Pod serves before the old one goes", async () => {
    const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
    const updateStrategy = { type: "RollingUpdate", rollingUpdate };
    await asked(
      "POST",
      `${apps}/daemonsets`,
      daemons("surge", { updateStrategy, minReadySeconds: 10 }),
    );
    await api.advance("1m");
    await withImage("surge", "nginx:1.28");
    let most = 0;
    let least = 3;
    for (let i = 0; i < 60; i += 1) {
      await api.advance("2s");
      const pods = (await podsOf("surge")).filter(
        ({ metadata }) => metadata.deletionTimestamp === undefined,
      );
      most = Math.max(most, pods.length);
      least = Math.min(
        least,
        (await api.get(`${apps}/daemonsets/surge`)).status.numberAvailable ?? 0,
      );
    }
    expect([most, least]).toEqual([4, 3]);
    const pods = await podsOf("surge");
    expect(pods.map(({ spec }) => spec.containers[0].image)).toEqual(
      Array.from({ length: 3 }, () => "nginx:1.28"),
    );
  });

  test("a share of the nodes rounds up", async () => {
    const rollingUpdate = { maxUnavailable: "34%" };
    await asked(
      "POST",
      `${apps}/daemonsets`,
      daemons("share", { updateStrategy: { type: "RollingUpdate", rollingUpdate } }),
    );
    await api.advance("30s");
    await withImage("share", "nginx:1.28");
    let most = 0;
    for (let i = 0; i < 40; i += 1) {
      await api.request("POST", "/-/clock", { step: 2 });
      const leaving = (await podsOf("share")).filter(
        ({ metadata }) => metadata.deletionTimestamp !== undefined,
      );
      most = Math.max(most, leaving.length);
    }
    expect(most).toBe(2);
  });

  test("a Pod without an owner that comes to fit is adopted, one too many goes", async () => {
    await asked("POST", `${apps}/daemonsets`, daemons("adopt"));
    await api.advance("20s");
    const [pod] = await podsOf("adopt");
    await asked("POST", "/api/v1/namespaces/default/pods", {
      metadata: { name: "stray" },
      spec: { nodeName: pod.spec.nodeName, containers: [{ name: "app", image: "nginx:1.27" }] },
    });
    await api.advance("20s");
    await asked("PATCH", "/api/v1/namespaces/default/pods/stray", {
      metadata: { labels: { app: "adopt" } },
    });
    await api.advance("2m");
    expect((await podsOf("adopt")).map(({ metadata }) => metadata.name)).not.toContain("stray");
  });
});
