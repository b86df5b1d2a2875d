/** Identity with real clients: kubectl's auth, token and certificate commands; the official client with a token. */
import { X509Certificate } from "node:crypto";
import { AuthenticationV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { beforeAll, describe, expect, test } from "vitest";
import { requestFor } from "#test/support/certificate-request.ts";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await newCluster();
});
const kubectl = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await cluster.kubectl(...args);
  expect(code, stderr).toBe(0);
  return stdout.trim();
};
const apply = async (manifest: string): Promise<void> => {
  const { code, stderr } = await cluster.kubectlWith(manifest, "apply", "-f", "-");
  expect(code, stderr).toBe(0);
};

describe("kubectl auth", () => {
  test("whoami, and as somebody else", async () => {
    expect(await kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).toBe(
      "kubernetes-admin",
    );
    const jane = ["--as=jane", "--as-group=dev", "--as-uid=7", "--as-user-extra=acme.io/a=b"];
    const info = JSON.parse(
      await kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo}", ...jane),
    );
    expect(info).toEqual({
      username: "jane",
      uid: "7",
      groups: ["dev", "system:authenticated"],
      extra: { "acme.io/a": ["b"] },
    });
    const { code, stderr } = await cluster.kubectl("get", "pods", ...jane);
    expect([code, stderr.trim()]).toEqual([
      1,
      'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    ]);
  });

  test("can-i, and its list", async () => {
    await kubectl("create", "rolebinding", "view", "--clusterrole=view", "--user=jane");
    expect(await kubectl("auth", "can-i", "list", "pods", "--as=jane")).toBe("yes");
    const { code, stdout } = await cluster.kubectl("auth", "can-i", "get", "secrets", "--as=jane");
    expect([code, stdout.trim()]).toEqual([1, "no"]);
    const list = await kubectl("auth", "can-i", "--list", "--as=jane");
    expect(list).toMatch(/^pods +\[\] +\[\] +\[get list watch\]$/m);
    expect(list).toMatch(/^ +\[\/version\/?\] +\[\] +\[get\]$/m);
  });

  test("reconcile adds what is missing", async () => {
    const role = (verbs: string): string =>
      `{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"reader","namespace":"default"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":[${verbs}]}]}`;
    await apply(role('"get"'));
    const { code, stdout, stderr } = await cluster.kubectlWith(
      role('"list"'),
      "auth",
      "reconcile",
      "-f",
      "-",
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("role.rbac.authorization.k8s.io/reader reconciled");
    const rules = JSON.parse(await kubectl("get", "role", "reader", "-o", "jsonpath={.rules}"));
    expect(rules.map(({ verbs }: { verbs: string[] }) => verbs)).toEqual([["get"], ["list"]]);
  });
});

describe("kubectl create token", () => {
  test("the official client is the account, and no more", async () => {
    await kubectl("create", "serviceaccount", "robot");
    await kubectl(
      "create",
      "rolebinding",
      "robot",
      "--clusterrole=view",
      "--serviceaccount=default:robot",
    );
    const token = await kubectl("create", "token", "robot", "--duration=2h");
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "c", server: cluster.url.replace(/-[0-9a-z]+$/, ""), skipTLSVerify: true },
      { name: "robot", token },
    );
    const { items } = await config
      .makeApiClient(CoreV1Api)
      .listNamespacedPod({ namespace: "default" });
    expect(items).toEqual([]);
    const review = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({
      body: {},
    });
    expect(review.status?.userInfo?.username).toBe("system:serviceaccount:default:robot");
    await expect(
      config.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace: "default" }),
    ).rejects.toMatchObject({ code: 403 });
    await kubectl("delete", "serviceaccount", "robot");
    await expect(
      config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "default" }),
    ).rejects.toMatchObject({ code: 401 });
  });

  test("bound to a Pod, for an audience; and what is refused", async () => {
    await kubectl("run", "holder", "--image=nginx");
    const bound = ["--bound-object-kind=Pod", "--bound-object-name=holder", "--audience=vault"];
    const token = await kubectl("create", "token", "default", ...bound);
    const claims = JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")));
    expect(claims.aud).toEqual(["vault"]);
    expect(claims["kubernetes.io"].pod.name).toBe("holder");
    const { stderr } = await cluster.kubectl("create", "token", "default", "--duration=1m");
    expect(stderr.trim()).toBe(
      'error: failed to create token: TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    );
  });
});

describe("kubectl certificate", () => {
  const csr = async (name: string): Promise<string> =>
    JSON.stringify({
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { name },
      spec: {
        request: await requestFor({ commonName: name, organizations: ["dev"] }),
        signerName: "kubernetes.io/kube-apiserver-client",
        expirationSeconds: 86_400,
        usages: ["client auth"],
      },
    });

  test("approve: signed by the cluster's authority", async () => {
    await apply(await csr("jane"));
    expect(await kubectl("get", "csr", "jane", "--no-headers")).toMatch(
      /^jane +\S+ +kubernetes\.io\/kube-apiserver-client +kubernetes-admin +24h +Pending$/,
    );
    expect(await kubectl("certificate", "approve", "jane")).toBe(
      "certificatesigningrequest.certificates.k8s.io/jane approved",
    );
    const text = await eventually("the certificate", () =>
      kubectl("get", "csr", "jane", "-o", "jsonpath={.status.certificate}"),
    );
    expect(await kubectl("get", "csr", "jane", "--no-headers")).toMatch(/Approved,Issued$/);
    const ca = await kubectl("get", "cm", "kube-root-ca.crt", "-o", "jsonpath={.data.ca\\.crt}");
    const [certificate, authority] = [new X509Certificate(atob(text)), new X509Certificate(ca)];
    expect(certificate.subject).toBe("O=dev\nCN=jane");
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
  });

  test("deny", async () => {
    await apply(await csr("joe"));
    expect(await kubectl("certificate", "deny", "joe")).toBe(
      "certificatesigningrequest.certificates.k8s.io/joe denied",
    );
    expect(await kubectl("get", "csr", "joe", "--no-headers")).toMatch(/Denied$/);
  });
});
