/** API machinery on the wire, as the conformance list of Kubernetes asks for it: lists, watches, tables, deletion, names. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";
import { type Called, wire, type Wire } from "#test/support/wire.ts";

const settings = (name: string, data: object = {}, labels: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, labels },
  data,
});
interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly [field: string]: unknown;
}
interface ListOf {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly { readonly metadata: Meta; readonly [field: string]: unknown }[];
}

describe("machinery", () => {
  let cluster: Cluster;
  let w: Wire;
  const here = "/api/v1/namespaces/machinery/configmaps";
  const made = async (name: string, data?: object, labels?: object): Promise<Meta> =>
    ((await w.post(here, settings(name, data, labels))).body as { metadata: Meta }).metadata;
  const list = async (query: string): Promise<ListOf> =>
    (await w.get(`${here}?${query}`)).body as ListOf;
  beforeAll(async () => {
    cluster = await newCluster({ workers: 1 });
    w = wire(cluster);
    await w.post("/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "machinery" },
    });
    for (let n = 0; n < 25; n += 1)
      await made(
        `item-${String(n).padStart(2, "0")}`,
        { n: String(n) },
        { half: n % 2 === 0 ? "even" : "odd" },
      );
  });

  describe("chunking", () => {
    test("limit and continue walk one snapshot, whatever is written meanwhile", async () => {
      const first = await list("limit=10&labelSelector=half");
      expect(first.metadata.remainingItemCount).toBeUndefined();
      await made("item-05-late", {}, { half: "odd" });
      const names = first.items.map(({ metadata }) => metadata.name);
      let page = first;
      while (page.metadata.continue) {
        page = await list(`limit=10&labelSelector=half&continue=${page.metadata.continue}`);
        expect(page.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
        names.push(...page.items.map(({ metadata }) => metadata.name));
      }
      expect(names).toHaveLength(25);
      expect(names).toEqual(names.toSorted());
    });
    test("remainingItemCount counts what follows, without selectors only", async () => {
      const { items } = await list("");
      const first = await list("limit=7");
      expect(first.metadata.remainingItemCount).toBe(items.length - 7);
    });
    test("a token of no revision goes on from its key, in what there is now", async () => {
      const start = "item-20\u0000";
      const token = btoa(JSON.stringify({ v: "meta.k8s.io/v1", rv: -1, start })).replaceAll(
        "=",
        "",
      );
      const late = await made("item-20-late");
      const { items, metadata } = await list(`limit=2&continue=${token}`);
      expect(items.map(({ metadata: { name } }) => name)).toEqual(["item-20-late", "item-21"]);
      expect(Number(metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(late.resourceVersion));
    });
    test.each(["continue=nonsense", "limit=x", "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MX0"])(
      "%s is a 400",
      async (query) => {
        expect((await w.get(`${here}?${query}`)).code).toBe(400);
      },
    );
  });

  describe("resourceVersion", () => {
    test("exact, not older than, any, most recent", async () => {
      const before = await list("");
      await made(`rv-${before.metadata.resourceVersion}`);
      const exact = await list(
        `resourceVersion=${before.metadata.resourceVersion}&resourceVersionMatch=Exact`,
      );
      expect(exact.items).toHaveLength(before.items.length);
      const newer = await list(
        `resourceVersion=${before.metadata.resourceVersion}&resourceVersionMatch=NotOlderThan`,
      );
      expect(newer.items).toHaveLength(before.items.length + 1);
      expect((await list("resourceVersion=0")).items).toHaveLength(before.items.length + 1);
    });
    test.each([
      [
        "resourceVersionMatch=Exact",
        "resourceVersionMatch is forbidden unless resourceVersion is provided",
      ],
      [
        "resourceVersion=0&resourceVersionMatch=Exact",
        'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
      ],
      ["resourceVersion=1&resourceVersionMatch=Near", "resourceVersionMatch: Unsupported value"],
      ["resourceVersion=x", "resourceVersion: Invalid value"],
    ])("%s is refused: %s", async (query, message) => {
      const { code, body } = await w.get(`${here}?${query}`);
      expect({ code, message: (body as { message: string }).message }).toMatchObject({
        message: expect.stringContaining(message) as string,
      });
      expect([400, 422]).toContain(code);
    });
    test("a revision that is not there yet is a Timeout 504", async () => {
      const { code, body } = await w.get(`${here}?resourceVersion=99999999`);
      expect({ code, body }).toMatchObject({
        code: 504,
        body: {
          reason: "Timeout",
          message: expect.stringContaining("Too large resource version") as string,
        },
      });
    });
  });

  describe("watch", () => {
    test("from a revision: added, modified, deleted, in order, once", async () => {
      const { metadata } = await list("limit=1");
      const events = w.watch(
        `${here}?watch=1&resourceVersion=${metadata.resourceVersion}&fieldSelector=metadata.name=seen`,
      );
      const { resourceVersion } = await made("seen", { a: "1" });
      await w.put(`${here}/seen`, {
        ...settings("seen", { a: "2" }),
        metadata: { name: "seen", resourceVersion },
      });
      await w.delete(`${here}/seen`);
      await eventually("three events", async () => events.seen.length >= 3);
      events.stop();
      expect(events.seen.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
    });
    test("a selector turns a change of match into ADDED and DELETED", async () => {
      const { metadata } = await list("limit=1");
      const events = w.watch(
        `${here}?watch=true&resourceVersion=${metadata.resourceVersion}&labelSelector=colour=red`,
      );
      await made("chameleon", {}, { colour: "blue" });
      await w.patch(`${here}/chameleon`, { metadata: { labels: { colour: "red" } } });
      await w.patch(`${here}/chameleon`, { data: { x: "1" } });
      await w.patch(`${here}/chameleon`, { metadata: { labels: { colour: "blue" } } });
      await eventually("three events", async () => events.seen.length >= 3);
      events.stop();
      expect(events.seen.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
    });
    test("sendInitialEvents: all that is there, then the bookmark that says so", async () => {
      const { items } = await list("");
      const events = w.watch(
        `${here}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
      );
      await eventually("the bookmark", async () =>
        events.seen.some(({ type }) => type === "BOOKMARK"),
      );
      events.stop();
      expect(events.seen.filter(({ type }) => type === "ADDED")).toHaveLength(items.length);
      expect(events.seen.at(-1)?.object).toMatchObject({
        kind: "ConfigMap",
        metadata: { annotations: { "k8s.io/initial-events-end": "true" } },
      });
    });
    test("who watches at the same time sees the same, in the same order", async () => {
      const { metadata } = await list("limit=1");
      const from = `${here}?watch=1&resourceVersion=${metadata.resourceVersion}&labelSelector=crowd`;
      const watchers = [1, 2, 3, 4].map(() => w.watch(from));
      for (let n = 0; n < 5; n += 1) await made(`crowd-${n}`, {}, { crowd: "yes" });
      await w.delete(`${here}?labelSelector=crowd`);
      await eventually("all are told all", async () =>
        watchers.every(({ seen }) => seen.length === 10),
      );
      const told = watchers.map(({ seen }) =>
        seen.map(
          ({ type, object }) =>
            `${type} ${object.metadata.name} ${object.metadata.resourceVersion}`,
        ),
      );
      for (const one of watchers) one.stop();
      expect(new Set(told.map((one) => one.join("\n"))).size).toBe(1);
    });
    test("list and watch together are the list", async () => {
      const start = await list("");
      const events = w.watch(`${here}?watch=1&resourceVersion=${start.metadata.resourceVersion}`);
      const known = new Map(
        start.items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
      );
      for (let n = 0; n < 10; n += 1) {
        await made(`lw-${n}`);
        if (n % 2 === 0) await w.patch(`${here}/lw-${n}`, { data: { n: String(n) } });
        if (n % 3 === 0) await w.delete(`${here}/lw-${n}`);
      }
      const end = await list("");
      await eventually("the last revision", async () =>
        events.seen.some(
          ({ object }) =>
            Number(object.metadata.resourceVersion) >= Number(end.metadata.resourceVersion),
        ),
      );
      events.stop();
      for (const { type, object } of events.seen) {
        if (type === "DELETED") known.delete(object.metadata.name);
        else known.set(object.metadata.name, object.metadata.resourceVersion);
      }
      expect(new Map([...known].toSorted(([a], [b]) => (a < b ? -1 : 1)))).toEqual(
        new Map(end.items.map(({ metadata }) => [metadata.name, metadata.resourceVersion])),
      );
    });
    test("timeoutSeconds ends it; a bad revision is an error", async () => {
      const { code, text } = await w.text(`${here}?watch=1&timeoutSeconds=1`);
      expect({ code, lines: text.trim().split("\n").length > 0 }).toEqual({
        code: 200,
        lines: true,
      });
      expect((await w.get(`${here}?watch=1&resourceVersion=x`)).code).toBe(400);
    });
  });

  describe("tables and metadata", () => {
    const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    test("a list as Table, and one object", async () => {
      const { body } = await w.get(`${here}?limit=3`, table);
      expect(body).toMatchObject({
        kind: "Table",
        apiVersion: "meta.k8s.io/v1",
        columnDefinitions: [{ name: "Name", format: "name" }, { name: "Data" }, { name: "Age" }],
      });
      expect((body as { rows: readonly object[] }).rows).toHaveLength(3);
      expect((await w.get(`${here}/item-00`, table)).body).toMatchObject({
        rows: [{ object: { kind: "PartialObjectMetadata", metadata: { name: "item-00" } } }],
      });
    });
    test("a watch as Table names its columns once", async () => {
      const events = w.watch(`${here}?watch=1&resourceVersion=0&labelSelector=half`, table);
      await eventually("two events", async () => events.seen.length >= 2);
      events.stop();
      const [first, second] = events.seen.map(
        ({ object }) => object as unknown as { columnDefinitions: readonly object[] | null },
      );
      expect(first?.columnDefinitions).toHaveLength(3);
      expect(second?.columnDefinitions ?? []).toHaveLength(0);
    });
    test("PartialObjectMetadata, alone and listed", async () => {
      const as = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
      const { body } = await w.get(`${here}?limit=2`, as);
      expect(body).toMatchObject({
        kind: "PartialObjectMetadataList",
        items: [{ kind: "PartialObjectMetadata" }, {}],
      });
      expect((body as ListOf).items[0]).not.toHaveProperty("data");
      expect((await w.get(`${here}/item-00`, as.replace("List", ""))).body).toMatchObject({
        kind: "PartialObjectMetadata",
      });
    });
    test("a Table of what has none is not acceptable", async () => {
      expect((await w.get("/version", table)).code).toBeLessThan(500);
      expect((await w.get(`${here}/item-00`, "text/html;q=1")).code).toBe(406);
    });
  });

  describe("names and writes", () => {
    test("generateName makes names that differ and keep to the limit", async () => {
      const base = "x".repeat(70);
      const answers = await Promise.all(
        [1, 2, 3].map(() =>
          w.post(here, { ...settings(""), metadata: { generateName: `${base}-` } }),
        ),
      );
      const names = answers.map(({ body }) => (body as { metadata: Meta }).metadata.name);
      expect(new Set(names).size).toBe(3);
      for (const name of names) expect(name).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    });
    test("a stale resourceVersion is a Conflict in upstream's words", async () => {
      const { resourceVersion } = await made("raced");
      const at = (data: object): Promise<Called> =>
        w.put(`${here}/raced`, {
          ...settings("raced", data),
          metadata: { name: "raced", resourceVersion },
        });
      expect((await at({ a: "1" })).code).toBe(200);
      expect(await at({ a: "2" })).toMatchObject({
        code: 409,
        body: {
          reason: "Conflict",
          message:
            'Operation cannot be fulfilled on configmaps "raced": the object has been modified; please apply your changes to the latest version and try again',
        },
      });
    });
    test("a write that changes nothing makes no revision", async () => {
      const before = await made("still", { a: "1" });
      const { body } = await w.put(`${here}/still`, settings("still", { a: "1" }));
      expect((body as { metadata: Meta }).metadata.resourceVersion).toBe(before.resourceVersion);
    });
    test("preconditions: uid and resourceVersion", async () => {
      const { uid } = await made("guarded");
      expect(await w.delete(`${here}/guarded`, { preconditions: { uid: "other" } })).toMatchObject({
        code: 409,
      });
      expect(await w.delete(`${here}/guarded`, { preconditions: { uid } })).toMatchObject({
        code: 200,
        body: { status: "Success" },
      });
    });
    test("immutable ConfigMaps and Secrets stay as they are", async () => {
      await w.post(here, { ...settings("stone", { a: "1" }), immutable: true });
      expect(await w.patch(`${here}/stone`, { data: { a: "2" } })).toMatchObject({
        code: 422,
        body: {
          message: expect.stringContaining("field is immutable when `immutable` is set") as string,
        },
      });
    });
    test("PATCH and PUT under another name, in another namespace", async () => {
      expect((await w.put(`${here}/item-01`, settings("item-02"))).code).toBe(400);
      expect(
        (
          await w.post(here, {
            ...settings("lost"),
            metadata: { name: "lost", namespace: "default" },
          })
        ).code,
      ).toBe(400);
    });
    test("deletecollection takes what the selector matches", async () => {
      await made("dc-1", {}, { sweep: "yes" });
      await made("dc-2", {}, { sweep: "yes" });
      await made("dc-3", {}, { sweep: "no" });
      await w.delete(`${here}?labelSelector=sweep=yes`);
      expect(
        (await list("labelSelector=sweep")).items.map(({ metadata }) => metadata.name),
      ).toEqual(["dc-3"]);
    });
  });

  describe("deletion and garbage", () => {
    test("a finalizer holds the object until it is taken away", async () => {
      await w.post(here, {
        ...settings("held"),
        metadata: { name: "held", finalizers: ["example.com/hold"] },
      });
      expect(await w.delete(`${here}/held`)).toMatchObject({
        code: 200,
        body: { metadata: { deletionTimestamp: expect.any(String) as string } },
      });
      expect(
        await w.patch(`${here}/held`, {
          metadata: { finalizers: ["example.com/hold", "example.com/more"] },
        }),
      ).toMatchObject({ code: 422 });
      await w.patch(`${here}/held`, { metadata: { finalizers: null } });
      expect((await w.get(`${here}/held`)).code).toBe(404);
    });
    const owned = (name: string, owner: Meta, more: object = {}): object => ({
      ...settings(name),
      metadata: {
        name,
        ownerReferences: [
          { apiVersion: "v1", kind: "ConfigMap", name: owner.name, uid: owner.uid, ...more },
        ],
      },
    });
    test("background: the owner goes, then its dependents", async () => {
      const owner = await made("owner-b");
      await w.post(here, owned("child-b", owner));
      await w.delete(`${here}/owner-b`, { propagationPolicy: "Background" });
      await eventually(
        "the child is gone",
        async () => (await w.get(`${here}/child-b`)).code === 404,
      );
    });
    test("orphan: the dependents stay without owner", async () => {
      const owner = await made("owner-o");
      await w.post(here, owned("child-o", owner));
      await w.delete(`${here}/owner-o`, { propagationPolicy: "Orphan" });
      await eventually(
        "the owner is gone",
        async () => (await w.get(`${here}/owner-o`)).code === 404,
      );
      expect((await w.get(`${here}/child-o`)).body).not.toHaveProperty("metadata.ownerReferences");
    });
    test("foreground: the owner waits for those that block it", async () => {
      const owner = await made("owner-f");
      await w.post(here, { ...owned("child-f", owner, { blockOwnerDeletion: true }) });
      expect(await w.delete(`${here}/owner-f`, { propagationPolicy: "Foreground" })).toMatchObject({
        body: { metadata: { finalizers: ["foregroundDeletion"] } },
      });
      await eventually(
        "both are gone",
        async () =>
          (await w.get(`${here}/owner-f`)).code === 404 &&
          (await w.get(`${here}/child-f`)).code === 404,
      );
    });
    test("a circle of owners is no obstacle", async () => {
      const a = await made("circle-a");
      await w.post(here, owned("circle-b", a));
      const { body } = await w.get(`${here}/circle-b`);
      const b = (body as { metadata: Meta }).metadata;
      await w.patch(`${here}/circle-a`, {
        metadata: {
          ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: b.name, uid: b.uid }],
        },
      });
      await w.delete(`${here}/circle-a`);
      await eventually(
        "both are gone",
        async () =>
          (await w.get(`${here}/circle-a`)).code === 404 &&
          (await w.get(`${here}/circle-b`)).code === 404,
      );
    });
    test("a dependent with another owner that stays, stays", async () => {
      const going = await made("owner-going");
      const staying = await made("owner-staying");
      const reference = ({ name, uid }: Meta): object => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        name,
        uid,
      });
      await w.post(here, {
        ...settings("child-two"),
        metadata: {
          name: "child-two",
          ownerReferences: [{ ...reference(going), blockOwnerDeletion: true }, reference(staying)],
        },
      });
      await w.delete(`${here}/owner-going`, { propagationPolicy: "Foreground" });
      await eventually(
        "the one owner is gone",
        async () => (await w.get(`${here}/owner-going`)).code === 404,
      );
      expect((await w.get(`${here}/child-two`)).body).toMatchObject({
        metadata: { ownerReferences: [{ name: "owner-staying" }] },
      });
    });
    test("a namespace is patched, updated, its status written, held by a finalizer of its spec", async () => {
      const path = "/api/v1/namespaces/kept";
      await w.post("/api/v1/namespaces", { metadata: { name: "kept" } });
      expect(await w.patch(path, { metadata: { labels: { a: "b" } } })).toMatchObject({
        code: 200,
      });
      const { body } = await w.get(path);
      expect(await w.put(path, body)).toMatchObject({ code: 200 });
      const conditions = [{ type: "Seen", status: "True", reason: "Test", message: "told" }];
      expect(await w.patch(`${path}/status`, { status: { conditions } })).toMatchObject({
        body: { status: { conditions: [{ type: "Seen" }] } },
      });
      const finalized = await w.put(`${path}/finalize`, {
        ...((await w.get(path)).body as object),
        spec: { finalizers: ["kubernetes", "example.com/hold"] },
      });
      expect(finalized).toMatchObject({ code: 200 });
      await w.delete(path);
      await eventually("only the hold is left", async () =>
        JSON.stringify((await w.get(path)).body).includes('"finalizers":["example.com/hold"]'),
      );
      await w.put(`${path}/finalize`, { ...((await w.get(path)).body as object), spec: {} });
      await eventually("it is gone", async () => (await w.get(path)).code === 404);
    });
    test("a namespace's Pods go first, what they use afterwards", async () => {
      const path = "/api/v1/namespaces/ordered";
      await w.post("/api/v1/namespaces", { metadata: { name: "ordered" } });
      await w.post(`${path}/configmaps`, settings("used"));
      await w.post(`${path}/pods`, {
        metadata: { name: "slow", finalizers: ["example.com/hold"] },
        spec: {
          containers: [{ name: "c", image: "nginx:1.27" }],
          automountServiceAccountToken: false,
        },
      });
      await w.delete(path);
      await eventually("the Pod is ending", async () =>
        JSON.stringify((await w.get(`${path}/pods/slow`)).body).includes("deletionTimestamp"),
      );
      expect(await w.get(`${path}/configmaps/used`)).toMatchObject({ code: 200 });
      await eventually("it says what is left", async () =>
        JSON.stringify((await w.get(path)).body).includes("NamespaceFinalizersRemaining"),
      );
      await w.patch(`${path}/pods/slow`, { metadata: { finalizers: null } });
      await eventually("all is gone", async () => (await w.get(path)).code === 404);
    });
    test("a namespace ends with all that is in it, and refuses newcomers meanwhile", async () => {
      await w.post("/api/v1/namespaces", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "ending" },
      });
      await w.post("/api/v1/namespaces/ending/configmaps", {
        ...settings("held"),
        metadata: { name: "held", finalizers: ["example.com/hold"] },
      });
      await w.delete("/api/v1/namespaces/ending");
      expect(await w.post("/api/v1/namespaces/ending/configmaps", settings("late"))).toMatchObject({
        code: 403,
        body: { message: expect.stringContaining("because it is being terminated") as string },
      });
      await w.patch("/api/v1/namespaces/ending/configmaps/held", {
        metadata: { finalizers: null },
      });
      await eventually(
        "the namespace is gone",
        async () => (await w.get("/api/v1/namespaces/ending")).code === 404,
      );
    });
  });

  describe("discovery", () => {
    test("aggregated and legacy discovery name the same resources", async () => {
      const as = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      const { body } = await w.get("/apis", as);
      interface Discovery {
        readonly items: readonly {
          readonly metadata: { readonly name: string };
          readonly versions: readonly {
            readonly version: string;
            readonly resources: readonly { readonly resource: string }[];
          }[];
        }[];
      }
      for (const { metadata, versions } of (body as Discovery).items)
        for (const { version, resources } of versions) {
          const legacy = (await w.get(`/apis/${metadata.name}/${version}`)).body as {
            resources: readonly { readonly name: string }[];
          };
          expect(
            legacy.resources
              .map(({ name }) => name)
              .filter((name) => !name.includes("/"))
              .toSorted(),
            metadata.name,
          ).toEqual(resources.map(({ resource }) => resource).toSorted());
        }
    });
    test("If-None-Match of the same discovery and the same OpenAPI is a 304", async () => {
      for (const path of ["/openapi/v3/apis/apps/v1"]) {
        const first = await fetch(`${cluster.url}${path}`);
        const etag = first.headers.get("etag") ?? "";
        await first.text();
        const again = await fetch(`${cluster.url}${path}`, { headers: { "if-none-match": etag } });
        expect({ path, etag: etag !== "", code: again.status }).toEqual({
          path,
          etag: true,
          code: 304,
        });
        await again.body?.cancel();
      }
    });
    test("every path of the root answers", async () => {
      const { paths } = (await w.get("/")).body as { paths: readonly string[] };
      expect(paths).toEqual(
        expect.arrayContaining([
          "/api",
          "/api/v1",
          "/apis",
          "/apis/apps/v1",
          "/healthz",
          "/metrics",
          "/openapi/v3",
          "/version",
        ]),
      );
      // What ends with a slash is the root of a tree: it says what lies below, not what it is.
      for (const path of paths.filter((one) => !one.endsWith("/")))
        expect({ path, code: (await w.text(path)).code }).toEqual({ path, code: 200 });
    });
  });
});
