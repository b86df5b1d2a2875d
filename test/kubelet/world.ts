/**
 * A cluster of nodes, kubelets and nothing else: the real loop, queue, informers and recorder over an
 * API in memory. The API is the transport that the cluster injects; it admits everything.
 */
import { deepFreeze } from "#apimachinery/freeze.ts";
import type { V1Event, V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { conflict, notFound } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import type { Fact } from "#apimachinery/trace.ts";
import type { WatchEvent } from "#client/informer.ts";
import type { Answer, Call, Transport } from "#client/transport.ts";
import { Clock, type ClockState } from "#cluster/clock.ts";
import { Loop, type Note, type Program, type StepReport } from "#cluster/loop.ts";
import { draw } from "#cluster/random.ts";
import { Kubelets } from "#kubelet/kubelet.ts";
import type { Disk } from "#kubelet/machine.ts";

export const startMs = Date.parse("2026-11-23T20:15:00Z");

export interface Write {
  readonly actor: string;
  readonly what: string;
  readonly facts: readonly Fact[];
  readonly atMs: number;
}

type Sink = (event: WatchEvent) => void;

/** Objects by `<kind> <namespace>/<name>`; every write is a revision. */
class MemoryApi implements Transport {
  readonly objects = new Map<string, KubeObject>();
  readonly writes: Write[] = [];
  revision = 0;
  revisionMs = startMs;
  nowMs: () => number = () => startMs;
  #uids = 0;
  readonly #sinks = new Map<string, Sink[]>();

  call(
    identity: { readonly name: string },
    call: Call,
    _: number,
    facts: readonly Fact[] = [],
  ): Answer {
    const space = call.namespace === "" ? "" : `${call.namespace}/`;
    const key = `${call.kind} ${space}${call.name}`;
    const current = this.objects.get(key);
    const resource = {
      group: "",
      resource: `${(call.kind.split("/").at(-1) ?? "").toLowerCase()}s`,
    };
    if (call.verb === "create") {
      const { metadata } = call.body as KubeObject;
      const made = {
        ...call.body,
        metadata: {
          uid: `uid-${++this.#uids}`,
          generation: 1,
          creationTimestamp: timeText(this.nowMs()),
          ...metadata,
        },
      };
      return this.#put(key, made as KubeObject, undefined, {
        actor: identity.name,
        what: `create ${key}`,
        facts,
      });
    }
    if (current === undefined) throw notFound(resource, call.name);
    if (call.verb === "get") return { object: current, wrote: false };
    if (call.verb === "patch") {
      const next = (call.apply as (o: KubeObject) => KubeObject)(current);
      if (next === current) return { object: current, wrote: false };
      return this.#put(key, next, current, { actor: identity.name, what: `patch ${key}`, facts });
    }
    if (call.verb === "delete") {
      const { uid, gracePeriodSeconds } = call.delete ?? {};
      if (uid !== undefined && uid !== current.metadata.uid) throw conflict(resource, call.name);
      const grace =
        gracePeriodSeconds ?? (current as V1Pod).spec?.terminationGracePeriodSeconds ?? 30;
      const actor = identity.name;
      if (grace === 0 || call.kind !== "v1/Pod")
        return this.#remove(key, current, { actor, what: `delete ${key}`, facts });
      const metadata = {
        ...current.metadata,
        generation: (current.metadata.generation ?? 0) + 1,
        deletionTimestamp: timeText(this.nowMs() + grace * 1000),
        deletionGracePeriodSeconds: grace,
      };
      return this.#put(key, { ...current, metadata }, current, {
        actor,
        what: `terminate ${key}`,
        facts,
      });
    }
    throw new Error(`the test API has no ${call.verb}`);
  }

  listAndWatch(
    _: unknown,
    kind: string,
    sink: Sink,
  ): { readonly objects: readonly KubeObject[]; readonly revision: number } {
    this.#sinks.set(kind, [...(this.#sinks.get(kind) ?? []), sink]);
    const objects = [...this.objects]
      .filter(([key]) => key.startsWith(`${kind} `))
      .map(([, object]) => object);
    return { objects, revision: this.revision };
  }
  /** Whoever watched is gone, as after an eviction. */
  forgetWatchers(): void {
    this.#sinks.clear();
  }

  #put(
    key: string,
    next: KubeObject,
    previous: KubeObject | undefined,
    write: Omit<Write, "atMs">,
  ): Answer {
    const object = deepFreeze({
      ...next,
      metadata: { ...next.metadata, resourceVersion: String(++this.revision) },
    });
    this.objects.set(key, object);
    this.#tell(key, write, {
      type: previous === undefined ? "ADDED" : "MODIFIED",
      object,
      previous,
    });
    return { object, wrote: true };
  }
  #remove(key: string, previous: KubeObject, write: Omit<Write, "atMs">): Answer {
    this.revision += 1;
    this.objects.delete(key);
    this.#tell(key, write, { type: "DELETED", object: previous, previous });
    return { object: previous, wrote: true };
  }
  #tell(
    key: string,
    write: Omit<Write, "atMs">,
    event: Pick<WatchEvent, "type" | "object" | "previous">,
  ): void {
    this.revisionMs = this.nowMs();
    this.writes.push({ ...write, atMs: this.revisionMs });
    const [kind = "", name = ""] = key.split(" ");
    for (const sink of this.#sinks.get(kind) ?? [])
      sink({ ...event, key: name, revision: this.revision });
  }
}

/** A disk that survives the kubelet. */
function memoryDisk(): Disk {
  const rows = new Map<string, unknown>();
  return {
    get: <T>(name: string) => rows.get(name) as T | undefined,
    put: (name, value) => rows.set(name, deepFreeze(value)),
    delete: (name) => rows.delete(name),
    names: (prefix) => [...rows.keys()].filter((name) => name.startsWith(prefix)).toSorted(),
  };
}

const learner = { name: "learner", user: "kubernetes-admin", groups: [] };

export interface WorldOptions {
  readonly nodes?: number;
  readonly mode?: ClockState["mode"];
  readonly staticPods?: (node: string) => readonly V1Pod[];
  readonly programs?: (world: World) => readonly Program[];
}

export class World {
  readonly api = new MemoryApi();
  readonly notes: Note[] = [];
  readonly clock: Clock;
  readonly #options: WorldOptions;
  readonly #disks = new Map<string, Disk>();
  #wallMs = startMs;
  #state: ClockState | undefined;
  kubelets: Kubelets;
  loop: Loop;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    const state: ClockState = {
      mode: options.mode ?? "paused",
      speed: 10,
      clusterMs: startMs,
      wallMs: startMs,
    };
    this.#state = state;
    this.clock = new Clock(
      { load: () => this.#state, save: (next) => (this.#state = next) },
      () => this.#wallMs,
      startMs,
    );
    for (let n = 1; n <= (options.nodes ?? 1); n += 1) this.#addNode(n);
    [this.kubelets, this.loop] = this.#boot();
  }

  /** Throws away everything that is only in memory. */
  evict(): void {
    this.api.forgetWatchers();
    [this.kubelets, this.loop] = this.#boot();
  }

  #boot(): readonly [Kubelets, Loop] {
    const machines = (node: string): Disk => {
      const disk = this.#disks.get(node) ?? memoryDisk();
      this.#disks.set(node, disk);
      return disk;
    };
    const { staticPods } = this.#options;
    const kubelets = new Kubelets(
      staticPods === undefined ? { machines } : { machines, staticPods },
    );
    const identity = { name: "kubelet", user: "system:node", groups: [] };
    const programs = [
      { identity, components: [kubelets] },
      ...(this.#options.programs?.(this) ?? []),
    ];
    const loop = new Loop(programs, {
      clock: this.clock,
      transport: this.api,
      revision: () => this.api.revision,
      revisionMs: () => this.api.revisionMs,
      random: (purpose, key) => draw(7, purpose, key),
      note: (note) => this.notes.push(note),
    });
    this.api.nowMs = () => loop.nowMs();
    loop.start();
    return [kubelets, loop];
  }

  #addNode(n: number): void {
    const name = `worker-${n}`;
    const node: V1Node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, uid: `node-uid-${n}` },
      spec: { podCIDR: `10.244.${n}.0/24` },
      status: {
        addresses: [
          { type: "InternalIP", address: `172.18.0.${n + 2}` },
          { type: "Hostname", address: name },
        ],
      },
    };
    this.create(node);
  }

  create(object: KubeObject): void {
    const space = object.metadata.namespace ? `${object.metadata.namespace}/` : "";
    const call = {
      verb: "create",
      kind: `${object.apiVersion}/${object.kind}`,
      namespace: object.metadata.namespace ?? "",
      name: object.metadata.name ?? "",
      subresource: "",
      body: object,
    } as const;
    this.api.call(learner, call, 0);
    void space;
  }
  patch(kind: string, name: string, apply: (object: never) => unknown): void {
    this.api.call(
      learner,
      {
        verb: "patch",
        kind,
        namespace: kind === "v1/Node" ? "" : "default",
        name,
        subresource: "",
        apply,
      },
      0,
    );
  }
  delete(name: string, gracePeriodSeconds?: number): void {
    this.api.call(
      learner,
      {
        verb: "delete",
        kind: "v1/Pod",
        namespace: "default",
        name,
        subresource: "",
        delete: { gracePeriodSeconds },
      },
      0,
    );
  }

  pod(name: string): V1Pod | undefined {
    return this.api.objects.get(`v1/Pod default/${name}`) as V1Pod | undefined;
  }

  /** One step, moving the clock to it. */
  step(): StepReport | undefined {
    return this.loop.stepOnce();
  }
  /** Steps until a condition holds. */
  until(condition: () => boolean, most = 500): void {
    for (let n = 0; n < most; n += 1) {
      if (condition()) return;
      if (this.step() === undefined) break;
    }
    if (!condition()) throw new Error(`did not come about in ${most} steps`);
  }
  /** Steps for a while of cluster time, or until nothing is left. */
  run(seconds: number, most = 2000): void {
    const endMs = this.loop.nowMs() + seconds * 1000;
    for (let n = 0; n < most; n += 1) {
      const next = this.loop.next();
      if (next === undefined || next.atMs > endMs) break;
      this.step();
    }
    this.clock.advanceTo(endMs);
  }
  /** Wall time passes; for clocks that run. */
  pass(seconds: number): void {
    this.#wallMs += seconds * 1000;
  }

  /** `<type> <reason> <message>`, with the count when it is not 1. */
  events(name: string): string[] {
    return [...this.api.objects.values()]
      .filter((object): object is V1Event => object.kind === "Event")
      .filter((event) => event.involvedObject.name === name)
      .map(
        ({ type, reason, message, count }) =>
          `${type} ${reason} ${message}${count === 1 ? "" : ` x${count}`}`,
      );
  }
  /** All facts said about a Pod, in order of writing; notes and writes. */
  facts(): readonly Fact[] {
    return [
      ...this.notes.flatMap(({ facts }) => facts),
      ...this.api.writes.flatMap(({ facts }) => facts),
    ];
  }
}

export interface PodOptions {
  readonly node?: string;
  readonly spec?: object;
  readonly container?: object;
  readonly metadata?: object;
}

/** A Pod as the API server and the scheduler leave it. */
export function boundPod(name: string, image: string, options: PodOptions = {}): V1Pod {
  const container = {
    name: "web",
    image,
    imagePullPolicy:
      /:[^/]+$/.test(image) && !image.endsWith(":latest") ? "IfNotPresent" : "Always",
    resources: {},
    ...options.container,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: `uid-of-${name}`,
      generation: 1,
      ...options.metadata,
    },
    spec: {
      nodeName: options.node ?? "worker-1",
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      containers: [container],
      ...options.spec,
    } as NonNullable<V1Pod["spec"]>,
    status: {
      phase: "Pending",
      qosClass: "BestEffort",
      conditions: [
        {
          type: "PodScheduled",
          status: "True",
          lastProbeTime: null,
          lastTransitionTime: timeText(startMs),
          observedGeneration: 1,
        },
      ],
    },
  };
}
