/**
 * What every registered admission plugin must do, on every kind that it names: act on what the API has, never
 * touch what it is given, have nothing to add the second time, and refuse by a Status alone.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { resources } from "#apimachinery/api/schema.ts";
import { deepFreeze } from "#apimachinery/freeze.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { StatusError } from "#apimachinery/status.ts";
import type { Admission, AdmissionRequest, Operation } from "#apiserver/admission/admission.ts";
import { Rounds } from "#apiserver/admission/matching/reinvocation.ts";
import { admissions } from "#apiserver/admission/registry.ts";
import { mutate } from "#apiserver/gates/admission.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import { Passage } from "#apiserver/passage.ts";
import { Registry, type Resource } from "#apiserver/registry.ts";
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import { learner } from "#apiserver/server.ts";
import { admin } from "#cluster/credentials.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";
import { sampleOf } from "#test/apiserver/samples.ts";

const created = new Registry().all.filter(
  ({ facts: { verbs }, face }) =>
    verbs.includes("create") && verbs.includes("get") && face === undefined,
);
const named = ({ group, plural }: Pick<Resource, "group" | "plural">): string =>
  group === "" ? plural : `${plural}.${group}`;
const known = new Set(
  resources.flatMap(({ subresources = {}, ...facts }) => [
    named(facts),
    ...Object.keys(subresources).map((sub) => `${named(facts)}/${sub}`),
  ]),
);
const everything = ["*", "*/*"];
interface Concerned {
  readonly resource: Resource;
  readonly subresource: string;
}
/** What a plugin names, each with an object to try. */
const concerned = ({ on }: Admission): readonly Concerned[] =>
  created.flatMap((resource) => {
    const all = on.resources.some((name) => everything.includes(name));
    const own = on.resources.filter((name) => name.split("/")[0] === named(resource));
    const subresources = own.map((name) => name.split("/")[1] ?? "");
    return (all ? ["", ...subresources] : subresources).map((subresource) => ({
      resource,
      subresource,
    }));
  });

let cluster: WiredCluster;
beforeAll(async () => {
  cluster = await newWired();
});

/** A request of the administrator about a sample, complete and frozen. */
function requestOf(
  resource: Resource,
  operation: Operation,
  more: Partial<RequestInfo> = {},
): AdmissionRequest {
  const { api } = cluster.rooms;
  const { gvk, namespaced, group, version, plural, kind, facts } = resource;
  const sample = sampleOf(gvk, namespaced) as unknown as KubeObject;
  const whole = structuredClone(kind.defaults?.(structuredClone(sample)) ?? sample);
  const { kind: ownKind = gvk } = facts.subresources?.[more.subresource ?? ""] ?? {};
  // A subresource's own kind, where it is another: a Binding, a TokenRequest.
  const object = ownKind === gvk ? whole : ({ ...whole, spec: {} } as KubeObject);
  const full = deepFreeze(object);
  const namespace = namespaced ? "default" : "";
  const { name = "" } = sample.metadata;
  const info: RequestInfo = {
    isResource: true,
    path: "",
    verb: operation.toLowerCase(),
    group,
    version,
    resource: plural,
    subresource: "",
    namespace,
    name,
    ...more,
  };
  const user = admin as UserInfo;
  const context = kindContext(api, `/sample/${gvk}`, user);
  const request = { info, user, actor: { name: learner, cause: 0 }, options: {} };
  const passage = new Passage();
  const call = { request, resource, server: api, world: api.world, passage, user };
  return {
    operation,
    info,
    user,
    object: operation === "DELETE" ? undefined : full,
    previous: operation === "CREATE" ? undefined : full,
    dryRun: false,
    context,
    call,
    rounds: new Rounds(),
  };
}

describe.each(admissions.map((plugin) => [plugin.name, plugin] as const))("%s", (_, plugin) => {
  const { on } = plugin;
  const rows = on.operations.flatMap((operation) =>
    concerned(plugin).map(
      ({ resource, subresource }) =>
        [operation, `${named(resource)}/${subresource}`, resource, { subresource }] as const,
    ),
  );

  test("acts, on what the API has", () => {
    expect(plugin.mutate ?? plugin.validate).toBeTypeOf("function");
    expect(rows.length).toBeGreaterThan(0);
    expect(on.resources.filter((one) => !everything.includes(one) && !known.has(one))).toEqual([]);
  });

  test("never touches what it is given, and has nothing to add the second time", () => {
    for (const [operation, name, resource, path] of rows) {
      const request = requestOf(resource, operation, path);
      const before = JSON.stringify([request.object, request.previous]);
      const first = plugin.mutate === undefined ? request.object : plugin.mutate(request);
      if (operation === "DELETE") expect(first, name).toBeUndefined();
      const again = { ...request, object: first, rounds: new Rounds() };
      const second = plugin.mutate === undefined ? first : plugin.mutate(again);
      expect(second, `${operation} ${name}`).toBe(first);
      plugin.validate?.(again);
      expect(JSON.stringify([request.object, request.previous])).toBe(before);
    }
  });

  test("refuses nobody's mistakes but by a Status", () => {
    const nobody = { name: "system:anonymous", groups: ["system:unauthenticated"] };
    for (const [operation, name, resource, path] of rows) {
      const request = requestOf(resource, operation, { ...path, namespace: "nowhere" });
      const { apiVersion, kind, metadata } = sampleOf(
        resource.gvk,
        resource.namespaced,
      ) as never as KubeObject;
      const poor =
        operation === "DELETE" ? undefined : deepFreeze({ apiVersion, kind, metadata, spec: {} });
      const asked = { ...request, user: nobody, object: poor as KubeObject | undefined };
      for (const act of [plugin.mutate, plugin.validate]) {
        try {
          act?.call(plugin, asked);
        } catch (error) {
          expect(error, `${operation} ${name}`).toBeInstanceOf(StatusError);
          expect((error as StatusError).code).toBeLessThan(500);
        }
      }
    }
  });
});

test.each(created.map((resource) => [named(resource), resource] as const))(
  "%s/unheard: a subresource that no plugin knows is left alone",
  (_, resource) => {
    const request = requestOf(resource, "UPDATE", { subresource: "unheard" });
    expect(mutate(request)).toBe(request.object);
  },
);
