/** pods/<name>/portforward: connections to a Pod's ports. Upstream: pkg/registry/core/pod/rest/subresources.go PortForwardREST. */
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest } from "#apimachinery/status.ts";
import { connected, onNode, protocolOf } from "./connect.ts";
import { connectVerb, type Stream } from "./stream.ts";

/** SPDY in a WebSocket (kubectl), or two channels for each port (other clients). */
export const portForwardProtocols = [
  "SPDY/3.1+portforward.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
] as const;
export type PortForwardProtocol = (typeof portForwardProtocols)[number];

const mostPort = 65_535;

/** Upstream: kubelet/pkg/cri/streaming/portforward/websocket.go NewV4Options. */
function portsOf(query: URLSearchParams): readonly number[] {
  return query.getAll("ports").flatMap((text) =>
    text.split(",").map((one) => {
      const port = Number(one);
      if (!/^\d+$/.test(one) || port > mostPort)
        throw badRequest(
          `unable to parse ${JSON.stringify(one)} as a port: strconv.ParseUint: parsing ${JSON.stringify(one)}: invalid syntax`,
        );
      if (port < 1) throw badRequest(`port ${JSON.stringify(one)} must be > 0`);
      return port;
    }),
  );
}

export const portForward: Stream = {
  resource: "pods",
  subresource: "portforward",
  methods: ["GET", "POST"],
  verb: connectVerb,
  async open(call) {
    const { query, headers, api } = call;
    const ports = portsOf(query);
    const pod = await connected(call, {
      apiVersion: "v1",
      kind: "PodPortForwardOptions",
      metadata: {},
      ...(ports.length === 0 ? {} : { ports }),
    } as KubeObject);
    onNode(pod);
    const protocol = protocolOf(headers, portForwardProtocols);
    if (protocol !== portForwardProtocols[0] && ports.length === 0)
      throw badRequest('query parameter "port" is required');
    return api.kubelet.portForward(pod, { ports, protocol });
  },
};
