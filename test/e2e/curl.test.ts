/** Followed with curl alone: plain text that says what to type next, and the first lesson to its end. */
import { describe, expect, inject, test } from "vitest";
import { newCluster } from "#test/support/cluster.ts";
import { run } from "#test/support/tools.ts";

const curl = { accept: "*/*", "user-agent": "curl/8.5.0" };
const host = (): string => inject("host");
const text = async (url: string, init: RequestInit = {}): Promise<string> =>
  (await fetch(url, { headers: curl, ...init })).text();
const post = (url: string, form: Readonly<Record<string, string>>): Promise<string> =>
  text(url, { method: "POST", headers: curl, body: new URLSearchParams(form) });

describe("the way in", () => {
  test("curl <host>/ tells what this is and what to type next", async () => {
    const told = await text(`${host()}/`);
    expect(told).toMatch(/^kubestep: Kubernetes, one step at a time/);
    expect(told).toContain(`H=${host()}`);
    expect(told).toContain("/clusters?o=url");
    expect(told).toContain("/clusters?o=kubeconfig");
  });

  test("a browser gets the page, a program JSON", async () => {
    const page = await text(`${host()}/`, { headers: { accept: "text/html,*/*" } });
    expect(page).toContain("<h1>Kubernetes, one step at a time.</h1>");
    expect(
      JSON.parse(await text(`${host()}/`, { headers: { accept: "application/json" } })),
    ).toMatchObject({ name: "kubestep", lessons: [{ id: "collection" }] });
  });

  test("options come as query, form, JSON or YAML", async () => {
    const described = async (url: string): Promise<unknown> =>
      JSON.parse(await text(`${url}/-/`, { headers: { accept: "application/json" } }));
    const make = async (query: string, init: RequestInit): Promise<string> =>
      (
        await text(`${host()}/clusters?o=url${query}`, {
          method: "POST",
          ...init,
          headers: { ...curl, ...(init.headers as object) },
        })
      ).trim();
    const wanted = { name: "one", options: { workers: 1, clock: "paused", controlPlane: 1 } };
    expect(await described(await make("&workers=1&clock=paused&name=one", {}))).toMatchObject(
      wanted,
    );
    expect(
      await described(
        await make("", {
          body: new URLSearchParams({ workers: "1", clock: "paused", name: "one" }),
        }),
      ),
    ).toMatchObject(wanted);
    expect(
      await described(
        await make("", {
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ workers: 1, clock: "paused", name: "one" }),
        }),
      ),
    ).toMatchObject(wanted);
    expect(
      await described(
        await make("", {
          headers: { "content-type": "application/yaml" },
          body: "workers: 1\nclock: paused\nname: one\n",
        }),
      ),
    ).toMatchObject(wanted);
  });

  test("the answer has all that a person needs next", async () => {
    const made = JSON.parse(
      await text(`${host()}/clusters`, { method: "POST", headers: { accept: "application/json" } }),
    ) as Record<string, unknown>;
    expect(Object.keys(made)).toEqual(
      expect.arrayContaining(["id", "server", "kubeconfig", "page", "expiresAt"]),
    );
    expect(String(made["kubeconfig"])).toContain(`server: ${made["server"]}`);
  });

  test.each([
    ["workers", "-1"],
    ["controlPlane", "2"],
    ["clock", "sideways"],
    ["preset", "huge"],
    ["zones", "99"],
    ["name", "Not A Name"],
    ["lesson", "nowhere"],
    ["colour", "red"],
  ])("a wrong %s is a 422 that names it", async (name, value) => {
    const answer = await fetch(`${host()}/clusters`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify({ [name]: value }),
    });
    expect(answer.status).toBe(422);
    const { details } = (await answer.json()) as {
      readonly details: { readonly causes: readonly { readonly field: string }[] };
    };
    expect(details.causes.map(({ field }) => field)).toEqual([name]);
  });

  test("three control-plane nodes, spread over zones", async () => {
    const cluster = await newCluster({ preset: "ha" });
    const { stdout } = await cluster.kubectl(
      "get",
      "nodes",
      "-L",
      "topology.kubernetes.io/zone",
      "--no-headers",
    );
    expect(stdout.match(/control-plane-\d\s+Ready\s+control-plane/g)).toHaveLength(3);
    expect(new Set(stdout.match(/zone-[a-z]/g))).toEqual(new Set(["zone-a", "zone-b", "zone-c"]));
    expect(
      (
        await cluster.kubectl(
          "get",
          "pods",
          "-n",
          "kube-system",
          "-l",
          "component=etcd",
          "-o",
          "name",
        )
      ).stdout
        .trim()
        .split("\n"),
    ).toHaveLength(3);
  });
});

describe("lesson 1 with curl alone", () => {
  test("from its text to done", async () => {
    const ks = (await post(`${host()}/clusters?o=url`, { lesson: "1" })).trim();
    const x = `${ks}/-`;
    const first = await text(`${x}/lesson`);
    expect(first).toContain("A production is a collection of clusters");
    expect(first).toMatch(/curl -s \$KS\/api\/v1\/nodes/);
    const progress = async (): Promise<Record<string, boolean>> => {
      const { tasks } = JSON.parse(
        await text(`${x}/lesson`, { headers: { accept: "application/json" } }),
      ) as { readonly tasks: readonly { readonly id: string; readonly done: boolean }[] };
      return Object.fromEntries(tasks.map(({ id, done }) => [id, done]));
    };
    expect(await progress()).toEqual({ nodes: false, taint: false, ha: false });
    await text(`${ks}/api/v1/nodes`);
    expect(await progress()).toMatchObject({ nodes: true });
    await post(`${x}/answer`, { q: "0" });
    expect(await post(`${x}/answer`, { taint: "node-role.kubernetes.io/control-plane" })).toContain(
      "A taint is a key and an effect",
    );
    expect(await progress()).toMatchObject({ taint: false });
    await post(`${x}/answer`, { taint: "node-role.kubernetes.io/control-plane:NoSchedule" });
    expect(await progress()).toMatchObject({ taint: true });
    await post(`${x}/clusters`, { controlPlane: "3" });
    expect(await progress()).toEqual({ nodes: true, taint: true, ha: true });
  });

  test("the files and functions that lessons name are served", async () => {
    expect(await text(`${host()}/f/k8s-deployment.yml`)).toContain("kind: Deployment");
    const script = await text(`${host()}/kubestep.sh`);
    const { url } = await newCluster({ clock: "paused" });
    const { code, stdout, stderr } = await run("sh", [
      "-c",
      `KS=${url}\n${script}\ncurl -s $H/f/k8s-deployment.yml | y $D > /dev/null && kubestep step --until pods=3 > /dev/null && j $P | grep -c '"Pending"'; kubestep step; kubestep why pods default/none`,
    ]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/replicaset-controller|kube-scheduler|kubelet/);
    expect([code, stdout.split("\n")[0]]).toEqual([0, expect.stringMatching(/^[1-9]/)]);
  });

  test("lessons are listed as text", async () => {
    expect(await text(`${host()}/lessons`)).toMatch(
      /1 {2}A production is a collection of clusters \(7 min\)/,
    );
  });
});

describe("the live trace", () => {
  test("curl -N follows it", async () => {
    const cluster = await newCluster();
    const answer = await fetch(`${cluster.url}/-/trace`, { headers: curl });
    const reader = (answer.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    void cluster.kubectl("create", "configmap", "seen");
    let told = "";
    while (!told.includes("You create configmaps/default/seen")) {
      const { value, done } = await reader.read();
      if (done) break;
      told += value;
    }
    expect(told).toContain("You create configmaps/default/seen");
    await reader.cancel();
  });

  test("as a WebSocket it sends events as JSON", async () => {
    const cluster = await newCluster();
    const socket = new WebSocket(`${cluster.url.replace("http", "ws")}/-/trace`);
    const heard = new Promise<string>((resolve) => {
      socket.addEventListener("message", ({ data }) => {
        if (String(data).includes("configmaps/default/heard")) resolve(String(data));
      });
    });
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    await cluster.kubectl("create", "configmap", "heard");
    expect(JSON.parse(await heard)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ actor: "learner", obj: "configmaps/default/heard" }),
      ]),
    );
    socket.close();
  });
});
