/** pods/<name>/exec: a command in a container. Upstream: pkg/registry/core/pod/rest/subresources.go ExecREST. */
import { badRequest } from "#apimachinery/status.ts";
import { connectedContainer, protocolOf } from "./connect.ts";
import { remoteCommandProtocols } from "./remote-command.ts";
import { connectVerb, type Stream } from "./stream.ts";

export const exec: Stream = {
  resource: "pods",
  subresource: "exec",
  methods: ["GET", "POST"],
  verb: connectVerb,
  async open(call) {
    const { query, headers, api } = call;
    const command = query.getAll("command");
    const { pod, container, streams } = await connectedContainer(call, "PodExecOptions", {
      command,
    });
    if (command.length === 0)
      throw badRequest("you must specify at least 1 command for the container");
    const protocol = protocolOf(headers, remoteCommandProtocols);
    return api.kubelet.exec(pod, { container, command, ...streams, protocol });
  },
};
