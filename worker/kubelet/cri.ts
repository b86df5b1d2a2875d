/**
 * The Container Runtime Interface as the kubelet speaks it: RuntimeService and ImageService, both on
 * the node. A call answers at once with what the runtime will have done by `doneMs`; the kubelet
 * comes back then. Every call leaves a fact.
 * Upstream: cri-api/pkg/apis/services.go.
 */
import type { Fact, FactData } from "#apimachinery/trace.ts";

export type CriCall =
  | "RunPodSandbox"
  | "StopPodSandbox"
  | "RemovePodSandbox"
  | "ImageStatus"
  | "PullImage"
  | "CreateContainer"
  | "StartContainer"
  | "UpdateContainerResources"
  | "StopContainer"
  | "RemoveContainer"
  | "Exec"
  | "Attach"
  | "PortForward";

const readOnly: ReadonlySet<CriCall> = new Set<CriCall>([
  "ImageStatus",
  "Exec",
  "Attach",
  "PortForward",
]);

/** The fact of one call about a Pod (`pods/<namespace>/<name>`). */
export const criFact = (
  call: CriCall,
  obj: string,
  said: Pick<FactData["cri"], "node" | "args"> & {
    readonly attempt?: number;
    readonly error?: string;
  },
): Fact => ({
  type: "cri",
  obj,
  data: {
    call,
    mutates: !readOnly.has(call),
    attempt: said.attempt ?? 0,
    node: said.node,
    args: said.args,
    error: said.error ?? "",
  },
});

/** An id as people read it in a log. */
export const short = (id: string): string => id.slice(0, 13);
