/**
 * The two back-offs of a kubelet, restarting containers and pulling images: 10 s, doubled, at most 5 min,
 * forgotten after 10 min without a failure.
 * Upstream: client-go/util/flowcontrol/backoff.go; pkg/kubelet/kuberuntime doBackOff.
 */
import type { BackOff } from "./pod-record.ts";

const firstMs = 10_000;
const maxMs = 300_000;

const expired = (entry: BackOff, atMs: number): boolean => atMs - entry.updatedMs > 2 * maxMs;

/** The entry after one more try at `atMs`. */
export const nextBackOff = (entry: BackOff | undefined, atMs: number): BackOff =>
  entry === undefined || expired(entry, atMs)
    ? { ms: firstMs, updatedMs: atMs }
    : { ms: Math.min(entry.ms * 2, maxMs), updatedMs: atMs };

/** Until when a failure at `failedMs` forbids another try; 0 when it may be tried at once. */
export const backOffEnds = (entry: BackOff | undefined, failedMs: number): number =>
  entry === undefined || expired(entry, failedMs) ? 0 : failedMs + entry.ms;
