/** Lists: revisions, pages, selectors, in Kubernetes' own words. */
import { beforeAll, describe, expect, test } from "vitest";
import { newApi } from "#test/support/api.ts";

const api = await newApi();
const maps = "/api/v1/namespaces/default/configmaps";
const named = (name: string, labels: object = {}): object => ({ metadata: { name, labels } });
const names = ({ items }: { items: { metadata: { name: string } }[] }): string[] =>
  items.map(({ metadata }) => metadata.name);
/** Revision at which there were a to e. */
let full = 0;

beforeAll(async () => {
  for (const name of ["a", "b", "c", "d", "e"])
    await api.request("POST", maps, named(name, { odd: String("ace".includes(name)) }));
  full = Number((await api.get(maps)).metadata.resourceVersion);
});

describe("parameters", () => {
  const listOptions = (why: string): string => `ListOptions.meta.k8s.io "" is invalid: ${why}`;
  const matchForbidden = "resourceVersionMatch: Forbidden: resourceVersionMatch ";
  test.each<[string, number, string]>([
    [
      "resourceVersionMatch=Exact",
      422,
      listOptions(`${matchForbidden}is forbidden unless resourceVersion is provided`),
    ],
    [
      "resourceVersionMatch=NotOlderThan&resourceVersion=1&continue=x",
      422,
      listOptions(`${matchForbidden}is forbidden when continue is provided`),
    ],
    [
      "resourceVersionMatch=Exact&resourceVersion=0",
      422,
      listOptions(`${matchForbidden}"exact" is forbidden for resourceVersion "0"`),
    ],
    [
      "resourceVersionMatch=Near&resourceVersion=1",
      422,
      listOptions(
        'resourceVersionMatch: Unsupported value: "Near": supported values: "Exact", "NotOlderThan", ""',
      ),
    ],
    [
      "sendInitialEvents=true",
      422,
      listOptions("sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list"),
    ],
    [
      "resourceVersion=abc",
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    ["limit=many", 400, 'strconv.ParseInt: parsing "many": invalid syntax'],
    [
      "continue=a.b",
      400,
      "invalid continue token: continue key is not valid: illegal base64 data at input byte 1",
    ],
    [
      `continue=${btoa('{"v":"meta.k8s.io/v1","rv":0,"start":"x"}').replace(/=+$/, "")}`,
      400,
      "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    ],
    [
      `continue=${btoa('{"v":"meta.k8s.io/v1","rv":1,"start":"../../secrets"}').replace(/=+$/, "")}`,
      400,
      "invalid continue token: continue key is not valid: ../../secrets",
    ],
    [
      "fieldSelector=data.x%3D1",
      400,
      '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      "fieldSelector=metadata.name",
      400,
      "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    ],
    [
      "labelSelector=a%20b",
      400,
      "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    ],
    ["labelSelector=a%20in%20b", 400, "unable to parse requirement: found 'b' expected: '('"],
    ["labelSelector=a,", 400, "found '', expected: identifier after ','"],
    ["labelSelector=a%3Db%20c", 400, "found 'c', expected: ',' or 'end of string'"],
    [
      "labelSelector=a%3E5x",
      400,
      "unable to parse requirement: values[0]: Invalid value: \"5x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      "labelSelector=-a",
      400,
      "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ])("%s: %i", async (query, code, message) => {
    const reply = await api.request("GET", `${maps}?${query}`);
    expect([reply.code, reply.body.message]).toEqual([code, message]);
  });

  test("a revision to come is a timeout that says when to ask again", async () => {
    const { code, body, headers } = await api.request("GET", `${maps}?resourceVersion=999999`);
    expect(body).toMatchObject({
      reason: "Timeout",
      message: expect.stringMatching(/^Timeout: Too large resource version: 999999, current: \d+$/),
      details: {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      },
    });
    expect([code, headers.get("retry-after")]).toEqual([504, "1"]);
  });
});

describe("pages", () => {
  test("show one snapshot, whatever happens between them", async () => {
    const first = await api.get(`${maps}?limit=2`);
    expect(names(first)).toEqual(["a", "b"]);
    expect(first.metadata.remainingItemCount).toBe(4);
    await api.request("POST", maps, named("bb"));
    await api.request("DELETE", `${maps}/c`);
    const second = await api.get(`${maps}?limit=2&continue=${first.metadata.continue}`);
    expect(names(second)).toEqual(["c", "d"]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const last = await api.get(`${maps}?limit=2&continue=${second.metadata.continue}`);
    expect(names(last)).toEqual(["e", "kube-root-ca.crt"]);
    expect(last.metadata.continue).toBeUndefined();
  });

  test("with selectors nobody counts what remains", async () => {
    const { metadata, ...page } = await api.get(`${maps}?limit=1&labelSelector=odd`);
    expect(names(page)).toEqual(["a"]);
    expect(Object.keys(metadata).toSorted()).toEqual(["continue", "resourceVersion"]);
  });

  test("an exact revision, not older than, any", async () => {
    const exact = await api.get(`${maps}?resourceVersion=${full}&resourceVersionMatch=Exact`);
    expect(names(exact)).toEqual(["a", "b", "c", "d", "e", "kube-root-ca.crt"]);
    expect(exact.metadata.resourceVersion).toBe(String(full));
    const newer = await api.get(
      `${maps}?resourceVersion=${full}&resourceVersionMatch=NotOlderThan`,
    );
    expect(names(newer)).toContain("bb");
    // Upstream's watch cache does not page what may be of any age.
    expect(names(await api.get(`${maps}?resourceVersion=0&limit=1`))).toEqual(names(newer));
  });
});

describe("selectors", () => {
  test.each<[string, readonly string[]]>([
    ["labelSelector=odd%3Dtrue", ["a", "e"]],
    ["labelSelector=odd%20notin%20(true),odd", ["b", "d"]],
    ["labelSelector=!odd", ["bb", "kube-root-ca.crt"]],
    ["fieldSelector=metadata.name%3Da", ["a"]],
    [
      "fieldSelector=metadata.name!%3Da,metadata.namespace%3Ddefault&labelSelector=odd%20in%20(true)",
      ["e"],
    ],
  ])("%s", async (query, expected) => {
    expect(names(await api.get(`${maps}?${query}`))).toEqual(expected);
  });

  test.each<[string, string, string]>([
    ["/api/v1/pods", "spec.colour", "field label not supported: spec.colour"],
    ["/apis/batch/v1/jobs", "x", 'field label "x" not supported for Job'],
    [
      "/apis/resource.k8s.io/v1/resourceslices",
      "x",
      "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: x",
    ],
    ["/api/v1/nodes", "metadata.namespace", "field label not supported: metadata.namespace"],
    [
      "/apis/apps/v1/replicasets",
      "status.replicas",
      '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ])("%s knows no %s", async (path, label, message) => {
    const { code, body } = await api.request("GET", `${path}?fieldSelector=${label}%3D1`);
    expect([code, body.message]).toEqual([400, message]);
  });
});

test("a collection is deleted page by page, as selected; the answer is what was there", async () => {
  const { code, body } = await api.request("DELETE", `${maps}?labelSelector=odd&limit=2`);
  expect([code, body.kind, names(body)]).toEqual([200, "ConfigMapList", ["a", "b"]]);
  expect(names(await api.get(maps))).toEqual(["bb", "d", "e", "kube-root-ca.crt"]);
  const { code: refused } = await api.request("DELETE", `${maps}?sendInitialEvents=true`);
  expect(refused).toBe(422);
});
