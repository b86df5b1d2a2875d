/** grpc: the health service answers SERVING. Whatever listens here is healthy. Upstream: pkg/probe/grpc/grpc.go. */
import { listener, type Prober } from "./probe.ts";

export const grpc: Prober = {
  field: "grpc",
  ask({ probe, ip, all }) {
    const port = probe.grpc?.port ?? 0;
    return listener(all, port) === undefined
      ? {
          ok: false,
          output: `timeout: failed to connect service "${ip}:${port}" within ${probe.timeoutSeconds ?? 1}s: context deadline exceeded`,
        }
      : { ok: true, output: "service healthy" };
  },
};
