/** The kubelets' endpoint for port-forward. Upstream: pkg/kubelet/server/server.go getPortForward. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { internalError } from "#apimachinery/status.ts";
import { portForwardProtocols } from "#apiserver/streams/port-forward.ts";
import type { PortForwardOptions } from "#apiserver/world.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import { rowOf } from "#kubelet/node/node-state.ts";
import { staticUid } from "#kubelet/node/static-pods.ts";
import type { PodRecord, Sandbox } from "#kubelet/pod-record.ts";
import { podNotRunning } from "#kubelet/server/messages.ts";
import type { Opened, Origin, Server } from "#network/connection.ts";
import { plainToTls } from "#network/network.ts";
import type { Containers } from "./containers.ts";
import { type Forwarded, PortChannels, type PortWorld, TunnelConnection } from "./port-forward.ts";
import type { Opener, StreamSockets } from "./sockets.ts";

export interface PortsWorld {
  readonly kubelets: Kubelets;
  nowMs(): number;
  /** A connection inside the cluster. */
  connect(origin: Origin, port: number): Opened;
}
type Place = Pick<Forwarded, "node" | "namespace" | "pod" | "uid">;

const loopback = "127.0.0.1";

export const ports = (world: PortsWorld): Opener => ({
  isOver: (opened: Forwarded) => sandboxAt(world, opened)?.id !== opened.sandbox,
  open(wire, { opened, state }) {
    const asked = opened as Forwarded;
    const place: PortWorld = {
      nowMs: () => world.nowMs(),
      isThere: () => sandboxAt(world, asked)?.id === asked.sandbox,
      connect: (port) => serverAt(world, asked, port),
    };
    const Sort = asked.protocol === portForwardProtocols[0] ? TunnelConnection : PortChannels;
    return Promise.resolve(new Sort(wire, asked, place, state as never));
  },
});

export async function portForward(
  {
    world,
    containers,
    sockets,
  }: {
    readonly world: PortsWorld;
    readonly containers: Containers;
    readonly sockets: StreamSockets;
  },
  pod: V1Pod,
  { ports: asked, protocol }: PortForwardOptions,
): Promise<Response> {
  const { namespace = "", name = "", uid = "" } = pod.metadata;
  const place: Place = {
    node: pod.spec?.nodeName ?? "",
    namespace,
    pod: name,
    uid: staticUid(pod) ?? uid,
  };
  const sandbox = sandboxAt(world, place);
  if (sandbox === undefined) throw internalError(podNotRunning(`${name}_${namespace}`));
  containers.tell(place, "PortForward", `sandbox=${sandbox.id.slice(0, 13)}`);
  const opened: Forwarded = { ...place, sandbox: sandbox.id, ports: asked, protocol };
  return sockets.open("ports", protocol, opened);
}

function sandboxAt(
  { kubelets }: PortsWorld,
  { node, namespace, pod, uid }: Place,
): Sandbox | undefined {
  const record = kubelets.state(node).disk.get<PodRecord>(rowOf(`${namespace}/${pod}`, uid));
  return record?.sandbox?.stopped === false ? record.sandbox : undefined;
}

/** Who listens in the Pod's network namespace, as the runtime meets it from inside. */
function serverAt(world: PortsWorld, place: Place, port: number): Server | undefined {
  const sandbox = sandboxAt(world, place);
  if (sandbox === undefined) return undefined;
  const hostNetwork = sandbox.ip === "";
  const ip = hostNetwork ? (world.kubelets.node(place.node)?.ip ?? loopback) : sandbox.ip;
  const opened = world.connect({ node: place.node, ip, hostNetwork }, port);
  if (opened.state !== "open") return undefined;
  const { server } = opened;
  return server.speaks === "tls" ? { answer: () => ({ status: 400, body: plainToTls }) } : server;
}
