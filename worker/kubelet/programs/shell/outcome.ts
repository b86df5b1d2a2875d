/** How a command came out. */
export interface Outcome {
  readonly code: number;
  /** On standard output; of a command that failed without an `error`, on standard error. */
  readonly out: string;
  readonly error?: string | undefined;
  /** It changed files. */
  readonly files?: boolean | undefined;
  /** A signal for the container's first process. */
  readonly signal?: string | undefined;
}
export const ok = (out = ""): Outcome => ({ code: 0, out });
export const fails = (out: string, code = 1): Outcome => ({ code, out });
