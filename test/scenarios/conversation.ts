/**
 * A conversation with a cluster, as a text: a command, `----`, and all that it causes.
 *
 *   cluster workers=1        a new cluster; its story begins at a round revision
 *   apply                    the YAML below is created, or merged into what is there
 *   delete v1/Pod web        an object of the namespace default
 *   step 3                   three steps that do or say something
 *   advance 10s              cluster time, with all that is due on the way
 *   pods                     what `kubectl get pods` would be asked for
 *
 * Each line of the trace is a revision, or what was done and said on the way to the next one.
 */
import { parse } from "yaml";
import type { V1Event, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { StatusError } from "#apimachinery/status.ts";
import type { FactData, TraceEvent } from "#apimachinery/trace.ts";
import { durationMs } from "#cluster/platform/clock-order.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

/** Where every story begins: names are drawn by revision, so a longer boot must not change them. */
const firstRevision = 2_000;

interface Block {
  /** The command's line and what is given to it. */
  readonly asked: string;
  readonly words: readonly string[];
  readonly body: string;
}

function blocksOf(text: string): readonly (Block | string)[] {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((block) => {
      if (block.startsWith("#")) return block;
      const [asked = ""] = block.split("\n----");
      const [line = "", ...body] = asked.split("\n");
      return { asked, words: line.split(" "), body: body.join("\n") };
    });
}

class Conversation {
  #cluster: WiredCluster | undefined;
  #startMs = 0;
  #toldRevision = 0;
  #toldNote = 0;

  async answer({ words: [command = "", ...rest], body }: Block): Promise<readonly string[]> {
    if (command === "cluster") return this.#begin(rest);
    const cluster = this.#known();
    if (command === "pods") return podLines(cluster.objects<V1Pod>("v1/Pod"));
    try {
      if (command === "apply") this.#apply(parse(body) as KubeObject);
      else if (command === "delete") this.#delete(rest);
      else if (command === "step") await this.#steps(Number(rest[0] ?? 1));
      else if (command === "advance") await cluster.advance(durationMs(rest[0] ?? "") ?? 0);
      else throw new Error(`no such command: ${command}`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return [`${error.code} ${error.status.reason}: ${error.message}`];
    }
    const told = this.#told();
    return told.length === 0 ? ["nothing"] : told;
  }

  async #begin(options: readonly string[]): Promise<readonly string[]> {
    const asked = Object.fromEntries(options.map((one) => one.split("=")));
    const cluster = await newWired({ workers: Number(asked["workers"] ?? 1) });
    this.#cluster = cluster;
    const pad = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "pad" } };
    cluster.create(pad);
    while (cluster.revision < firstRevision)
      cluster.patch(pad, { data: { n: String(cluster.revision) } });
    await cluster.advance(10 * 60_000);
    this.#startMs = cluster.rooms.clock.nowMs();
    this.#told();
    return [`rev ${cluster.revision}`];
  }

  #known(): WiredCluster {
    if (this.#cluster === undefined) throw new Error("the first command makes a cluster");
    return this.#cluster;
  }

  #apply(object: KubeObject): void {
    const cluster = this.#known();
    const { name = "" } = object.metadata;
    const isThere = cluster
      .objects(`${object.apiVersion}/${object.kind}`)
      .some(({ metadata }) => metadata.name === name);
    if (isThere) cluster.patch(object, object);
    else cluster.create(object);
  }

  #delete([gvk = "", name = ""]: readonly string[]): void {
    const at = gvk.lastIndexOf("/");
    this.#known().delete({
      apiVersion: gvk.slice(0, at),
      kind: gvk.slice(at + 1),
      metadata: { name, namespace: "default" },
    });
  }

  async #steps(count: number): Promise<void> {
    for (let seen = 0; seen < count;) {
      const report = await this.#known().step();
      if (report === undefined) return;
      if (report.to > report.from || report.noted) seen += 1;
    }
  }

  /** What has happened since it was last asked. */
  #told(): readonly string[] {
    const { feed, log } = this.#known().rooms;
    const from = this.#toldRevision;
    const events = feed.between(from, log.revision, this.#toldNote);
    const written = new Map(
      log.changes(from, "/registry/").map(({ revision, object }) => [revision, object]),
    );
    this.#toldRevision = log.revision;
    this.#toldNote = feed.noteSeq;
    return events.flatMap((event) => this.#line(event, written.get(event.rev)));
  }

  #line({ type, rev, cause, atMs, actor, verb, obj, data, say }: TraceEvent, object: KubeObject | undefined): readonly string[] {
    if (type === "commit") {
      const seconds = ((atMs - this.#startMs) / 1000).toFixed(3);
      const head = `rev ${rev}  ${seconds.padStart(7)}s  ${actor} `;
      const because = cause > firstRevision ? `  because ${cause}` : "";
      if (obj.startsWith("events/")) {
        const { type: sort, reason, message, count = 1 } = object as V1Event;
        return [`${head}tells ${sort} ${reason}${count > 1 ? ` ×${count}` : ""}: ${message}`];
      }
      return [`${head}${verb} ${obj}${because}`];
    }
    return shown(type, data) ? [`${" ".repeat(20)}${say}`] : [];
  }
}

/** What leads to a revision and is not said by it. */
function shown(type: TraceEvent["type"], data: TraceEvent["data"]): boolean {
  if (type === "filter") return !(data as FactData["filter"]).ok;
  if (type === "probe") return !(data as FactData["probe"]).ok;
  if (type === "cri") return (data as FactData["cri"]).mutates;
  return type === "schedule" || type === "backoff";
}

const podLines = (pods: readonly V1Pod[]): readonly string[] => {
  const own = pods.filter(({ metadata }) => metadata.namespace === "default");
  return own.length === 0
    ? ["none"]
    : own.map(({ metadata, spec, status }) => {
        const [container] = status?.containerStatuses ?? [];
        const why = container?.state?.waiting?.reason ?? container?.state?.terminated?.reason ?? "";
        return [
          metadata.name,
          spec?.nodeName ?? "no node",
          status?.phase,
          ...(why === "" ? [] : [why]),
          ...(metadata.deletionTimestamp === undefined ? [] : ["terminating"]),
          `${container?.restartCount ?? 0} restarts`,
        ].join("  ");
      });
};

/** The same text, with every answer as it is now. */
export async function spoken(text: string): Promise<string> {
  const conversation = new Conversation();
  const blocks: string[] = [];
  for (const block of blocksOf(text)) {
    if (typeof block === "string") blocks.push(block);
    else blocks.push([block.asked, "----", ...(await conversation.answer(block))].join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}
