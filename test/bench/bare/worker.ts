/**
 * The least that a durable API can be: a Worker, one Durable Object of the same kind, one row written or read.
 * What the API server costs is measured against this, in the same harness.
 */
import { DurableObject } from "cloudflare:workers";

interface Env {
  readonly CLUSTER: DurableObjectNamespace;
}

export class Cluster extends DurableObject<Env> {
  #last: number;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { sql } = state.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, value TEXT NOT NULL)");
    const { last } = sql
      .exec<{ last: number }>("SELECT ifnull(max(id), 0) AS last FROM kept")
      .one();
    this.#last = last;
  }

  override async fetch(request: Request): Promise<Response> {
    const { sql } = this.ctx.storage;
    if (request.method === "POST") {
      const text = await request.text();
      this.#last += 1;
      sql.exec("INSERT INTO kept (id, value) VALUES (?, ?)", this.#last, text);
      return new Response(text, { status: 201, headers });
    }
    const id = Number(new URL(request.url).pathname.slice(1));
    const row = sql.exec<{ value: string }>("SELECT value FROM kept WHERE id = ?", id).one();
    return new Response(row.value, { headers });
  }
}
const headers = { "content-type": "application/json" };

export default {
  fetch: (request: Request, { CLUSTER }: Env): Promise<Response> =>
    CLUSTER.get(CLUSTER.idFromName("bare")).fetch(request),
};
