/**
 * The whole of kubestep in this process, for tests of the project `node`: the Worker's routes, the API
 * server's both halves and the cluster's object, over `node:sqlite`. Nothing is served, nothing is built.
 *
 * ```ts
 * const api = await newApi();                          // paused: only what you ask for moves
 * const { code, body } = await api.request("POST", "/api/v1/namespaces/default/pods", pod);
 * expect(await api.get("/api/v1/nodes")).toMatchObject({ kind: "NodeList" });
 * await api.request("PATCH", path, patch, { "content-type": "application/merge-patch+json" });
 * await api.request("POST", "/-/clock", { step: 3 });  // three steps of the components
 * await api.advance("90s");                            // cluster time, with all that is due on the way
 * ```
 * A body that is a string goes as it is (give its content type: YAML, protobuf as bytes), anything else
 * as JSON. Answers: `body` is parsed when it is JSON, else text. A new one takes about a second: one a file.
 * WebSockets, hibernation and real timing are the platform's: they belong to the projects workerd and e2e.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { scheduler } from "node:timers/promises";
import { Cluster } from "#cluster/cluster.ts";
import { app } from "#edge/app.ts";
import type { Env } from "#edge/env.ts";
import { nodeD1, NodeStorage } from "./platform/storage.ts";

// Workers have it among their globals.
Object.assign(globalThis, { scheduler });

// oxlint-disable-next-line typescript/no-explicit-any -- an answer is what the test says it is
export type Json = any;
export interface Reply {
  readonly code: number;
  readonly body: Json;
  readonly headers: Headers;
}
/** Request headers. */
type Sent = Readonly<Record<string, string>>;

export interface Api {
  /** The cluster's URL, key and all. */
  readonly url: string;
  /** A path below the cluster's URL: Kubernetes' own, or `/-/…`. */
  request(method: string, path: string, body?: unknown, headers?: Sent): Promise<Reply>;
  /** The body of a GET; throws when it is refused. */
  get(path: string, headers?: Sent): Promise<Json>;
  /** The answer itself, for streams: end them (`body.cancel()`). */
  fetch(method: string, path: string, body?: unknown, headers?: Sent): Promise<Response>;
  /** A path of the Worker, e.g. `/lessons`. */
  site(path: string, init?: RequestInit): Promise<Response>;
  /** Lets cluster time pass (`90s`, `6m`) with everything that is due on the way, in no time of ours. */
  advance(duration: string): Promise<void>;
}

const root = join(import.meta.dirname, "../..");
const isText = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === "string" || body instanceof Uint8Array;

/** A Worker with its bindings; each holds its own clusters. */
export function newWorker(
  variables: Readonly<Record<string, string>> = {},
): (path: string, init?: RequestInit) => Promise<Response> {
  const env = bindings(variables);
  const waiting = { waitUntil: () => undefined, passThroughOnException: () => undefined };
  return async (path, init = {}) =>
    app.fetch(new Request(`http://kubestep.test${path}`, init), env, waiting as never);
}

/** `options` as POST /clusters takes them; `variables` are the Worker's. */
export async function newApi(
  options: Readonly<Record<string, unknown>> = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<Api> {
  const site = newWorker(variables);
  const made = await site("/clusters", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ clock: "paused", seed: 7, workers: 2, ...options }),
  });
  if (!made.ok) throw new Error(`POST /clusters: ${made.status} ${await made.text()}`);
  const { server: url } = (await made.json()) as { readonly server: string };
  const base = new URL(url).pathname;
  const send: Api["fetch"] = (method, path, body, headers = {}) =>
    site(base + path, {
      method,
      headers: { accept: "application/json", "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: isText(body) ? body : JSON.stringify(body) }),
    });
  const request: Api["request"] = async (...asked) => {
    const answer = await send(...asked);
    const isJson = (answer.headers.get("content-type") ?? "").startsWith("application/json");
    const body: Json = isJson ? await answer.json() : await answer.text();
    return { code: answer.status, body, headers: answer.headers };
  };
  return {
    url,
    request,
    fetch: send,
    site,
    async get(path, headers) {
      const { code, body } = await request("GET", path, undefined, headers);
      if (code >= 300) throw new Error(`GET ${path}: ${code} ${JSON.stringify(body)}`);
      return body;
    },
    async advance(duration) {
      const { code, body } = await request("POST", "/-/clock", { skip: duration });
      if (code >= 300) throw new Error(`skip=${duration}: ${code} ${JSON.stringify(body)}`);
    },
  };
}

function bindings(variables: Readonly<Record<string, string>>): Env {
  const objects = new Map<string, Cluster>();
  const env = {
    CLUSTER: {
      idFromName: (name: string) => name,
      get: (id: string) => stub(objects, id, env),
    },
    DIRECTORY: nodeD1(directoryMigrations()),
    ASSETS: { fetch: siteFile },
    CLUSTER_HOURS: "0",
    ...variables,
  };
  return env as unknown as Env;
}

function stub(objects: Map<string, Cluster>, id: string, env: unknown): unknown {
  let object = objects.get(id);
  if (object === undefined) {
    object = new Cluster(stateOver(new NodeStorage()), env as never);
    objects.set(id, object);
  }
  const held = object;
  return {
    create: held.create.bind(held),
    destroy: held.destroy.bind(held),
    describe: held.describe.bind(held),
    lessonFacts: held.lessonFacts.bind(held),
    keepLesson: held.keepLesson.bind(held),
    fetch: (url: string, init: RequestInit) =>
      held.fetch(new Request(url, { ...init, duplex: "half" } as RequestInit)),
  };
}

function stateOver(storage: NodeStorage): DurableObjectState {
  const state = {
    storage: storage.durable,
    blockConcurrencyWhile: <T>(run: () => Promise<T>): Promise<T> => run(),
    getWebSockets: () => [],
    abort: () => undefined,
  };
  return state as unknown as DurableObjectState;
}

function directoryMigrations(): readonly string[] {
  const folder = join(root, "migrations/directory");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

/** Files of the built site, without their `.html` as the platform serves them; 404 for what is not there. */
async function siteFile(asked: Request | URL | string): Promise<Response> {
  const { pathname } = new URL(asked instanceof Request ? asked.url : asked);
  const path = join(root, "content/site", pathname);
  const file = [path, `${path}.html`, join(path, "index.html")].find(
    (one) => statSync(one, { throwIfNoEntry: false })?.isFile() === true,
  );
  return file === undefined
    ? new Response(null, { status: 404 })
    : new Response(readFileSync(file));
}
