/** pods/<name>/exec: a command in a container. Upstream: pkg/registry/core/pod/rest/subresources.go ExecREST. */
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest } from "#apimachinery/status.ts";
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

export const exec: Stream = {
  resource: "pods",
  subresource: "exec",
  methods: ["GET", "POST"],
  verb: connectVerb,
  async open(call) {
    const { query, headers, api } = call;
    const streams = streamsOf(query);
    const command = query.getAll("command");
    const asked = query.get("container") ?? "";
    const pod = await connected(call, {
      apiVersion: "v1",
      kind: "PodExecOptions",
      metadata: {},
      ...streams,
      ...(asked === "" ? {} : { container: asked }),
      command,
    } as KubeObject);
    const container = containerOf(pod, asked);
    onNode(pod);
    requireStreams(streams);
    if (command.length === 0)
      throw badRequest("you must specify at least 1 command for the container");
    const protocol = protocolOf(headers, remoteCommandProtocols);
    return api.kubelet.exec(pod, { container, command, ...streams, protocol });
  },
};
