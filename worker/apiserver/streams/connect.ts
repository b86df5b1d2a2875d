/**
 * Opening a connection to a Pod: gates 1 to 6 over its options, then the subprotocol.
 * Differs: upgrades to SPDY are refused with 400, because a Worker does not see them; clients try a WebSocket first.
 * Upstream: apiserver/pkg/endpoints/handlers/rest.go ConnectResource, pkg/registry/core/pod/rest/{subresources,authorize}.go.
 */
import type { V1Container, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest, notFound } from "#apimachinery/status.ts";
import { handled } from "#apiserver/awaiting.ts";
import { storageKey } from "#apiserver/registry.ts";
import type { StreamCall } from "./stream.ts";

/** Lets the request through all gates; the Pod it goes to. Throws StatusError. */
export async function connected(call: StreamCall, options: KubeObject): Promise<V1Pod> {
  const { request, api } = call;
  await handled((one) => api.connect(one, options), request);
  return podOf(call);
}

/** `connected` for a container: what exec and attach have in common. Throws StatusError. */
export async function connectedContainer(
  call: StreamCall,
  kind: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly pod: V1Pod; readonly container: string; readonly streams: Streams }> {
  const streams = streamsOf(call.query);
  const asked = call.query.get("container") ?? "";
  const named = asked === "" ? {} : { container: asked };
  const options = { apiVersion: "v1", kind, metadata: {}, ...streams, ...named, ...more };
  const pod = await connected(call, options as KubeObject);
  const container = containerOf(pod, asked);
  onNode(pod);
  requireStreams(streams);
  return { pod, container, streams };
}

/** Throws 404. */
export function podOf({ request: { info }, api }: StreamCall): V1Pod {
  const resource = api.resource(info);
  const pod = api.world.store.get(storageKey(resource, info.namespace, info.name))?.value as
    | V1Pod
    | undefined;
  if (pod === undefined) throw notFound(resource.groupResource, info.name);
  return pod;
}

/** The container that is meant. Upstream: pkg/registry/core/pod/strategy.go validateContainer. */
export function containerOf(pod: V1Pod, asked: string): string {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const name = pod.metadata.name ?? "";
  const all = [
    ...containers,
    ...initContainers,
    ...(ephemeralContainers as unknown as V1Container[]),
  ];
  if (asked !== "") {
    if (!all.some((one) => one.name === asked))
      throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  const wished = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (wished && containers.some((one) => one.name === wished)) return wished;
  const [only] = containers;
  if (containers.length === 1 && only !== undefined && initContainers.length === 0)
    return only.name;
  const inits =
    initContainers.length > 0
      ? ` or one of the init containers: [${initContainers.map((one) => one.name).join(" ")}]`
      : "";
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.map((one) => one.name).join(" ")}]${inits}`,
  );
}

export function onNode(pod: V1Pod): void {
  if (!pod.spec?.nodeName)
    throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}

/**
 * The best subprotocol that both sides know. Throws 400 for what is no WebSocket: SPDY cannot be served here,
 * and clients that try a WebSocket first show this as their last word.
 */
export function protocolOf<T extends string>(headers: Headers, served: readonly T[]): T {
  if (headers.get("upgrade")?.toLowerCase() !== "websocket")
    throw badRequest(
      "Upgrade request required: of the upgrades, WebSocket is served (kubectl 1.31 and newer ask for it)",
    );
  const wanted = (headers.get("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
  const chosen = served.find((one) => wanted.includes(one));
  if (chosen === undefined)
    throw badRequest(
      `unable to upgrade: none of the subprotocols is served, choose one of: ${served.join(", ")}`,
    );
  return chosen;
}

const isTrue = (query: URLSearchParams, name: string): boolean =>
  ["true", "1", ""].includes(query.get(name) ?? "false");

export interface Streams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Upstream: pkg/kubelet/cri/streaming/remotecommand/httpstream.go NewOptions. */
function streamsOf(query: URLSearchParams): Streams {
  const tty = isTrue(query, "tty");
  const streams = {
    tty,
    stdin: isTrue(query, "stdin"),
    stdout: isTrue(query, "stdout"),
    // A terminal has one output.
    stderr: isTrue(query, "stderr") && !tty,
  };
  return streams;
}
function requireStreams({ stdin, stdout, stderr }: Streams): void {
  if (!stdin && !stdout && !stderr)
    throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
}
