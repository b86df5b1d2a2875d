/** port-forward with kubectl: to a Pod, a Deployment, a Service; to nobody. Cf. upstream test/e2e/kubectl/portforward.go. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { type Session, session } from "#test/support/session.ts";
import { kubectlMinors, type Started } from "#test/support/tools.ts";

/** Where it listens, once it does. */
async function urlOf(forward: Started): Promise<string> {
  const printed = await forward.until((text) => text.includes("Forwarding from 127.0.0.1:"));
  return `http://127.0.0.1:${/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]}`;
}

describe.each(kubectlMinors)("port-forward, kubectl 1.%s", (version) => {
  let k: Session;
  beforeAll(async () => {
    k = session(await newCluster({ workers: 2 }), version);
    await k.ok`create deployment web --image=nginx:1.27`;
    await k.ok`expose deployment web --port=8080 --target-port=80`;
    await k.ok`run whoami --image=traefik/whoami`;
    await k.ok`run broken --image=nginx:doesnotexist`;
    await k.ok`wait --for=condition=Available deployment/web --timeout=60s`;
    await k.ok`wait --for=condition=Ready pod/whoami --timeout=60s`;
  });

  test.each([
    ["pod/whoami", ":80", "Hostname: whoami"],
    ["deployment/web", ":80", "Welcome to nginx!"],
    ["service/web", ":8080", "Welcome to nginx!"],
  ])("%s answers", async (target, port, wanted) => {
    const forward = k.started`port-forward ${target} ${port}`;
    const url = await urlOf(forward);
    const answers = await Promise.all([1, 2, 3].map(() => fetch(url)));
    for (const answer of answers) expect(await answer.text()).toContain(wanted);
    forward.stop();
  });
  test("several ports at once, and the container's log tells who asked", async () => {
    const forward = k.started`port-forward deployment/web :80 :80`;
    const printed = await forward.until((text) => text.split("127.0.0.1:").length > 2);
    const ports = [...printed.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port);
    for (const port of ports)
      expect((await fetch(`http://127.0.0.1:${port}/seen-${port}`)).status).toBe(404);
    const log = await k.ok`logs deployment/web`;
    for (const port of ports) expect(log).toContain(`"GET /seen-${port} HTTP/1.1" 404`);
    forward.stop();
  });
  test("nobody listens: the connection ends, and kubectl with it", async () => {
    const forward = k.started`port-forward pod/whoami :81`;
    const url = await urlOf(forward);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    await expect(forward.until(() => false)).rejects.toThrow("ended after printing");
  });
  test("what is written into a container is served", async () => {
    await k.ok`exec deployment/web -- sh -c ${"echo mine > /usr/share/nginx/html/index.html"}`;
    const forward = k.started`port-forward deployment/web :80`;
    expect(await (await fetch(await urlOf(forward))).text()).toBe("mine\n");
    forward.stop();
  });
  test("the end of the Pod ends it", async () => {
    const forward = k.started`port-forward pod/whoami :80`;
    const url = await urlOf(forward);
    expect((await fetch(url)).status).toBe(200);
    const ended = forward.until(() => false).catch(String);
    await k.ok`delete pod whoami --now`;
    expect(await ended).toContain("ended after printing");
    await eventually("nobody listens", () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
  });
  test("a Pod that does not run is refused", async () => {
    expect(await k.refused`port-forward pod/broken :80`).toBe(
      "error: unable to forward port because pod is not running. Current status=Pending",
    );
  });
});
