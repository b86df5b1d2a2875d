/** What every object's metadata is held to, in upstream's words. */
import { describe, expect, test } from "vitest";
import type { V1ObjectMeta } from "#apimachinery/api/meta-v1.ts";
import { type FieldError, FieldPath } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { validateMetaUpdate, validateObjectMeta } from "#apiserver/object-meta.ts";

const texts = (errors: readonly FieldError[]): readonly string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const owner = (name: string, more: object = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  name,
  uid: `uid-${name}`,
  ...more,
});

describe("metadata", () => {
  test.each<[string, object, readonly string[]]>([
    ["has a name", {}, ["metadata.name: Required value: name or generateName is required"]],
    ["has a prefix that may end in a dash", { name: "a-x", generateName: "a-" }, []],
    [
      "has a prefix that begins a name",
      { name: "a", generateName: "a/" },
      [`metadata.generateName: Invalid value: "a/": ${dns1123Subdomain("a/").join()}`],
    ],
    [
      "has owners that are told apart",
      { name: "a", ownerReferences: [owner("b", { apiVersion: "a/b/c", uid: "" })] },
      [
        'metadata.ownerReferences.apiVersion: Invalid value: "a/b/c": version must not be empty',
        'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
      ],
    ],
    [
      "is not owned by an event",
      { name: "a", ownerReferences: [owner("b", { kind: "Event" })] },
      [
        'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"b","uid":"uid-b"}: /v1, Kind=Event is disallowed from being an owner',
      ],
    ],
    [
      "has one controller",
      {
        name: "a",
        ownerReferences: [owner("b", { controller: true }), owner("c", { controller: true })],
      },
      [
        'metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","kind":"Pod","name":"b","uid":"uid-b","controller":true},{"apiVersion":"v1","kind":"Pod","name":"c","uid":"uid-c","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for Pod/b and Pod/c',
      ],
    ],
    [
      "says one thing of what it owns",
      { name: "a", finalizers: ["orphan", "foregroundDeletion"] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer foregroundDeletion and orphan cannot be both set',
      ],
    ],
    [
      "has no namespace where there is none",
      { name: "a", namespace: "b" },
      ["metadata.namespace: Forbidden: not allowed on this type"],
    ],
  ])("%s", (_, meta, expected) => {
    const rules = { namespaced: false, nameProblems: dns1123Subdomain };
    const found = validateObjectMeta(meta as V1ObjectMeta, new FieldPath("metadata"), rules);
    expect(texts(found)).toEqual(expected);
  });

  test.each<[string, V1ObjectMeta, V1ObjectMeta, readonly string[]]>([
    [
      "no deletion begins by an update",
      { name: "a", deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 5 },
      { name: "a" },
      [
        'metadata.deletionTimestamp: Invalid value: "2026-01-01T00:00:00Z": field is immutable',
        "metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable",
      ],
    ],
    [
      "what goes gets no finalizers",
      { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["x/b", "x/c", "x/a"] },
      { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["x/c"] },
      [
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x/a", "x/b"}',
      ],
    ],
  ])("%s", (_, next, previous, expected) => {
    expect(texts(validateMetaUpdate(next, previous))).toEqual(expected);
  });
});
