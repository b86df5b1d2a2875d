/**
 * A cluster taken apart: its rooms as the wiring joins them, over `node:sqlite`, standing still.
 * For tests of the loop and its components; whoever needs requests alone takes `api.ts`.
 *
 * ```ts
 * const cluster = await newWired();
 * cluster.create(deployment);
 * await cluster.advance(60_000);         // cluster time, with all that is due on the way
 * const woken = await cluster.evicted(); // the same storage, nothing else of the old instance
 * ```
 */
import { scheduler } from "node:timers/promises";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import type { KubeObject } from "#apimachinery/object.ts";
import type { UserInfo } from "#apiserver/request.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import { learner } from "#apiserver/server.ts";
import { boot, settle } from "#cluster/boot.ts";
import { admin } from "#cluster/credentials.ts";
import { start } from "#cluster/start.ts";
import type { StepReport } from "#cluster/loop.ts";
import { wallMs } from "#cluster/wall.ts";
import type { SocketHost } from "#cluster/streams/sockets.ts";
import { openDatabase, wire, type Wired } from "#cluster/wiring.ts";
import migrations from "#migrations/store/migrations.js";
import { NodeStorage } from "./platform/storage.ts";

Object.assign(globalThis, { scheduler });

const defaults: ClusterOptions = {
  name: "test",
  preset: "small",
  workers: 1,
  zones: 1,
  controlPlane: 1,
  clock: "paused",
  seed: 7,
  lesson: "",
};

/** Steps that no act of a test needs. */
const mostSteps = 20_000;

export class WiredCluster {
  readonly rooms: Wired;
  readonly options: ClusterOptions;
  readonly #storage: NodeStorage;
  readonly #sockets: SocketHost | undefined;
  /** Steps since this instance began, newest last. */
  readonly steps: StepReport[] = [];

  constructor(
    rooms: Wired,
    options: ClusterOptions,
    storage: NodeStorage,
    sockets: SocketHost | undefined,
  ) {
    this.#sockets = sockets;
    this.rooms = rooms;
    this.options = options;
    this.#storage = storage;
  }

  get revision(): number {
    return this.rooms.log.revision;
  }

  /** A request of the cluster's administrator, by its object. Throws StatusError. */
  create(object: KubeObject): KubeObject {
    return this.#request("create", object);
  }
  patch(object: KubeObject, patch: object, subresource = ""): KubeObject {
    return this.#request("patch", object, patch, subresource);
  }
  delete(object: KubeObject): void {
    this.#request("delete", object);
  }
  objects<T extends KubeObject>(gvk: string): readonly T[] {
    return this.rooms.api.objects(gvk) as readonly T[];
  }

  /** One step; undefined: nothing will ever be due. A signature it waits for is there when it resolves. */
  async step(): Promise<StepReport | undefined> {
    const { loop } = this.rooms;
    const report = loop.stepOnce();
    if (report !== undefined) this.steps.push(report);
    await loop.waiting;
    return report;
  }
  /** Everything due by then, in order; the clock stands there afterwards. */
  async advance(ms: number): Promise<void> {
    const { clock, loop } = this.rooms;
    const target = clock.nowMs() + ms;
    const first = this.steps.length;
    for (let next = loop.next(); next !== undefined && next.atMs <= target; next = loop.next()) {
      await this.step();
      if (this.steps.length - first > mostSteps)
        throw new Error(`it does not come to rest: ${JSON.stringify(this.steps.slice(-4))}`);
    }
    clock.advanceTo(target);
  }
  /**
   * As `advance` to a time, but the instance dies after its components' next write if `fatal` says so
   * of it; true: it did.
   */
  async diesOn(untilMs: number, fatal: (write: string) => boolean): Promise<boolean> {
    const { api, clock, loop } = this.rooms;
    const handle = api.handle.bind(api);
    let dead = false;
    api.handle = (request) => {
      if (dead) throw new Error("nothing comes after the end");
      const answer = handle(request);
      const { verb, resource, subresource } = request.info;
      if (!answer.wrote || !fatal(`${request.actor.name} ${verb} ${resource}/${subresource}`))
        return answer;
      dead = true;
      throw new Error("the instance died after this write");
    };
    for (let next = loop.next(); next !== undefined && next.atMs <= untilMs; next = loop.next()) {
      await this.step();
      if (dead) return true;
    }
    clock.advanceTo(untilMs);
    return false;
  }
  /** The cluster as a new instance finds it: what was only in memory is gone. */
  async evicted(): Promise<WiredCluster> {
    return opened(this.#storage, this.options, this.#sockets);
  }

  #request(verb: string, object: KubeObject, patch?: object, subresource = ""): KubeObject {
    const { api } = this.rooms;
    const { apiVersion, kind, metadata } = object;
    const resource = api.registry.ofKind(`${apiVersion}/${kind}`);
    if (resource === undefined) throw new Error(`no resource of ${apiVersion}/${kind}`);
    const { group, version, plural, namespaced } = resource;
    const { namespace = namespaced ? "default" : "", name = "" } = metadata;
    const answer = api.handle({
      info: {
        isResource: true,
        path: "",
        verb,
        group,
        version,
        resource: plural,
        subresource,
        namespace,
        name: verb === "create" ? "" : name,
      },
      user: admin as UserInfo,
      actor: { name: learner, cause: 0 },
      options: {},
      ...(verb === "create" ? { body: structuredClone(object) } : {}),
      ...(patch === undefined ? {} : { patch: { type: "merge", value: patch } }),
      ...(verb === "delete" ? { delete: {} } : {}),
    });
    return answer.object as KubeObject;
  }
}

/** `sockets`: what stands for the platform's, which outlive an instance. */
export async function newWired(
  options: Partial<ClusterOptions> = {},
  sockets?: SocketHost,
): Promise<WiredCluster> {
  return opened(new NodeStorage(), { ...defaults, ...options }, sockets);
}

async function opened(
  storage: NodeStorage,
  options: ClusterOptions,
  sockets: SocketHost | undefined,
): Promise<WiredCluster> {
  const database = openDatabase(storage.durable);
  await migrate(database.db, migrations);
  const rooms = wire({
    storage: storage.durable,
    database,
    options,
    expiresAtMs: 0,
    armedMs: null,
    socketHost: sockets,
  });
  const { host, loop, clock, secrets } = rooms;
  await secrets.prepare(wallMs());
  const booted = host.get<boolean>("booted") === true;
  if (booted) start(rooms);
  else boot(rooms, options);
  loop.start();
  if (!booted) {
    await settle(rooms);
    clock.set("paused");
    host.put("booted", true);
  }
  return new WiredCluster(rooms, options, storage, sockets);
}
