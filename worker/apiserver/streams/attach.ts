/** pods/<name>/attach: the container's own first process. Upstream: pkg/registry/core/pod/rest/subresources.go AttachREST. */
import type { KubeObject } from "#apimachinery/object.ts";
import {
  connected,
  containerOf,
  onNode,
  protocolOf,
  requireStreams,
  streamsOf,
} from "./connect.ts";
import { remoteCommandProtocols } from "./remote-command.ts";
import { connectVerb, type Stream } from "./stream.ts";

export const attach: Stream = {
  resource: "pods",
  subresource: "attach",
  methods: ["GET", "POST"],
  verb: connectVerb,
  async open(call) {
    const { query, headers, api } = call;
    const streams = streamsOf(query);
    const asked = query.get("container") ?? "";
    const pod = await connected(call, {
      apiVersion: "v1",
      kind: "PodAttachOptions",
      metadata: {},
      ...streams,
      ...(asked === "" ? {} : { container: asked }),
    } as KubeObject);
    const container = containerOf(pod, asked);
    onNode(pod);
    requireStreams(streams);
    const protocol = protocolOf(headers, remoteCommandProtocols);
    return api.kubelet.attach(pod, { container, ...streams, protocol });
  },
};
