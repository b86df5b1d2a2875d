/**
 * How a cluster is put together: the store below the API server, the components above it, each with
 * its own identity, and the clock that moves them. The one file outside the API server that sees the store.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { typeWarnings } from "#apiserver/admission/policies/type-checking.ts";
import { AuthorizerChain } from "#apiserver/authorization/authorizer.ts";
import type { Timers } from "#apiserver/http/timers.ts";
import type { ServeWorld } from "#apiserver/http/serve.ts";
import { type Limits, RequestRates, unlimited } from "#apiserver/limits.ts";
import { TokenKeys } from "#apiserver/authentication/token-keys.ts";
import { Watches } from "#apiserver/http/watch.ts";
import { traceName } from "#apiserver/registry.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import type { OwnershipTexts } from "#apiserver/ownership/served.ts";
import { ApiServer } from "#apiserver/server.ts";
import type { World } from "#apiserver/world.ts";
import type { Identity } from "#client/component.ts";
import { StepClient } from "#client/step-client.ts";
import { apiServerControllers } from "#controllers/api-server.ts";
import { flowControl } from "./bootstrap/flow-control.ts";
import { controllerManager } from "#controllers/manager.ts";
import { Kubelets } from "#kubelet/kubelet.ts";
import { listeners } from "#kubelet/server/listeners.ts";
import type { Origin } from "#network/connection.ts";
import { DataPlane } from "#network/data-plane.ts";
import { CoreDns } from "#network/dns/core-dns.ts";
import { Network } from "#network/network.ts";
import { KubeProxies } from "#network/proxy.ts";
import { scheduler } from "#scheduler/scheduler.ts";
import { CompactionClock } from "#store/compaction.ts";
import { type Database, openDatabase } from "#store/database.ts";
import { type HistoryRow, Store } from "#store/store.ts";
import {
  apiServerNames,
  clusterCidr,
  clusterDomain,
  dnsIp,
  nodeResolvConf,
  plannedNodes,
} from "./bootstrap/network-plan.ts";
import { staticManifests } from "./bootstrap/static-pods.ts";
import { Clock, type ClockState } from "./clock.ts";
import { Credentials } from "./credentials.ts";
import { dialer } from "./dialer.ts";
import { Driver } from "./driver.ts";
import { Host } from "./host/host.ts";
import { Secrets } from "./host/secrets.ts";
import { signerOf } from "./host/signer.ts";
import { inClusterApi } from "./in-cluster.ts";
import { kubeletServer } from "./kubelet-server.ts";
import { Loop, type Program } from "./loop.ts";
import { NoteKeeper } from "./note-keeper.ts";
import type { ClockWorld } from "./platform/clock.ts";
import type { EtcdSource } from "./platform/platform.ts";
import { draw, drawUid } from "./random.ts";
import { commands, outputs, refusals } from "./streams/commands.ts";
import { Containers } from "./streams/containers.ts";
import { ports, type PortsWorld } from "./streams/ports.ts";
import { type SocketHost, StreamSockets } from "./streams/sockets.ts";
import { auditWorld } from "./trace/audit-world.ts";
import type { AuditWorld } from "./trace/audit.ts";
import type { TraceRow } from "./trace/derive.ts";
import { TraceFeed, traceLine, type TraceSource } from "./trace/feed.ts";
import { outside } from "./outside.ts";
import { InProcessTransport } from "./transport.ts";
import { after, every, wallMs } from "./wall.ts";

/** All kubelets share their informers; each write has its own node's identity. */
const kubeletReader: Identity = {
  name: "kubelet",
  user: "kubestep:kubelets",
  groups: ["system:authenticated"],
};
export const timers: Timers = { after, every };

/** What the cluster may know of its log beyond the API. */
export interface Log {
  readonly revision: number;
  readonly compacted: number;
  listAt(directory: string, revision: number): readonly KubeObject[];
  changes(
    from: number,
    directory: string,
  ): readonly {
    readonly revision: number;
    readonly deleted: boolean;
    readonly object: KubeObject;
  }[];
}

export interface Wired {
  readonly database: Database;
  readonly host: Host;
  readonly secrets: Secrets;
  readonly api: ApiServer;
  readonly watches: Watches;
  readonly sockets: StreamSockets;
  readonly kubelets: Kubelets;
  readonly clock: Clock;
  readonly loop: Loop;
  readonly driver: Driver;
  readonly feed: TraceFeed;
  readonly log: Log;
  readonly clockWorld: ClockWorld;
  readonly etcd: EtcdSource;
  readonly audit: AuditWorld;
  readonly proxies: KubeProxies;
  readonly network: Network;
  /** What requests are served with. */
  readonly served: ServeWorld;
  /** Several writes as one; see Store.transaction. */
  transaction<T>(run: () => T): T;
  /** Tells the trace's listeners and the watchers what is new, once it is durable. */
  deliver(): void;
}

export interface WiringWorld {
  readonly storage: DurableObjectStorage;
  readonly database: Database;
  readonly options: ClusterOptions;
  readonly expiresAtMs: number;
  readonly armedMs: number | null;
  /** Webhooks may be called there although the address is not public. */
  readonly webhookOrigins?: readonly string[] | undefined;
  readonly limits?: Limits | undefined;
  /** The platform's sockets; left out: there are none. */
  readonly socketHost?: SocketHost | undefined;
  /** Whom tokens prove; left out: the cluster has no key. */
  readonly credentials?: Credentials | undefined;
  readonly rates?: RequestRates | undefined;
  /** Static documents; left out: there are none. */
  readonly assets?: ServeWorld["assets"] | undefined;
}
const noAssets: ServeWorld["assets"] = {
  fetch: () => Promise.resolve(new Response("", { status: 404 })),
};
const noSockets: SocketHost = { accept: () => undefined, all: () => [] };

export { openDatabase };

/** Events are read by lists alone: their values are not kept parsed. */
const isEvent = (key: string): boolean => key.startsWith("/registry/events/");

export function wire({
  storage,
  database,
  options,
  expiresAtMs,
  armedMs,
  webhookOrigins = [],
  limits = unlimited,
  socketHost = noSockets,
  credentials = new Credentials(""),
  rates = new RequestRates(limits, wallMs),
  assets = noAssets,
}: WiringWorld): Wired {
  const { seed } = options;
  const store = new Store(database, { uncached: isEvent });
  const host = new Host(database);
  const secrets = new Secrets(host);
  const tokenKeys = new TokenKeys(() => secrets.tokenKey());
  const clockStorage = {
    load: () => host.get<ClockState>("clock"),
    save: (state: ClockState) => host.put("clock", state),
  };
  const clock = new Clock(clockStorage, wallMs, store.revisionMs);
  const compaction = new CompactionClock();
  const kubelets = new Kubelets({
    machines: host.machines,
    staticPods: staticPodsOf(options),
    names: { clusterDomain, clusterDns: [dnsIp], nodeResolvConf },
    network: () => network,
  });
  const proxies = new KubeProxies({
    clusterCidr: clusterCidr(options),
    memory: host.machines("kube-proxy"),
  });
  let nowMs = (): number => clock.nowMs();
  const random = (purpose: string, key: string): number => draw(seed, purpose, key);
  const coreDns = new CoreDns();
  const plane = new DataPlane({
    proxies,
    machines: listeners(kubelets, () => nowMs()),
    clusterCidr: clusterCidr(options),
    random,
  });
  const inCluster = inClusterApi({
    get served() {
      return served;
    },
    credentials,
    certificate: () => ({
      issuer: secrets.authority.certificate,
      names: apiServerNames(options),
    }),
  });
  const network: Network = new Network(plane, coreDns, inCluster);
  const authorizer = new AuthorizerChain();
  const containers = new Containers({
    kubelets,
    nowMs: () => clock.nowMs(),
    client: (identity, answers) =>
      new StepClient(transport, { identity, cause: 0, facts: [], writes: 0, answers }),
    note: (actor, obj, fact) =>
      feed.note({
        rev: store.revision,
        cause: 0,
        atMs: nowMs(),
        actor,
        verb: "",
        obj,
        facts: [fact],
      }),
  });
  const portsWorld: PortsWorld = {
    kubelets,
    nowMs: () => clock.nowMs(),
    connect: (origin, port) =>
      network.open(origin, { ip: "127.0.0.1", port }, "tcp", `port-forward ${port}`),
  };
  const openers = {
    ports: ports(portsWorld),
    refusal: refusals,
    command: commands(containers),
    output: outputs(containers),
  };
  const acted = (): void => {
    deliver();
    driver.kick();
  };
  const sockets = new StreamSockets(socketHost, openers, { timers, limits, wallMs, acted });
  const world: World = {
    store,
    authorizer,
    nowMs: () => nowMs(),
    random,
    uid: (key) => drawUid(seed, key),
    newId: () => secrets.newId(),
    wallMs,
    tokenKeys,
    advertisedIp: plannedNodes(options).find(({ isControlPlane }) => isControlPlane)?.ip ?? "",
    note: ({ actor, cause, verb, obj, facts }) =>
      feed.note({ rev: store.revision, cause, atMs: nowMs(), actor, verb, obj, facts }),
    outside: outside(webhookOrigins),
    dialer: dialer(network, apiServerOrigin(options), { nowMs: () => clock.nowMs(), wallMs }),
    kubelet: kubeletServer({
      kubelets,
      containers,
      ports: portsWorld,
      sockets,
      timers,
      nowMs: () => clock.nowMs(),
    }),
  };
  const api = new ApiServer(world);
  authorizer.attach(api);
  const transport = new InProcessTransport(api, api.registry);
  const { registry } = api;
  const source = traceSource(store, host, (key) => traceName(registry, key));
  const feed = new TraceFeed(source);
  const durable = (): Promise<void> => storage.sync();
  const watches = new Watches(api, { timers, durable, limits });
  const kubeScheduler = scheduler();
  const programs: readonly Program[] = [
    controllerManager(signerOf(secrets, tokenKeys), {
      warnings: (policy) => typeWarnings(policy, registry),
    }),
    apiServerControllers(flowControl),
    { identity: kubeScheduler.identity(""), components: [kubeScheduler] },
    { identity: kubeletReader, components: [kubelets] },
    { identity: proxies.identity(), components: [proxies] },
    { identity: coreDns.identity(), components: [coreDns] },
  ];
  const loop = new Loop(programs, {
    clock,
    transport,
    revision: () => store.revision,
    revisionMs: () => store.revisionMs,
    random,
    note: ({ rev, cause, atMs, actor, key, facts }) =>
      feed.note({ rev, cause, atMs, actor, verb: "", obj: key, facts }),
  });
  nowMs = () => loop.nowMs();

  let publishing: Promise<void> | undefined;
  const notes = new NoteKeeper(feed, timers);
  const deliver = (): void => {
    notes.keep(store.revision);
    watches.flush();
    // To wait for the disk costs a turn of its own.
    if (feed.following)
      publishing ??= durable().then(() => {
        publishing = undefined;
        feed.publish();
      });
  };
  const afterSlice = (): void => {
    deliver();
    sockets.look();
    const { revision, compactedRevision: compacted } = store;
    const to = compaction.due({
      wallMs: wallMs(),
      revision,
      compacted,
      bytes: storage.sql.databaseSize,
    });
    if (to !== undefined) store.compact(to);
  };
  const driver = new Driver(
    {
      loop,
      clock,
      expiresAtMs: () => expiresAtMs,
      setAlarm: (at) => {
        database.cost.alarms += 1;
        void storage.setAlarm(at);
      },
      afterSlice,
    },
    armedMs,
  );
  const served: ServeWorld = {
    api,
    watches,
    assets,
    queues: () => loop.queues(),
    limits,
    rates,
  };
  const podDirectory = registry.ofKind("v1/Pod")?.directory ?? "";
  let toldNote = feed.noteSeq;
  const clockWorld: ClockWorld = {
    loop,
    clock,
    revision: () => store.revision,
    pods: () =>
      store.range({ prefix: podDirectory }).entries.map(({ value }) => value as KubeObject),
    listen: () => {
      toldNote = feed.noteSeq;
    },
    tell: ({ from, to }) => {
      const events = feed.between(from, to, toldNote);
      toldNote = feed.noteSeq;
      return events.map(traceLine);
    },
    afterSlice,
  };
  return {
    database,
    host,
    secrets,
    api,
    watches,
    sockets,
    kubelets,
    clock,
    loop,
    driver,
    feed,
    log: logOf(store),
    clockWorld,
    etcd: etcdOf(store, api.fields),
    audit: auditWorld({
      registry,
      components: programs.flatMap(({ components }) => components),
      objectAt: (revision) => objectAt(store, revision),
      uuid: (key) => drawUid(seed, key),
    }),
    proxies,
    network,
    served,
    transaction: (run) => store.transaction(run),
    deliver,
  };
}

/** The first control-plane node, from which the API server calls. */
function apiServerOrigin(options: ClusterOptions): Origin {
  const [first] = plannedNodes(options);
  return { node: first?.name ?? "", ip: first?.ip ?? "", hostNetwork: true };
}

function staticPodsOf(
  options: ClusterOptions,
): NonNullable<ConstructorParameters<typeof Kubelets>[0]["staticPods"]> {
  const manifests = staticManifests(options);
  return (node) => manifests.get(node) ?? [];
}

function traceSource(store: Store, host: Host, nameOf: (key: string) => string): TraceSource {
  const rowOf = ({
    revision,
    key,
    type,
    previous,
    who,
    cause,
    atMs,
    verb,
    explanation,
  }: HistoryRow): TraceRow => ({
    revision,
    obj: nameOf(key),
    change: type === "DELETE" ? "DELETED" : previous === 0 ? "ADDED" : "MODIFIED",
    who,
    cause,
    atMs,
    verb,
    explanation,
  });
  return {
    get revision() {
      return store.revision;
    },
    get oldestRevision() {
      return store.compactedRevision + 1;
    },
    rows: (from, to) =>
      store.history({ from: Math.max(from, store.compactedRevision), to }).map(rowOf),
    row: (revision) => {
      const row = store.row(revision);
      return row === undefined ? undefined : rowOf(row);
    },
    notes: (seq) => host.notes(seq),
    addNotes: (notes) => host.addNotes(notes),
    noteSeq: host.notes<{ readonly seq: number }>(0).at(-1)?.seq ?? 0,
  };
}

/** The object that a revision wrote. */
function objectAt(store: Store, revision: number): KubeObject | undefined {
  const [row] = store.history({ from: revision - 1, to: revision, values: true });
  return row === undefined || row.text === "" ? undefined : (JSON.parse(row.text) as KubeObject);
}

const logOf = (store: Store): Log => ({
  get revision() {
    return store.revision;
  },
  get compacted() {
    return store.compactedRevision;
  },
  listAt: (prefix, at) =>
    store.range({ prefix, at }).entries.map(({ value }) => value as KubeObject),
  changes: (from, prefix) =>
    store.history({ from, prefix, values: true }).map(({ revision, type, text }) => ({
      revision,
      deleted: type === "DELETE",
      object: JSON.parse(text) as KubeObject,
    })),
});

const etcdOf = (store: Store, fields: OwnershipTexts): EtcdSource => ({
  get revision() {
    return store.revision;
  },
  range(from, to, limit, at) {
    const isIn = (key: string): boolean =>
      to === "" ? key === from : key >= from && (to === "\0" || key < to);
    const { entries } = store.range({
      prefix: commonPrefix(from, to),
      ...(at === undefined ? {} : { at }),
    });
    const wanted = entries.filter(({ key }) => isIn(key));
    const shown = wanted.slice(0, limit);
    const texts = store.texts(shown);
    return {
      count: wanted.length,
      rows: shown.map((entry, i) => ({
        key: entry.key,
        value: fields.served(texts[i] ?? "", entry),
        createRevision: entry.createRevision,
        modRevision: entry.modRevision,
        version: entry.version,
      })),
    };
  },
});

function commonPrefix(from: string, to: string): string {
  if (to === "") return from;
  let i = 0;
  while (i < from.length && from[i] === to[i]) i += 1;
  return from.slice(0, i);
}
