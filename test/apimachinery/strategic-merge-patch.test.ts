/** Strategic merge patches on a Pod: every directive, and what is refused. */
import { describe, expect, test } from "vitest";
import { strategicMergePatch } from "#apimachinery/strategic-merge-patch.ts";

type Json = Record<string, unknown>;
const spec = (value: Json): Json => ({ spec: value });
const containers = (...names: string[]): Json =>
  spec({ containers: names.map((name) => ({ name, image: "old" })) });
const patched = (target: Json, patch: Json): unknown =>
  strategicMergePatch(target, patch, "core.v1.Pod");

test.each<[string, Json, Json, Json]>([
  [
    "items merge by their key, new ones stand before what only the server has",
    containers("a", "b"),
    spec({
      containers: [
        { name: "b", image: "new" },
        { name: "c", image: "new" },
      ],
    }),
    spec({
      containers: [
        { name: "a", image: "old" },
        { name: "b", image: "new" },
        { name: "c", image: "new" },
      ],
    }),
  ],
  [
    "$patch: delete takes an item away",
    containers("a", "b"),
    spec({ containers: [{ name: "a", $patch: "delete" }] }),
    containers("b"),
  ],
  [
    "$patch: replace in a list",
    containers("a", "b"),
    spec({ containers: [{ $patch: "replace" }, { name: "c", image: "old" }] }),
    containers("c"),
  ],
  [
    "$patch: replace of a map",
    spec({ nodeSelector: { a: "1" } }),
    spec({ nodeSelector: { b: "2", $patch: "replace" } }),
    spec({ nodeSelector: { b: "2" } }),
  ],
  [
    "$patch: delete of a map leaves an empty one",
    spec({ nodeSelector: { a: "1" } }),
    spec({ nodeSelector: { $patch: "delete" } }),
    spec({ nodeSelector: {} }),
  ],
  [
    "$setElementOrder",
    containers("a", "b"),
    spec({ "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] }),
    containers("b", "a"),
  ],
  [
    "$setElementOrder keeps what only the server has in its place",
    containers("a", "x", "b"),
    spec({
      "$setElementOrder/containers": [{ name: "a" }, { name: "b" }, { name: "c" }],
      containers: [{ name: "c", image: "old" }],
    }),
    containers("a", "x", "b", "c"),
  ],
  [
    "$deleteFromPrimitiveList",
    { metadata: { finalizers: ["a", "b"] } },
    { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } },
    { metadata: { finalizers: ["b"] } },
  ],
  [
    "texts join a set",
    { metadata: { finalizers: ["a"] } },
    { metadata: { finalizers: ["b", "a"] } },
    { metadata: { finalizers: ["b", "a"] } },
  ],
  [
    "$retainKeys drops the others",
    spec({ volumes: [{ name: "v", emptyDir: {} }] }),
    spec({
      volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x" } }],
    }),
    spec({ volumes: [{ name: "v", hostPath: { path: "/x" } }] }),
  ],
  [
    "null removes",
    spec({ hostname: "a", subdomain: "b" }),
    spec({ hostname: null }),
    spec({ subdomain: "b" }),
  ],
  [
    "an atomic list is replaced",
    spec({ containers: [{ name: "a", command: ["x", "y"] }] }),
    spec({ containers: [{ name: "a", command: ["z"] }] }),
    spec({ containers: [{ name: "a", command: ["z"] }] }),
  ],
])("%s", (_, target, patch, result) => expect(patched(target, patch)).toEqual(result));

test("what is not touched keeps its identity", () => {
  const target = containers("a", "b");
  const { spec: before } = target as { spec: { containers: Json[] } };
  const { spec: after } = patched(
    target,
    spec({ containers: [{ name: "b", image: "new" }] }),
  ) as typeof target & { spec: { containers: Json[] } };
  expect(after.containers[0]).toBe(before.containers[0]);
});

describe("refused", () => {
  test.each<[string, Json, string]>([
    [
      "an unknown directive",
      spec({ $patch: "burn" }),
      "unknown patch type: burn in map: map[$patch:burn]",
    ],
    [
      "an item without its key",
      spec({ containers: [{ image: "x" }] }),
      "map: map[image:x] does not contain declared merge key: name",
    ],
    [
      "a list to be merged by directive",
      spec({ containers: [{ name: "a", $patch: "merge" }] }),
      "merging lists cannot yet be specified in the patch",
    ],
    [
      "an order that the patch does not follow",
      spec({
        "$setElementOrder/containers": [{ name: "a" }],
        containers: [{ name: "b", image: "x" }],
      }),
      "The order in patch list:\n[map[image:x name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    ],
    [
      "keys beyond those that are retained",
      spec({ $retainKeys: ["hostname"], subdomain: "x" }),
      "invalid patch format of retainKeys",
    ],
    [
      "a deletion list of no field",
      { metadata: { $deleteFromPrimitiveList: ["a"] } },
      "invalid patch format of primitive list",
    ],
  ])("%s", (_, patch, message) =>
    expect(() => patched({ metadata: {}, ...containers("a") }, patch)).toThrow(new Error(message)),
  );
});
