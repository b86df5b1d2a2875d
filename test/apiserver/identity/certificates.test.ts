/** Certificates: asked for, approved, signed, cleaned up; what is signed is judged by Node's own X.509. */
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { pem } from "#apimachinery/x509/pem.ts";
import { newApi, type Json } from "#test/support/api.ts";
import { requestFor } from "#test/support/certificate-request.ts";

const api = await newApi();
const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const client = "kubernetes.io/kube-apiserver-client";
const kubelet = "kubernetes.io/kube-apiserver-client-kubelet";

const csr = (name: string, request: string, spec: Json = {}): Json => ({
  apiVersion: "certificates.k8s.io/v1",
  kind: "CertificateSigningRequest",
  metadata: { name },
  spec: { request, signerName: client, usages: ["client auth"], ...spec },
});
const settle = () => api.advance("1s");
const read = (name: string): Promise<Json> => api.get(`${csrs}/${name}`);
async function make(object: Json, headers: Record<string, string> = {}): Promise<Json> {
  const { code, body } = await api.request("POST", csrs, object, headers);
  expect(code, JSON.stringify(body)).toBe(201);
  return body;
}
/** As `kubectl certificate approve` and `deny` do it. */
async function answer(name: string, type: "Approved" | "Denied", headers = {}): Promise<Json> {
  const object = await read(name);
  const condition = { type, status: "True", reason: "Kubectl", message: "by hand" };
  return api.request(
    "PUT",
    `${csrs}/${name}/approval`,
    { ...object, status: { ...object.status, conditions: [condition] } },
    headers,
  );
}
const certificateOf = (object: Json): X509Certificate =>
  new X509Certificate(Buffer.from(object.status.certificate, "base64"));

async function authority(): Promise<X509Certificate> {
  const map = await api.get("/api/v1/namespaces/default/configmaps/kube-root-ca.crt");
  return new X509Certificate(map.data["ca.crt"]);
}

describe("the cluster's authority", () => {
  test("is a certificate authority of its own, in every namespace", async () => {
    const ca = await authority();
    expect(ca.subject).toBe("CN=kubernetes");
    expect(ca.ca).toBe(true);
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(ca.subjectAltName).toBe("DNS:kubernetes");
    const years = (Date.parse(ca.validTo) - Date.parse(ca.validFrom)) / (365 * 24 * 3_600_000);
    expect(years).toBeCloseTo(10, 2);
    const other = await newApi();
    const map = await other.get("/api/v1/namespaces/default/configmaps/kube-root-ca.crt");
    expect(new X509Certificate(map.data["ca.crt"]).fingerprint256).not.toBe(ca.fingerprint256);
  });
});

describe("a person's certificate", () => {
  test("who asks is written by the server; approved it is signed", async () => {
    const made = await make(
      csr("jane", await requestFor({ commonName: "jane", organizations: ["dev"] }), {
        username: "somebody-else",
        expirationSeconds: 3600,
      }),
      { "impersonate-user": "bob", "impersonate-group": "system:masters" },
    );
    expect(made.spec).toMatchObject({
      username: "bob",
      groups: ["system:masters", "system:authenticated"],
    });
    await settle();
    expect((await read("jane")).status).toEqual({});
    const note = { metadata: { annotations: { seen: "yes" } }, spec: { username: "eve" } };
    const noted = await api.request("PATCH", `${csrs}/jane/approval`, note, {
      "content-type": "application/merge-patch+json",
    });
    expect(noted.body.metadata.annotations).toEqual({ seen: "yes" });
    expect(noted.body.spec.username).toBe("bob");
    expect((await answer("jane", "Approved")).code).toBe(200);
    await settle();
    const object = await read("jane");
    const [approved] = object.status.conditions;
    expect(approved).toMatchObject({ type: "Approved", status: "True", reason: "Kubectl" });
    expect(approved.lastUpdateTime).toBe(approved.lastTransitionTime);
    const certificate = certificateOf(object);
    const ca = await authority();
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.subject).toBe("O=dev\nCN=jane");
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    const minutes = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 60_000;
    expect(minutes).toBe(65);
  });

  test.each<[string, Parameters<typeof requestFor>[0]]>([
    ["an RSA key", { commonName: "rsa", key: "RSA" }],
    ["a P-384 key", { commonName: "p384", key: "P-384" }],
    ["an Ed25519 key", { commonName: "ed", key: "Ed25519" }],
  ])("for %s", async (_, asked) => {
    const name = asked.commonName;
    await make(csr(name, await requestFor(asked)));
    await answer(name, "Approved");
    await settle();
    const certificate = certificateOf(await read(name));
    expect(certificate.verify((await authority()).publicKey)).toBe(true);
    expect(certificate.subject).toBe(`CN=${name}`);
  });

  test("denied it is not", async () => {
    await make(csr("denied", await requestFor({ commonName: "denied" })));
    await answer("denied", "Denied");
    await settle();
    expect((await read("denied")).status.certificate).toBeUndefined();
    const again = await answer("denied", "Approved");
    expect([again.code, again.body.message]).toEqual([
      422,
      'CertificateSigningRequest.certificates.k8s.io "denied" is invalid: status.conditions: Forbidden: updates may not remove a condition of type "Denied"',
    ]);
  });

  test("who signs neither approves nor takes back, and signs once", async () => {
    await make(csr("signed", await requestFor({ commonName: "signed" }), { signerName: "a.io/b" }));
    const status = async (change: Json): Promise<readonly unknown[]> => {
      const object = await read("signed");
      const next = { ...object, status: { ...object.status, ...change } };
      const { code, body } = await api.request("PUT", `${csrs}/signed/status`, next);
      return [code, body.message];
    };
    const refused = (why: string): readonly unknown[] => [
      422,
      `CertificateSigningRequest.certificates.k8s.io "signed" is invalid: ${why}`,
    ];
    const condition = (type: string, is = "True"): Json => ({ type, status: is, reason: "R" });
    expect(await status({ conditions: [condition("Approved")] })).toEqual(
      refused('status.conditions: Forbidden: updates may not add a condition of type "Approved"'),
    );
    await answer("signed", "Approved");
    expect(await status({ certificate: btoa("hello") })).toEqual(
      refused(
        'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
      ),
    );
    const { raw } = await authority();
    const block = pem("CERTIFICATE", raw);
    expect(await status({ certificate: btoa(block + pem("PUBLIC KEY", raw)) })).toEqual(
      refused(
        'status.certificate: Invalid value: "<certificate data>": only CERTIFICATE PEM blocks are allowed, found "PUBLIC KEY"',
      ),
    );
    expect((await status({ certificate: btoa(block) }))[0]).toBe(200);
    expect(await status({ certificate: btoa(block + block) })).toEqual(
      refused("status.certificate: Forbidden: updates may not modify existing certificate content"),
    );
    const both = [condition("Approved"), condition("Denied")];
    const { status: is, ...object } = await read("signed");
    const { body } = await api.request("PUT", `${csrs}/signed/approval`, {
      ...object,
      status: { ...is, conditions: both },
    });
    expect(body.message).toBe(
      refused(
        'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
      )[1],
    );
  });

  test("whoever says anything of it must be the signer's", async () => {
    await make(csr("said", await requestFor({ commonName: "said" }), { signerName: "a.io/c" }));
    const object = await read("said");
    const role = { verbs: ["update"], apiGroups: ["certificates.k8s.io"] };
    const rbac = "/apis/rbac.authorization.k8s.io/v1";
    const name = "says";
    await api.request("POST", `${rbac}/clusterroles`, {
      metadata: { name },
      rules: [{ ...role, resources: ["certificatesigningrequests/status"] }],
    });
    await api.request("POST", `${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "sam" }],
    });
    const conditions = [{ type: "Seen", status: "True" }];
    const { code, body } = await api.request(
      "PUT",
      `${csrs}/said/status`,
      { ...object, status: { conditions } },
      { "impersonate-user": "sam" },
    );
    expect([code, body.message]).toEqual([
      403,
      'certificatesigningrequests.certificates.k8s.io "said" is forbidden: user not permitted to sign requests with signerName "a.io/c"',
    ]);
  });

  test("usages that the signer does not give", async () => {
    await make(csr("server", await requestFor({ commonName: "x" }), { usages: ["server auth"] }));
    await answer("server", "Approved");
    await settle();
    expect((await read("server")).status.conditions.at(-1)).toMatchObject({
      type: "Failed",
      status: "True",
      reason: "SignerValidationFailure",
      message: "invalid usage for client certificate: server auth",
    });
  });

  const notRequest = "PEM block type must be CERTIFICATE REQUEST";
  test.each<[string, Json, string]>([
    [
      "no request",
      { request: btoa("hello") },
      `spec.request: Invalid value: "${btoa("hello")}": ${notRequest}`,
    ],
    ["no usages", { usages: [] }, "spec.usages: Required value"],
    [
      "too short",
      { expirationSeconds: 10 },
      "spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 600 seconds (10 minutes)",
    ],
    [
      "the old signer",
      { signerName: "kubernetes.io/legacy-unknown" },
      'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
    ],
    [
      "no domain",
      { signerName: "mine" },
      `spec.signerName: Invalid value: "mine": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ],
    [
      "a domain of one",
      { signerName: "mine/x" },
      'spec.signerName: Invalid value: "mine": should be a domain with at least two segments separated by dots',
    ],
  ])("%s", async (_, spec, why) => {
    const object = csr("bad", await requestFor({ commonName: "x" }), spec);
    const { code, body } = await api.request("POST", csrs, object);
    expect([code, body.message]).toEqual([
      422,
      `CertificateSigningRequest.certificates.k8s.io "bad" is invalid: ${why}`,
    ]);
  });

  test("a request signed by another key is not signed", async () => {
    const forged = await requestFor({ commonName: "forged", forged: true });
    await make(csr("forged", forged));
    await answer("forged", "Approved");
    await settle();
    expect((await read("forged")).status.certificate).toBeUndefined();
  });
});

describe("a kubelet's certificate", () => {
  const usages = ["digital signature", "client auth"];
  const node = { commonName: "system:node:worker-9", organizations: ["system:nodes"] };
  const bootstrapper = {
    "impersonate-user": "system:bootstrap:abcdef",
    "impersonate-group": "system:bootstrappers, system:bootstrappers:kubeadm:default-node-token",
  };
  test.each<[string, Json, Record<string, string>, string | undefined]>([
    [
      "a machine that joins",
      node,
      bootstrapper,
      "Auto approving kubelet client certificate after SubjectAccessReview.",
    ],
    [
      "a node that renews its own",
      node,
      { "impersonate-user": "system:node:worker-9", "impersonate-group": "system:nodes" },
      "Auto approving self kubelet client certificate after SubjectAccessReview.",
    ],
    [
      "a person may not",
      node,
      { "impersonate-user": "jane", "impersonate-group": "system:masters" },
      "Auto approving kubelet client certificate after SubjectAccessReview.",
    ],
    ["not in the nodes' group", { commonName: node.commonName }, bootstrapper, undefined],
  ])("%s", async (title, asked, headers, message) => {
    const name = title.replaceAll(/[^a-z]+/g, "-");
    await make(csr(name, await requestFor(asked), { signerName: kubelet, usages }), headers);
    await settle();
    const { status } = await read(name);
    if (message === undefined) {
      expect(status).toEqual({});
      return;
    }
    expect(status.conditions[0]).toMatchObject({ reason: "AutoApproved", message });
    expect(certificateOf({ status }).subject).toBe("O=system:nodes\nCN=system:node:worker-9");
  });
});

test("requests go when they have served", async () => {
  await make(csr("waits", await requestFor({ commonName: "waits" })));
  await api.advance("30m");
  expect((await api.request("GET", `${csrs}/jane`)).code).toBe(200);
  await api.advance("1h");
  expect((await api.request("GET", `${csrs}/jane`)).code).toBe(404);
  expect((await api.request("GET", `${csrs}/denied`)).code).toBe(404);
  expect((await api.request("GET", `${csrs}/waits`)).code).toBe(200);
  const request = await requestFor({ commonName: "unsigned" });
  await make(csr("unsigned", request, { signerName: "a.io/nobody" }));
  await answer("unsigned", "Approved");
  await api.advance("23h");
  expect((await api.request("GET", `${csrs}/unsigned`)).code).toBe(200);
  await api.advance("2h");
  for (const name of ["waits", "unsigned"])
    expect((await api.request("GET", `${csrs}/${name}`)).code).toBe(404);
});

describe("a Secret that asks for a token", () => {
  const secrets = "/api/v1/namespaces/default/secrets";
  const secret = (name: string, account: string): Json => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, annotations: { "kubernetes.io/service-account.name": account } },
    type: "kubernetes.io/service-account-token",
  });
  const reviewed = async (token: string): Promise<Json> =>
    (
      await api.request("POST", "/apis/authentication.k8s.io/v1/tokenreviews", {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        spec: { token },
      })
    ).body.status;

  test("is filled, serves without end, and ends with itself", async () => {
    await api.request("POST", secrets, secret("long", "default"));
    await settle();
    const object = await api.get(`${secrets}/long`);
    const { uid } = (await api.get("/api/v1/namespaces/default/serviceaccounts/default")).metadata;
    expect(object.metadata.annotations["kubernetes.io/service-account.uid"]).toBe(uid);
    expect(Object.keys(object.data).toSorted()).toEqual(["ca.crt", "namespace", "token"]);
    expect(atob(object.data.namespace)).toBe("default");
    expect(new X509Certificate(atob(object.data["ca.crt"])).fingerprint).toBe(
      (await authority()).fingerprint,
    );
    const token = atob(object.data.token);
    expect((await reviewed(token)).user).toEqual({
      username: "system:serviceaccount:default:default",
      uid,
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    });
    await api.request("DELETE", `${secrets}/long`);
    expect((await reviewed(token)).error).toBe(
      "[invalid bearer token, Token has been invalidated]",
    );
  });

  test("of nobody is deleted", async () => {
    await api.request("POST", secrets, secret("orphan", "none"));
    await settle();
    expect((await api.request("GET", `${secrets}/orphan`)).code).toBe(404);
  });
});

test("PEM lines are 64 characters", () => {
  expect(
    pem("X", new Uint8Array(60))
      .split("\n")
      .map(({ length }) => length),
  ).toEqual([17, 64, 16, 15, 0]);
});
