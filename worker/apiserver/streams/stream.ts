/** A subresource that the API server passes on to the kubelet of the Pod's node. Upstream: apiserver/pkg/registry/rest/response_streamer.go. */
import type { ApiRequest } from "#apiserver/request.ts";
import type { ApiServer } from "#apiserver/server.ts";

export interface StreamCall {
  readonly request: ApiRequest;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** As it came, with its body when the stream is raw. */
  readonly original: Request;
  readonly api: ApiServer;
}
export interface Stream {
  readonly resource: string;
  readonly subresource: string;
  readonly methods: readonly string[];
  /** The verb that gate 2 judges. */
  verb(method: string): string;
  /** Bodies are not the API's own: they are passed on unread. */
  readonly isRaw?: boolean;
  /** Throws StatusError. */
  open(call: StreamCall): Response | Promise<Response>;
}

/** A WebSocket is asked for by GET, SPDY by POST: upstream judges each by its method. */
export const connectVerb = (method: string): string => (method === "POST" ? "create" : "get");
