/** The proxy subresources of Pods, Services and Nodes. Cf. upstream test/e2e/network/proxy.go. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Cluster, newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";

const web = `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: web, image: "nginx:1.27", ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 8080, targetPort: 80 }, { name: other, port: 81 }] }
---
apiVersion: v1
kind: Service
metadata: { name: empty }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
`;
/** Each byte there is, and more than one chunk of them. */
const allBytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
const binary = `
apiVersion: v1
kind: ConfigMap
metadata: { name: pictures }
binaryData: { dot.png: ${Buffer.from(allBytes).toString("base64")} }
---
apiVersion: v1
kind: Pod
metadata: { name: pictures }
spec:
  containers:
    - name: web
      image: nginx:1.27
      ports: [{ containerPort: 80 }]
      volumeMounts: [{ name: pictures, mountPath: /usr/share/nginx/html }]
    - { name: echo, image: "registry.k8s.io/echoserver:1.10" }
  volumes: [{ name: pictures, configMap: { name: pictures } }]
`;
const base = "/api/v1/namespaces/default";

describe("proxy", () => {
  let cluster: Cluster;
  let k: Session;
  const asked = async (path: string, init: RequestInit = {}): Promise<[number, string]> => {
    const answer = await fetch(`${cluster.url}${path}`, { redirect: "manual", ...init });
    const text = await answer.text();
    const isStatus = text.startsWith('{"kind":"Status"') || text.includes('"kind":"Status"');
    return [answer.status, isStatus ? (JSON.parse(text) as { message: string }).message : text];
  };
  beforeAll(async () => {
    cluster = await newCluster({ workers: 1 });
    k = session(cluster);
    await k.with(web)`apply -f -`;
    await k.ok`wait --for=condition=Ready pod/web --timeout=60s`;
  });

  test("kubectl get --raw reads a page through a Service and through a Pod", async () => {
    for (const to of [
      "services/shop:8080",
      "services/shop:http",
      "services/http:shop:http",
      "pods/web",
      "pods/web:80",
    ])
      expect(await k.ok`get --raw ${`${base}/${to}/proxy/`}`).toContain("Welcome to nginx!");
    const ip = await k.ok`get node control-plane-1 -o jsonpath={.status.addresses[0].address}`;
    expect(await k.ok`logs web`).toContain(`${ip} - - `);
  });
  test("path, query, method and status are the server's", async () => {
    expect((await asked(`${base}/pods/web/proxy/a%20b?x=1`))[0]).toBe(404);
    expect((await asked(`${base}/pods/web/proxy/`, { method: "POST", body: "no JSON" }))[0]).toBe(
      200,
    );
    expect(await k.ok`logs web --tail=2`).toMatch(
      /"GET \/a%20b\?x=1 HTTP\/1.1" 404 .*\n.*"POST \/ HTTP\/1.1" 200/,
    );
    const answer = await fetch(`${cluster.url}${base}/pods/web/proxy/`);
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(answer.headers.get("server")).toBe("nginx");
  });
  test("without a path it leads to the root, wherever the cluster lies", async () => {
    const answer = await fetch(`${cluster.url}${base}/pods/web/proxy?x=1`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      301,
      `${new URL(cluster.url).pathname}${base}/pods/web/proxy/?x=1`,
    ]);
  });
  test("refusals in upstream's words", async () => {
    const ip = await k.ok`get pod web -o jsonpath={.status.podIP}`;
    const rows: readonly (readonly [string, number, string])[] = [
      ["services/empty/proxy/", 503, 'no endpoints available for service "empty"'],
      ["services/shop/proxy/", 503, 'no endpoints available for service "shop"'],
      ["services/shop:7/proxy/", 503, 'no service port 7 found for service "shop"'],
      ["services/nope/proxy/", 404, 'services "nope" not found'],
      ["services/ftp:shop:http/proxy/", 400, 'invalid service request "ftp:shop:http"'],
      ["pods/nope/proxy/", 404, 'pods "nope" not found'],
      [
        "services/shop:81/proxy/",
        503,
        `error trying to reach service: dial tcp ${ip}:81: connect: connection refused`,
      ],
      [
        "pods/https:web:80/proxy/",
        503,
        "error trying to reach service: http: server gave HTTP response to HTTPS client",
      ],
    ];
    for (const [path, code, message] of rows)
      expect(await asked(`${base}/${path}`), path).toEqual([code, message]);
  });
  test("a Pod without an address cannot be reached", async () => {
    await k.ok`run pending --image=nginx:1.27 --overrides=${'{"spec":{"schedulerName":"nobody"}}'}`;
    expect(await asked(`${base}/pods/pending/proxy/`)).toEqual([400, "address not allowed"]);
  });
  test("bytes come through as they are, both ways", async () => {
    await k.with(binary)`apply -f -`;
    await k.ok`wait --for=condition=Ready pod/pictures --timeout=60s`;
    const page = `${cluster.url}${base}/pods/pictures/proxy/dot.png`;
    const got = await fetch(page, { headers: { "accept-encoding": "identity" } });
    expect(got.headers.get("content-length")).toBe(String(allBytes.length));
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(allBytes);
    const head = await fetch(page, {
      method: "HEAD",
      headers: { "accept-encoding": "identity" },
    });
    expect(head.headers.get("content-length")).toBe(String(allBytes.length));
    expect(await k.ok`logs pictures -c web --tail=2`).toMatch(
      /"GET \/dot.png HTTP\/1.1" 200 70000 .*\n.*"HEAD \/dot.png HTTP\/1.1" 200 0 /,
    );
    const echoed = await fetch(`${cluster.url}${base}/pods/pictures:8080/proxy/a?b=c`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: allBytes,
    });
    const told = Buffer.from(await echoed.arrayBuffer());
    expect(told.subarray(0, -2).subarray(-allBytes.length).equals(allBytes)).toBe(true);
    const preface = told.toString("latin1").slice(0, -allBytes.length);
    expect(preface).toContain("\tmethod=POST\n\treal path=/a?b=c\n\tquery=b=c\n");
    expect(preface).toContain(`\thost=${new URL(cluster.url).host}\n`);
    expect(preface).toContain("\tcontent-length=70000\n");
  });
  test("a node's kubelet, and other ports of the node", async () => {
    const node = "/api/v1/nodes/worker-1";
    expect(await k.ok`get --raw ${`${node}/proxy/healthz`}`).toBe("ok");
    const list = JSON.parse(await k.ok`get --raw ${`${node}/proxy/pods`}`) as {
      readonly kind: string;
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    expect(list.kind).toBe("PodList");
    expect(list.items.map(({ metadata }) => metadata.name)).toContain("web");
    expect(await k.ok`get --raw ${`${node}/proxy/stats/summary`}`).toContain(
      '"nodeName":"worker-1"',
    );
    expect(await k.ok`get --raw ${`${node}/proxy/configz`}`).toContain(
      '"clusterDNS":["10.96.0.10"]',
    );
    expect(await k.ok`get --raw ${`${node}/proxy/metrics`}`).toContain(
      'kubelet_node_name{node="worker-1"} 1',
    );
    expect(await k.ok`get --raw ${`${node}:10249/proxy/healthz`}`).toBe("ok");
    expect((await asked(`${node}/proxy/nothing`))[0]).toBe(404);
  });
  test("rights: get on the subresource, create to post", async () => {
    await k.ok`create serviceaccount reader`;
    await k.ok`create role proxy --verb=get --resource=services/proxy`;
    await k.ok`create rolebinding proxy --role=proxy --serviceaccount=default:reader`;
    const token = await k.ok`create token reader`;
    const headers = { authorization: `Bearer ${token}` };
    expect((await asked(`${base}/services/shop:8080/proxy/`, { headers }))[0]).toBe(200);
    expect(await asked(`${base}/services/shop:8080/proxy/`, { headers, method: "POST" })).toEqual([
      403,
      'services "shop:8080" is forbidden: User "system:serviceaccount:default:reader" cannot create resource "services/proxy" in API group "" in the namespace "default"',
    ]);
    expect((await asked(`${base}/pods/web/proxy/`, { headers }))[0]).toBe(403);
  });
});
