/** Many objects in one command: files, folders, lists, selectors. Cf. upstream test/cmd/{generic-resources,delete,get,request-timeout,results}.sh. */
import { beforeAll, describe, expect, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { conversation, folderOf } from "#test/support/conversation.ts";
import { type Session, session } from "#test/support/session.ts";

const settings = (name: string, more: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...more },
  data: { name },
});
const service = (name: string): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { ports: [{ port: 80 }], selector: { name } },
});

describe("many", () => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 0 }));
  });

  test.each([
    [
      "documents of YAML",
      [settings("m"), service("m")].map((one) => JSON.stringify(one)).join("\n---\n"),
    ],
    [
      "a List",
      JSON.stringify({ apiVersion: "v1", kind: "List", items: [settings("m"), service("m")] }),
    ],
    [
      "objects one after the other",
      [settings("m"), service("m")].map((one) => JSON.stringify(one)).join("\n"),
    ],
  ])("from one file, written as %s", async (_, text) => {
    await conversation(k, [
      ["create -f -", "configmap/m created\nservice/m created", text],
      ["get -f - -o name", "configmap/m\nservice/m", text],
      ["label -f - all=yes", "configmap/m labeled\nservice/m labeled", text],
      ["annotate -f - seen=yes", "configmap/m annotated\nservice/m annotated", text],
      ["describe -f -", /Name: +m\n[^]*Name: +m\n/, text],
      ["replace -f -", "configmap/m replaced\nservice/m replaced", text],
      ["get cm,svc -l all=yes -o name", ""],
      ["replace --force -f -", /configmap\/m replaced\nservice\/m replaced/, text],
      ["delete -f -", /configmap "m" deleted[^]*service "m" deleted/, text],
    ]);
  });
  test("folders: all that can be done is done, and what cannot be read is told", async () => {
    const folder = folderOf({
      "a.json": JSON.stringify(settings("deep-1")),
      "b/c.yaml": JSON.stringify(settings("deep-2")),
      "b/broken.yaml":
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"broken"},"datum":1}',
    });
    const broken = /strict decoding error: unknown field "datum"/;
    await conversation(k, [
      [`create -f ${folder} --dry-run=client`, "configmap/deep-1 created (dry run)"],
      [`! create -f ${folder} -R`, broken],
      ["get cm deep-1 deep-2 -o name", "configmap/deep-1\nconfigmap/deep-2"],
      [`! label -f ${folder} -R x=y`, /"broken" not found/],
      ["get cm -l x=y -o name", "configmap/deep-1\nconfigmap/deep-2"],
      [`! get -f ${folder} -R -o name`, /"broken" not found/],
      [`! patch -f ${folder} -R --type=merge -p '{"data":{"a":"b"}}'`, /"broken" not found/],
      ["get cm deep-1 deep-2 -o jsonpath={.items[*].data.a}", "b b"],
      [`! delete -f ${folder} -R`, /"broken" not found/],
      ["get cm deep-1 deep-2 --ignore-not-found -o name", ""],
    ]);
  });
  test("several kinds and names at once, missing ones among them", async () => {
    await conversation(k, [
      ["create cm a"],
      ["create secret generic a"],
      ["get cm,secret a -o name", "configmap/a\nsecret/a"],
      [
        "! get cm/a cm/none secret/a -o name",
        'Error from server (NotFound): configmaps "none" not found',
      ],
      ["get cm/a cm/none --ignore-not-found -o name", "configmap/a"],
      ["get all -o name", "service/kubernetes"],
      ["get --all-namespaces nodes -o name", "node/control-plane-1"],
      ["! get nodes,nosuch", /doesn't have a resource type "nosuch"/],
      ["! get cm a -l x=y", /name cannot be provided when a selector is specified/],
      [
        "! get cm -o jsonpath={.items[0].none} --allow-missing-template-keys=false",
        /none is not found/,
      ],
      ["get cm a -o 'custom-columns=N:.metadata.name,K:.kind' --no-headers", /^a +ConfigMap$/],
      ["get cm a --show-kind --no-headers", /^configmap\/a +0 /],
      ["get cm,secret a --show-kind --no-headers", /configmap\/a[^]*secret\/a/],
      ["get cm a -L none --no-headers", /^a +0 +\S+$/],
      ["delete cm/a secret/a", /deleted/],
    ]);
  });
  test("sorted by any field, of whole objects", async () => {
    await conversation(k, [
      [
        "create -f -",
        /created/,
        JSON.stringify({
          apiVersion: "v1",
          kind: "List",
          items: ["b", "c", "a"].map((name) =>
            settings(name, {
              labels: { sort: "yes" },
              annotations: { n: { a: "2", b: "3", c: "1" }[name] },
            }),
          ),
        }),
      ],
      [
        "get cm -l sort --sort-by=.metadata.name --no-headers -o custom-columns=N:.metadata.name",
        "a\nb\nc",
      ],
      [
        "get cm -l sort --sort-by={.metadata.annotations.n}",
        /^NAME +DATA +AGE\nc +1 .*\na +1 .*\nb +1 /,
      ],
      ["get cm -l sort --sort-by=.data.name -o name", "configmap/a\nconfigmap/b\nconfigmap/c"],
      ["get cm -l sort -o jsonpath={.items[*].metadata.name}", "a b c"],
    ]);
  });
  test("delete: in all namespaces by label, tried out, with a question", async () => {
    await conversation(k, [
      ["create ns other"],
      ["create cm far -n other"],
      ["label cm far -n other sort=yes"],
      [
        "delete cm -l sort=yes -A --dry-run=server",
        /^(configmap "\w+" deleted.*\(server dry run\)\n?){4}$/,
      ],
      [
        "delete cm -l sort=yes -A --interactive",
        /deletion is cancelled|Do you want to continue/,
        "n\n",
      ],
      ["get cm -A -l sort=yes --no-headers -o custom-columns=N:.metadata.name", "a\nb\nc\nfar"],
      ["delete cm -l sort=yes -A -i", /"far" deleted/, "y\n"],
      ["get cm -A -l sort=yes -o name", ""],
      ["! delete cm", /no name was specified/],
      ["! delete cm a -A", /a resource cannot be retrieved by name across all namespaces/],
    ]);
  });
  test("a request's time runs out on the client's side; bad times are refused", async () => {
    await conversation(k, [
      ["get cm --request-timeout=1m -o name", /configmap\/kube-root-ca.crt/],
      ["get cm --request-timeout=1 -o name", /configmap\/kube-root-ca.crt/],
      ["! get cm --request-timeout=1p", /Invalid timeout value/],
      [
        "! get cm --request-timeout=1ms --watch-only",
        /Timeout|deadline|request canceled|timed? ?out/i,
      ],
    ]);
  });
  test("large lists come in pieces, and the pieces are one list", async () => {
    for (const size of ["25", "60", "0"])
      expect(
        (await k.ok`get clusterroles --chunk-size=${size} -o name`).split("\n").length,
      ).toBeGreaterThan(60);
    const { stderr } = await k.any`get clusterroles --chunk-size=20 -o name -v=6`;
    expect([...stderr.matchAll(/clusterroles\?(continue=.*)?limit=20/g)].length).toBeGreaterThan(2);
    await conversation(k, [["describe clusterroles --chunk-size=30", /Name: +view\n/]]);
  });
});
