/** Watches: where they begin, what they tell, in which form. */
import { beforeAll, describe, expect, test } from "vitest";
import { newApi } from "#test/support/api.ts";

const api = await newApi();
const maps = "/api/v1/namespaces/default/configmaps";
const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
/** Revision before there was `a`. */
let before = 0;

interface Event {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- an event is what the test says it is
  readonly object: any;
}
/** The first events of a watch; it is ended then. */
async function events(query: string, count: number, accept = "application/json"): Promise<Event[]> {
  const watch = await api.fetch("GET", `${maps}?watch=1&${query}`, undefined, { accept });
  return firstOf(watch, count);
}
async function firstOf(watch: Response, count: number): Promise<Event[]> {
  const reader = watch.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.split("\n").length <= count) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}
const told = (all: readonly Event[]): string[] =>
  all.map(({ type, object }) => `${type} ${object.metadata.name ?? ""}`.trim());

beforeAll(async () => {
  before = Number((await api.get(maps)).metadata.resourceVersion);
  await api.request("POST", maps, { metadata: { name: "a", labels: { on: "1" } } });
  await api.request("POST", maps, { metadata: { name: "b" } });
  await api.request(
    "PATCH",
    `${maps}/a`,
    { metadata: { labels: null } },
    { "content-type": "application/merge-patch+json" },
  );
  await api.request("DELETE", `${maps}/b`);
});

describe("parameters", () => {
  const options = (why: string): string => `ListOptions.meta.k8s.io "" is invalid: ${why}`;
  test.each<[string, number, string]>([
    [
      "resourceVersionMatch=NotOlderThan&resourceVersion=1",
      422,
      options(
        "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
      ),
    ],
    [
      "sendInitialEvents=true&resourceVersion=0",
      422,
      options(
        "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
      ),
    ],
    [
      "sendInitialEvents=true&resourceVersionMatch=Exact",
      422,
      options(
        '[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
      ),
    ],
    [
      "resourceVersion=x",
      400,
      'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [
      "fieldSelector=data%3D1",
      400,
      '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ])("%s: %i", async (query, code, message) => {
    const reply = await api.request("GET", `${maps}?watch=1&${query}`);
    expect([reply.code, reply.body.message]).toEqual([code, message]);
  });
});

describe("the beginning", () => {
  test("without a revision: what there is", async () => {
    expect(told(await events("", 2))).toEqual(["ADDED a", "ADDED kube-root-ca.crt"]);
    expect(told(await events("resourceVersion=0", 2))).toEqual([
      "ADDED a",
      "ADDED kube-root-ca.crt",
    ]);
  });
  test("from a revision: what has happened since", async () => {
    expect(told(await events(`resourceVersion=${before}`, 4))).toEqual([
      "ADDED a",
      "ADDED b",
      "MODIFIED a",
      "DELETED b",
    ]);
  });
  test("with a selector, a change of match is an arrival or a departure", async () => {
    expect(told(await events(`resourceVersion=${before}&labelSelector=on`, 2))).toEqual([
      "ADDED a",
      "DELETED a",
    ]);
  });
  test("initial events end with a bookmark, for those who want bookmarks", async () => {
    const all = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    const [, , bookmark] = await events(`${all}&allowWatchBookmarks=true`, 3);
    expect(bookmark).toMatchObject({
      type: "BOOKMARK",
      object: {
        kind: "ConfigMap",
        metadata: { annotations: { "k8s.io/initial-events-end": "true" } },
      },
    });
    expect(Object.keys(bookmark!.object.metadata)).not.toContain("creationTimestamp");
    const legacy = await events("allowWatchBookmarks=true", 3);
    expect(legacy[2]!.type).toBe("BOOKMARK");
    const without = await api.fetch("GET", `${maps}?watch=1&${all}&timeoutSeconds=1`);
    expect((await without.text()).includes("BOOKMARK")).toBe(false);
  });
  test("a revision to come: initial events are refused, changes are waited for", async () => {
    const [refused] = await events(
      "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=99999",
      1,
    );
    expect(refused).toMatchObject({ type: "ERROR", object: { code: 504, reason: "Timeout" } });
    const { metadata } = await api.get(maps);
    const two = Number(metadata.resourceVersion) + 1;
    const watch = await api.fetch("GET", `${maps}?watch=1&resourceVersion=${two}`);
    await api.request("POST", maps, { metadata: { name: "too-early" } });
    await api.request("POST", maps, { metadata: { name: "late" } });
    expect(told(await firstOf(watch, 1))).toEqual(["ADDED late"]);
  });
  test("the old paths still watch", async () => {
    const all = await api.fetch("GET", "/api/v1/watch/namespaces/default/configmaps");
    expect(told(await firstOf(all, 1))).toEqual(["ADDED a"]);
    const one = await api.fetch(
      "GET",
      "/api/v1/watch/namespaces/default/configmaps/kube-root-ca.crt",
    );
    expect(told(await firstOf(one, 1))).toEqual(["ADDED kube-root-ca.crt"]);
  });
});

test("tables: columns once, ages by the cluster's clock", async () => {
  const watch = await api.fetch(
    "GET",
    `${maps}?watch=1&fieldSelector=metadata.name%3Da`,
    undefined,
    { accept: table },
  );
  await api.advance("10m");
  await api.request(
    "PATCH",
    `${maps}/a`,
    { data: { k: "v" } },
    { "content-type": "application/merge-patch+json" },
  );
  const [first, second] = await firstOf(watch, 2);
  const names = first!.object.columnDefinitions.map(({ name }: { name: string }) => name);
  expect(names).toEqual(["Name", "Data", "Age"]);
  expect(second!.object.columnDefinitions).toEqual([]);
  expect(second!.object.rows[0].cells).toEqual(["a", 1, "10m"]);
});

test("metadata alone, and bookmarks as rows", async () => {
  const metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  const [one] = await events("", 1, metadata);
  expect(one!.object).toMatchObject({
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
  });
  const all = await events("allowWatchBookmarks=true&labelSelector=none", 1, table);
  expect(all[0]).toMatchObject({
    type: "BOOKMARK",
    object: {
      kind: "Table",
      rows: [{ object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } } }],
    },
  });
});
