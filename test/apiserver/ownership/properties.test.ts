/** Server-side apply as laws, on a small type that has every sort of field. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TypeDescription } from "#apimachinery/typed/description.ts";
import { compare } from "#apimachinery/typed/compare.ts";
import { paths, union } from "#apimachinery/fieldpath/set.ts";
import { type Application, afterApply, ApplyConflicts } from "#apiserver/ownership/apply.ts";
import type { Owners } from "#apiserver/ownership/owner.ts";
import { afterUpdate } from "#apiserver/ownership/update.ts";

type Json = Record<string, unknown>;

const text: TypeDescription = { scalar: "string" };
const mapOf = (
  fields: Record<string, TypeDescription>,
  element?: TypeDescription,
): TypeDescription => ({
  map: {
    atomic: false,
    field: (name) => fields[name],
    element,
    defaultOf: () => undefined,
    zeroOf: () => undefined,
  },
});
const type = mapOf({
  plain: text,
  labels: mapOf({}, text),
  items: { list: { atomic: false, keys: ["name"], element: mapOf({ name: text, value: text }) } },
  names: { list: { atomic: false, keys: [], element: text } },
  whole: { list: { atomic: true, keys: [], element: text } },
});
const version = { type, shown: (one: never) => one, stored: (one: never) => one };
const versions = (): typeof version => version;

const word = fc.constantFrom("a", "b", "c");
const config: fc.Arbitrary<Json> = fc.record(
  {
    plain: word,
    labels: fc.dictionary(word, word, { minKeys: 1 }),
    items: fc.uniqueArray(fc.record({ name: word, value: word }), {
      selector: ({ name }) => name,
      minLength: 1,
    }),
    names: fc.uniqueArray(word, { minLength: 1 }),
    whole: fc.array(word, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);

interface State {
  readonly object: Json;
  readonly owners: Owners;
}
const nothing: State = { object: {}, owners: [] };

/** Decoding drops nulls; a list or map that is empty is none. */
function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null && one !== undefined)
      .map(([name, one]) => [name, decoded(one)]),
  );
}

const writer = (manager: string, operation: "Apply" | "Update") =>
  ({ manager, operation, apiVersion: "v1", subresource: "" }) as const;

function apply(state: State, manager: string, wanted: Json, force = true): State {
  const { object, owners } = afterApply(state.owners, {
    live: { ...state.object, metadata: {} },
    config: wanted,
    writer: writer(manager, "Apply"),
    seconds: 1,
    force,
    versions,
    reset: (set: unknown) => set,
  } as unknown as Application);
  const { metadata: _metadata, ...rest } = decoded(object) as Json;
  return { object: rest, owners };
}
function update(state: State, manager: string, next: Json): State {
  const owners = afterUpdate(state.owners, {
    before: state.owners.length === 0 ? undefined : state.object,
    after: next,
    writer: writer(manager, "Update"),
    seconds: 1,
    versions,
    reset: (set: never) => set,
  } as never);
  return { object: next, owners };
}
const isSame = (a: Json, b: Json): boolean => {
  const { added, modified, removed } = compare(a, b, type);
  return added.isEmpty && modified.isEmpty && removed.isEmpty;
};
const made = (given: Json): State => update(nothing, "maker", { plain: "m", ...given });

test("applying twice is applying once", () => {
  fc.assert(
    fc.property(config, config, (live, wanted) => {
      const once = apply(made(live), "me", wanted);
      const twice = apply(once, "me", wanted);
      expect(twice.object).toEqual(once.object);
      expect(twice.owners).toEqual(once.owners);
    }),
  );
});

test("what was applied is what is there", () => {
  fc.assert(
    fc.property(config, config, (live, wanted) => {
      const { object } = apply(made(live), "me", wanted);
      expect(isSame(object, apply({ object, owners: [] }, "other", wanted).object)).toBe(true);
      if (wanted["whole"] !== undefined) expect(object["whole"]).toEqual(wanted["whole"]);
      expect(object).toMatchObject(wanted["plain"] === undefined ? {} : { plain: wanted["plain"] });
    }),
  );
});

test("what an applier adds and then leaves out is gone, and nothing else is", () => {
  fc.assert(
    fc.property(config, config, (live, wanted) => {
      const before = made(live);
      const { object } = apply(apply(before, "me", wanted), "me", {});
      const kept = compare(before.object, object, type);
      expect(kept.added.isEmpty).toBe(true);
      // Only what was taken over by force may be lost.
      const taken = apply(before, "me", wanted);
      const changed = compare(before.object, taken.object, type);
      const lost = union(kept.removed, kept.modified);
      for (const path of paths(lost))
        expect(paths(changed.modified).some((one) => String(one).startsWith(String(path)))).toBe(
          true,
        );
    }),
  );
});

test("appliers of different fields do not see each other's order", () => {
  fc.assert(
    fc.property(word, fc.dictionary(word, word), fc.array(word, { minLength: 1 }), (a, b, c) => {
      const one = { plain: a };
      const two = { labels: { ...b, z: "1" }, whole: c };
      const first = apply(apply(nothing, "one", one, false), "two", two, false);
      const second = apply(apply(nothing, "two", two, false), "one", one, false);
      expect(first.object).toEqual(second.object);
      expect(first.owners).toEqual(second.owners);
    }),
  );
});

test("a conflict is another's field with another value, and force settles it", () => {
  fc.assert(
    fc.property(config, config, (a, b) => {
      const state = apply(made({}), "one", a);
      const forced = apply(state, "two", b);
      const lost = state.owners
        .filter(({ manager }) => manager !== "two")
        .some(
          (owner) =>
            !forced.owners.some(
              (one) =>
                one.manager === owner.manager &&
                paths(one.fields).length >= paths(owner.fields).length,
            ),
        );
      let conflicts = false;
      try {
        apply(state, "two", b, false);
      } catch (error) {
        expect(error).toBeInstanceOf(ApplyConflicts);
        conflicts = true;
      }
      expect(conflicts).toBe(lost);
    }),
  );
});

test("an updater owns exactly what it changed", () => {
  fc.assert(
    fc.property(config, config, (a, b) => {
      const before = made(a);
      const next = { plain: "m", ...b };
      const { owners } = update(before, "editor", next);
      const { added, modified } = compare(before.object, next, type);
      const mine = owners.find(({ manager }) => manager === "editor");
      expect(mine === undefined ? [] : paths(mine.fields)).toEqual(paths(union(added, modified)));
    }),
  );
});
