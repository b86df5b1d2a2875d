/** The kubelets' servers as the API server reaches them: logs, whole or followed, and connections to containers. */
import type { KubeletServer } from "#apiserver/world.ts";
import type { Timers } from "#apiserver/http/timers.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import { headersOf } from "#network/http-text.ts";
import { served } from "#kubelet/server/http/registry.ts";
import { podUsage } from "#kubelet/server/usage.ts";
import { attach, exec } from "./streams/commands.ts";
import type { Containers } from "./streams/containers.ts";
import { portForward, type PortsWorld } from "./streams/ports.ts";
import type { StreamSockets } from "./streams/sockets.ts";
import { cut, linesText, logSource, logText } from "#kubelet/server/logs.ts";

/** How often a follower looks for new lines, wall time. */
const followMs = 500;
/** Chunks a follower may be behind before it is left alone; it will ask again. */
const mostBehind = 1000;

export interface KubeletServerWorld {
  readonly kubelets: Kubelets;
  readonly containers: Containers;
  readonly ports: PortsWorld;
  readonly sockets: StreamSockets;
  readonly timers: Timers;
  nowMs(): number;
}

export function kubeletServer(world: KubeletServerWorld): KubeletServer {
  const { kubelets, containers, sockets, timers } = world;
  const nowMs = (): number => world.nowMs();
  return {
    exec: (pod, options) => exec(containers, sockets, pod, options),
    portForward: (pod, options) =>
      portForward({ world: world.ports, containers, sockets }, pod, options),
    attach: (pod, options) => attach(containers, sockets, pod, options),
    serve(name, request) {
      const node = kubelets.node(name);
      if (node === undefined) return { failure: `dial tcp: lookup ${name}: no such host` };
      const answer = served({ kubelets, node, nowMs: nowMs() }, request);
      return { ...answer, headers: headersOf(answer, nowMs()) };
    },
    usage: (pod) => podUsage(kubelets, pod, nowMs()),
    logs(pod, container, options) {
      const read = (): ReturnType<typeof logSource> =>
        logSource(kubelets, pod, container, options.previous);
      const source = read();
      let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
      const allowed = (text: string): string => {
        const taken = left === Number.POSITIVE_INFINITY ? text : cut(text, left);
        left = taken === text ? left - encoder.encode(text).length : 0;
        return taken;
      };
      const encoder = new TextEncoder();
      const first = allowed(logText(source, options, nowMs()));
      if (!options.follow || source.endedMs !== undefined || left === 0) return first;
      let from = nowMs() + 1;
      let stop = (): void => undefined;
      return new ReadableStream<Uint8Array>({
        start(controller) {
          if (first !== "") controller.enqueue(encoder.encode(first));
          stop = timers.every(followMs, () => {
            const to = nowMs() + 1;
            let current = source;
            try {
              current = read();
            } catch {
              // The Pod is gone: what it wrote has been told.
              stop();
              controller.close();
              return;
            }
            const isSame = current.startedMs === source.startedMs;
            const lines = (isSame ? current : source).lines(from, to);
            const text = allowed(linesText(lines, options.timestamps));
            from = to;
            if (text !== "") controller.enqueue(encoder.encode(text));
            const isBehind = (controller.desiredSize ?? 0) < -mostBehind;
            if (isSame && current.endedMs === undefined && left > 0 && !isBehind) return;
            stop();
            controller.close();
          });
        },
        cancel: () => stop(),
      });
    },
  };
}
