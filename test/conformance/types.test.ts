/** How kubectl finds kinds, built in and custom, and works with the custom ones. Cf. upstream test/cmd/{crd,discovery,apply,diff}.sh. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { conversation, folderOf, type Line } from "#test/support/conversation.ts";
import { type Session, session } from "#test/support/session.ts";

interface Names {
  readonly plural: string;
  readonly kind: string;
  readonly group?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly scope?: string;
  readonly schema?: object;
  readonly deprecated?: string;
}
const loose = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

function definition({
  plural,
  kind,
  group = "shop.example",
  scope = "Namespaced",
  ...more
}: Names): string {
  const { shortNames, categories, schema = loose, deprecated } = more;
  const version = (name: string, storage: boolean): object => ({
    name,
    storage,
    served: true,
    schema: { openAPIV3Schema: schema },
    ...(storage || deprecated === undefined
      ? {}
      : { deprecated: true, deprecationWarning: deprecated }),
  });
  return JSON.stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, kind, singular: kind.toLowerCase(), shortNames, categories },
      versions: [
        version("v1", true),
        ...(deprecated === undefined ? [] : [version("v1beta1", false)]),
      ],
    },
  });
}
const made = (name: Names): Line[] => {
  const full = `${name.plural}.${name.group ?? "shop.example"}`;
  return [
    [
      "create -f -",
      `customresourcedefinition.apiextensions.k8s.io/${full} created`,
      definition(name),
    ],
    [`wait crd ${full} --for=condition=Established --timeout=30s`, /condition met/],
  ];
};
const cake = (more: object = {}): string =>
  JSON.stringify({
    apiVersion: "shop.example/v1",
    kind: "Cake",
    metadata: { name: "plain", labels: { sort: "cake" } },
    size: "small",
    layers: { top: "cream" },
    ...more,
  });

describe("types", () => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 0 }));
    await conversation(k, made({ plural: "cakes", kind: "Cake", shortNames: ["ck"] }));
  });
  /** kubectl keeps what it discovered for a while, as long as it finds what it looks for. */
  const forgotten: Line = ["api-resources -o name"];

  test("custom objects by kubectl: every form, patches, labels everywhere, removal", async () => {
    await conversation(k, [
      ["create -f -", "cake.shop.example/plain created", cake()],
      ["get cakes", /^NAME +AGE\nplain +\d+s$/],
      ["get ck/plain -o name", "cake.shop.example/plain"],
      ["get cakes -o wide --no-headers", /^plain +\d+s$/],
      ["get cakes/plain -o jsonpath={.size} --allow-missing-template-keys=false", "small"],
      ["get cakes/plain -o go-template={{.size}}", "small"],
      [`patch cakes/plain --type=merge -p '{"size":"big"}'`, "cake.shop.example/plain patched"],
      [`patch cakes/plain --type=merge -p '{"size":null}'`, "cake.shop.example/plain patched"],
      ["get cakes/plain -o jsonpath={.size}", ""],
      [
        `! patch cakes/plain -p '{"size":"big"}'`,
        /415|UnsupportedMediaType|application\/strategic-merge-patch\+json/,
      ],
      [
        `! patch --local -f - -p '{"size":"big"}'`,
        /strategic merge patch is not supported for shop.example\/v1, Kind=Cake locally, try --type merge/,
        cake(),
      ],
      [`patch -f - --type=merge -p '{"size":"huge"}' -o jsonpath={.size}`, "huge", cake()],
      ["label cakes --all here=yes", "cake.shop.example/plain labeled"],
      ["annotate cakes --all -A note=1", "cake.shop.example/plain annotated"],
      ["describe cakes", /^Name: +plain\n[^]*Layers:\n +Top: +cream\n/],
      ["get cakes -A -l here=yes -o name", "cake.shop.example/plain"],
      ["delete cakes plain --cascade=background", /deleted/],
      ["get cakes", ""],
    ]);
  });
  test("custom objects are applied: subfields added, changed, removed; lists of them; pruned", async () => {
    const both = (more: object): string =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [cake(more), cake({ metadata: { name: "other", labels: { sort: "cake" } } })].map(
          (text) => JSON.parse(text) as object,
        ),
      });
    await conversation(k, [
      ["apply -f -", "cake.shop.example/plain created", cake()],
      ["apply -f -", "cake.shop.example/plain unchanged", cake()],
      [
        "apply -f -",
        "cake.shop.example/plain configured",
        cake({ layers: { top: "jam", mid: "nut" } }),
      ],
      ["get cake plain -o jsonpath={.layers}", '{"mid":"nut","top":"jam"}'],
      ["apply -f -", "cake.shop.example/plain configured", cake({ layers: { top: "jam" } })],
      ["get cake plain -o jsonpath={.layers}", '{"top":"jam"}'],
      ["apply -f -", /plain configured\ncake.shop.example\/other created/, both({ size: "x" })],
      [
        "apply --prune -l sort=cake --prune-allowlist=shop.example/v1/Cake -f -",
        "cake.shop.example/plain unchanged\ncake.shop.example/other pruned",
        cake({ size: "x" }),
      ],
      [
        "apply --server-side --field-manager=baker -f -",
        /serverside-applied/,
        cake({ metadata: { name: "ssa" }, layers: { top: "a" } }),
      ],
      [
        "! apply --server-side --field-manager=thief -f -",
        /conflict with "baker": .layers.top/,
        cake({ metadata: { name: "ssa" }, layers: { top: "b" } }),
      ],
      [
        "apply --server-side --field-manager=thief --force-conflicts -f - -o jsonpath={.layers.top}",
        "b",
        cake({ metadata: { name: "ssa" }, layers: { top: "b" } }),
      ],
      ["delete cakes --all", /"plain" deleted[^]*"ssa" deleted/],
    ]);
  });
  test("a watch of custom objects goes on from where it is", async () => {
    const watching = k.started`get cakes -w --no-headers -o ${"custom-columns=N:.metadata.name,S:.size"}`;
    await k.with(cake())`create -f -`;
    for (const size of ["1", "2", "3"])
      await k.ok`patch cake plain --type=merge -p ${`{"size":"${size}"}`}`;
    await watching.until((text) => /plain +1\nplain +2\nplain +3/.test(text));
    watching.stop();
    await k.ok`delete cake plain`;
  });
  test("a definition made again starts empty; its objects go with it", async () => {
    await conversation(k, [
      ...made({ plural: "pies", kind: "Pie" }),
      ["create -f -", "pie.shop.example/a created", cake({ kind: "Pie", metadata: { name: "a" } })],
      ["delete crd pies.shop.example", /deleted/],
      ["! get pies", /could not find the requested resource|resource type "pies"/],
      ...made({ plural: "pies", kind: "Pie", scope: "Cluster" }),
      forgotten,
      ["get pies", ""],
      ["create -f -", "pie.shop.example/b created", cake({ kind: "Pie", metadata: { name: "b" } })],
      ["get pies -o jsonpath={.items[*].metadata.namespace}", ""],
      ["delete crd pies.shop.example", /deleted/],
    ]);
  });
  test("a short name is that of the first who has it; a built-in one wins, a singular name, too", async () => {
    await conversation(k, [
      ...made({ plural: "podlikes", kind: "Podlike", shortNames: ["po", "pl"] }),
      ...made({ plural: "plums", kind: "Plum", group: "zz.example", shortNames: ["pl"] }),
      forgotten,
      ["create -f -", /created/, cake({ kind: "Podlike", metadata: { name: "p" } })],
      ["get po -n kube-public -o name", ""],
      ["get pl -o name", "podlike.shop.example/p"],
      ["get plums.zz.example -o name", ""],
      ["delete crd podlikes.shop.example plums.zz.example", /deleted/],
    ]);
    const conditions =
      (await k.with(
        definition({ plural: "cakelets", kind: "Cakelet", shortNames: ["ck"] }),
      )`create -f -`) &&
      k.ok`wait crd cakelets.shop.example --for=condition=NamesAccepted=false --timeout=30s`;
    expect(await conditions).toContain("condition met");
    await k.ok`delete crd cakelets.shop.example`;
  });
  test("categories: all of them, and one of one's own", async () => {
    await conversation(k, [
      ...made({ plural: "tarts", kind: "Tart", categories: ["all", "sweets"] }),
      forgotten,
      ["create -f -", /created/, cake({ kind: "Tart", metadata: { name: "t" } })],
      ["get all -o name", /tart.shop.example\/t/],
      ["get sweets -o name", "tart.shop.example/t"],
      ["delete sweets --all", /"t" deleted/],
      ["api-resources --categories=sweets -o name", "tarts.shop.example"],
      ["delete crd tarts.shop.example", /deleted/],
    ]);
  });
  test("explain: custom fields, maps of objects, versions, kinds that are not there", async () => {
    const schema = {
      type: "object",
      description: "What is baked.",
      properties: {
        spec: {
          type: "object",
          properties: {
            parts: {
              type: "object",
              description: "By name.",
              additionalProperties: { type: "object", properties: { grams: { type: "integer" } } },
            },
          },
        },
      },
    };
    await conversation(k, [
      ...made({ plural: "breads", kind: "Bread", schema }),
      forgotten,
      ["explain breads", /KIND: +Bread\nVERSION: +v1\n\nDESCRIPTION:\n +What is baked./],
      ["explain bread.spec --recursive", /parts\t<map\[string\]Object>\n +grams\t<integer>/],
      [
        "explain bread.spec.parts",
        /FIELD: parts <map\[string\]Object>\n\n+DESCRIPTION:\n +By name./,
      ],
      ["explain pods --output=plaintext-openapiv2", /KIND: +Pod\nVERSION: +v1/],
      [
        "explain hpa --api-version=autoscaling/v1",
        /GROUP: +autoscaling\nKIND: +HorizontalPodAutoscaler\nVERSION: +v1\n/,
      ],
      ["explain cronjob.spec", /schedule\t<string> -required-/],
      ["! explain pods.spec.none", /field "none" does not exist/],
      ["! explain nosuch", /doesn't have a resource type "nosuch"/],
      ["delete crd breads.shop.example", /deleted/],
    ]);
  });
  test("a deprecated version warns, the one beside it does not", async () => {
    await conversation(k, made({ plural: "old", kind: "Old", deprecated: "bake with v1" }));
    const warned = async (name: string): Promise<string> => (await k.any`get ${name}`).stderr;
    expect(await warned("old.v1beta1.shop.example")).toContain("Warning: bake with v1\n");
    expect(await warned("old.v1.shop.example")).not.toContain("Warning");
    expect((await k.any`get old.v1beta1.shop.example --warnings-as-errors`).code).toBe(1);
    await k.ok`delete crd old.shop.example`;
  });
  test("diff: what would be new, changed, pruned; of nothing; with a viewer of one's own", async () => {
    const settings = (data: object, name = "d"): string =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, labels: { d: "1" } },
        data,
      });
    const folder = folderOf({ "show.sh": "#!/bin/sh\necho shown; exit 1\n" });
    const differing = async (input: string, ...more: readonly string[]): Promise<string> => {
      const { code, stdout } = await k.run(["diff", "-f", "-", ...more], input);
      expect({ code, input }).toEqual({ code: 1, input });
      return stdout;
    };
    expect(await differing(settings({ a: "1" }))).toContain("+  name: d");
    await conversation(k, [
      ["apply -f -", "configmap/d created", settings({ a: "1" })],
      ["diff -f -", "", settings({ a: "1" })],
      ["apply -f -", "configmap/gone created", settings({ a: "1" }, "gone")],
    ]);
    expect(await differing(settings({ a: "2" }))).toMatch(/-  a: "1"\n\+  a: "2"/);
    expect(await differing(settings({ a: "2" }), "--server-side")).toMatch(/\+  a: "2"/);
    const pruned = ["--prune", "-l", "d=1", "--prune-allowlist=core/v1/ConfigMap"];
    expect(await differing(settings({ a: "1" }), ...pruned)).toContain("-  name: gone");
    const { code, stdout } = await k.run(["diff", "-f", "-"], settings({ a: "3" }), {
      KUBECTL_EXTERNAL_DIFF: `${folder}/show.sh`,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "shown\n" });
    const secret = (value: string): string =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "s" },
        data: { k: btoa(value) },
      });
    await k.with(secret("one"))`apply -f -`;
    expect(await differing(secret("two"))).toMatch(
      /-  k: '\*\*\* \(before\)'\n\+  k: '\*\*\* \(after\)'/,
    );
  });
  test("everything that can be listed is listed; what is unknown is told", async () => {
    const all = await k.ok`api-resources --verbs=list --namespaced -o name`;
    expect((await k.any`get ${all.split("\n").join(",")} -A -o name`).code).toBe(0);
    await conversation(k, [
      ["! get unknown", `error: the server doesn't have a resource type "unknown"`],
      ["get --raw /openapi/v2", /"swagger":"2.0"/],
      ["get --raw=/api/v1", /"kind":"APIResourceList"/],
    ]);
    await eventually(
      "the definitions are gone",
      async () =>
        (await k.ok`get crd -o name`) ===
        "customresourcedefinition.apiextensions.k8s.io/cakes.shop.example",
    );
  });
});
