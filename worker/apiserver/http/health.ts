/** GET /healthz, /livez, /readyz with ?verbose, and their single checks. Upstream: apiserver/pkg/server/healthz/healthz.go. */
import type { NonResource } from "./non-resource.ts";

const shared = [
  "ping",
  "log",
  "etcd",
  "poststarthook/start-apiserver-admission-initializer",
  "poststarthook/rbac/bootstrap-roles",
];
const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: shared,
  livez: shared,
  readyz: [...shared, "informer-sync", "shutdown"],
};

export const healthz: NonResource = (request, path) => {
  const [kind = "", ...rest] = path.slice(1).split("/");
  const all = checks[kind];
  if (all === undefined) return undefined;
  const query = new URL(request.url).searchParams;
  const one = rest.join("/");
  if (one !== "") return all.includes(one) ? plain("ok") : undefined;
  if (!query.has("verbose")) return plain("ok");
  const excluded = query.getAll("exclude");
  const lines = all.map((name) =>
    excluded.includes(name) ? `[+]${name} excluded: ok` : `[+]${name} ok`,
  );
  return plain(`${lines.join("\n")}\n${kind} check passed\n`);
};

const plain = (text: string): Response =>
  new Response(text, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-cache, private",
      "x-content-type-options": "nosniff",
    },
  });
