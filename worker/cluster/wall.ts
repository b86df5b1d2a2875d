/**
 * Wall time: the one place in the cluster that may read a clock or hold a timer.
 * Tokens, watch timeouts, bookmarks and expiry use it; nothing that a replay must repeat does.
 */
export const wallMs = (): number => Date.now();

/** Lets requests in between two slices; `await null` would not (workerd, compatibility date 2026-10-23). */
export const yieldTurn = (): Promise<void> => scheduler.wait(0);

/** Calls `tick` each `periodMs` until the returned function is called. */
export function every(periodMs: number, tick: () => void): () => void {
  const timer = setInterval(tick, periodMs);
  return () => clearInterval(timer);
}

/** Calls `run` once after `delayMs` unless the returned function is called first. */
export function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
