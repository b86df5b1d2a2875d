/** One path of a kubelet's own server (https://<node>:10250). Upstream: pkg/kubelet/server/server.go. */
import type { HttpAnswer } from "#network/connection.ts";
import type { Kubelets } from "#kubelet/kubelet.ts";
import type { NodeView } from "#kubelet/worker.ts";

export interface EndpointWorld {
  readonly kubelets: Kubelets;
  readonly node: NodeView;
  /** Cluster time. */
  readonly nowMs: number;
}
export interface Endpoint {
  readonly path: string;
  answer(world: EndpointWorld): HttpAnswer;
}

export const text = (body: string): HttpAnswer => ({
  status: 200,
  body,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
});
export const json = (value: unknown): HttpAnswer => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { "Content-Type": "application/json" },
});
