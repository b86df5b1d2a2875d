/**
 * What every component must do, over a day in which each controller has work: RBAC lets it do exactly
 * that, a second run writes nothing, and a life cut off after any write goes on to the same end.
 */
import assert from "node:assert";
import { beforeAll, describe, expect, test } from "vitest";
import type { KubeObject } from "#apimachinery/object.ts";
import { timeText } from "#apimachinery/time.ts";
import type { Component, Identity } from "#client/component.ts";
import { Loop } from "#cluster/loop.ts";
import { InProcessTransport } from "#cluster/transport.ts";
import { controllerManager } from "#controllers/manager.ts";
import type { Signer } from "#controllers/signer.ts";
import { sampleOf } from "#test/apiserver/samples.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

const minute = 60_000;
const hour = 60 * minute;
const mostDeaths = 2_000;

/** A sample with other fields, as a person would write it. */
function written(gvk: string, name: string, more: object = {}): KubeObject {
  return { ...sampleOf(gvk, true, name), ...more } as unknown as KubeObject;
}
const named = (gvk: string, name: string): KubeObject => written(gvk, name);
const inTeam = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: "team" },
});
const clusterWide = (gvk: string, name: string, more: object = {}): KubeObject =>
  ({ ...sampleOf(gvk, false, name), ...more }) as unknown as KubeObject;

const template = (image: string): object => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image }] },
});
const role = "rbac.authorization.k8s.io/v1/ClusterRole";

/** `openssl req -new -subj /O=system:nodes/CN=system:node:worker-9` */
const kubeletRequest = btoa(`-----BEGIN CERTIFICATE REQUEST-----
MIHxMIGYAgEAMDYxFTATBgNVBAoMDHN5c3RlbTpub2RlczEdMBsGA1UEAwwUc3lz
dGVtOm5vZGU6d29ya2VyLTkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARiK4Pk
EskTl2rkPEBkjw+01bDc7zeDL/gYNzlbcioVT6CT4fImp2GfT99xXxHHR4ExiVUi
kUwTq6u7BKUlhDbyoAAwCgYIKoZIzj0EAwIDSAAwRQIhAIKr4axlKtrt9YLs9oIb
CfmK1mEzgGoPOTLbP0izXfrNAiAf/ZknDWYsLUpeXA/qShIxHBit2HYOnf3YD7OM
KlpaBQ==
-----END CERTIFICATE REQUEST-----
`);

type Act = readonly [name: string, act: (cluster: WiredCluster) => void, forMs?: number];
/** Each act is followed by five minutes, unless it says how long. Every controller has something to do in it. */
const day: readonly Act[] = [
  [
    "a namespace, a gathered role",
    (cluster) => {
      cluster.create(clusterWide("v1/Namespace", "team"));
      const labels = { "rbac.example.com/gather": "true" };
      cluster.create(clusterWide(role, "part", { metadata: { name: "part", labels } }));
      cluster.create(
        clusterWide(role, "whole", {
          rules: [],
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] },
        }),
      );
    },
  ],
  [
    "a Deployment of three behind a Service, a DaemonSet, a ReplicationController",
    (cluster) => {
      cluster.create(named("v1/Service", "web"));
      const port = { port: 80, protocol: "TCP" };
      cluster.create(written("v1/Service", "elsewhere", { spec: { ports: [port] } }));
      const subsets = [{ addresses: [{ ip: "10.9.0.1" }], ports: [port] }];
      cluster.create(written("v1/Endpoints", "elsewhere", { subsets }));
      const spec = {
        replicas: 3,
        selector: { matchLabels: { app: "web" } },
        template: template("nginx"),
      };
      cluster.create(written("apps/v1/Deployment", "web", { spec }));
      const agent = { matchLabels: { app: "agent" } };
      const own = {
        metadata: { labels: { app: "agent" } },
        spec: { containers: [{ name: "a", image: "busybox", command: ["sleep", "9999"] }] },
      };
      cluster.create(
        written("apps/v1/DaemonSet", "agent", { spec: { selector: agent, template: own } }),
      );
      const old = { metadata: { labels: { app: "old" } }, spec: own.spec };
      cluster.create(
        written("v1/ReplicationController", "old", {
          spec: { replicas: 2, selector: { app: "old" }, template: old },
        }),
      );
    },
  ],
  [
    "a new image",
    (cluster) => {
      cluster.patch(named("apps/v1/Deployment", "web"), {
        spec: { template: template("nginx:1.27") },
      });
    },
  ],
  [
    "a budget for it, and a Pod that was to be disrupted and is not",
    (cluster) => {
      const selector = { matchLabels: { app: "web" } };
      const spec = { selector, maxUnavailable: 1 };
      cluster.create(written("policy/v1/PodDisruptionBudget", "web", { spec }));
      cluster.create(named("v1/Pod", "spared"));
      const told = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" };
      const lastTransitionTime = timeText(cluster.rooms.clock.nowMs());
      cluster.patch(
        named("v1/Pod", "spared"),
        { status: { conditions: [{ ...told, lastTransitionTime }] } },
        "status",
      );
    },
  ],
  [
    "a Pod on a node that is tainted afterwards",
    (cluster) => {
      const spec = {
        nodeName: "control-plane-1",
        containers: [{ name: "a", image: "busybox", command: ["sleep", "9999"] }],
      };
      cluster.create(written("v1/Pod", "sent-away", { spec }));
      const own = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
      cluster.patch(clusterWide("v1/Node", "control-plane-1"), {
        spec: { taints: [own, { key: "away", effect: "NoExecute" }] },
      });
    },
  ],
  [
    "one that never starts",
    (cluster) => {
      cluster.patch(named("apps/v1/Deployment", "web"), {
        spec: { template: template("nginx:doesnotexist") },
      });
    },
  ],
  [
    "fewer, and the old image again",
    (cluster) => {
      cluster.patch(named("apps/v1/Deployment", "web"), {
        spec: { replicas: 1, template: template("nginx:1.27") },
      });
    },
  ],
  [
    "a Pod of a node that is not there, another in a namespace that will go",
    (cluster) => {
      cluster.create(inTeam(named("v1/ConfigMap", "one")));
      cluster.create(inTeam(named("v1/Pod", "two")));
      cluster.create(
        written("v1/Pod", "lost", {
          spec: { nodeName: "gone", containers: [{ name: "a", image: "nginx" }] },
        }),
      );
    },
  ],
  [
    "volumes that nobody uses, and their end",
    (cluster) => {
      const claims = [
        named("v1/PersistentVolumeClaim", "data"),
        clusterWide("v1/PersistentVolume", "data"),
        clusterWide("storage.k8s.io/v1/VolumeAttributesClass", "quick"),
      ];
      for (const object of claims) {
        cluster.create(object);
        cluster.delete(object);
      }
    },
  ],
  [
    "the namespace goes, with what is in it",
    (cluster) => {
      cluster.delete(clusterWide("v1/Namespace", "team"));
    },
  ],
  [
    "a quota, a token of the old sort, one to join with, a kubelet's certificate",
    (cluster) => {
      cluster.create(
        written("v1/Secret", "bootstrap-token-abcdef", {
          metadata: { name: "bootstrap-token-abcdef", namespace: "kube-system" },
          type: "bootstrap.kubernetes.io/token",
          data: {
            "token-id": btoa("abcdef"),
            "token-secret": btoa("0123456789abcdef"),
            "usage-bootstrap-signing": btoa("true"),
            expiration: btoa(timeText(cluster.rooms.clock.nowMs() + hour)),
          },
        }),
      );
      cluster.create(named("v1/ResourceQuota", "few"));
      cluster.create(
        clusterWide("admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy", "looked-at"),
      );
      const annotations = { "kubernetes.io/service-account.name": "default" };
      const metadata = { name: "token", namespace: "default", annotations };
      const type = "kubernetes.io/service-account-token";
      cluster.create(written("v1/Secret", "token", { metadata, type, data: undefined }));
      const spec = {
        request: kubeletRequest,
        signerName: "kubernetes.io/kube-apiserver-client-kubelet",
        usages: ["digital signature", "client auth"],
      };
      cluster.create(
        clusterWide("certificates.k8s.io/v1/CertificateSigningRequest", "worker-9", { spec }),
      );
    },
    25 * hour,
  ],
  [
    "everything goes",
    (cluster) => {
      cluster.delete(named("apps/v1/Deployment", "web"));
      cluster.delete(named("v1/Pod", "spared"));
      cluster.delete(named("apps/v1/DaemonSet", "agent"));
      cluster.delete(named("v1/ReplicationController", "old"));
      cluster.delete(named("v1/Service", "web"));
      cluster.delete(named("v1/Service", "elsewhere"));
      cluster.delete(clusterWide(role, "part"));
    },
  ],
];

/** How often a slice was written is a matter of how many changes met in one step. */
const counted = new Set(["resourceVersion", "managedFields"]);
const countedSlice = new Set([...counted, "generation"]);

/** What differs between two lives without being a difference: ids, times, drawn names, addresses. */
function comparable(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const all = value.map((one) => comparable(one));
    return all.every((one) => typeof one === "object")
      ? all.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
      : all;
  }
  if (typeof value === "object" && value !== null) {
    const isSlice = "generateName" in value && key === "metadata";
    const left = isSlice ? countedSlice : counted;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !left.has(name))
        .map(([name, one]) => [name, comparable(one, name)]),
    );
  }
  if (typeof value !== "string") return value;
  if (key === "finishedAt" || key === "startedAt") return "time";
  return value
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "uid")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "time")
    .replaceAll(/containerd:\/\/[0-9a-f]+/g, "container")
    .replaceAll(/-----BEGIN[^]*|LS0t[\w+/=]*|ZXlK[\w+/=]*/g, "signed")
    .replaceAll(/10\.244\.\d+\.\d+/g, "address")
    .replaceAll(
      /(web|web-[a-z0-9]{8,10}|coredns-[a-z0-9]{8,10}|agent|old|elsewhere|kube-api-access)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g,
      "$1-drawn",
    )
    .replaceAll(/back-off \d+m?\d*s/g, "back-off");
}
const transient = ["v1/Event", "events.k8s.io/v1/Event", "coordination.k8s.io/v1/Lease"];

function state(cluster: WiredCluster): unknown {
  const { all } = cluster.rooms.api.registry;
  const kinds = all.filter(
    ({ gvk, face, facts }) =>
      face === undefined && facts.verbs.includes("list") && !transient.includes(gvk),
  );
  return Object.fromEntries(
    kinds.map(({ gvk, directory }) => [
      gvk,
      comparable(cluster.rooms.log.listAt(directory, cluster.revision)),
    ]),
  );
}

/** Nobody asks it for anything here. */
const signer: Signer = {
  rootCa: "",
  certificate: () => assert.fail("no certificate is asked for"),
  token: () => assert.fail("no token is asked for"),
};

const checker = { warnings: () => assert.fail("no policy is checked") };

describe("a day", () => {
  let cluster: WiredCluster;
  const writers = new Set<string>();
  const states: unknown[] = [];
  beforeAll(async () => {
    cluster = await newWired();
    for (const { actor } of cluster.rooms.feed.query({})) writers.add(actor);
  });

  test.each(day.map(([name, ...rest]) => [name, rest] as const))(
    "%s: no step is refused, and a second run writes nothing",
    async (_, [act, forMs = 5 * minute]) => {
      const from = cluster.revision;
      act(cluster);
      await cluster.advance(forMs);
      for (const { actor } of cluster.rooms.feed.query({ since: `${from}.0` })) writers.add(actor);
      states.push(state(cluster));
      expect(cluster.steps.filter(({ error }) => error !== undefined)).toEqual([]);
      const woken = await cluster.evicted();
      await woken.advance(0);
      expect(woken.steps.length).toBeGreaterThan(50);
      const wrote = woken.steps.filter(
        ({ from: before, to, error }) => to > before || error !== undefined,
      );
      expect(wrote).toEqual([]);
      cluster = woken;
    },
  );

  /** Its work comes after a year: legacy-token-cleaner.test.ts. */
  const patient = "legacy-serviceaccount-token-cleaner-controller";
  test.each(
    controllerManager(signer, checker)
      .components.map(({ name }) => name)
      .filter((name) => name !== patient),
  )("%s had work", (name) => {
    expect([...writers]).toContain(name);
  });

  test("cut off after each write, it comes to the same ends", async () => {
    let mortal = await newWired();
    let deaths = 0;
    // Who dies of the same write for ever goes nowhere: an event told before its cause is done.
    const lately: string[] = [];
    const fatal = (write: string): boolean => {
      // A kubelet's life has its own test, with an end before every step: test/kubelet/.
      if (write.startsWith("kubelet")) return false;
      const isSame = lately.length === 3 && lately.every((one) => one === write);
      lately.push(write);
      if (lately.length > 3) lately.shift();
      return !isSame;
    };
    for (const [i, [, act, forMs = 5 * minute]] of day.entries()) {
      act(mortal);
      const until = mortal.rooms.clock.nowMs() + forMs;
      while (await mortal.diesOn(until, fatal)) {
        deaths += 1;
        if (deaths > mostDeaths) throw new Error(`it dies for ever: ${lately.join(", ")}`);
        mortal = await mortal.evicted();
      }
      mortal = await mortal.evicted();
      expect(state(mortal), day[i]![0]).toEqual(states[i]);
    }
    expect(deaths).toBeGreaterThan(100);
  }, 120_000);
});

describe("a key whose object is gone is done", () => {
  let cluster: WiredCluster;
  beforeAll(async () => {
    cluster = await newWired();
  });

  test.each(controllerManager(signer, checker).components.map((one) => [one.name, one] as const))(
    "%s",
    (_, component) => {
      const { clock, api, log } = cluster.rooms;
      /** The component with nothing to do but this key. */
      const asked: Component = {
        name: component.name,
        identity: (key: string): Identity => component.identity(key),
        start(informers, enqueue) {
          component.start(informers, () => undefined);
          for (const key of ["default/nothing", "nothing"]) enqueue(key, 0);
        },
        reconcile: (key, step) => component.reconcile(key, step),
      };
      const reader = controllerManager(signer, checker).identity;
      const loop = new Loop([{ identity: reader, components: [asked] }], {
        clock,
        transport: new InProcessTransport(api, api.registry),
        revision: () => log.revision,
        revisionMs: () => clock.nowMs(),
        random: () => 0.5,
        note: () => undefined,
      });
      loop.start();
      const before = log.revision;
      for (let n = 0; n < 2; n += 1) expect(loop.stepOnce()).toMatchObject({ error: undefined });
      expect(log.revision).toBe(before);
      expect(loop.next()).toBeUndefined();
    },
  );
});
