/**
 * Any run of writes, against a model that is a Map: what is read, listed, watched and read at an old
 * revision is what the model says. The model is deliberately dumb: it knows nothing of revisions but
 * what it is told.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, type Json, newApi } from "#test/support/api.ts";

type Data = Readonly<Record<string, string>>;
interface State {
  readonly labels: Data;
  readonly data: Data;
}
type Model = Map<string, State>;

const names = ["a", "b", "c", "d"];
const name = fc.constantFrom(...names);
const data = fc.dictionary(fc.constantFrom("x", "y", "z"), fc.constantFrom("1", "2", "3"), {
  maxKeys: 3,
});
const labels = fc.dictionary(fc.constantFrom("tier", "zone"), fc.constantFrom("red", "blue"), {
  maxKeys: 2,
});
/** A value of a merge patch: null takes the key away. */
const change = fc.dictionary(
  fc.constantFrom("x", "y", "z"),
  fc.option(fc.constantFrom("1", "2", "3")),
  { maxKeys: 3 },
);

type Operation =
  | { readonly do: "create" | "replace" | "stale"; readonly name: string; readonly state: State }
  | {
      readonly do: "merge" | "json";
      readonly name: string;
      readonly change: Readonly<Record<string, string | null>>;
    }
  | { readonly do: "delete"; readonly name: string };
const state = fc.record({ labels, data });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    do: fc.constantFrom("create" as const, "replace" as const, "stale" as const),
    name,
    state,
  }),
  fc.record({ do: fc.constantFrom("merge" as const, "json" as const), name, change }),
  fc.record({ do: fc.constant("delete" as const), name }),
);

/** RFC 7386 for one level, as a person would do it. */
const merged = (before: Data, by: Readonly<Record<string, string | null>>): Data =>
  Object.fromEntries(
    Object.entries({ ...before, ...by }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    ),
  );
/** The same change as an RFC 6902 patch of an object that has data. */
const asJsonPatch = (
  before: Data,
  by: Readonly<Record<string, string | null>>,
): readonly object[] =>
  Object.entries(by)
    .filter(([key, value]) => value !== null || key in before)
    .map(([key, value]) =>
      value === null
        ? { op: "remove", path: `/data/${key}` }
        : { op: "add", path: `/data/${key}`, value },
    );

const stateOf = ({ metadata, data: held = {} }: Json): State => ({
  labels: metadata.labels ?? {},
  data: held,
});
const asModel = (items: readonly Json[]): Model =>
  new Map(items.map((item) => [item.metadata.name as string, stateOf(item)]));
const sorted = (model: Model): readonly (readonly [string, State])[] =>
  [...model].toSorted(([a], [b]) => (a < b ? -1 : 1));

describe("any run of writes", () => {
  let api: Api;
  let runs = 0;
  beforeAll(async () => {
    api = await newApi({ workers: 1 });
  });

  /** A namespace of its own for each run, and the paths in it. */
  async function place(): Promise<string> {
    runs += 1;
    const namespace = `fuzz-${runs}`;
    await api.request("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    return `/api/v1/namespaces/${namespace}/configmaps`;
  }
  const configMap = (of: string, { labels: wanted, data: held }: State): object => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: of, labels: wanted },
    data: held,
  });

  /** Does it, checks the answer's code against the model, and changes the model. */
  async function act(path: string, model: Model, op: Operation): Promise<void> {
    const before = model.get(op.name);
    const at = `${path}/${op.name}`;
    const told = async (
      method: string,
      where: string,
      body: unknown,
      type?: string,
    ): Promise<Json> => {
      const { code, body: answer } = await api.request(
        method,
        where,
        body,
        type === undefined ? {} : { "content-type": type },
      );
      return { code, answer };
    };
    switch (op.do) {
      case "create": {
        const { code, answer } = await told("POST", path, configMap(op.name, op.state));
        expect(code).toBe(before === undefined ? 201 : 409);
        if (before === undefined) {
          expect(stateOf(answer)).toEqual(op.state);
          model.set(op.name, op.state);
        }
        return;
      }
      case "replace": {
        const { code } = await told("PUT", at, configMap(op.name, op.state));
        expect(code).toBe(before === undefined ? 404 : 200);
        if (before !== undefined) model.set(op.name, op.state);
        return;
      }
      case "stale": {
        const body = {
          ...configMap(op.name, op.state),
          metadata: { name: op.name, resourceVersion: "1" },
        };
        expect((await told("PUT", at, body)).code).toBe(before === undefined ? 404 : 409);
        return;
      }
      case "delete": {
        expect((await told("DELETE", at, undefined)).code).toBe(before === undefined ? 404 : 200);
        model.delete(op.name);
        return;
      }
      default: {
        const isJson = op.do === "json";
        const body = isJson
          ? [
              ...(before !== undefined && Object.keys(before.data).length > 0
                ? []
                : [{ op: "add", path: "/data", value: {} }]),
              ...asJsonPatch(before?.data ?? {}, op.change),
            ]
          : { data: op.change };
        const { code, answer } = await told(
          "PATCH",
          at,
          body,
          isJson ? "application/json-patch+json" : "application/merge-patch+json",
        );
        expect(code, JSON.stringify({ op, answer })).toBe(before === undefined ? 404 : 200);
        if (before === undefined) return;
        const after = { ...before, data: merged(before.data, op.change) };
        expect(stateOf(answer)).toEqual(after);
        model.set(op.name, after);
      }
    }
  }

  test("lists, gets, selectors and old revisions are the model's", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 25 }), async (operations) => {
        const path = await place();
        const model: Model = new Map();
        const snapshots: (readonly [string, readonly (readonly [string, State])[]])[] = [];
        for (const op of operations) {
          await act(path, model, op);
          const { metadata, items } = await api.get(path);
          expect(sorted(asModel(items))).toEqual(sorted(model));
          snapshots.push([metadata.resourceVersion, sorted(model)]);
        }
        for (const [revision, was] of snapshots) {
          const old = await api.get(
            `${path}?resourceVersion=${revision}&resourceVersionMatch=Exact`,
          );
          expect(sorted(asModel(old.items))).toEqual(was);
        }
        const red = await api.get(
          `${path}?labelSelector=${encodeURIComponent("tier in (red),zone!=blue")}`,
        );
        expect(sorted(asModel(red.items))).toEqual(
          sorted(model).filter(
            ([, { labels: has }]) => has["tier"] === "red" && has["zone"] !== "blue",
          ),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("a watch replayed is the list, from any revision on", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 4, maxLength: 25 }),
        fc.nat(),
        async (operations, cut) => {
          const path = await place();
          const model: Model = new Map();
          const at = cut % operations.length;
          for (const op of operations.slice(0, at)) await act(path, model, op);
          const start = await api.get(path);
          for (const op of operations.slice(at)) await act(path, model, op);
          const end = await api.get(path);
          const known = asModel(start.items);
          const watch = await api.fetch(
            "GET",
            `${path}?watch=1&resourceVersion=${start.metadata.resourceVersion}&timeoutSeconds=1&allowWatchBookmarks=true`,
          );
          let last = Number(start.metadata.resourceVersion);
          const expected = sorted(model);
          const reader = (watch.body as ReadableStream<Uint8Array>)
            .pipeThrough(new TextDecoderStream() as never)
            .getReader() as ReadableStreamDefaultReader<string>;
          let rest = "";
          while (
            JSON.stringify(sorted(known)) !== JSON.stringify(expected) ||
            last < newest(end.items)
          ) {
            const { value, done } = await reader.read();
            if (done) break;
            const lines = (rest + value).split("\n");
            rest = lines.pop() ?? "";
            for (const line of lines) {
              const { type, object } = JSON.parse(line);
              const revision = Number(object.metadata.resourceVersion);
              expect(revision).toBeGreaterThan(last);
              last = revision;
              if (type === "DELETED") known.delete(object.metadata.name);
              else if (type !== "BOOKMARK") known.set(object.metadata.name, stateOf(object));
            }
          }
          await reader.cancel();
          expect(sorted(known)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });

  test("a continue token walks the snapshot that its first page was of", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 4, maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(operation, { maxLength: 8 }),
        async (operations, limit, meanwhile) => {
          const path = await place();
          const model: Model = new Map();
          for (const op of operations) await act(path, model, op);
          const was = sorted(model);
          let page = await api.get(`${path}?limit=${limit}`);
          const items: Json[] = [...page.items];
          for (const op of meanwhile) await act(path, model, op);
          while (page.metadata.continue) {
            page = await api.get(`${path}?limit=${limit}&continue=${page.metadata.continue}`);
            items.push(...page.items);
          }
          expect(sorted(asModel(items))).toEqual(was);
          expect(items).toHaveLength(was.length);
        },
      ),
      { numRuns: 15 },
    );
  });
});

const newest = (items: readonly Json[]): number =>
  Math.max(0, ...items.map(({ metadata }) => Number(metadata.resourceVersion)));
