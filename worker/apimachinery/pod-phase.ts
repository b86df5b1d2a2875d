/** Upstream: pkg/api/v1/pod/util.go IsPodTerminal. */
import type { V1Pod } from "./api/core-v1.ts";

/** Succeeded or Failed: it runs no more, and never again. */
export const isTerminal = ({ status }: Pick<V1Pod, "status">): boolean =>
  status?.phase === "Succeeded" || status?.phase === "Failed";
