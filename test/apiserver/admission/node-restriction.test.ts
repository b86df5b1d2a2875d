/** What a kubelet may do, by the Node authorizer and NodeRestriction, in upstream's words. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Json, newApi, type Reply } from "#test/support/api.ts";
import { requestFor } from "#test/support/certificate-request.ts";

const api = await newApi();
const inDefault = (plural: string): string => `/api/v1/namespaces/default/${plural}`;
const pods = inDefault("pods");
const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const slices = "/apis/resource.k8s.io/v1/resourceslices";
const as = (user: string, group: string): Record<string, string> => ({
  "impersonate-user": user,
  "impersonate-group": group,
});
const kubelet = as("system:node:worker-1", "system:nodes");
const merge = { "content-type": "application/merge-patch+json" };
const said = ({ code, body }: Reply): string => `${code} ${body.message ?? "fine"}`;
const ask = async (method: string, path: string, body?: Json, headers = kubelet): Promise<string> =>
  said(await api.request(method, path, body, headers));
const make = async (path: string, body: Json): Promise<Json> => {
  const { code, body: made } = await api.request("POST", path, body);
  expect(code, JSON.stringify(made)).toBe(201);
  return made;
};

const pod = (name: string, spec: Json = {}, metadata: Json = {}): Json => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: "main", image: "nginx" }], ...spec },
});
const on = { nodeName: "worker-1" };
const unrelated = "no relationship found between node 'worker-1' and this object";

beforeAll(async () => {
  await make(inDefault("configmaps"), { metadata: { name: "seen" } });
  for (const name of ["of-volume", "of-driver", "later", "strange"])
    await make(inDefault("secrets"), { metadata: { name } });
  await make("/api/v1/persistentvolumes", {
    metadata: { name: "disk" },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      storageClassName: "",
      claimRef: { namespace: "default", name: "data" },
      csi: {
        driver: "disk.example.com",
        volumeHandle: "1",
        nodeStageSecretRef: { namespace: "default", name: "of-volume" },
        controllerPublishSecretRef: { namespace: "default", name: "strange" },
      },
    },
  });
  await make(inDefault("persistentvolumeclaims"), {
    metadata: { name: "data" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "",
      volumeName: "disk",
      resources: { requests: { storage: "1Gi" } },
    },
  });
  await make("/apis/storage.k8s.io/v1/csidrivers", {
    metadata: { name: "disk.example.com" },
    spec: { tokenRequests: [{ audience: "vault" }] },
  });
  const inline = {
    driver: "disk.example.com",
    nodePublishSecretRef: { name: "of-driver" },
  };
  await make(
    pods,
    pod("here", {
      ...on,
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "data" } },
        { name: "inline", csi: inline },
      ],
    }),
  );
  await make(pods, pod("plain", on));
  await make(pods, pod("there", { nodeName: "worker-2" }));
});

describe("reads", () => {
  const forbidden = (what: string, why: string): string =>
    `403 ${what} is forbidden: User "system:node:worker-1" cannot ${why}`;
  test.each<[string, string, string]>([
    ["a secret of the volume behind a claim", inDefault("secrets/of-volume"), "200 fine"],
    ["a secret of an inline volume", inDefault("secrets/of-driver"), "200 fine"],
    [
      "a secret that is the attacher's alone",
      inDefault("secrets/strange"),
      forbidden(
        'secrets "strange"',
        `get resource "secrets" in API group "" in the namespace "default": ${unrelated}`,
      ),
    ],
    ["the account of a Pod", inDefault("serviceaccounts/default"), "200 fine"],
    [
      "another account",
      "/api/v1/namespaces/kube-system/serviceaccounts/default",
      forbidden(
        'serviceaccounts "default"',
        `get resource "serviceaccounts" in API group "" in the namespace "kube-system": ${unrelated}`,
      ),
    ],
    [
      "the status of a claim: only to write it",
      inDefault("persistentvolumeclaims/data/status"),
      forbidden(
        'persistentvolumeclaims "data"',
        'get resource "persistentvolumeclaims/status" in API group "" in the namespace "default": can only get/update/patch this type',
      ),
    ],
    ["one of its Pods, as a list", `${pods}?fieldSelector=metadata.name%3Dhere`, "200 fine"],
    [
      "all Pods",
      pods,
      forbidden(
        "pods",
        'list resource "pods" in API group "" in the namespace "default": can only list/watch pods with spec.nodeName field selector',
      ),
    ],
  ])("%s", async (_, path, wanted) => {
    expect(await ask("GET", path)).toBe(wanted);
  });

  test("what an ephemeral container needs, from when it is there", async () => {
    const path = inDefault("secrets/later");
    expect(await ask("GET", path)).toContain(unrelated);
    const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "later", key: "a" } } }];
    const patched = await api.request(
      "PATCH",
      `${pods}/plain/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: "debug", image: "busybox", env }] } },
      { "content-type": "application/strategic-merge-patch+json" },
    );
    expect(patched.code).toBe(200);
    expect(await ask("GET", path)).toBe("200 fine");
  });
});

describe("its Node", () => {
  test.each<[string, Json, string]>([
    [
      "owners",
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "a", uid: "b" }] } },
      'node "worker-1" is not allowed to modify ownerReferences',
    ],
    [
      "taints",
      { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } },
      'node "worker-1" is not allowed to modify taints',
    ],
  ])("it changes no %s", async (_, body, why) => {
    expect(await ask("PATCH", "/api/v1/nodes/worker-1", body, { ...kubelet, ...merge })).toBe(
      `403 nodes "worker-1" is forbidden: ${why}`,
    );
  });
  test("who is a node without a name may do nothing", async () => {
    const name = "system:node:";
    await make("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      metadata: { name: "nameless" },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "cluster-admin",
      },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
    });
    const nobody = as(name, "system:nodes");
    expect(await ask("POST", inDefault("configmaps"), { metadata: { name: "a" } }, nobody)).toBe(
      "201 fine",
    );
    expect(await ask("POST", pods, pod("a"), nobody)).toBe(
      '403 pods "a" is forbidden: could not determine node from user "system:node:"',
    );
  });
});

describe("mirror Pods", () => {
  const mirror = async (spec: Json): Promise<string> => {
    const { metadata } = await api.get("/api/v1/nodes/worker-1");
    const owner = { apiVersion: "v1", kind: "Node", name: "worker-1", uid: metadata.uid };
    const own = {
      annotations: { "kubernetes.io/config.mirror": "x" },
      ownerReferences: [{ ...owner, controller: true }],
    };
    return ask("POST", `${pods}?dryRun=All`, pod("m", { ...on, ...spec }, own));
  };
  const volume = (source: Json): Json => ({ volumes: [{ name: "v", ...source }] });
  const referring = (to: string): string =>
    `403 pods "m" is forbidden: node "worker-1" can not create pods that reference ${to}`;
  test.each<[string, Json, string]>([
    ["nothing", {}, "201 fine"],
    ["a place on the node", volume({ hostPath: { path: "/etc" } }), "201 fine"],
    ["a claim", volume({ persistentVolumeClaim: { claimName: "c" } }), "persistentvolumeclaims"],
    [
      "a claim of its own",
      volume({
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ["ReadWriteOnce"],
              resources: { requests: { storage: "1Gi" } },
            },
          },
        },
      }),
      "persistentvolumeclaims (via ephemeral volumes)",
    ],
    ["a driver", volume({ csi: { driver: "d" } }), "csidrivers (via CSI volumes)"],
    ["a config map", volume({ configMap: { name: "c" } }), "configmaps"],
    [
      "a claim for a device",
      { resourceClaims: [{ name: "d", resourceClaimName: "x" }] },
      "resourceclaims",
    ],
  ])("may refer to %s", async (_, spec, what) => {
    expect(await mirror(spec)).toBe(what === "201 fine" ? what : referring(what));
  });
  test.each<[string, Json, string]>([
    [
      "an account",
      { serviceAccountName: "default" },
      "a mirror pod may not reference service accounts",
    ],
    [
      "a secret to pull images with",
      { imagePullSecrets: [{ name: "s" }] },
      "a mirror pod may not reference secrets",
    ],
    [
      "a token",
      volume({ projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }),
      "a mirror pod may not use ServiceAccountToken volume projections",
    ],
  ])("nor may anybody give them %s", async (_, spec, why) => {
    expect(await mirror(spec)).toBe(`403 pods "m" is forbidden: ${why}`);
  });
});

describe("tokens", () => {
  const tokenFor = async (name: string, audiences?: readonly string[]): Promise<string> => {
    const { metadata } = await api.get(`${pods}/${name}`);
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name, uid: metadata.uid };
    const body = { spec: { audiences, boundObjectRef } };
    return ask("POST", inDefault("serviceaccounts/default/token"), body);
  };
  const refused = (why: string): string => `403 serviceaccounts "default" is forbidden: ${why}`;
  const strange = (audience: string): string =>
    refused(
      `audience "${audience}" not found in pod spec volume, system:node:worker-1 is not authorized to request tokens for this audience`,
    );
  test.each<[string, string, readonly string[] | undefined, string]>([
    ["the API's", "plain", undefined, "201 fine"],
    ["one that nothing names", "plain", ["vault"], strange("vault")],
    ["one that the driver of its volume names", "here", ["vault"], "201 fine"],
    ["two", "here", ["vault", "other"], refused("node may only request 0 or 1 audiences")],
    [
      "another node's",
      "there",
      undefined,
      refused("node requested token bound to a pod scheduled on a different node"),
    ],
  ])("for %s audience", async (_, name, audiences, wanted) => {
    expect(await tokenFor(name, audiences)).toBe(wanted);
  });
  test("a rule may allow an audience", async () => {
    await make("/apis/rbac.authorization.k8s.io/v1/clusterroles", {
      metadata: { name: "audience" },
      rules: [
        {
          verbs: ["request-serviceaccounts-token-audience"],
          apiGroups: [""],
          resources: ["allowed"],
        },
      ],
    });
    await make("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      metadata: { name: "audience" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "audience" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:nodes" }],
    });
    expect(await tokenFor("plain", ["allowed"])).toBe("201 fine");
  });
});

test("its ResourceSlices bear its name", async () => {
  const slice = (name: string, nodeName: string): Json => ({
    metadata: { name },
    spec: {
      nodeName,
      driver: "d.example.com",
      pool: { name: "p", generation: 1, resourceSliceCount: 1 },
    },
  });
  const why = (verb: string): string =>
    `403 resourceslices.resource.k8s.io "theirs" is forbidden: can only ${verb} ResourceSlice with the same NodeName as the requesting node`;
  expect(await ask("POST", slices, slice("theirs", "worker-2"))).toBe(why("create"));
  expect(await ask("POST", slices, slice("mine", "worker-1"))).toBe("201 fine");
  expect(await ask("DELETE", `${slices}/mine`)).toBe("200 fine");
});

test("it asks for certificates in its own name", async () => {
  const asking = async (name: string, node: string): Promise<string> =>
    ask("POST", csrs, {
      metadata: { name },
      spec: {
        request: await requestFor({
          commonName: `system:node:${node}`,
          organizations: ["system:nodes"],
        }),
        signerName: "kubernetes.io/kubelet-serving",
        usages: ["digital signature", "server auth"],
      },
    });
  expect(await asking("a", "worker-2")).toBe(
    '403 certificatesigningrequests.certificates.k8s.io "a" is forbidden: can only create a node CSR with CN=system:node:worker-1',
  );
  expect(await asking("b", "worker-1")).toBe("201 fine");
});
