/**
 * One cluster: a Durable Object. It wakes, joins the rooms (`wiring.ts`), and lets requests, alarms and
 * sockets in. Nothing here knows Kubernetes.
 *
 * An id that was never created has no tables: every request to it is a 404 and writes nothing.
 */
import { DurableObject } from "cloudflare:workers";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { StatusError, unauthorized } from "#apimachinery/status.ts";
import { addressOf } from "#apiserver/front/address.ts";
import { serve, statusResponse } from "#apiserver/http/serve.ts";
import { type Limits, type LimitVariables, limitsOf, RequestRates } from "#apiserver/limits.ts";
import {
  type ClusterDescription,
  type ClusterFace,
  type ClusterOptions,
  type CreateCluster,
  type LessonKept,
  type LessonMaterial,
} from "#apiserver/rpc.ts";
import migrations from "#migrations/store/migrations.js";
import { boot, settle } from "./boot.ts";
import { Credentials, hashOf } from "./credentials.ts";
import { keepLesson, lessonMaterial, startLesson } from "./lesson.ts";
import { start } from "./start.ts";
import { dispatch } from "./platform/dispatch.ts";
import type { Platform } from "./platform/platform.ts";
import { streamTag } from "./streams/sockets.ts";
import { openDatabase, wire, type Wired } from "./wiring.ts";
import { wallMs } from "./wall.ts";

/** Sockets of pages that follow the trace. */
const traceTag = "trace";

export interface ClusterEnv extends LimitVariables {
  /** Origins, with spaces between them, where webhooks may be called although they are not public https addresses. */
  readonly WEBHOOK_ORIGINS?: string;
  readonly ASSETS: { fetch(request: Request | string): Promise<Response> };
}

/** What the cluster is, written once at its creation. */
interface Birth {
  readonly id: string;
  readonly collection: string;
  readonly options: ClusterOptions;
  readonly expiresAtMs: number;
  readonly keyHash: string;
}

interface Running extends Wired {
  readonly birth: Birth;
  readonly credentials: Credentials;
}

export class Cluster extends DurableObject<ClusterEnv> implements ClusterFace {
  readonly #limits: Limits;
  readonly #rates: RequestRates;
  #running: Running | undefined;

  constructor(state: DurableObjectState, env: ClusterEnv) {
    super(state, env);
    this.#limits = limitsOf(env);
    this.#rates = new RequestRates(this.#limits, wallMs);
    const { sql } = state.storage;
    const isBorn = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'log'").toArray().length > 0;
    if (isBorn) void state.blockConcurrencyWhile(() => this.#wake());
  }

  async create(input: CreateCluster): Promise<ClusterDescription> {
    const { id, key, collection, options, expiresAtMs } = input;
    if (this.#running !== undefined) throw new Error(`cluster ${id} exists`);
    const keyHash = await hashOf(key);
    await this.#start({ id, collection, options, expiresAtMs, keyHash });
    return this.#description();
  }

  async destroy(key: string): Promise<boolean> {
    const running = this.#running;
    if (running === undefined || !(await running.credentials.isKey(key))) return false;
    await this.#end();
    return true;
  }

  async describe(key: string): Promise<ClusterDescription | null | undefined> {
    const running = this.#running;
    if (running === undefined) return undefined;
    return (await running.credentials.isKey(key)) ? this.#description() : null;
  }

  async lessonFacts(
    key: string,
    resources: readonly string[],
  ): Promise<LessonMaterial | undefined> {
    const running = this.#running;
    if (running === undefined || !(await running.credentials.isKey(key))) return undefined;
    const { host, feed, log, api, birth } = running;
    return lessonMaterial(
      { host, feed, log, registry: api.registry, collection: birth.collection },
      resources,
    );
  }

  async keepLesson(key: string, kept: LessonKept): Promise<void> {
    const running = this.#running;
    if (running === undefined || !(await running.credentials.isKey(key))) return;
    keepLesson(running.host, kept);
  }

  override async fetch(request: Request): Promise<Response> {
    const running = this.#running;
    const address = addressOf(request.url);
    if (running === undefined || address === undefined) return noCluster();
    try {
      this.#rates.takeFromCluster();
    } catch (error) {
      return statusResponse(error);
    }
    if (address.path.startsWith("/-/")) {
      if (!(await running.credentials.isKey(address.key))) return statusResponse(unauthorized());
      return dispatch(request, address.path, this.#platform(running));
    }
    const { api, driver } = running;
    const caller = await running.credentials.callerOf(address.key, request.headers, api.tokens);
    const before = api.world.store.revision;
    const answer = await serve({ request, address, caller }, running.served);
    running.deliver();
    if (api.world.store.revision > before) driver.kick();
    return answer;
  }

  override async alarm(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const { expiresAtMs } = running.birth;
    if (expiresAtMs > 0 && wallMs() >= expiresAtMs) return this.#end();
    await running.driver.alarm();
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const running = this.#running;
    // The trace's sockets only listen.
    if (running === undefined || !this.ctx.getTags(socket).includes(streamTag)) return;
    await running.sockets.receive(socket, message);
  }
  override webSocketClose(socket: WebSocket): void {
    this.#running?.sockets.closed(socket);
    socket.close();
  }
  override webSocketError(socket: WebSocket): void {
    this.#running?.sockets.closed(socket);
  }

  async #wake(): Promise<void> {
    const database = openDatabase(this.ctx.storage);
    await migrate(database.db, migrations);
    const birth = birthOf(this.ctx.storage);
    if (birth === undefined) return;
    await this.#run(birth, database);
  }

  async #start(birth: Birth): Promise<void> {
    const database = openDatabase(this.ctx.storage);
    await migrate(database.db, migrations);
    this.ctx.storage.sql.exec(
      "INSERT INTO meta (name, value) VALUES ('birth', ?)",
      JSON.stringify(birth),
    );
    await this.#run(birth, database);
  }

  async #run(birth: Birth, database: ReturnType<typeof openDatabase>): Promise<void> {
    const { storage } = this.ctx;
    const { options, expiresAtMs, keyHash } = birth;
    const armedMs = await storage.getAlarm();
    const webhookOrigins = (this.env.WEBHOOK_ORIGINS ?? "").split(" ").filter(Boolean);
    const credentials = new Credentials(keyHash);
    const wired = wire({
      storage,
      database,
      options,
      expiresAtMs,
      armedMs,
      webhookOrigins,
      limits: this.#limits,
      rates: this.#rates,
      credentials,
      assets: { fetch: (url) => this.env.ASSETS.fetch(url) },
      socketHost: {
        accept: (socket, tag) => this.ctx.acceptWebSocket(socket, [tag]),
        all: (tag) => this.ctx.getWebSockets(tag),
      },
    });
    const running = { ...wired, birth, credentials };
    const { host, secrets, loop, driver, log, clock, feed } = wired;
    await secrets.prepare(wallMs());
    this.#running = running;
    const booted = host.get<boolean>("booted") === true;
    if (booted) start(wired);
    else boot(wired, options);
    loop.start();
    if (!booted) {
      await settle(wired);
      clock.set(options.clock);
      startLesson(host, feed, options.lesson, log.revision);
      host.put("booted", true);
    }
    if (this.ctx.getWebSockets(traceTag).length > 0) this.#follow(running);
    driver.kick();
  }

  #platform(running: Running): Platform {
    const { birth, clockWorld, driver, feed, audit, etcd, api } = running;
    return {
      id: birth.id,
      options: birth.options,
      expiresAtMs: birth.expiresAtMs,
      clock: clockWorld,
      driver,
      feed,
      audit,
      etcd,
      list: (gvk) => api.objects(gvk),
      acceptTraceSocket: (socket) => {
        this.ctx.acceptWebSocket(socket, [traceTag]);
        this.#follow(running);
      },
    };
  }

  #following = false;
  /** One listener for all sockets; they hibernate, so they are asked for anew each time. */
  #follow({ feed }: Running): void {
    if (this.#following) return;
    this.#following = true;
    feed.follow((events) => {
      const text = JSON.stringify(events);
      for (const socket of this.ctx.getWebSockets(traceTag)) socket.send(text);
    });
  }

  #description(): ClusterDescription {
    const { birth, log } = this.#running as Running;
    const { id, collection, options, expiresAtMs } = birth;
    return { id, collection, options, expiresAtMs, revision: log.revision };
  }

  async #end(): Promise<void> {
    this.#running = undefined;
    for (const socket of this.ctx.getWebSockets()) socket.close(1001, "the cluster has ended");
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    // Timers and steps of the old life end with the instance.
    this.ctx.abort("the cluster has ended");
  }
}

function birthOf({ sql }: DurableObjectStorage): Birth | undefined {
  const [row] = sql
    .exec<{ value: string }>("SELECT value FROM meta WHERE name = 'birth'")
    .toArray();
  return row === undefined ? undefined : (JSON.parse(row.value) as Birth);
}

const noCluster = (): Response =>
  statusResponse(
    new StatusError({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message:
        "there is no such cluster: it has ended, or the address is wrong; POST /clusters makes a new one",
      reason: "NotFound",
      details: {},
      code: 404,
    }),
  );
