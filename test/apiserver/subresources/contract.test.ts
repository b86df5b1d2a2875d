/**
 * What every registered subresource must do, on every kind that has it: refuse who may not by name, take its own
 * kind alone, write nothing in a dry run, write nothing when nothing changes.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { Registry } from "#apiserver/registry.ts";
import { subresources } from "#apiserver/subresources/registry.ts";
import { type Api, type Json, newApi, type Reply } from "#test/support/api.ts";
import { sampleOf } from "#test/apiserver/samples.ts";

/** What a body must say beside its name, where a kind of its own is posted. */
const saying: Readonly<Record<string, Json>> = {
  binding: { target: { kind: "Node", name: "worker-1" } },
};
const methods: Readonly<Record<string, string>> = {
  get: "GET",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
};
const type = (name: string): { "content-type": string } => ({ "content-type": name });
const merge = type("application/merge-patch+json");

const rows = new Registry().all.flatMap((resource) =>
  subresources
    .filter((one) => one.on(resource) && resource.facts.subresources?.[one.name] !== undefined)
    .filter(() => resource.facts.verbs.includes("create"))
    .map(({ name: sub }) => {
      const { group, apiVersion, plural, namespaced, gvk, facts } = resource;
      const { verbs, kind } = facts.subresources?.[sub] ?? { verbs: [], kind: "" };
      const prefix = group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
      const collection = `${prefix}${namespaced ? "/namespaces/default" : ""}/${plural}`;
      const qualified = group === "" ? plural : `${plural}.${group}`;
      const path = `${qualified}/${sub}`;
      return { path, sub, verbs, kind, gvk, group, plural, namespaced, collection, qualified };
    }),
);

test("every registered subresource is on some kind", () => {
  expect([...new Set(rows.map(({ sub }) => sub))].toSorted()).toEqual(
    [...new Set(subresources.map(({ name }) => name))].toSorted(),
  );
});

let api: Api;
beforeAll(async () => {
  api = await newApi();
});

type Row = (typeof rows)[number];
interface Prepared {
  readonly path: string;
  readonly name: string;
  readonly own: Json;
  /** A body that is taken: what is read, or what is posted. */
  body: Json;
  /** The newest revision of the kind's list. */
  listed(): Promise<string>;
}

/** An object that has the subresource, before the tests of a row. */
function prepared({ sub, verbs, kind, gvk, namespaced, collection }: Row): Prepared {
  const sample = sampleOf(gvk, namespaced) as Json;
  const { name } = sample.metadata;
  const path = `${collection}/${name}/${sub}`;
  const slash = kind.lastIndexOf("/");
  const own = { apiVersion: kind.slice(0, slash), kind: kind.slice(slash + 1) };
  const listed = async (): Promise<string> => (await api.get(collection)).metadata.resourceVersion;
  const made: Prepared = { path, name, own, body: undefined, listed };
  beforeAll(async () => {
    const { code } = await api.request("POST", collection, sample);
    expect([201, 409]).toContain(code);
    const metadata = { name, ...(namespaced ? { namespace: "default" } : {}) };
    made.body = verbs.includes("create")
      ? { ...own, metadata, ...saying[sub] }
      : await api.get(verbs.includes("get") ? path : `${collection}/${name}`);
  });
  return made;
}

function send(verb: string, to: string, given: Json, headers = {}): Promise<Reply> {
  const method = methods[verb] ?? "";
  if (verb === "get") return api.request(method, to, undefined, headers);
  if (verb === "patch") return api.request(method, to, {}, { ...merge, ...headers });
  return api.request(method, to, given, headers);
}

describe.each(rows)("$path", (row) => {
  const { sub, verbs, group, plural, namespaced, collection, qualified } = row;
  const its = prepared(row);
  const { path, name, listed } = its;
  const writes = verbs.filter((verb) => verb !== "get");

  test.each(verbs)("%s: who may not is told what", async (verb) => {
    const { code, body: said } = await send(verb, path, its.body, { "impersonate-user": "jane" });
    const within = namespaced ? "default" : plural === "namespaces" ? name : "";
    const where = within === "" ? "at the cluster scope" : `in the namespace "${within}"`;
    expect([code, said.message]).toEqual([
      403,
      `${qualified} "${name}" is forbidden: User "jane" cannot ${verb} resource "${plural}/${sub}" in API group "${group}" ${where}`,
    ]);
  });

  test("what it does not do is refused", async () => {
    for (const verb of Object.keys(methods).filter((one) => !verbs.includes(one)))
      expect((await send(verb, path, its.body)).code, verb).toBe(405);
    expect((await api.request("DELETE", path)).code).toBe(405);
  });

  test.each(verbs)("%s: what is not there is not found", async (verb) => {
    const { namespace } = its.body.metadata;
    const other = { ...its.body, metadata: { name: "nowhere", namespace } };
    const { code, body: said } = await send(verb, `${collection}/nowhere/${sub}`, other);
    expect([code, said.reason, said.details?.name]).toEqual([404, "NotFound", "nowhere"]);
  });

  test.each(writes.filter((verb) => verb !== "patch"))(
    "%s: takes its own kind, for the object of the path",
    async (verb) => {
      const { metadata } = its.body;
      const asked = async (change: Json): Promise<number> =>
        (await send(verb, `${path}?dryRun=All`, { ...its.body, ...change })).code;
      const elsewhere = namespaced ? { namespace: "kube-system" } : { name: "other" };
      expect({
        kind: await asked({ kind: "Other" }),
        version: await asked({ apiVersion: "example.com/v1" }),
        shape: await asked({ metadata: [] }),
        place: await asked({ metadata: { ...metadata, ...elsewhere } }),
        text: (await send(verb, path, "{")).code,
        nothing: (await send(verb, path, undefined)).code,
      }).toEqual({ kind: 400, version: 400, shape: 400, place: 400, text: 400, nothing: 400 });
      const other = await asked({ metadata: { ...metadata, name: "other" } });
      // A TokenRequest's own validation says so; all others are told before.
      expect(other).toBe(sub === "token" ? 422 : 400);
    },
  );

  test.each(writes)("%s: a dry run leaves no trace, and takes All alone", async (verb) => {
    const before = [await listed(), await api.get(`${collection}/${name}`)];
    const { code } = await send(verb, `${path}?dryRun=All`, its.body);
    expect([200, 201]).toContain(code);
    expect((await send(verb, `${path}?dryRun=Some`, its.body)).code).toBe(422);
    expect([await listed(), await api.get(`${collection}/${name}`)]).toEqual(before);
  });
});

describe.each(rows.filter(({ verbs }) => verbs.includes("update")))("$path by PUT", (row) => {
  const its = prepared(row);
  const { path, listed } = its;

  test("what is written back unchanged makes no revision", async () => {
    const before = await listed();
    const { code } = await send("update", path, its.body);
    expect([code, await listed()]).toEqual([200, before]);
  });

  test("a stale write is a conflict, and another's uid is one", async () => {
    for (const change of [{ resourceVersion: "1" }, { uid: "another" }]) {
      const metadata = { ...its.body.metadata, ...change };
      const { code, body: said } = await send("update", path, { ...its.body, metadata });
      expect([code, said.reason]).toEqual([409, "Conflict"]);
    }
  });
});

describe.each(rows.filter(({ verbs }) => verbs.includes("patch")))("$path by PATCH", (row) => {
  const { path, name, own, listed } = prepared(row);
  const sent = async (patch: unknown, contentType: string, query = ""): Promise<number> =>
    (await api.request("PATCH", path + query, patch, type(contentType))).code;

  test.each([
    ["merge", "application/merge-patch+json", {}],
    ["strategic", "application/strategic-merge-patch+json", {}],
    ["json", "application/json-patch+json", []],
  ])("a %s patch that changes nothing makes no revision", async (_, contentType, patch) => {
    const before = await listed();
    expect([await sent(patch, contentType), await listed()]).toEqual([200, before]);
  });

  test("a patch of no known sort is refused, and one that does not fit", async () => {
    expect(await sent({}, "application/json")).toBe(415);
    const absent = [{ op: "remove", path: "/metadata/labels/absent/there" }];
    expect(await sent(absent, "application/json-patch+json")).toBe(422);
    expect(await sent({ metadata: { name: "other" } }, merge["content-type"])).toBe(400);
    expect(await sent([], merge["content-type"])).toBe(400);
  });

  test("an apply has a manager, and a configuration of its kind", async () => {
    const contentType = "application/apply-patch+yaml";
    const config = { ...own, metadata: { name } };
    expect(await sent(config, contentType)).toBe(422);
    expect(await sent({ ...config, kind: "Other" }, contentType, "?fieldManager=me")).toBe(400);
    expect(await sent(config, contentType, "?fieldManager=me")).toBe(200);
  });
});
