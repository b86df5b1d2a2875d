/**
 * What a live process reads: a pipe that fills and closes, or the lines of a terminal. Who drives the process
 * writes here; the shell takes from it and waits while there is nothing.
 */
export class Input {
  readonly isTerminal: boolean;
  /** What has come and was not read. */
  text = "";
  /** Nothing more will come. */
  closed = false;
  /** Ctrl-D: who reads now is at its end, the next one is not. */
  ended = false;
  /** Ctrl-C. */
  interrupted = false;
  /** Of the terminal, once it has told. */
  size: { readonly rows: number; readonly columns: number } | undefined;
  /** How long the process has run by the cluster's clock. */
  elapsedMs = 0;

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  get isOver(): boolean {
    return this.closed || this.ended;
  }
  /** All there is. */
  take(): string {
    const { text } = this;
    this.text = "";
    if (text === "") this.ended = false;
    return text;
  }
  /** The next line, without its end; undefined at the end of the input. Ask when there is one, or `isOver`. */
  takeLine(): string | undefined {
    const end = this.text.indexOf("\n");
    if (end < 0 && this.text === "") {
      this.ended = false;
      return undefined;
    }
    const line = end < 0 ? this.text : this.text.slice(0, end);
    this.text = end < 0 ? "" : this.text.slice(end + 1);
    return line;
  }
}
