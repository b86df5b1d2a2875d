/** Tokens of service accounts: asked for, read, sent, revoked; TokenReview and the keys for others. */
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { newApi, type Json } from "#test/support/api.ts";

const api = await newApi();
const issuer = "https://kubernetes.default.svc.cluster.local";
const accounts = "/api/v1/namespaces/default/serviceaccounts";
const pods = "/api/v1/namespaces/default/pods";
const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
const bare = new URL(api.url).pathname.replace(/-[0-9a-z]+$/, "");

const request = (spec: Json, account = "default") =>
  api.request("POST", `${accounts}/${account}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec,
  });
async function tokenOf(spec: Json = {}, account = "default"): Promise<string> {
  const { code, body } = await request(spec, account);
  expect(code, JSON.stringify(body)).toBe(201);
  return body.status.token as string;
}
/** Below the address without a key: the token decides alone. */
async function asked(path: string, token: string | undefined, base = bare) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await api.site(base + path, { headers });
  return { code: answer.status, text: await answer.text() };
}
async function review(token: string, audiences?: readonly string[]): Promise<Json> {
  const { body } = await api.request("POST", reviews, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token, ...(audiences === undefined ? {} : { audiences }) },
  });
  return body.status;
}
/** The server's own token is tried first. */
const refused = (error: string): string => `[invalid bearer token, ${error}]`;
const create = async (path: string, object: Json): Promise<Json> => {
  const { code, body } = await api.request("POST", path, object);
  expect(code, JSON.stringify(body)).toBe(201);
  return body;
};
const account = (name: string) =>
  create(accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } });

describe("TokenRequest", () => {
  test("the claims are upstream's, in the order of the alphabet", async () => {
    const { code, body } = await request({});
    expect(code).toBe(201);
    expect(body).toMatchObject({
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { name: "default", namespace: "default" },
      spec: { audiences: [issuer], expirationSeconds: 3600 },
    });
    expect(body.metadata.uid).toBe((await api.get(`${accounts}/default`)).metadata.uid);
    const { token, expirationTimestamp } = body.status;
    const claims = decodeJwt(token) as Json;
    expect(Object.keys(claims)).toEqual([
      "aud",
      "exp",
      "iat",
      "iss",
      "jti",
      "kubernetes.io",
      "nbf",
      "sub",
    ]);
    const { uid } = (await api.get(`${accounts}/default`)).metadata;
    expect(claims).toMatchObject({
      aud: [issuer],
      iss: issuer,
      sub: "system:serviceaccount:default:default",
      "kubernetes.io": { namespace: "default", serviceaccount: { name: "default", uid } },
    });
    expect(claims.exp - claims.iat).toBe(3600);
    expect(claims.nbf).toBe(claims.iat);
    expect(Date.parse(expirationTimestamp)).toBe(claims.exp * 1000);
    const { keys } = JSON.parse((await asked("/openid/v1/jwks", token)).text);
    expect(decodeProtectedHeader(token)).toEqual({ alg: "RS256", kid: keys[0].kid });
  });

  test.each<[string, Json, number, string]>([
    [
      "too short",
      { expirationSeconds: 300 },
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 300: may not specify a duration less than 10 minutes',
    ],
    [
      "too long",
      { expirationSeconds: 2 ** 32 + 1 },
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
    ],
    [
      "bound to nothing",
      { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "none" } },
      404,
      'pods "none" not found',
    ],
    [
      "bound to what holds no token",
      { boundObjectRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
      400,
      "cannot bind token to object of type apps/v1, Kind=Deployment",
    ],
    [
      "another's uid",
      { boundObjectRef: { apiVersion: "v1", kind: "Node", name: "worker-1", uid: "other" } },
      409,
      'Operation cannot be fulfilled on Node "worker-1": the UID in the bound object reference (other) does not match the UID in record. The object might have been deleted and then recreated',
    ],
  ])("%s", async (_, spec, code, message) => {
    const answer = await request(spec);
    expect([answer.code, answer.body.message]).toEqual([code, message]);
  });

  test("an account of that name, but another one", async () => {
    const { uid } = (await api.get(`${accounts}/default`)).metadata;
    const { code, body } = await api.request("POST", `${accounts}/default/token`, {
      metadata: { uid: "other" },
      spec: {},
    });
    expect([code, body.message]).toEqual([
      409,
      `Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "default": the UID in the token request (other) does not match the UID of the service account (${uid})`,
    ]);
  });

  test("a missing account, a name that is not the path's", async () => {
    expect((await request({}, "none")).body.message).toBe('serviceaccounts "none" not found');
    const { code, body } = await api.request("POST", `${accounts}/default/token`, {
      metadata: { name: "other" },
    });
    expect([code, body.message]).toEqual([
      422,
      'TokenRequest.authentication.k8s.io "default" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    ]);
  });

  test("a Pod's token for 3607 seconds warns then, and lives a year", async () => {
    await account("patient");
    await create(pods, podOf("patient"));
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: "patient" };
    const claims = decodeJwt(
      await tokenOf({ boundObjectRef, expirationSeconds: 3607 }, "patient"),
    ) as Json;
    expect(claims.exp - claims.iat).toBe(365 * 24 * 3600);
    expect(claims["kubernetes.io"].warnafter - claims.iat).toBe(3607);
  });
});

const podOf = (name: string, nodeName?: string): Json => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    serviceAccountName: name,
    ...(nodeName === undefined ? {} : { nodeName }),
    containers: [{ name: "main", image: "nginx" }],
  },
});

describe("who a request is", () => {
  test("the account, its groups and what its token is bound to", async () => {
    await account("bound");
    const pod = await create(pods, podOf("bound", "worker-1"));
    const node = await api.get("/api/v1/nodes/worker-1");
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: "bound" };
    const token = await tokenOf({ boundObjectRef }, "bound");
    const { jti } = decodeJwt(token);
    const { metadata } = await api.get(`${accounts}/bound`);
    expect(await review(token)).toEqual({
      authenticated: true,
      audiences: [issuer],
      user: {
        username: "system:serviceaccount:default:bound",
        uid: metadata.uid,
        groups: [
          "system:serviceaccounts",
          "system:serviceaccounts:default",
          "system:authenticated",
        ],
        extra: {
          "authentication.kubernetes.io/credential-id": [`JTI=${jti}`],
          "authentication.kubernetes.io/node-name": ["worker-1"],
          "authentication.kubernetes.io/node-uid": [node.metadata.uid],
          "authentication.kubernetes.io/pod-name": ["bound"],
          "authentication.kubernetes.io/pod-uid": [pod.metadata.uid],
        },
      },
    });
  });

  test("a token decides alone: a bad one is 401 on the right address too", async () => {
    const token = await tokenOf();
    const forbidden =
      'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"';
    for (const base of [bare, new URL(api.url).pathname]) {
      const { code, text } = await asked(pods, token, base);
      expect([code, JSON.parse(text).message]).toEqual([403, forbidden]);
      expect((await asked("/version", `${token.slice(0, -4)}AAAA`, base)).code).toBe(401);
    }
    const [, key] = /-([0-9a-z]+)$/.exec(api.url) ?? [];
    expect((await asked(pods, key)).code).toBe(200);
  });

  test.each([
    ["/healthz", 200, ""],
    ["/livez", 200, ""],
    ["/readyz", 200, ""],
    ["/version", 200, ""],
    ["/api", 403, 'forbidden: User "system:anonymous" cannot get path "/api"'],
    [
      "/api/v1/nodes",
      403,
      'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
    ],
  ])("nobody: %s %i", async (path, code, message) => {
    const answer = await asked(path, undefined);
    expect(answer.code).toBe(code);
    if (code === 403) expect(JSON.parse(answer.text).message).toBe(message);
  });
});

describe("a token ends", () => {
  const invalidated = "service account token has been invalidated";
  test.each<[string, string, string]>([
    ["Pod", pods, invalidated],
    ["Secret", "/api/v1/namespaces/default/secrets", invalidated],
    ["Node", "/api/v1/nodes", invalidated],
  ])("with its %s", async (kind, path, error) => {
    const name = `ends-with-${kind.toLowerCase()}`;
    await account(name);
    await create(
      path,
      kind === "Pod" ? podOf(name) : { apiVersion: "v1", kind, metadata: { name } },
    );
    const token = await tokenOf({ boundObjectRef: { apiVersion: "v1", kind, name } }, name);
    expect((await review(token)).authenticated).toBe(true);
    await api.request("DELETE", `${path}/${name}?gracePeriodSeconds=0`);
    expect(await review(token)).toEqual({ user: {}, error: refused(error) });
    expect((await asked("/version", token)).code).toBe(401);
  });

  test("with its account, and another of the same name does not take it", async () => {
    await account("gone");
    const token = await tokenOf({}, "gone");
    const { uid } = (await api.get(`${accounts}/gone`)).metadata;
    await api.request("DELETE", `${accounts}/gone`);
    expect((await review(token)).error).toBe(refused('serviceaccounts "gone" not found'));
    const next = await account("gone");
    expect((await review(token)).error).toBe(
      refused(`service account UID (${next.metadata.uid}) does not match claim (${uid})`),
    );
  });

  test("for whom it is not meant", async () => {
    const token = await tokenOf({ audiences: ["vault"] });
    expect((await asked("/version", token)).code).toBe(401);
    expect((await review(token, ["vault", "other"])).audiences).toEqual(["vault"]);
    expect((await review(token)).error).toBe(
      refused(`token audiences ["vault"] is invalid for the target audiences ["${issuer}"]`),
    );
    expect((await review("rubbish")).error).toBe("invalid bearer token");
  });
});

test("others can verify it: discovery and keys", async () => {
  const token = await tokenOf();
  const discovered = JSON.parse((await asked("/.well-known/openid-configuration", token)).text);
  expect(discovered).toEqual({
    issuer,
    jwks_uri: "https://172.18.0.2:6443/openid/v1/jwks",
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
  const answer = await api.fetch("GET", "/openid/v1/jwks");
  expect(answer.headers.get("content-type")).toBe("application/jwk-set+json");
  const { keys } = (await answer.json()) as Json;
  expect(Object.keys(keys[0]).toSorted()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
  const { payload } = await jwtVerify(token, await importJWK(keys[0]), {
    issuer,
    audience: issuer,
  });
  expect(payload.sub).toBe("system:serviceaccount:default:default");
});

describe("bootstrap tokens", () => {
  const secret = (data: Record<string, string>) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `bootstrap-token-${data["token-id"]}`, namespace: "kube-system" },
    type: "bootstrap.kubernetes.io/token",
    stringData: data,
  });
  test.each<[string, Record<string, string>, Json]>([
    [
      "a machine that joins",
      { "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token" },
      {
        username: "system:bootstrap:abcde0",
        groups: [
          "system:bootstrappers",
          "system:bootstrappers:kubeadm:default-node-token",
          "system:authenticated",
        ],
      },
    ],
    ["too late", { expiration: "2020-01-01T00:00:00Z" }, {}],
    ["for signing alone", { "usage-bootstrap-authentication": "false" }, {}],
  ])("%s", async (name, more, user) => {
    const id = `abcde${["a machine that joins", "too late", "for signing alone"].indexOf(name)}`;
    await create(
      "/api/v1/namespaces/kube-system/secrets",
      secret({
        "token-id": id,
        "token-secret": "0123456789abcdef",
        "usage-bootstrap-authentication": "true",
        ...more,
      }),
    );
    expect((await review(`${id}.0123456789abcdef`)).user).toEqual(user);
    expect((await review(`${id}.0000000000000000`)).user).toEqual({});
  });
});

describe("a token that lies in a Secret", () => {
  const secrets = "/api/v1/namespaces/default/secrets";
  const labels = async (): Promise<Json> => (await api.get(`${secrets}/old`)).metadata.labels;
  const merge = { "content-type": "application/merge-patch+json" };
  let token = "";

  test("is filled in by the controller; without an account it is refused", async () => {
    const type = "kubernetes.io/service-account-token";
    const refused = await api.request("POST", secrets, { metadata: { name: "nobody" }, type });
    expect([refused.code, refused.body.message]).toEqual([
      422,
      'Secret "nobody" is invalid: metadata.annotations[kubernetes.io/service-account.name]: Required value',
    ]);
    const annotations = { "kubernetes.io/service-account.name": "default" };
    await create(secrets, { metadata: { name: "old", annotations }, type });
    await api.advance("5s");
    const { data } = await api.get(`${secrets}/old`);
    token = atob(data.token);
    expect(Object.keys(data).toSorted()).toEqual(["ca.crt", "namespace", "token"]);
  });

  test("tells the day of its last use, once", async () => {
    expect(await labels()).toBeUndefined();
    expect((await review(token)).user.username).toBe("system:serviceaccount:default:default");
    const { metadata } = await api.get(`${secrets}/old`);
    const day = metadata.creationTimestamp.slice(0, 10);
    expect(metadata.labels).toEqual({ "kubernetes.io/legacy-token-last-used": day });
    await review(token);
    expect((await api.get(`${secrets}/old`)).metadata.resourceVersion).toBe(
      metadata.resourceVersion,
    );
    await api.advance("24h");
    await review(token);
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    expect(await labels()).toEqual({ "kubernetes.io/legacy-token-last-used": next });
  });

  const brought = async (): Promise<Json> => {
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const { headers } = await api.request("POST", path, {}, { authorization: `Bearer ${token}` });
    const { items } = await api.get("/-/audit?verb=create");
    const { annotations } = items.findLast(({ requestURI }: Json) => requestURI === path);
    return { annotations, warnings: headers.get("warning") ?? "" };
  };

  test("is told of in the audit log, and warned of where a cluster made it", async () => {
    const said = "authentication.k8s.io/legacy-token";
    const { annotations, warnings } = await brought();
    expect([annotations[`${said}-manual-secret`], warnings]).toEqual(["old", ""]);
    const account = "/api/v1/namespaces/default/serviceaccounts/default";
    await api.request("PATCH", account, { secrets: [{ name: "old" }] }, merge);
    const made = await brought();
    expect([made.annotations[`${said}-autogenerated-secret`], made.warnings]).toEqual([
      "old",
      '299 - "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens."',
    ]);
  });

  test("is not taken any more once it is marked", async () => {
    const mark = {
      metadata: { labels: { "kubernetes.io/legacy-token-invalid-since": "2026-01-01" } },
    };
    await api.request("PATCH", `${secrets}/old`, mark, merge);
    expect((await review(token)).error).toBe(
      refused(
        "the token in secret default/old for service account default/default has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the 'kubernetes.io/legacy-token-invalid-since' label from the secret to temporarily allow use of this token",
      ),
    );
    const { annotations } = await brought();
    expect(annotations).toEqual({
      "authentication.k8s.io/legacy-token-invalidated": "old/default",
    });
  });

  test("since when uses are noted stands in a ConfigMap", async () => {
    const maps = "/api/v1/namespaces/kube-system/configmaps";
    const path = `${maps}/kube-apiserver-legacy-service-account-token-tracking`;
    const day = /^\d{4}-\d\d-\d\d$/;
    const since = async (): Promise<Json> => (await api.request("GET", path)).body.data?.since;
    expect(await since()).toMatch(day);
    await api.request("PATCH", path, { data: { since: "long ago" } }, merge);
    await api.advance("1s");
    expect(await since()).toMatch(day);
    await api.request("DELETE", path);
    await api.advance("1s");
    expect(await since()).toMatch(day);
    // Not again so soon.
    await api.request("DELETE", path);
    await api.advance("20m");
    expect(await since()).toBeUndefined();
    await api.advance("11m");
    expect(await since()).toMatch(day);
  });
});
