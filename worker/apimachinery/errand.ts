/** One thing that is waited for outside of the synchronous rooms. */
export interface Errand<T> {
  /** Names it among those of its request, step or command: same id, same question. */
  readonly id: string;
  /** Never rejects for what can go wrong outside: that is an answer too. */
  run(): Promise<T>;
}
