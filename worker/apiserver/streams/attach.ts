/** pods/<name>/attach: the container's own first process. Upstream: pkg/registry/core/pod/rest/subresources.go AttachREST. */
import { connectedContainer, protocolOf } from "./connect.ts";
import { remoteCommandProtocols } from "./remote-command.ts";
import { connectVerb, type Stream } from "./stream.ts";

export const attach: Stream = {
  resource: "pods",
  subresource: "attach",
  methods: ["GET", "POST"],
  verb: connectVerb,
  async open(call) {
    const { headers, api } = call;
    const { pod, container, streams } = await connectedContainer(call, "PodAttachOptions");
    const protocol = protocolOf(headers, remoteCommandProtocols);
    return api.kubelet.attach(pod, { container, ...streams, protocol });
  },
};
