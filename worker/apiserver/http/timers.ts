/** Wall time for streams: given from outside, because nothing in the API server may read a clock. */
export interface Timers {
  /** Once, after `delayMs`, unless the result is called first. */
  after(delayMs: number, run: () => void): () => void;
  /** Each `periodMs` until the result is called. */
  every(periodMs: number, tick: () => void): () => void;
}
