/** tcpSocket: somebody listens. Upstream: pkg/probe/tcp/tcp.go. */
import { listener, type Prober, portOf } from "./probe.ts";

export const tcpSocket: Prober = {
  field: "tcpSocket",
  ask({ probe, container, ip, all }) {
    const port = portOf(probe.tcpSocket?.port ?? 0, container);
    const host = probe.tcpSocket?.host || ip;
    return listener(all, port) === undefined
      ? { ok: false, output: `dial tcp ${host}:${port}: connect: connection refused` }
      : { ok: true, output: "" };
  },
};
