/** Programs that use the network, in a whole cluster that stands still: what they print, and what servers log. */
import { beforeAll, describe, expect, it } from "vitest";
import type { V1Node, V1Pod, V1Service } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "nginx", image: "nginx:1.27" }] },
    },
  },
};
const service = (name: string, app: string, spec: object): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { ...(app === "" ? {} : { selector: { app } }), ...spec },
  }) as KubeObject;
const pod = (name: string, command: readonly string[], image: string): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      restartPolicy: "Never",
      // The entrypoint of curl's image takes words; the others are shells.
      containers: [
        { name: "t", image, ...(image.startsWith("curl") ? { args: command } : { command }) },
      ],
    },
  }) as KubeObject;

let made = 0;
async function ran(
  cluster: WiredCluster,
  command: readonly string[],
  { image = "busybox:1.37", seconds = 30 } = {},
): Promise<string> {
  const name = `t-${made++}`;
  cluster.create(pod(name, command, image));
  await cluster.advance(seconds * 1000);
  const object = cluster.objects<V1Pod>("v1/Pod").find(({ metadata }) => metadata.name === name);
  const code = object?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
  return `${logs(cluster, object)}[${code ?? object?.status?.phase}]`;
}
function logs(
  cluster: WiredCluster,
  object: V1Pod | undefined,
  container = "t",
  previous = false,
): string {
  const text = cluster.rooms.api.world.kubelet?.logs(object as V1Pod, container, {
    follow: false,
    previous,
    timestamps: false,
    tailLines: undefined,
    limitBytes: undefined,
    sinceSeconds: undefined,
    sinceMs: undefined,
  });
  return typeof text === "string" ? text : "";
}

const dns = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n";
const page = "<h1>Welcome to nginx!</h1>";

describe("in a cluster that is up", () => {
  let cluster: WiredCluster;
  const ipOf = (name: string): string =>
    cluster.objects<V1Service>("v1/Service").find(({ metadata }) => metadata.name === name)?.spec
      ?.clusterIP ?? "";
  const podIps = (): readonly string[] =>
    cluster
      .objects<V1Pod>("v1/Pod")
      .filter(({ metadata }) => metadata.labels?.["app"] === "web")
      .map(({ status }) => status?.podIP ?? "");
  beforeAll(async () => {
    cluster = await newWired({ workers: 2 });
    cluster.create(deployment as never);
    cluster.create(service("web", "web", { ports: [{ port: 80 }] }));
    cluster.create(service("empty", "nobody", { ports: [{ port: 80 }] }));
    cluster.create(service("bare", "web", { clusterIP: "None", ports: [{ port: 80 }] }));
    cluster.create(service("away", "", { type: "ExternalName", externalName: "example.com" }));
    await cluster.advance(60_000);
  });

  it.each<[string, readonly string[], string]>([
    [
      "wget keeps what it finds",
      ["wget", "web:80"],
      `Connecting to web:80 (WEB:80)\nsaving to 'index.html'\nindex.html           100% |********************************|   121  0:00:00 ETA\n'index.html' saved\n[0]`,
    ],
    [
      "wget says what went wrong at the server",
      ["wget", "-O-", "http://web.default.svc.cluster.local/x"],
      "Connecting to web.default.svc.cluster.local (WEB:80)\nwget: server returned error: HTTP/1.1 404 Not Found\n[1]",
    ],
    ["a name that does not exist", ["wget", "nope"], "wget: bad address 'nope'\n[1]"],
    ["a name outside", ["wget", "example.com"], "wget: bad address 'example.com'\n[1]"],
    ["an alias for a name outside", ["wget", "away"], "wget: bad address 'away'\n[1]"],
    [
      "a Service without endpoints",
      ["wget", "empty"],
      "Connecting to empty (EMPTY:80)\nwget: can't connect to remote host (EMPTY): Connection refused\n[1]",
    ],
    [
      "an address outside, with a limit",
      ["wget", "-T", "2", "1.2.3.4"],
      "Connecting to 1.2.3.4 (1.2.3.4:80)\nwget: download timed out\n[1]",
    ],
    ["--spider", ["wget", "-q", "--spider", "web"], "[0]"],
    [
      "nslookup of a whole name",
      ["nslookup", "web.default.svc.cluster.local"],
      `${dns}Name:\tweb.default.svc.cluster.local\nAddress: WEB\n\n\n[0]`,
    ],
    [
      "nslookup asks in every search domain",
      ["nslookup", "-type=a", "web"],
      `${dns}Name:\tweb.default.svc.cluster.local\nAddress: WEB\n\n** server can't find web.svc.cluster.local: NXDOMAIN\n\n** server can't find web.cluster.local: NXDOMAIN\n\n[1]`,
    ],
    [
      "nslookup of an alias",
      ["nslookup", "-type=a", "away.default.svc.cluster.local"],
      `${dns}away.default.svc.cluster.local\tcanonical name = example.com\n\n[0]`,
    ],
    [
      "nslookup of an address",
      ["sh", "-c", "nslookup WEB | grep name"],
      "REVERSED.in-addr.arpa\tname = web.default.svc.cluster.local\n[0]",
    ],
    ["nc finds a port", ["nc", "-zv", "web", "80"], "web (WEB:80) open\n[0]"],
    ["nc finds none", ["nc", "-z", "empty", "80"], "[1]"],
    [
      "a script waits for a Service, and keeps what it hears",
      ["sh", "-c", "until wget -qO f web; do sleep 1; done; grep h1 < f; wget f web"],
      `${page}\nwget: bad address 'f'\n[1]`,
    ],
    ["a tool that is not there", ["sh", "-c", "curl web"], "sh: curl: not found\n[127]"],
  ])("%s", async (_, command, expected) => {
    const filled = (text: string): string =>
      text
        .replaceAll("REVERSED", ipOf("web").split(".").toReversed().join("."))
        .replaceAll("WEB", ipOf("web"))
        .replaceAll("EMPTY", ipOf("empty"));
    expect(await ran(cluster, command.map(filled))).toBe(filled(expected));
  });

  it.each<[string, readonly string[], string]>([
    [
      "a Pod of whichever node answers, each packet",
      ["ping", "-c", "2", "POD"],
      "PING POD (POD): 56 data bytes\n64 bytes from POD: seq=0 ttl=6X time=T ms\n64 bytes from POD: seq=1 ttl=6X time=T ms\n\n--- POD ping statistics ---\n2 packets transmitted, 2 packets received, 0% packet loss\nround-trip min/avg/max = T/T/T ms\n[0]",
    ],
    [
      "its own loopback",
      ["ping", "-c1", "-s", "3", "localhost"],
      "PING localhost (127.0.0.1): 3 data bytes\n11 bytes from 127.0.0.1: seq=0 ttl=6X\n\n--- localhost ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\n[0]",
    ],
    [
      "a Service has no interface",
      ["ping", "-c", "2", "-W1", "-q", "web"],
      "PING web (WEB): 56 data bytes\n\n--- web ping statistics ---\n2 packets transmitted, 0 packets received, 100% packet loss\n[1]",
    ],
    [
      "until the deadline",
      ["ping", "-w", "3", "-q", "1.2.3.4"],
      "PING 1.2.3.4 (1.2.3.4): 56 data bytes\n\n--- 1.2.3.4 ping statistics ---\n3 packets transmitted, 0 packets received, 100% packet loss\n[1]",
    ],
    [
      "further than its time to live",
      ["ping", "-c1", "-W1", "-t1", "AWAY"],
      "PING AWAY (AWAY): 56 data bytes\n\n--- AWAY ping statistics ---\n1 packets transmitted, 0 packets received, 100% packet loss\n[1]",
    ],
    ["no such name", ["ping", "nope"], "ping: bad address 'nope'\n[1]"],
    ["no number", ["ping", "-c", "x", "web"], "ping: invalid number 'x'\n[1]"],
  ])("ping: %s", async (_, command, expected) => {
    const [away = ""] = cluster
      .objects<V1Node>("v1/Node")
      .filter(({ metadata }) => metadata.name === "control-plane-1")
      .flatMap(({ status }) => status?.addresses?.map(({ address }) => address) ?? []);
    const filled = (text: string): string =>
      text
        .replaceAll("POD", podIps()[0] ?? "")
        .replaceAll("AWAY", away)
        .replaceAll("WEB", ipOf("web"));
    const text = await ran(cluster, command.map(filled));
    expect(
      text
        .replaceAll(/time=\S+/g, "time=T")
        .replaceAll(/ttl=6[234]/g, "ttl=6X")
        .replace(/max = [\d./]+/, "max = T/T/T"),
    ).toBe(filled(expected));
  });

  it("a headless Service is its Pods", async () => {
    const text = await ran(cluster, ["nslookup", "-type=a", "bare.default.svc.cluster.local"]);
    const found = [...text.matchAll(/Address: (\S+)/g)].map(([, ip]) => ip);
    expect(new Set(found)).toEqual(new Set(podIps()));
  });

  it.each<[readonly string[], string]>([
    [["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\\n", "web"], "200\n[0]"],
    [["curl", "-q", "-sf", "web/nothing"], "[22]"],
    [["curl", "nope"], "curl: (6) Could not resolve host: nope\n[6]"],
    [
      ["curl", "empty"],
      "curl: (7) Failed to connect to empty port 80 after 1 ms: Could not connect to server\n[7]",
    ],
    [
      ["curl", "-m", "1", "1.2.3.4"],
      "curl: (28) Connection timed out after 1002 milliseconds\n[28]",
    ],
    [["curl", "-k", "https://kubernetes.default/livez"], "ok[0]"],
  ])("%j", async (command, expected) => {
    const image = "curlimages/curl:8.11.0";
    const text = await ran(cluster, command, { image });
    // Without a terminal curl shows its meter.
    expect(text.replace(/^ +% Total.*\n.*\n100.*\n/, "").replace("ok\n[", "ok[")).toBe(expected);
  });

  it("the server's log has a line of each request, with the Pod's own address", async () => {
    const asked = await ran(cluster, ["wget", "-qO-", "web/from-here"]);
    expect(asked).toContain("404");
    const sender = cluster
      .objects<V1Pod>("v1/Pod")
      .find(({ metadata }) => metadata.name === `t-${made - 1}`)?.status?.podIP;
    const lines = cluster
      .objects<V1Pod>("v1/Pod")
      .filter(({ metadata }) => metadata.labels?.["app"] === "web")
      .flatMap((pod) => logs(cluster, pod, "nginx").split("\n"))
      .filter((line) => line.includes("/from-here"));
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^${sender} - - \\[.*\\] "GET /from-here HTTP/1.1" 404 \\d+ "-" "Wget" "-"$`),
      ),
    ]);
  });
});

/** A script that calls for ever; its log after a while, with or without evictions on the way. */
async function loopLog(dies: boolean): Promise<string> {
  let cluster = await newWired({ workers: 2 });
  cluster.create(deployment as never);
  cluster.create(service("web", "web", { ports: [{ port: 80 }] }));
  const script = 'n=0; while true; do n=$((n+1)); wget -qO- web > f && echo "$n ok"; sleep 5; done';
  cluster.create(pod("loop", ["sh", "-c", script], "busybox:1.37"));
  for (let part = 0; part < 4; part += 1) {
    await cluster.advance(20_000);
    if (dies) cluster = await cluster.evicted();
  }
  const object = cluster.objects<V1Pod>("v1/Pod").find(({ metadata }) => metadata.name === "loop");
  const servers = cluster
    .objects<V1Pod>("v1/Pod")
    .filter(({ metadata }) => metadata.labels?.["app"] === "web")
    .map((one) => logs(cluster, one, "nginx").replace(/\[.*?\]/g, ""));
  return [logs(cluster, object), ...servers].join("---\n");
}

it("a script goes on where it was when the instance is gone, and the seed chooses the same servers", async () => {
  const [one, other] = [await loopLog(false), await loopLog(true)];
  expect(one).toMatch(/10 ok\n11 ok\n/);
  expect(other).toBe(one);
});

it("no name means anything while CoreDNS is not there", async () => {
  const cluster = await newWired();
  cluster.create(service("web", "web", { ports: [{ port: 80 }] }));
  const coredns = cluster
    .objects("apps/v1/Deployment")
    .find(({ metadata }) => metadata.name === "coredns");
  cluster.patch(coredns as never, { spec: { replicas: 0 } });
  await cluster.advance(60_000);
  expect(await ran(cluster, ["wget", "web"])).toBe("wget: bad address 'web'\n[1]");
  expect(await ran(cluster, ["nslookup", "web"])).toBe(
    "nslookup: read: Connection refused\n;; connection timed out; no servers could be reached\n\n[1]",
  );
});

describe("what else a script does to its Pod", () => {
  const phase = (cluster: WiredCluster, name: string): string => {
    const found = cluster.objects<V1Pod>("v1/Pod").find(({ metadata }) => metadata.name === name);
    const ready = found?.status?.conditions?.find(({ type }) => type === "Ready")?.status;
    return `${found?.status?.phase} ${ready}`;
  };
  const container = (name: string, spec: object): KubeObject =>
    ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: { containers: [{ name: "t", image: "busybox:1.37", ...spec }] },
    }) as KubeObject;

  it("probes look again when it has heard something, however long it took", async () => {
    const cluster = await newWired();
    const script =
      "until nslookup late.default.svc.cluster.local; do sleep 1; done; touch /up; sleep infinity";
    const readinessProbe = { exec: { command: ["cat", "/up"] }, periodSeconds: 1 };
    cluster.create(container("slow", { command: ["sh", "-c", script], readinessProbe }));
    await cluster.advance(120_000);
    expect(phase(cluster, "slow")).toBe("Running False");
    cluster.create(service("late", "web", { ports: [{ port: 80 }] }));
    await cluster.advance(10_000);
    expect(phase(cluster, "slow")).toBe("Running True");
  });

  it("a probe whose command asks the network is asked every period", async () => {
    const cluster = await newWired();
    const command = ["wget", "-T1", "-q", "-O", "/dev/null", "web"];
    const readinessProbe = { exec: { command }, periodSeconds: 2 };
    cluster.create(container("picky", { command: ["sleep", "infinity"], readinessProbe }));
    await cluster.advance(120_000);
    expect(phase(cluster, "picky")).toBe("Running False");
    cluster.create(deployment as never);
    cluster.create(service("web", "web", { ports: [{ port: 80 }] }));
    await cluster.advance(30_000);
    expect(phase(cluster, "picky")).toBe("Running True");
    const web = cluster
      .objects("apps/v1/Deployment")
      .find(({ metadata }) => metadata.name === "web");
    cluster.patch(web as never, { spec: { replicas: 0 } });
    await cluster.advance(60_000);
    expect(phase(cluster, "picky")).toBe("Running False");
  });

  it("the log of the run before is whole", async () => {
    const cluster = await newWired();
    cluster.create(container("again", { command: ["wget", "nope"] }));
    await cluster.advance(15_000);
    const found = cluster
      .objects<V1Pod>("v1/Pod")
      .find(({ metadata }) => metadata.name === "again");
    expect(found?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0);
    expect(logs(cluster, found, "t", true)).toBe("wget: bad address 'nope'\n");
  });

  it("a container that is told to end no longer asks", async () => {
    const cluster = await newWired();
    const spec = {
      command: ["sh", "-c", "trap exit TERM; while true; do wget -q nope; sleep 1; done"],
    };
    const made = cluster.create(container("told", spec));
    await cluster.advance(20_000);
    cluster.delete(made);
    await cluster.advance(5_000);
    expect(phase(cluster, "told")).toBe("undefined undefined");
  });
});
