/** Tokens with which machines join: they authenticate, sign cluster-info, and end. */
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
const secrets = "/api/v1/namespaces/kube-system/secrets";
const info = "/api/v1/namespaces/kube-public/configmaps/cluster-info";

const token = async (id: string, data: Json = {}): Promise<void> => {
  const { code, body } = await api.request("POST", secrets, {
    metadata: { name: `bootstrap-token-${id}` },
    type: "bootstrap.kubernetes.io/token",
    stringData: {
      "token-id": id,
      "token-secret": "0123456789abcdef",
      "usage-bootstrap-authentication": "true",
      "usage-bootstrap-signing": "true",
      "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
      ...data,
    },
  });
  expect(code, JSON.stringify(body)).toBe(201);
};
const signatures = async (): Promise<readonly string[]> =>
  Object.keys((await api.get(info)).data).filter((key) => key !== "kubeconfig");
/** Cluster time, some seconds on. */
const inSeconds = async (seconds: number): Promise<string> => {
  const { nowMs, now } = await api.get("/-/clock");
  const ms = typeof nowMs === "number" ? nowMs : Date.parse(now);
  return new Date(ms + seconds * 1000).toISOString().replace(/\.\d+Z/, "Z");
};

test("cluster-info tells where the cluster is, to everybody", async () => {
  const { data } = await api.get(info);
  expect(data.kubeconfig).toMatch(
    /^apiVersion: v1\nclusters:\n- cluster:\n {4}certificate-authority-data: [\w+/=]+\n {4}server: https:\/\/172.18.0.2:6443\n/,
  );
});

test("every token signs it, and only those that may", async () => {
  await token("abcdef");
  await token("ghijkl", { "usage-bootstrap-signing": "false" });
  await token("mnopqr", { "token-id": "another" });
  await api.advance("1s");
  expect(await signatures()).toEqual(["jws-kubeconfig-abcdef"]);
  const { data } = await api.get(info);
  const [header, content, signature] = data["jws-kubeconfig-abcdef"].split(".");
  expect([JSON.parse(atob(header)), content]).toEqual([{ alg: "HS256", kid: "abcdef" }, ""]);
  const payload = Buffer.from(data.kubeconfig).toString("base64url");
  expect(signature).toBe(
    createHmac("sha256", "0123456789abcdef").update(`${header}.${payload}`).digest("base64url"),
  );
  await api.request("DELETE", `${secrets}/bootstrap-token-abcdef`);
  await api.advance("1s");
  expect(await signatures()).toEqual([]);
});

test("who has one is somebody", async () => {
  await token("stuvwx");
  const { body } = await api.request(
    "POST",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    {},
    { authorization: "Bearer stuvwx.0123456789abcdef" },
  );
  expect(body.status.userInfo).toMatchObject({
    username: "system:bootstrap:stuvwx",
    groups: [
      "system:bootstrappers",
      "system:bootstrappers:kubeadm:default-node-token",
      "system:authenticated",
    ],
  });
});

test("a token goes when it is over, and signs no more", async () => {
  await token("yz0123", { expiration: await inSeconds(90) });
  await api.advance("80s");
  expect(await signatures()).toContain("jws-kubeconfig-yz0123");
  await api.advance("20s");
  expect((await api.request("GET", `${secrets}/bootstrap-token-yz0123`)).code).toBe(404);
  expect(await signatures()).not.toContain("jws-kubeconfig-yz0123");
  await token("456789", { expiration: "soon" });
  await api.advance("1s");
  expect((await api.request("GET", `${secrets}/bootstrap-token-456789`)).code).toBe(404);
});
