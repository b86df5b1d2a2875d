/**
 * What every kind of the API must do, over all of them: verbs, patches, dry runs, tables, explain.
 * A kind's own rules have tables of their own beside this file.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { resources } from "#apimachinery/api/schema.ts";
import { newApi, type Api, type Json } from "#test/support/api.ts";
import { sampleOf } from "./samples.ts";

let api: Api;
beforeAll(async () => {
  api = await newApi();
});

const created = resources
  .filter(({ verbs }) => verbs.includes("create") && verbs.includes("get"))
  .map((facts) => {
    const { group, version, kind, plural, namespaced } = facts;
    const apiVersion = group === "" ? version : `${group}/${version}`;
    const prefix = group === "" ? `/api/${version}` : `/apis/${apiVersion}`;
    const collection = `${prefix}${namespaced ? "/namespaces/default" : ""}/${plural}`;
    const gvk = `${apiVersion}/${kind}`;
    return {
      ...facts,
      gvk,
      collection,
      groupResource: group === "" ? plural : `${plural}.${group}`,
    };
  });

const type = (name: string): { "content-type": string } => ({ "content-type": name });
const merge = type("application/merge-patch+json");
const applyType = "application/apply-patch+yaml";
const table = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
/** Columns that upstream itself declares as another type than it prints, or cannot describe. */
const upstreamsOwn: Readonly<Record<string, readonly string[]>> = {
  "v1/ConfigMap": ["Data"],
  "v1/Secret": ["Data"],
  "v1/Event": ["Count"],
  "events.k8s.io/v1/Event": ["Count"],
  "apps/v1/ControllerRevision": ["Revision"],
  "apps/v1/Deployment": ["Up-to-date", "Available"],
  "autoscaling/v1/HorizontalPodAutoscaler": ["MaxPods", "Replicas"],
  "autoscaling/v2/HorizontalPodAutoscaler": ["MaxPods", "Replicas"],
  "batch/v1/CronJob": ["Suspend"],
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema": ["MatchingPrecedence"],
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration": ["NominalConcurrencyShares"],
  "node.k8s.io/v1/RuntimeClass": ["Handler"],
  "storage.k8s.io/v1/StorageClass": ["AllowVolumeExpansion"],
};
const versionOf = (object: Json): string => object.metadata.resourceVersion;

describe.each(created)(
  "$gvk",
  ({ gvk, collection, namespaced, groupResource, verbs, subresources }) => {
    const sample = sampleOf(gvk, namespaced) as Json;
    const { name } = sample.metadata;
    const path = `${collection}/${name}`;
    let object: Json;

    test("one that lacks everything is refused or filled in, never an accident", async () => {
      const { apiVersion, kind } = sample;
      // Each level of the sample emptied in turn.
      const poor: Json[] = [
        { apiVersion, kind, metadata: { name } },
        {},
        { metadata: { name }, spec: {} },
      ];
      for (const [field, value] of Object.entries<Json>(sample)) {
        if (typeof value !== "object" || field === "metadata") continue;
        for (const inner of Object.keys(value)) {
          const empty = Array.isArray(value[inner]) ? [] : {};
          poor.push({ ...sample, [field]: { ...value, [inner]: empty } });
          poor.push({ ...sample, [field]: { ...value, [inner]: undefined } });
          poor.push({ ...sample, [field]: { ...value, [inner]: [{}] } });
        }
      }
      for (const body of poor) {
        const { code, body: said } = await api.request("POST", `${collection}?dryRun=All`, body);
        expect(code, `${JSON.stringify(body)}: ${said.message}`).toBeLessThan(500);
      }
    });

    test("a dry run answers and leaves no trace", async () => {
      const before = versionOf(await api.get(collection));
      const { code, body } = await api.request("POST", `${collection}?dryRun=All`, sample);
      expect({ code, body }).toMatchObject({ code: 201, body: { metadata: { name } } });
      expect((await api.request("GET", path)).code).toBe(404);
      expect(versionOf(await api.get(collection))).toBe(before);
    });

    test("is created, complete", async () => {
      const { code, body } = await api.request("POST", collection, sample);
      expect({ code, body }).toMatchObject({
        code: 201,
        body: { kind: sample.kind, apiVersion: sample.apiVersion },
      });
      expect(body.metadata).toMatchObject({
        name,
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
      object = body;
    });

    test("is read as it was answered", async () => {
      expect(await api.get(path)).toEqual(object);
    });

    test("does not exist twice", async () => {
      const { code, body } = await api.request("POST", collection, sample);
      expect({ code, message: body.message }).toEqual({
        code: 409,
        message: `${groupResource} "${name}" already exists`,
      });
    });

    test("what is written back unchanged makes no revision: defaults are idempotent", async () => {
      const { code, body } = await api.request("PUT", path, object);
      expect({ code, version: versionOf(body) }).toEqual({ code: 200, version: versionOf(object) });
    });

    test("a stale write is a conflict", async () => {
      const stale = {
        ...object,
        metadata: { ...object.metadata, resourceVersion: "1", labels: { stale: "" } },
      };
      const { code, body } = await api.request("PUT", path, stale);
      expect({ code, message: body.message }).toEqual({
        code: 409,
        message: `Operation cannot be fulfilled on ${groupResource} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
      });
    });

    test.each<[string, string, (object: Json) => Json]>([
      ["merge", "application/merge-patch+json", () => ({ metadata: { labels: { by: "merge" } } })],
      [
        "strategic",
        "application/strategic-merge-patch+json",
        () => ({ metadata: { labels: { by: "strategic" } } }),
      ],
      [
        "json",
        "application/json-patch+json",
        () => [{ op: "replace", path: "/metadata/labels/by", value: "json" }],
      ],
    ])("a %s patch changes what it names, once", async (by, contentType, patchOf) => {
      const patch = patchOf(object);
      const first = await api.request("PATCH", path, patch, type(contentType));
      expect({ code: first.code, body: first.body }).toMatchObject({
        code: 200,
        body: { metadata: { labels: { by } } },
      });
      const { metadata: _, ...rest } = first.body;
      expect(rest).toEqual(withoutGeneration(object));
      const second = await api.request("PATCH", path, patch, type(contentType));
      expect({ code: second.code, version: versionOf(second.body) }).toEqual({
        code: 200,
        version: versionOf(first.body),
      });
      object = first.body;
    });

    test("an apply takes a field from another only by force, and only once", async () => {
      const { apiVersion, kind } = sample;
      const wish = { apiVersion, kind, metadata: { name, labels: { by: "apply" } } };
      const apply = (query: string): ReturnType<Api["request"]> =>
        api.request("PATCH", `${path}?fieldManager=test${query}`, wish, type(applyType));
      const refused = await apply("");
      expect([refused.code, refused.body.message]).toEqual([
        409,
        expect.stringMatching(
          /^Apply failed with 1 conflict: conflict with ".*: \.metadata\.labels\.by$/,
        ),
      ]);
      const forced = await apply("&force=true");
      expect({ code: forced.code, body: forced.body }).toMatchObject({
        code: 200,
        body: { metadata: { labels: { by: "apply" } } },
      });
      expect(versionOf((await apply("")).body)).toBe(versionOf(forced.body));
      object = forced.body;
    });

    test("an unknown field is refused when asked strictly", async () => {
      const strictly = { nothingLikeIt: 1 };
      const posted = await api.request("POST", `${collection}?fieldValidation=Strict&dryRun=All`, {
        ...sample,
        ...strictly,
      });
      const patched = await api.request("PATCH", `${path}?fieldValidation=Strict`, strictly, merge);
      expect([posted, patched].map(({ code, body }) => [code, body.reason])).toEqual([
        [400, "BadRequest"],
        [422, "Invalid"],
      ]);
      for (const { body } of [posted, patched])
        expect(body.message).toContain('strict decoding error: unknown field "nothingLikeIt"');
    });

    test("is found by its name and its labels, and not by others", async () => {
      const found = async (query: string): Promise<string[]> =>
        (await api.get(`${collection}?${query}`)).items.map((one: Json) => one.metadata.name);
      expect(await found(`fieldSelector=metadata.name=${name}`)).toEqual([name]);
      expect(await found("labelSelector=by=apply")).toContain(name);
      expect(await found("labelSelector=by!=apply")).not.toContain(name);
    });

    for (const subresource of ["status", "scale"].filter((one) =>
      subresources?.[one]?.verbs.includes("get"),
    ))
      test(`its ${subresource} has a table`, async () => {
        const { kind, columnDefinitions } = await api.get(`${path}/${subresource}`, table);
        expect(kind).toBe("Table");
        if (subresource === "scale")
          expect(columnDefinitions.map((one: Json) => one.name)).toEqual([
            "Name",
            "Desired",
            "Available",
            "Age",
          ]);
      });

    test("every printed column is present, and of its type", async () => {
      const { columnDefinitions, rows } = await api.get(path, table);
      expect(columnDefinitions[0]).toMatchObject({
        name: expect.stringMatching(/^(Name|Last Seen)$/),
      });
      const [{ cells }] = rows;
      expect(cells).toHaveLength(columnDefinitions.length);
      const shown = columnDefinitions.map((column: Json, i: number) => ({
        column: column.name,
        fits:
          {
            integer: "number",
            number: "number",
            boolean: "boolean",
            date: "string",
            string: "string",
          }[column.type as "string"] === typeof cells[i],
        described: column.description !== "",
      }));
      const odd = shown.filter((one: Json) => !one.fits || !one.described);
      expect(odd.map((one: Json) => one.column)).toEqual(upstreamsOwn[gvk] ?? []);
    });

    test("is shown as YAML, as protobuf, as metadata alone", async () => {
      expect(await api.get(path, { accept: "application/yaml" })).toContain(`\n  name: ${name}\n`);
      const protobuf = await api.fetch("GET", path, undefined, {
        accept: "application/vnd.kubernetes.protobuf",
      });
      expect(new TextDecoder().decode((await protobuf.arrayBuffer()).slice(0, 3))).toBe("k8s");
      const partial = await api.get(path, {
        accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
      });
      expect(partial).toEqual({
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: object.metadata,
      });
    });

    test("its status has a door of its own, if it has one", async () => {
      const { code: found } = await api.request("GET", `${path}/status`);
      if (subresources?.["status"] === undefined) return expect(found).toBe(404);
      expect(await api.get(`${path}/status`)).toEqual(object);
      const { code, body } = await api.request("PUT", `${path}/status`, { ...object, spec: {} });
      expect({ code, spec: body.spec, version: versionOf(body) }).toEqual({
        code: 200,
        spec: object.spec,
        version: versionOf(object),
      });
    });

    test("a name is made of generateName", async () => {
      const body = {
        ...sample,
        metadata: { ...sample.metadata, name: undefined, generateName: "made-" },
      };
      const answer = await api.request("POST", `${collection}?dryRun=All`, body);
      // Some kinds' names say something: no random one is right.
      if (answer.code !== 422) expect(answer.body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
      else expect(name).not.toBe("sample");
    });

    test("is deleted; a precondition that does not hold keeps it", async () => {
      const wrong = await api.request("DELETE", path, { preconditions: { uid: "another" } });
      expect(wrong.code).toBe(409);
      const { code } = await api.request("DELETE", path, undefined);
      expect(code).toBe(200);
      const after = await api.request("GET", path);
      // A finalizer keeps it until somebody has taken care of it.
      if (after.code !== 404) expect(after.body.metadata.deletionTimestamp).toBeDefined();
    });

    test("a collection is deleted as it is selected, where that is allowed", async () => {
      // Whoever keeps the first by a finalizer takes care of it now.
      await api.advance("5s");
      const other = sampleOf(gvk, namespaced, name === "sample" ? "other" : name) as Json;
      const labelled = { ...other, metadata: { ...other.metadata, labels: { one: "of-many" } } };
      expect((await api.request("POST", collection, labelled)).code).toBe(201);
      const { code } = await api.request("DELETE", `${collection}?labelSelector=one=of-many`);
      if (!verbs.includes("deletecollection")) return expect(code).toBe(405);
      expect(code).toBe(200);
      const { items } = await api.get(`${collection}?labelSelector=one=of-many`);
      const left = items.filter((one: Json) => one.metadata.deletionTimestamp === undefined);
      expect(left).toEqual([]);
    });
  },
);

/** A label is no change of the spec, so neither is the generation. */
function withoutGeneration(object: Json): Json {
  const { metadata: _, ...rest } = object;
  return rest;
}
