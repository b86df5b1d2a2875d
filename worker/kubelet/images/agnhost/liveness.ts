/** `liveness`: its /healthz fails after ten seconds. Upstream: test/images/agnhost/liveness/server.go. */
import { httpServer } from "#kubelet/programs/http-server.ts";
import type { Subcommand } from "./subcommand.ts";

const port = 8080;
const healthyMs = 10_000;

export const liveness: Subcommand = {
  name: "liveness",
  flags: [],
  run: (run) => ({
    ...httpServer({ ports: [port], stop: { afterMs: 100, code: 2 } })(run),
    answer: (request, atMs) =>
      request.port !== port
        ? undefined
        : request.path !== "/healthz" || atMs <= healthyMs
          ? { status: 200, body: "ok" }
          : { status: 500, body: `error: ${atMs / 1000}` },
    changesAfter: (atMs) => (atMs <= healthyMs ? healthyMs + 1 : undefined),
  }),
};
