/** The cluster's API from inside of containers: in a whole cluster that stands still, by scripts, commands and probes. */
import { beforeAll, describe, expect, it } from "vitest";
import type { V1ConfigMap, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { RunningContainer } from "#kubelet/server/container.ts";
import { NodeSocket, NodeSockets } from "#test/support/platform/sockets.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

const account = "/var/run/secrets/kubernetes.io/serviceaccount";
const api = "https://kubernetes.default.svc";
const setUp = `A=${account}; T=$(cat $A/token); N=$(cat $A/namespace); `;
const curl = (more: string): string =>
  `${setUp}curl -s --cacert $A/ca.crt -H "Authorization: Bearer $T" ${more}`;

const object = (apiVersion: string, kind: string, name: string, rest: object): KubeObject =>
  ({ apiVersion, kind, metadata: { name, namespace: "default" }, ...rest }) as KubeObject;
const pod = (name: string, container: object, spec: object = {}): KubeObject =>
  object("v1", "Pod", name, {
    spec: {
      serviceAccountName: "editor",
      containers: [{ name: "t", image: "nginx:1.27", ...container }],
      ...spec,
    },
  });

let cluster: WiredCluster;
const found = (name: string): V1Pod =>
  cluster.objects<V1Pod>("v1/Pod").find(({ metadata }) => metadata.name === name) as V1Pod;
const configMap = (name: string): V1ConfigMap | undefined =>
  cluster.objects<V1ConfigMap>("v1/ConfigMap").find(({ metadata }) => metadata.name === name);

/** What a command prints, and its exit code. */
async function ran(script: string, name = "box"): Promise<string> {
  const container = RunningContainer.find(cluster.rooms.kubelets, found(name), "t");
  const socket = new NodeSocket();
  const asked = { stdin: false, stdout: true, stderr: true, tty: false };
  await cluster.rooms.sockets.adopt(socket.face, "command", {
    ...asked,
    protocol: "v5.channel.k8s.io",
    argv: ["sh", "-c", script],
    container: container?.ref,
  });
  while (socket.closedWith === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    // What waits for time waits for the cluster's.
    await cluster.advance(10);
    cluster.rooms.sockets.look();
  }
  const status = JSON.parse(socket.text(3)) as {
    readonly details?: { readonly causes: readonly { readonly message: string }[] };
  };
  return `${socket.text(1)}${socket.text(2)}[${status.details?.causes[0]?.message ?? 0}]`;
}
function logs(name: string): string {
  const text = cluster.rooms.api.world.kubelet?.logs(found(name), "t", {
    follow: false,
    previous: false,
    timestamps: false,
    tailLines: undefined,
    limitBytes: undefined,
    sinceSeconds: undefined,
    sinceMs: undefined,
  });
  return typeof text === "string" ? text : "";
}

beforeAll(async () => {
  cluster = await newWired({ workers: 1 }, new NodeSockets());
  cluster.create(object("v1", "ServiceAccount", "editor", {}));
  cluster.create(
    object("rbac.authorization.k8s.io/v1", "RoleBinding", "editor", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
      subjects: [{ kind: "ServiceAccount", name: "editor", namespace: "default" }],
    }),
  );
  cluster.create(object("v1", "ConfigMap", "old", { data: { a: "1" } }));
  cluster.create(pod("box", {}));
  await cluster.advance(60_000);
});

describe("a command", () => {
  it.each<[string, string, string]>([
    [
      "reads with its own identity",
      curl(`${api}/api/v1/namespaces/$N/pods/box | grep '  "kind"'`),
      '  "kind": "Pod",\n[0]',
    ],
    [
      "may do what its roles allow and no more",
      curl(`-o /dev/null -w "%{http_code}" ${api}/api/v1/nodes`),
      "403[0]",
    ],
    [
      "is told why not",
      curl(`${api}/api/v1/nodes | grep message`),
      '  "message": "nodes is forbidden: User \\"system:serviceaccount:default:editor\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope",\n[0]',
    ],
    [
      "without a token is nobody",
      `curl -sk -o /dev/null -w "%{http_code} " ${api}/version ${api}/api/v1/nodes`,
      "200 403 [0]",
    ],
    [
      "with a token that nobody signed is refused",
      `curl -sk -o /dev/null -w "%{http_code}" -H "Authorization: Bearer x.y.z" ${api}/version`,
      "401[0]",
    ],
    [
      "creates",
      curl(
        `-o /dev/null -w "%{http_code}" -H "Content-Type: application/json" -d '{"metadata":{"name":"made"},"data":{"b":"2"}}' ${api}/api/v1/namespaces/$N/configmaps`,
      ),
      "201[0]",
    ],
    [
      "writes YAML as well",
      curl(
        `-o /dev/null -w "%{http_code}" -H "Content-Type: application/yaml" --data-binary "kind: ConfigMap
apiVersion: v1
metadata: {name: yaml}" ${api}/api/v1/namespaces/$N/configmaps`,
      ),
      "201[0]",
    ],
    [
      "patches",
      curl(
        `-o /dev/null -w "%{http_code}" -X PATCH -H "Content-Type: application/merge-patch+json" -d '{"data":{"a":"3"}}' ${api}/api/v1/namespaces/$N/configmaps/old`,
      ),
      "200[0]",
    ],
    [
      "deletes",
      curl(`-o /dev/null -w "%{http_code}" -X DELETE ${api}/api/v1/namespaces/$N/configmaps/made`),
      "200[0]",
    ],
    [
      "believes only who signed the certificate",
      `curl -sS ${api}/version`,
      "curl: (60) SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the webpage mentioned above.\n[60]",
    ],
    [
      "and only by its names",
      `echo "10.96.0.1 other" >> /etc/hosts; curl -s --cacert ${account}/ca.crt https://other/; echo $?`,
      "60\n[0]",
    ],
    [
      "by an address of its own",
      `curl -s --cacert ${account}/ca.crt https://10.96.0.1/livez; echo; curl -s --cacert ${account}/ca.crt https://kubernetes.default.svc:6443/; curl -s --cacert ${account}/ca.crt https://172.18.0.3:6443/; echo $?`,
      "ok\n7\n[0]",
    ],
    [
      "without TLS it is told so",
      "curl -s http://kubernetes.default.svc:443/",
      "Client sent an HTTP request to an HTTPS server.\n[0]",
    ],
    [
      "a watch shows what there is and lasts as long as it is asked to",
      curl(
        `-m 5 "${api}/api/v1/namespaces/$N/configmaps?watch=1&fieldSelector=metadata.name%3Dold" > w; echo $?; wc -l < w`,
      ),
      "28\n1\n[0]",
    ],
    [
      "nobody speaks in the front's name",
      curl(
        `-o /dev/null -w "%{http_code}" -H 'x-kubestep-front: {"decoded":{"contentType":"application/json"}}' ${api}/api/v1/namespaces/$N/pods`,
      ),
      "200[0]",
    ],
    [
      "a path that leads out of the cluster leads nowhere",
      `curl -sk -o /dev/null -w "%{http_code}" ${api}/../../x`,
      "400[0]",
    ],
  ])("%s", async (_, script, expected) => {
    expect(await ran(script)).toBe(expected);
  });
  it("and its writes are the cluster's", () => {
    expect(configMap("made")).toBeUndefined();
    expect(configMap("yaml")).toBeDefined();
    expect(configMap("old")?.data).toEqual({ a: "3" });
  });
});

describe("a container's own script", () => {
  const script = curl(
    `-o /dev/null -w "%{http_code}\\n" -H "Content-Type: application/json" -d '{"metadata":{"generateName":"from-script-"}}' ${api}/api/v1/namespaces/$N/configmaps`,
  );
  it("asks once, whatever happens to the instance", async () => {
    cluster.create(pod("script", { command: ["sh", "-c", `${script}; sleep 3600`] }));
    await cluster.advance(30_000);
    const made = (): number =>
      cluster
        .objects("v1/ConfigMap")
        .filter(({ metadata }) => metadata.generateName === "from-script-").length;
    expect(logs("script")).toBe("201\n");
    expect(made()).toBe(1);
    cluster = await cluster.evicted();
    await cluster.advance(30_000);
    expect(logs("script")).toBe("201\n");
    expect(made()).toBe(1);
  });
  it("is a probe's command too", async () => {
    const command = [
      "sh",
      "-c",
      `${curl(`-f ${api}/api/v1/namespaces/$N/configmaps/go`)} >/dev/null`,
    ];
    cluster.create(pod("probed", { readinessProbe: { exec: { command }, periodSeconds: 5 } }));
    await cluster.advance(30_000);
    const isReady = (): boolean | undefined =>
      found("probed").status?.containerStatuses?.[0]?.ready;
    expect(isReady()).toBe(false);
    cluster.create(object("v1", "ConfigMap", "go", {}));
    await cluster.advance(30_000);
    expect(isReady()).toBe(true);
  });
});
