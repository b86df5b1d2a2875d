/** POST /clusters, POST <cluster>/-/clusters, GET and DELETE <cluster>/-/: clusters as such. */
import type { Context } from "hono";
import { notFound, StatusError, unauthorized } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { fieldsOf } from "#apiserver/front/fields.ts";
import { json, text } from "#apiserver/front/plain.ts";
import type { ClusterDescription } from "#apiserver/rpc.ts";
import { Directory } from "#directory/directory.ts";
import { type Address, addressOf } from "#apiserver/front/address.ts";
import { newId, newKey, stubOf } from "#edge/address.ts";
import { clusterOptions } from "#edge/cluster-options.ts";
import type { App } from "#edge/env.ts";
import { kubeconfig } from "#edge/kubeconfig.ts";
import { lessonOf } from "#edge/lessons.ts";

const hourMs = 3_600_000;

/** Everything a person needs next. */
function told(
  { id, options, collection, expiresAtMs, revision }: ClusterDescription,
  server: string,
): Record<string, unknown> {
  const { name, lesson, ...rest } = options;
  return {
    id,
    name,
    collection,
    server,
    page: `${server}/-/page`,
    kubeconfig: kubeconfig(name, server),
    expiresAt: expiresAtMs === 0 ? null : timeText(expiresAtMs),
    lesson: lesson === "" ? null : lesson,
    options: rest,
    revision,
  };
}

async function made(context: Context<App>, collection: string): Promise<Response> {
  const { req, env } = context;
  const form = req.query("o") ?? "json";
  const given = await fieldsOf(req.raw);
  const id = newId();
  const key = newKey();
  const asked =
    given["lesson"] === undefined || given["lesson"] === ""
      ? undefined
      : await lessonOf(env, String(given["lesson"]));
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  const options = clusterOptions(
    given,
    id,
    seed,
    asked === undefined ? undefined : { ...asked.cluster, id: asked.id },
  );
  const nowMs = Date.now();
  const hours = Number(env.CLUSTER_HOURS);
  const expiresAtMs = hours > 0 ? nowMs + hours * hourMs : 0;
  const description = await stubOf(env, id).create({ id, key, collection, options, expiresAtMs });
  const { name, workers, controlPlane } = options;
  await new Directory(env.DIRECTORY).add({
    id,
    collection,
    name,
    workers,
    controlPlane,
    createdAt: nowMs,
    expiresAt: expiresAtMs,
  });
  const server = `${new URL(req.url).origin}/clusters/${id}-${key}`;
  if (form === "url") return text(server, 201);
  if (form === "kubeconfig") return text(kubeconfig(name, server), 201);
  return json(told(description, server), 201);
}

/** A collection of its own. */
export const createCluster = (context: Context<App>): Promise<Response> => made(context, newKey());

async function described(
  context: Context<App>,
): Promise<{ readonly address: Address; readonly description: ClusterDescription }> {
  const address = addressOf(context.req.url);
  if (address === undefined) throw notFound({ group: "", resource: "clusters" }, "");
  const description = await stubOf(context.env, address.id).describe(address.key);
  if (description === undefined) throw notFound({ group: "", resource: "clusters" }, address.id);
  if (description === null) throw unauthorized();
  return { address, description };
}

/** One more cluster in the same collection. */
export async function addCluster(context: Context<App>): Promise<Response> {
  const { description } = await described(context);
  return made(context, description.collection);
}

export async function getCluster(context: Context<App>): Promise<Response> {
  const { address, description } = await described(context);
  const form = context.req.query("o");
  const accept = context.req.header("accept") ?? "";
  if (form === undefined && accept.includes("text/html"))
    return context.redirect(`${address.url}/-/page`, 303);
  if (form === "kubeconfig") return text(kubeconfig(description.options.name, address.url));
  if (form === "url") return text(address.url);
  const fleet = await new Directory(context.env.DIRECTORY).ofCollection(
    description.collection,
    Date.now(),
  );
  const clusters = fleet.map(({ id, name, workers, controlPlane }) => ({
    id,
    name,
    workers,
    controlPlane,
  }));
  if (form === "json" || accept.includes("application/json"))
    return json({ ...told(description, address.url), clusters });
  return text(overview(description, address, clusters));
}

export async function deleteCluster(context: Context<App>): Promise<Response> {
  const { address } = await described(context);
  try {
    await stubOf(context.env, address.id).destroy(address.key);
  } catch (error) {
    // The object ends itself: the call that asked for it is cut off. Only a cluster still there is a failure.
    if (error instanceof StatusError) throw error;
    if ((await stubOf(context.env, address.id).describe(address.key)) !== undefined) throw error;
  }
  await new Directory(context.env.DIRECTORY).remove(address.id);
  return json({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: address.id, kind: "clusters" },
  });
}

function overview(
  { id, options, expiresAtMs, revision }: ClusterDescription,
  { url }: Address,
  fleet: readonly {
    readonly name: string;
    readonly workers: number;
    readonly controlPlane: number;
  }[],
): string {
  const { workers, controlPlane, clock } = options;
  return `cluster ${id}   ${controlPlane} control-plane + ${workers} workers   clock ${clock}   rev ${revision}
${expiresAtMs === 0 ? "it does not end by itself" : `ends ${timeText(expiresAtMs)}`}

its collection:
${fleet.map((one) => `  ${one.name.padEnd(24)}${one.controlPlane} control-plane + ${one.workers} workers`).join("\n")}

next:
  KS=${url}; X=$KS/-
  curl $KS/api/v1/nodes              the API server, as Kubernetes has it
  curl -N $X/trace                   everything that happens, live
  curl $X/lesson                     the lesson, if it has one
  curl "$X/?o=kubeconfig" > kubeconfig && kubectl --kubeconfig kubeconfig get nodes
  in a browser: ${url}/-/page
`;
}
