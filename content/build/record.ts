/**
 * Records what the start page shows: a real cluster from `kubectl apply` to the first bound Pod.
 * `npm run record` writes content/page/recording.json; run it when the trace's form changes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startedWith } from "#content/page/cluster/seen.ts";
import { beatsOf } from "#content/page/picture/beats.ts";
import { emptyRecording } from "#content/page/picture/recording.ts";
import { serve } from "#local/serve.ts";

const content = join(import.meta.dirname, "..");
const served = await serve({ host: "127.0.0.1", port: 0 });
try {
  const options = { workers: 4, clock: "paused", seed: 7, name: "atlas" };
  const json = { accept: "application/json", "content-type": "application/json" };
  const post = async (url: string, body: unknown): Promise<unknown> =>
    (await fetch(url, { method: "POST", headers: json, body: JSON.stringify(body) })).json();
  const get = async (url: string): Promise<unknown> => (await fetch(url, { headers: json })).json();
  const { server } = (await post(`${served.url}/clusters`, options)) as { server: string };
  const before = (await get(`${server}/-/trace`)) as { last: string };
  const facts = (await get(`${server}/-/picture`)) as Parameters<typeof startedWith>[1];
  await fetch(`${server}/apis/apps/v1/namespaces/default/deployments`, {
    method: "POST",
    headers: { "content-type": "application/yaml" },
    body: readFileSync(join(content, "lessons/files/k8s-deployment.yml"), "utf8"),
  });
  await post(`${server}/-/clock`, { until: "bound=1" });
  const { events } = (await get(`${server}/-/trace?since=${before.last}`)) as {
    events: (typeof emptyRecording)["events"][number][];
  };
  const recording = { ...startedWith(emptyRecording, facts), events };
  const first = beatsOf(events).findIndex(
    (beat) => beat.kind === "request" && beat.obj.endsWith("/binding"),
  );
  writeFileSync(join(content, "page/recording.json"), JSON.stringify({ recording, first }));
} finally {
  await served.close();
}
