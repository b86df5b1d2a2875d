/** Names and connections between Pods as people try them with kubectl. Cf. upstream test/e2e/network/{dns,service}.go. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";

const waiting = `
apiVersion: v1
kind: Pod
metadata: { name: waiting }
spec:
  initContainers:
    - name: wait
      image: busybox:1.37
      command: [sh, -c, "until nslookup late.default.svc.cluster.local; do echo waiting; sleep 1; done"]
  containers: [{ name: web, image: "nginx:1.27" }]
`;

describe("network", () => {
  let k: Session;
  /** A Pod that runs one command to its end; what it printed. */
  const printed = async (name: string, command: string): Promise<string> => {
    await k.ok`run ${name} --image=busybox:1.37 --restart=Never -- sh -c ${command}`;
    await eventually(`${name} ends`, async () => {
      const phase = await k.ok`get pod ${name} -o jsonpath={.status.phase}`;
      return phase === "Succeeded" || phase === "Failed";
    });
    return k.ok`logs ${name}`;
  };
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }), "35");
    await k.ok`create deployment web --image=nginx:1.27 --replicas=2`;
    await k.ok`expose deployment web --port=80`;
    await k.ok`rollout status deployment/web --timeout=60s`;
  });

  test("a Pod reads a page by the name of a Service", async () => {
    expect(await printed("page", "wget -qO- web")).toContain("Welcome to nginx!");
    expect(await k.ok`logs -l app=web --tail=-1`).toMatch(/"GET \/ HTTP\/1.1" 200/);
  });
  test("from another namespace by the longer name alone", async () => {
    await k.ok`create namespace other`;
    const script = "wget -qO- web; wget -qO- web.default | grep -c Welcome";
    await k.ok`run far -n other --image=busybox:1.37 --restart=Never -- sh -c ${script}`;
    await eventually("it has asked twice", async () => {
      const { stdout } = await k.any`logs -n other far`;
      return stdout === "wget: bad address 'web'\n2\n";
    });
  });
  test("kubectl exec asks as well", async () => {
    await k.ok`run shell --image=busybox:1.37 -- sleep infinity`;
    await k.ok`wait --for=condition=Ready pod/shell --timeout=60s`;
    expect(await k.ok`exec shell -- wget -qO- web`).toContain("Welcome to nginx!");
    expect(await k.any`exec shell -- wget -q nope`).toEqual({
      code: 1,
      stdout: "",
      stderr: "wget: bad address 'nope'\ncommand terminated with exit code 1\n",
    });
    expect(await k.ok`exec deploy/web -- curl -sI localhost`).toMatch(/^HTTP\/1.1 200 OK/);
  });
  test("a Pod asks the API with the token it was given, and may do what its roles allow", async () => {
    const script = (path: string): string =>
      `cd /var/run/secrets/kubernetes.io/serviceaccount; curl -s --cacert ca.crt -H "Authorization: Bearer $(cat token)" "https://kubernetes.default.svc${path}"`;
    const pods = script("/api/v1/namespaces/default/pods");
    expect(JSON.parse(await k.ok`exec deploy/web -- sh -c ${pods}`)).toMatchObject({
      code: 403,
      message:
        'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"',
    });
    await k.ok`create rolebinding viewer --clusterrole=view --serviceaccount=default:default`;
    const list = JSON.parse(await k.ok`exec deploy/web -- sh -c ${pods}`) as { kind: string };
    expect(list.kind).toBe("PodList");
    const watch = script("/api/v1/namespaces/default/pods?watch=true&timeoutSeconds=1");
    expect(await k.ok`exec deploy/web -- sh -c ${watch}`).toMatch(/^\{"type":"ADDED"/);
  });
  test("an init container waits for a Service to come", async () => {
    await k.with(waiting)`apply -f -`;
    await eventually(
      "it waits",
      async () =>
        (await k.any`logs waiting -c wait`).stdout.includes("NXDOMAIN\n\n\nwaiting\n") ||
        (await k.any`logs waiting -c wait`).stdout,
    );
    await k.ok`create service clusterip late --tcp=80:80`;
    await k.ok`wait --for=condition=Ready pod/waiting --timeout=60s`;
  });
  test("a node port answers on every node", async () => {
    await k.ok`expose deployment web --name=outer --type=NodePort --port=80`;
    const port = await k.ok`get service outer -o jsonpath={.spec.ports[0].nodePort}`;
    const ips = await k.ok`get nodes -o jsonpath={.items[*].status.addresses[0].address}`;
    for (const [n, ip] of ips.split(" ").entries())
      expect(await printed(`node-${n}`, `wget -qO- ${ip}:${port}`)).toContain("Welcome");
  });
});
