/** The life of Pods on a node, told as events, CRI calls and status writes. */
import { describe, expect, it } from "vitest";
import type { Fact } from "#apimachinery/trace.ts";
import { boundPod, World } from "./world.ts";

const shell = (text: string): object => ({ command: ["sh", "-c", text] });

const calls = (facts: readonly Fact[]): string[] =>
  facts.flatMap((fact) =>
    fact.type === "cri" && fact.data.mutates
      ? [fact.data.call]
      : fact.type === "cni"
        ? [`CNI ${fact.data.call}`]
        : [],
  );
const conditions = (world: World, name: string): string[] =>
  (world.pod(name)?.status?.conditions ?? []).map(({ type, status, reason, message }) =>
    [type, status, reason, message].filter((text) => text !== undefined).join(" "),
  );
const patches = (world: World, name: string): number =>
  world.api.writes.filter(({ what }) => what === `patch v1/Pod default/${name}`).length;
const state = (world: World, name: string) => world.pod(name)?.status?.containerStatuses?.[0];

describe("a healthy Pod", () => {
  const probes = {
    ports: [{ containerPort: 80 }],
    readinessProbe: { httpGet: { path: "/", port: 80 } },
    livenessProbe: { httpGet: { path: "/", port: 80 } },
  };

  it("goes from bound to Ready in four status writes", () => {
    const world = new World();
    world.run(30);
    world.create(boundPod("web", "nginx:1.27", { container: probes }));
    world.run(30);
    expect(world.events("web")).toEqual([
      'Normal Pulling Pulling image "nginx:1.27"',
      expect.stringMatching(
        /^Normal Pulled Successfully pulled image "nginx:1\.27" in \d\.\d+s \(\d\.\d+s including waiting\)\. Image size: 72280560 bytes\.$/,
      ),
      "Normal Created Container created",
      "Normal Started Container started",
    ]);
    expect(patches(world, "web")).toBe(4);
    expect(calls(world.facts())).toEqual([
      "RunPodSandbox",
      "CNI ADD",
      "PullImage",
      "CreateContainer",
      "StartContainer",
    ]);
    expect(conditions(world, "web")).toEqual([
      "PodReadyToStartContainers True",
      "Initialized True",
      "Ready True",
      "ContainersReady True",
      "PodScheduled True",
    ]);
    expect(world.pod("web")?.status).toMatchObject({
      phase: "Running",
      hostIP: "172.18.0.3",
      podIP: "10.244.1.2",
      podIPs: [{ ip: "10.244.1.2" }],
      qosClass: "BestEffort",
      observedGeneration: 1,
    });
    expect(world.loop.next()).toBeUndefined();
  });

  it("is Pending with ContainerCreating before the runtime is asked", () => {
    const world = new World();
    world.run(30);
    world.create(boundPod("web", "nginx:1.27", { container: probes }));
    world.step();
    expect(calls(world.facts())).toEqual([]);
    expect(conditions(world, "web")).toEqual([
      "PodReadyToStartContainers False",
      "Initialized True",
      "Ready False ContainersNotReady containers with unready status: [web]",
      "ContainersReady False ContainersNotReady containers with unready status: [web]",
      "PodScheduled True",
    ]);
    expect(state(world, "web")).toEqual({
      name: "web",
      state: { waiting: { reason: "ContainerCreating" } },
      lastState: {},
      ready: false,
      restartCount: 0,
      image: "nginx:1.27",
      imageID: "",
      started: false,
    });
  });

  it("tells the sandbox before the address", () => {
    const world = new World();
    world.run(30);
    world.create(boundPod("web", "nginx:1.27", { container: probes }));
    world.until(() => conditions(world, "web")[0] === "PodReadyToStartContainers True");
    expect(world.pod("web")?.status?.podIP).toBeUndefined();
  });

  it("finds the image already present the second time", () => {
    const world = new World();
    world.create(boundPod("one", "nginx:1.27"));
    world.run(60);
    world.create(boundPod("two", "nginx:1.27"));
    world.run(60);
    expect(world.events("two")[0]).toBe(
      'Normal Pulled Container image "nginx:1.27" already present on machine and can be accessed by the pod',
    );
    expect(world.pod("two")?.status?.podIP).toBe("10.244.1.3");
  });

  it("takes no wall time on the instant clock", () => {
    const world = new World({ mode: "instant" });
    world.create(boundPod("web", "nginx:1.27", { container: probes }));
    world.loop.slice(200);
    expect(conditions(world, "web")[2]).toBe("Ready True");
  });
});

describe("a program that ends", () => {
  it("is restarted at once, then with growing back-off", () => {
    const world = new World();
    world.create(boundPod("crash", "busybox:1.36", { container: shell("echo hi; exit 1") }));
    const seen: string[] = [];
    for (let n = 0; n < 200 && seen.at(-1) !== "5m0s"; n += 1) {
      if (world.step() === undefined) break;
      const message = state(world, "crash")?.state?.waiting?.message;
      const back = /back-off (\S+)/.exec(message ?? "")?.[1];
      if (back !== undefined && !seen.includes(back)) seen.push(back);
    }
    expect(seen).toEqual(["10s", "20s", "40s", "1m20s", "2m40s", "5m0s"]);
    expect(state(world, "crash")).toMatchObject({
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message: "back-off 5m0s restarting failed container=web pod=crash_default(uid-of-crash)",
        },
      },
      lastState: { terminated: { exitCode: 1, reason: "Error" } },
      ready: false,
      started: false,
    });
    expect(world.pod("crash")?.status?.phase).toBe("Running");
    expect(
      world
        .events("crash")
        .some((e) =>
          e.startsWith(
            "Warning BackOff Back-off restarting failed container web in pod crash_default(uid-of-crash)",
          ),
        ),
    ).toBe(true);
  });

  it("writes a bounded number of revisions in a crash loop left alone", () => {
    const world = new World({ mode: "instant" });
    world.create(boundPod("crash", "busybox:1.36", { container: shell("exit 1") }));
    for (let second = 0; second < 30; second += 1) {
      world.loop.slice(10_000);
      world.pass(1);
    }
    expect(world.api.revision).toBeLessThan(60);
  });

  it("completes a Pod that is not to be restarted", () => {
    const world = new World();
    world.create(
      boundPod("job", "busybox:1.36", {
        container: shell("sleep 5"),
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "web", image: "busybox:1.36", command: ["sleep", "5"] }],
        },
      }),
    );
    world.run(60);
    expect(world.pod("job")?.status?.phase).toBe("Succeeded");
    expect(conditions(world, "job")).toEqual([
      "PodReadyToStartContainers False",
      "Initialized True PodCompleted",
      "Ready False PodCompleted",
      "ContainersReady False PodCompleted",
      "PodScheduled True",
    ]);
    expect(state(world, "job")?.state?.terminated).toMatchObject({
      exitCode: 0,
      reason: "Completed",
    });
  });

  it("fails a Pod over its deadline", () => {
    const world = new World();
    world.create(
      boundPod("slow", "nginx:1.27", {
        spec: { activeDeadlineSeconds: 10, containers: [{ name: "web", image: "nginx:1.27" }] },
      }),
    );
    world.run(60);
    expect(world.pod("slow")?.status).toMatchObject({
      phase: "Failed",
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    });
  });
});

describe("what cannot start", () => {
  it("a tag that does not exist: ErrImagePull, then ImagePullBackOff", () => {
    const world = new World();
    world.create(boundPod("bad", "nginx:doesnotexist"));
    const reasons: string[] = [];
    for (let n = 0; n < 100 && reasons.length < 5 && world.step() !== undefined; n += 1) {
      const reason = state(world, "bad")?.state?.waiting?.reason;
      if (reason !== undefined && reason !== reasons.at(-1)) reasons.push(reason);
    }
    const text =
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:doesnotexist": failed to resolve reference "docker.io/library/nginx:doesnotexist": docker.io/library/nginx:doesnotexist: not found';
    expect(reasons.slice(0, 5)).toEqual([
      "ContainerCreating",
      "ErrImagePull",
      "ImagePullBackOff",
      "ErrImagePull",
      "ImagePullBackOff",
    ]);
    expect(world.events("bad").map((event) => event.replace(/ x\d+$/, ""))).toEqual([
      'Normal Pulling Pulling image "nginx:doesnotexist"',
      `Warning Failed Failed to pull image "nginx:doesnotexist": ${text}`,
      "Warning Failed Error: ErrImagePull",
      'Normal BackOff Back-off pulling image "nginx:doesnotexist"',
      "Warning Failed Error: ImagePullBackOff",
    ]);
    expect(state(world, "bad")?.state?.waiting?.message).toBe(
      `Back-off pulling image "nginx:doesnotexist": ErrImagePull: ${text}`,
    );
    expect(world.pod("bad")?.status?.phase).toBe("Pending");
  });

  it("is healed by another image", () => {
    const world = new World();
    world.create(boundPod("bad", "nginx:doesnotexist"));
    world.run(40);
    world.patch("v1/Pod", "bad", (pod: { spec: { containers: object[] }; metadata: object }) => ({
      ...pod,
      metadata: { ...pod.metadata, generation: 2 },
      spec: { ...pod.spec, containers: [{ ...pod.spec.containers[0], image: "nginx:1.27" }] },
    }));
    world.run(20);
    expect(conditions(world, "bad")[2]).toBe("Ready True");
    expect(world.pod("bad")?.status?.observedGeneration).toBe(2);
  });

  it.each([
    [
      "Nginx",
      "InvalidImageName",
      'Failed to apply default image tag "Nginx": couldn\'t parse image name "Nginx": invalid reference format: repository name (library/Nginx) must be lowercase',
    ],
    [
      "nginx:a:b",
      "InvalidImageName",
      'Failed to apply default image tag "nginx:a:b": couldn\'t parse image name "nginx:a:b": invalid reference format',
    ],
  ])("the name %s: %s", (image, reason, message) => {
    const world = new World();
    world.create(boundPod("bad", image));
    world.run(60);
    expect(state(world, "bad")?.state?.waiting).toEqual({ reason, message });
    expect(world.events("bad")).toEqual([
      `Warning InspectFailed ${message}`,
      "Warning Failed Error: InvalidImageName",
    ]);
  });

  it("an image that may not be pulled", () => {
    const world = new World();
    world.create(boundPod("never", "nginx:1.27", { container: { imagePullPolicy: "Never" } }));
    world.run(60);
    expect(state(world, "never")?.state?.waiting).toEqual({
      reason: "ErrImageNeverPull",
      message: 'Container image "nginx:1.27" is not present with pull policy of Never',
    });
  });

  it("a missing ConfigMap, until it is there", () => {
    const world = new World();
    const env = [
      { name: "MODE", valueFrom: { configMapKeyRef: { name: "settings", key: "mode" } } },
    ];
    world.create(boundPod("web", "nginx:1.27", { container: { env } }));
    world.run(8);
    expect(state(world, "web")?.state?.waiting).toEqual({
      reason: "CreateContainerConfigError",
      message: 'configmap "settings" not found',
    });
    expect(world.events("web")).toContain('Warning Failed Error: configmap "settings" not found');
    world.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: "default" },
      data: { mode: "x" },
    } as never);
    world.run(30);
    expect(world.pod("web")?.status?.phase).toBe("Running");
  });

  it("a Secret volume that is missing", () => {
    const world = new World();
    const volumes = [{ name: "keys", secret: { secretName: "tls" } }];
    world.create(
      boundPod("web", "nginx:1.27", {
        spec: { volumes, containers: [{ name: "web", image: "nginx:1.27" }] },
      }),
    );
    world.run(4);
    expect(world.events("web")[0]).toContain(
      'Warning FailedMount MountVolume.SetUp failed for volume "keys" : secret "tls" not found',
    );
    expect(calls(world.facts())).toEqual([]);
  });

  it("a command that is not in the image", () => {
    const world = new World();
    world.create(boundPod("typo", "nginx:1.27", { container: { command: ["ngnix"] } }));
    world.run(8);
    const text =
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "ngnix": executable file not found in $PATH';
    expect(world.events("typo").at(-1)).toContain("Warning BackOff");
    expect(state(world, "typo")?.lastState?.terminated).toMatchObject({
      exitCode: 128,
      reason: "StartError",
      startedAt: "1970-01-01T00:00:00Z",
      message: text,
    });
  });
});

describe("init containers", () => {
  const spec = {
    initContainers: [
      { name: "first", image: "busybox:1.36", command: ["sh", "-c", "sleep 2"] },
      {
        name: "proxy",
        image: "busybox:1.36",
        restartPolicy: "Always",
        command: ["sleep", "infinity"],
      },
      { name: "second", image: "busybox:1.36", command: ["true"] },
    ],
    containers: [{ name: "web", image: "nginx:1.27" }],
  };

  it("run one after the other, sidecars stay", () => {
    const world = new World();
    world.run(30);
    world.create(boundPod("pod", "nginx:1.27", { spec }));
    world.step();
    expect(conditions(world, "pod")[1]).toBe(
      "Initialized False ContainersNotInitialized containers with incomplete status: [first proxy second]",
    );
    expect(state(world, "pod")?.state).toEqual({ waiting: { reason: "PodInitializing" } });
    world.run(60);
    const { status } = world.pod("pod") ?? {};
    expect(status?.phase).toBe("Running");
    expect(
      status?.initContainerStatuses?.map(({ name, ready, state: s }) => [
        name,
        ready,
        Object.keys(s ?? {})[0],
      ]),
    ).toEqual([
      ["first", true, "terminated"],
      ["proxy", true, "running"],
      ["second", true, "terminated"],
    ]);
    expect(conditions(world, "pod")[1]).toBe("Initialized True");
  });

  it("that fail hold the others back", () => {
    const world = new World();
    const failing = {
      ...spec,
      restartPolicy: "Never",
      initContainers: [{ name: "first", image: "busybox:1.36", command: ["false"] }],
    };
    world.create(boundPod("pod", "nginx:1.27", { spec: failing }));
    world.run(30);
    expect(world.pod("pod")?.status?.phase).toBe("Failed");
    expect(calls(world.facts()).filter((call) => call === "CreateContainer")).toHaveLength(1);
  });

  it("sidecars stop last", () => {
    const world = new World();
    world.create(
      boundPod("pod", "nginx:1.27", { spec: { ...spec, terminationGracePeriodSeconds: 30 } }),
    );
    world.run(60);
    world.delete("pod");
    world.run(100);
    expect(world.pod("pod")).toBeUndefined();
    expect(world.events("pod").slice(-2)).toEqual([
      "Normal Killing Stopping container web",
      "Normal Killing Stopping container proxy",
    ]);
  });
});

describe("probes", () => {
  it("readiness fails: no restart, Ready False", () => {
    const world = new World();
    world.create(
      boundPod("web", "nginx:1.27", {
        container: { readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 5 } },
      }),
    );
    world.run(60);
    expect(world.events("web").at(-1)).toMatch(
      /^Warning Unhealthy Readiness probe failed: Get "http:\/\/10\.244\.1\.2:8080\/": dial tcp 10\.244\.1\.2:8080: connect: connection refused x\d+$/,
    );
    expect(state(world, "web")).toMatchObject({ ready: false, started: true, restartCount: 0 });
  });

  it("liveness fails after 10 s: killed, restarted, in back-off the second time", () => {
    const world = new World();
    const livenessProbe = {
      httpGet: { path: "/healthz", port: 8080 },
      initialDelaySeconds: 3,
      periodSeconds: 3,
    };
    world.create(
      boundPod("live", "registry.k8s.io/e2e-test-images/agnhost:2.40", {
        container: { args: ["liveness"], livenessProbe },
      }),
    );
    world.run(26);
    expect(world.events("live")).toContain(
      "Normal Killing Container web failed liveness probe, will be restarted",
    );
    expect(world.events("live")).toContain(
      "Warning Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 500 x3",
    );
    expect(state(world, "live")?.restartCount).toBe(1);
    expect(state(world, "live")?.lastState?.terminated?.exitCode).toBe(2);
  });

  it("a command follows the container's files", () => {
    const world = new World();
    const args = ["/bin/sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"];
    const livenessProbe = {
      exec: { command: ["cat", "/tmp/healthy"] },
      initialDelaySeconds: 5,
      periodSeconds: 5,
    };
    world.create(boundPod("exec", "busybox:1.36", { container: { args, livenessProbe } }));
    world.run(34);
    expect(world.facts().filter(({ type }) => type === "probe")).toEqual([]);
    world.run(45);
    expect(state(world, "exec")).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137 } },
    });
  });

  it("a startup probe holds the others back", () => {
    const world = new World();
    const startupProbe = { tcpSocket: { port: 80 }, initialDelaySeconds: 6, periodSeconds: 5 };
    const readinessProbe = { httpGet: { path: "/", port: 80 } };
    world.create(boundPod("web", "nginx:1.27", { container: { startupProbe, readinessProbe } }));
    world.run(6);
    expect(state(world, "web")).toMatchObject({ started: false, ready: false });
    world.run(30);
    expect(state(world, "web")).toMatchObject({ started: true, ready: true });
    expect(
      world.facts().flatMap((fact) => (fact.type === "probe" ? [fact.data.kind] : [])),
    ).toEqual(["startup", "readiness"]);
  });

  it("a passing liveness probe costs no step at all", () => {
    const world = new World();
    world.create(
      boundPod("web", "nginx:1.27", {
        container: { livenessProbe: { httpGet: { path: "/", port: 80 } } },
      }),
    );
    world.run(60);
    expect(world.loop.next()).toBeUndefined();
  });
});

describe("termination", () => {
  it("stops, tells the end, lets the object go", () => {
    const world = new World();
    world.create(boundPod("web", "nginx:1.27"));
    world.run(60);
    world.delete("web");
    world.run(10);
    expect(world.pod("web")).toBeUndefined();
    expect(calls(world.facts()).slice(-4)).toEqual([
      "StopContainer",
      "StopPodSandbox",
      "CNI DEL",
      "RemovePodSandbox",
    ]);
    expect(world.events("web").at(-1)).toBe("Normal Killing Stopping container web");
    expect(world.api.writes.slice(-3).map(({ what }) => what.split(" ")[0])).toEqual([
      "create",
      "patch",
      "delete",
    ]);
    expect(world.kubelets.state("worker-1").disk.names("pods/")).toEqual([]);
  });

  it("a program that ignores SIGTERM takes the whole grace", () => {
    const world = new World();
    world.create(
      boundPod("sleeper", "busybox:1.36", { container: { command: ["sleep", "3600"] } }),
    );
    world.run(60);
    world.delete("sleeper");
    world.run(29);
    expect(world.pod("sleeper")?.status?.phase).toBe("Running");
    world.run(3);
    expect(world.pod("sleeper")).toBeUndefined();
  });

  it("a forced deletion cleans the node", () => {
    const world = new World();
    world.create(boundPod("web", "nginx:1.27"));
    world.run(60);
    world.delete("web", 0);
    world.run(10);
    expect(calls(world.facts()).slice(-3)).toEqual([
      "StopPodSandbox",
      "CNI DEL",
      "RemovePodSandbox",
    ]);
    expect(world.kubelets.state("worker-1").disk.names("pods/")).toEqual([]);
  });

  it("the same name again gets another sandbox and another address", () => {
    const world = new World();
    world.create(boundPod("web", "nginx:1.27"));
    world.run(60);
    world.delete("web", 0);
    world.create(boundPod("web", "nginx:1.27", { metadata: { uid: "another" } }));
    world.run(60);
    expect(world.pod("web")?.status).toMatchObject({ phase: "Running", podIP: "10.244.1.3" });
    expect(world.kubelets.state("worker-1").disk.names("pods/")).toEqual([
      "pods/default/web/another",
    ]);
  });
});

describe("eviction", () => {
  const scenarios: readonly (readonly [string, () => World])[] = [
    [
      "a healthy Pod",
      () => withPod("nginx:1.27", { container: { readinessProbe: { tcpSocket: { port: 80 } } } }),
    ],
    ["a crash loop", () => withPod("busybox:1.36", { container: shell("exit 3") })],
    ["an image that is not there", () => withPod("nginx:nosuch", {})],
    [
      "a liveness failure",
      () =>
        withPod("nginx:1.27", {
          container: { livenessProbe: { httpGet: { path: "/x", port: 80 }, periodSeconds: 2 } },
        }),
    ],
  ];
  function withPod(image: string, options: Parameters<typeof boundPod>[2]): World {
    const world = new World();
    world.create(boundPod("pod", image, options));
    return world;
  }
  /** Everything that must not depend on what is in memory; event counts do. */
  const story = (world: World): unknown => [
    calls(world.facts()),
    world.api.writes.filter(({ what }) => what.startsWith("patch v1/Pod")).map(({ atMs }) => atMs),
    world.pod("pod")?.status,
  ];

  it.each(scenarios)("before every step changes nothing: %s", (_, make) => {
    const whole = make();
    const cut = make();
    whole.run(90);
    const endMs = whole.loop.nowMs();
    for (let n = 0; n < 400; n += 1) {
      cut.evict();
      const next = cut.loop.next();
      if (next !== undefined && next.atMs > endMs) break;
      // Every key is dirty after a wake; walk through all that are, then to the next moment.
      while (cut.loop.ready > 0) cut.step();
      const later = cut.loop.next();
      if (later === undefined || later.atMs > endMs) break;
      cut.step();
    }
    expect(story(cut)).toEqual(story(whole));
  });
});

describe("the node", () => {
  it("registers, gets its network, is Ready, and then writes nothing", () => {
    const world = new World();
    world.run(30);
    expect(world.events("worker-1")).toEqual([
      "Normal Starting Starting kubelet.",
      "Normal NodeHasSufficientMemory Node worker-1 status is now: NodeHasSufficientMemory",
      "Normal NodeHasNoDiskPressure Node worker-1 status is now: NodeHasNoDiskPressure",
      "Normal NodeHasSufficientPID Node worker-1 status is now: NodeHasSufficientPID",
      "Normal NodeAllocatableEnforced Updated Node Allocatable limit across pods",
      "Normal NodeReady Node worker-1 status is now: NodeReady",
    ]);
    const node = world.api.objects.get("v1/Node worker-1") as {
      status?: { conditions?: { type: string; status: string }[] };
    };
    expect(node.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      "MemoryPressure=False",
      "DiskPressure=False",
      "PIDPressure=False",
      "Ready=True",
    ]);
    expect(world.api.objects.has("coordination.k8s.io/v1/Lease kube-node-lease/worker-1")).toBe(
      true,
    );
    expect(world.loop.next()).toBeUndefined();
    const { revision } = world.api;
    world.evict();
    world.run(600);
    expect(world.api.revision).toBe(revision);
  });

  it("shows its static Pods as mirrors, and makes a deleted mirror again", () => {
    const manifest = boundPod("etcd", "registry.k8s.io/etcd:3.6.8-0", {
      metadata: { namespace: "kube-system", uid: undefined },
      spec: {
        hostNetwork: true,
        containers: [{ name: "etcd", image: "registry.k8s.io/etcd:3.6.8-0", command: ["etcd"] }],
      },
    });
    const world = new World({ staticPods: () => [manifest] });
    world.run(60);
    const mirror = () =>
      world.api.objects.get("v1/Pod kube-system/etcd-worker-1") as ReturnType<World["pod"]>;
    expect(mirror()?.status).toMatchObject({ phase: "Running", podIP: "172.18.0.3" });
    expect(mirror()?.metadata.ownerReferences).toEqual([
      { apiVersion: "v1", kind: "Node", name: "worker-1", uid: "node-uid-1", controller: true },
    ]);
    const created = calls(world.facts()).filter((call) => call === "CreateContainer").length;
    world.api.call(
      { name: "learner" },
      {
        verb: "delete",
        kind: "v1/Pod",
        namespace: "kube-system",
        name: "etcd-worker-1",
        subresource: "",
      },
      0,
    );
    world.run(60);
    expect(mirror()?.status?.phase).toBe("Running");
    expect(calls(world.facts()).filter((call) => call === "CreateContainer")).toHaveLength(created);
  });
});
