/** GET /healthz, /livez, /readyz with ?verbose and ?exclude, and their single checks. Upstream: apiserver/pkg/server/healthz/healthz.go. */
import { type HealthCheck, healthChecks } from "./health-checks.ts";
import type { NonResource } from "./non-resource.ts";
import type { ServeWorld } from "./serve.ts";

const groups: Readonly<Record<string, HealthCheck["of"]>> = {
  healthz: "live",
  livez: "live",
  readyz: "ready",
};
const checksOf = (group: string): readonly HealthCheck[] =>
  groups[group] === undefined
    ? []
    : healthChecks.filter(({ of }) => of === "all" || of === groups[group]);

export const healthz: NonResource = (request, path, world) => {
  const [group = "", ...rest] = path.slice(1).split("/");
  const checks = checksOf(group);
  if (checks.length === 0) return undefined;
  const one = rest.join("/");
  if (one === "") return all(group, checks, new URL(request.url).searchParams, world);
  const check = checks.find(({ name }) => name === one);
  if (check === undefined) return undefined;
  return check.isOk(world) ? plain("ok") : plain(`internal server error: ${one} failed\n`, 500);
};

/** Paths that the root lists. */
export const healthPaths = (): readonly string[] =>
  Object.keys(groups).flatMap((group) => [
    `/${group}`,
    ...checksOf(group).map(({ name }) => `/${group}/${name}`),
  ]);

function all(
  group: string,
  checks: readonly HealthCheck[],
  query: URLSearchParams,
  world: ServeWorld,
): Response {
  const excluded = new Set(query.getAll("exclude"));
  const unknown = new Set(excluded);
  const lines: string[] = [];
  let failed = false;
  for (const { name, isOk } of checks) {
    unknown.delete(name);
    if (excluded.has(name)) lines.push(`[+]${name} excluded: ok`);
    else if (isOk(world)) lines.push(`[+]${name} ok`);
    else {
      failed = true;
      lines.push(`[-]${name} failed: reason withheld`);
    }
  }
  if (unknown.size > 0) {
    const names = [...unknown].toSorted().map((name) => JSON.stringify(name));
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names.join(", ")}`);
  }
  const told = `${lines.join("\n")}\n${group} check`;
  if (failed) return plain(`${told} failed\n`, 500);
  return plain(query.has("verbose") ? `${told} passed\n` : "ok");
}

const plain = (text: string, status = 200): Response =>
  new Response(text, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-cache, private",
      "x-content-type-options": "nosniff",
    },
  });
