/** What goes in and comes out: media types, their weights and parameters, strict decoding, refusals. */
import { describe, expect, test } from "vitest";
import { decodeProtobuf, encodeProtobuf } from "#apimachinery/api/protobuf.ts";
import { scanJson } from "#apimachinery/json-scan.ts";
import { newApi } from "#test/support/api.ts";

const api = await newApi();
const maps = "/api/v1/namespaces/default/configmaps";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const protobuf = "application/vnd.kubernetes.protobuf";
const as = (view: string, version = "v1"): string => `as=${view};v=${version};g=meta.k8s.io`;
const accepting = (accept: string): Record<string, string> => ({ accept });
const bytesOf = async (answer: Response): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await answer.arrayBuffer());

describe("negotiation", () => {
  const kind = async (accept: string, path = "/api/v1/nodes"): Promise<string> => {
    const { code, body, headers } = await api.request("GET", path, undefined, accepting(accept));
    const type = headers.get("content-type") ?? "";
    return `${code} ${type} ${typeof body === "object" ? (body.kind ?? "") : ""}`.trim();
  };
  const only = "only the following media types are accepted: ";
  test.each([
    ["*/*", "200 application/json NodeList"],
    ["application/*;q=0.1", "200 application/json NodeList"],
    ["text/html, application/json;q=0.5", "200 application/json NodeList"],
    ["application/json;q=0.1,application/yaml;q=0.9", "200 application/yaml"],
    [`application/json;q=0.5,${protobuf}`, `200 ${protobuf}`],
    [`application/json;${as("Table")}`, "200 application/json Table"],
    [`application/json;${as("Table", "v1beta1")}`, "200 application/json Table"],
    [`application/json;${as("Table", "v2")},application/json`, "200 application/json NodeList"],
    [`${protobuf};${as("Table")},application/json`, "200 application/json NodeList"],
    [
      `application/json;${as("PartialObjectMetadataList")}`,
      "200 application/json PartialObjectMetadataList",
    ],
    ["application/cbor,application/json;q=0.9", "200 application/json NodeList"],
  ])("%s: %s", async (accept, expected) => {
    expect(await kind(accept)).toBe(expected);
  });

  test.each<[string, string, string]>([
    ["/api/v1/nodes", "text/html", `${only}application/json, application/yaml, ${protobuf}`],
    ["/api/v1/nodes", "application/cbor", `${only}application/json, application/yaml, ${protobuf}`],
    [
      "/api/v1/nodes",
      `${protobuf};${as("Table")}`,
      `${only}application/json, application/yaml, ${protobuf}`,
    ],
    [
      "/api/v1/nodes?watch=1",
      "application/yaml",
      `${only}application/json;stream=watch, ${protobuf};stream=watch`,
    ],
    [
      "/api/v1/nodes",
      `application/json;${as("PartialObjectMetadata")}`,
      "you requested PartialObjectMetadata, but the requested object is a list (*core.NodeList)",
    ],
    [
      "/api/v1/namespaces/default",
      `application/json;${as("PartialObjectMetadataList")}`,
      "you requested PartialObjectMetadataList, but the requested object is not a list (*core.Namespace)",
    ],
  ])("%s as %s is not to be had", async (path, accept, message) => {
    const { code, body } = await api.request("GET", path, undefined, accepting(accept));
    expect([code, body.reason, body.message]).toEqual([406, "NotAcceptable", message]);
  });

  test("an answer to a question is no table", async () => {
    const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const spec = { nonResourceAttributes: { path: "/", verb: "get" } };
    const table = `application/json;${as("Table")}`;
    const refused = await api.request("POST", reviews, { spec }, accepting(table));
    expect([refused.code, refused.body.reason]).toEqual([406, "NotAcceptable"]);
    const either = accepting(`${table},application/json`);
    expect((await api.request("POST", reviews, { spec }, either)).code).toBe(201);
  });
  test("what cannot be answered is not done either", async () => {
    const map = { metadata: { name: "unseen" } };
    const { code } = await api.request("POST", maps, map, accepting("application/cbor"));
    expect(code).toBe(406);
    expect((await api.request("GET", `${maps}/unseen`)).code).toBe(404);
  });

  test("a table shows what it is asked to include, and nothing else", async () => {
    const table = accepting(`application/json;${as("Table")}`);
    const first = async (include: string): Promise<unknown> =>
      (await api.get(`/api/v1/namespaces/default?includeObject=${include}`, table)).rows[0].object;
    expect(await first("None")).toBeNull();
    expect(await first("Metadata")).toMatchObject({ kind: "PartialObjectMetadata" });
    expect(await first("Object")).toMatchObject({ kind: "Namespace" });
    const { rows } = await api.get("/api/v1/namespaces?includeObject=Object", table);
    expect(rows[0].object).toMatchObject({ kind: "Namespace", apiVersion: "v1", spec: {} });
    const { code, body } = await api.request(
      "GET",
      "/api/v1/nodes?includeObject=All",
      undefined,
      table,
    );
    expect([code, body.message]).toEqual([
      400,
      "Unable to convert to Table as requested: includeObject: Invalid value: \"All\": must be 'Metadata', 'Object', 'None', or empty",
    ]);
  });

  test("people get indented JSON", async () => {
    const text = async (query: string, agent: string): Promise<string> =>
      (
        await api.fetch("GET", `/api/v1/namespaces/default${query}`, undefined, {
          "user-agent": agent,
        })
      ).text();
    expect(await text("", "curl/8")).toMatch(/^\{\n {2}"kind": "Namespace",\n/);
    expect(await text("?pretty=false", "curl/8")).toMatch(/^\{"kind"/);
    expect(await text("?pretty=1", "Go-http-client/2.0")).toMatch(/^\{\n/);
  });
});

describe("protobuf", () => {
  test("in and out, one object and a list", async () => {
    const sent = encodeProtobuf({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "p" },
      data: { a: "1" },
    });
    const answer = await api.fetch("POST", maps, sent as Uint8Array<ArrayBuffer>, {
      "content-type": protobuf,
      accept: protobuf,
    });
    expect(decodeProtobuf(await bytesOf(answer))).toMatchObject({
      kind: "ConfigMap",
      data: { a: "1" },
    });
    const list = await bytesOf(await api.fetch("GET", maps, undefined, accepting(protobuf)));
    expect([...list.subarray(0, 4)]).toEqual([0x6b, 0x38, 0x73, 0]);
    const metadata = accepting(`${protobuf};${as("PartialObjectMetadataList")}`);
    const partial = await bytesOf(await api.fetch("GET", maps, undefined, metadata));
    expect(decodeProtobuf(partial)).toMatchObject({
      kind: "PartialObjectMetadataList",
      items: [{ metadata: { name: "kube-root-ca.crt" } }, { metadata: { name: "p" } }],
    });
  });

  test("a watch is frames of a length and an event", async () => {
    const watch = await api.fetch(
      "GET",
      `${maps}?watch=1&timeoutSeconds=1`,
      undefined,
      accepting(protobuf),
    );
    expect(watch.headers.get("content-type")).toBe(`${protobuf};stream=watch`);
    const bytes = await bytesOf(watch);
    const kinds: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = new DataView(bytes.buffer, at).getUint32(0);
      const event = bytes.subarray(at + 4, at + 4 + length);
      // type, then an object whose raw bytes are a whole body.
      const type = new TextDecoder().decode(event.subarray(2, 2 + (event[1] as number)));
      const body = event.findIndex(
        (byte, i) => byte === 0x6b && event[i + 1] === 0x38 && event[i + 2] === 0x73,
      );
      kinds.push(`${type} ${String(decodeProtobuf(event.subarray(body)).kind)}`);
      at += 4 + length;
    }
    expect(kinds).toEqual(["ADDED ConfigMap", "ADDED ConfigMap"]);
  });
  test.each(["v1", "apps/v1", "meta.k8s.io/v1"])("options of %s", async (apiVersion) => {
    const options = { apiVersion, kind: "DeleteOptions", propagationPolicy: "Orphan" };
    const { code, body } = await api.request(
      "DELETE",
      `${deployments}/absent`,
      encodeProtobuf(options),
      { "content-type": protobuf },
    );
    expect([code, body.message]).toEqual([404, 'deployments.apps "absent" not found']);
  });
});

describe("strict decoding", () => {
  const twice =
    '{"metadata":{"name":"t"},"spec":{"replicas":1,"replicas":2,"template":{"spec":{"containers":[{"name":"c","image":"a","image":"b"}]}},"colour":{"a":1,"a":2}}}';
  const found = [
    'duplicate field "spec.replicas"',
    'duplicate field "spec.template.spec.containers[0].image"',
    'unknown field "spec.colour"',
  ];
  test("refuses fields that stand twice, and unknown ones", async () => {
    const { code, body } = await api.request(
      "POST",
      `${deployments}?fieldValidation=Strict`,
      twice,
    );
    expect([code, body.message]).toEqual([
      400,
      `Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ${found.join(", ")}`,
    ]);
  });
  test("in the order in which they stand in the text", async () => {
    const text =
      '{"metadata":{"name":"t"},"colour":1,"spec":{"shade":1,"replicas":1,"replicas":2,"tone":1}}';
    const { body } = await api.request("POST", `${deployments}?fieldValidation=Strict`, text);
    expect(body.message).toMatch(
      /: unknown field "colour", unknown field "spec.shade", duplicate field "spec.replicas", unknown field "spec.tone"$/,
    );
  });
  test("warns of them when asked to warn, and says nothing when asked to ignore", async () => {
    const warnings = async (level: string): Promise<string | null> =>
      (await api.request("POST", `${deployments}?fieldValidation=${level}`, twice)).headers.get(
        "warning",
      );
    // The object is invalid, and the warnings come all the same.
    expect(await warnings("Warn")).toBe(
      ["duplicate", "duplicate", "unknown"]
        .map((sort, i) => {
          const fields = ["spec.replicas", "spec.template.spec.containers[0].image", "spec.colour"];
          return String.raw`299 - "${sort} field \"${fields[i]}\""`;
        })
        .join(", "),
    );
    expect(await warnings("Ignore")).toBeNull();
    const map = '{"metadata":{"name":"w"},"data":{"a":"1","a":"2"}}';
    const made = await api.request("POST", `${maps}?fieldValidation=Warn`, map);
    expect(made.headers.get("warning")).toBe(String.raw`299 - "duplicate field \"data.a\""`);
    expect(made.body.data).toEqual({ a: "2" });
    const other = await api.request(
      "POST",
      `${maps}?fieldValidation=Ignore`,
      map.replace('"w"', '"x"'),
    );
    expect([other.code, other.headers.get("warning")]).toEqual([201, null]);
  });
  test("sees keys of YAML that stand twice", async () => {
    const text = "metadata: {name: two}\ndata:\n  a: b\n  a: '2'\n";
    const { code, body } = await api.request("POST", `${maps}?fieldValidation=Strict`, text, {
      "content-type": "application/yaml",
    });
    expect([code, body.message]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 4: key "a" already set in map',
    ]);
  });
  test("a field's name has one case", async () => {
    const { body } = await api.request("POST", `${maps}?fieldValidation=Strict`, {
      metadata: { name: "c" },
      Data: {},
    });
    expect(body.message).toMatch(/strict decoding error: unknown field "Data"$/);
  });
});

describe("what cannot be read", () => {
  const unrecognized = (why: string, text: string): string =>
    `the object provided is unrecognized (must be of type ConfigMap): ${why} (${text})`;
  const json = "couldn't get version/kind; json parse error: ";
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nmetadata: {name: bomb}`;
  test.each<[string, string, string, number, string | RegExp]>([
    [
      "an open brace",
      "application/json",
      "{",
      400,
      unrecognized(`${json}unexpected end of JSON input`, "{"),
    ],
    [
      "something behind it",
      "application/json",
      "{} {}",
      400,
      unrecognized(`${json}invalid character '{' after top-level value`, "{} {}"),
    ],
    [
      "nothing",
      "application/json",
      "",
      400,
      unrecognized(`${json}unexpected end of JSON input`, "<empty>"),
    ],
    [
      "no JSON",
      "application/json",
      "<pod/>",
      400,
      unrecognized(`${json}invalid character '<' looking for beginning of value`, "3c706f642f3e"),
    ],
    ["a deep nest", "application/json", `{"a":${"[".repeat(1200)}`, 400, /exceeded max depth/],
    [
      "aliases without end",
      "application/yaml",
      bomb,
      400,
      /yaml: document contains excessive aliasing/,
    ],
    [
      "open YAML",
      "application/yaml",
      "a: [",
      400,
      /^the object provided is unrecognized \(must be of type ConfigMap\): yaml: line 1: .* \(613a205b\)$/,
    ],
    [
      "no protobuf",
      protobuf,
      "hello",
      400,
      unrecognized(
        "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
        "68656c6c6f",
      ),
    ],
    [
      "CBOR",
      "application/cbor",
      "\u{1}",
      415,
      `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, ${protobuf}`,
    ],
    ["parameters are no hindrance", "application/json; charset=utf-8", "[]", 400, /./],
  ])("%s", async (_, type, text, code, message) => {
    const reply = await api.request("POST", maps, text, { "content-type": type });
    expect(reply.code).toBe(code);
    if (typeof message === "string") expect(reply.body.message).toBe(message);
    else expect(reply.body.message).toMatch(message);
  });
});

test.each<[string, string]>([
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
  ["[1 2]", "invalid character '2' after array element"],
  ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\n"', String.raw`invalid character '\n' in string literal`],
  ["-a", "invalid character 'a' in numeric literal"],
  ["1.x", "invalid character 'x' after decimal point in numeric literal"],
  ["1ex", "invalid character 'x' in exponent of numeric literal"],
])("Go's words for %s", (text, message) => {
  expect(scanJson(text).error).toBe(message);
});
