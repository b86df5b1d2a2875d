/** What `kubectl explain` and the clients' validation read: every resource is described, and no reference leads nowhere. */
import { describe, expect, test } from "vitest";
import { openApiDocuments } from "#content/build/openapi.ts";
import { resources } from "#apimachinery/api/schema.ts";

interface Schema {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly "x-kubernetes-group-version-kind"?: readonly Readonly<Record<string, string>>[];
}
const documents = openApiDocuments();
const served = resources.map((one) => {
  const { group, version } = one;
  return [
    `${version}/${one.kind}.${group}`,
    { ...one, file: group === "" ? `api/${version}` : `apis/${group}/${version}` },
  ] as const;
});

describe("explain", () => {
  test.each(served)("%s", (_, { file, group, version, kind }) => {
    const { components } = JSON.parse(documents.get(file) ?? "{}") as {
      readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
    };
    const found = Object.values(components.schemas).filter((schema) =>
      schema["x-kubernetes-group-version-kind"]?.some(
        (one) => one["group"] === group && one["version"] === version && one["kind"] === kind,
      ),
    );
    expect(found).toHaveLength(1);
    const [{ description, properties = {} }] = found as [Schema];
    expect(description).toMatch(/\w/);
    expect(properties).toMatchObject({ apiVersion: {}, kind: {} });
  });
});

describe("fields", () => {
  const pods = JSON.parse(documents.get("api/v1") ?? "{}") as {
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  };
  const field = (type: string, name: string): Schema =>
    pods.components.schemas[`io.k8s.api.core.v1.${type}`]?.properties?.[name] ?? {};
  test("objects are described, too", () => {
    expect(field("PodSpec", "affinity").description).toBe(
      "If specified, the pod's scheduling constraints",
    );
  });
  test("an enumeration tells its values, and a list those of its items", () => {
    const { enum: values, description } = field("ContainerPort", "protocol");
    expect(values).toEqual(["SCTP", "TCP", "UDP"]);
    expect(description).toContain('Possible enum values:\n - `"SCTP"` is the SCTP protocol.');
    const { items } = field("PersistentVolumeSpec", "accessModes");
    expect(items?.enum).toContain("ReadWriteOncePod");
  });
});

test.each([...documents])("every reference of %s leads somewhere", (_, text) => {
  const { components } = JSON.parse(text) as {
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  };
  const referred = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name ?? "",
  );
  expect([...new Set(referred)].filter((name) => components.schemas[name] === undefined)).toEqual(
    [],
  );
});
