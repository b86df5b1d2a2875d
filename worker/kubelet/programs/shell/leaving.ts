/** What ends more than one command: thrown inside of a script, caught where it ends. */

/** The shell ends. */
export class Leaves {
  readonly code: number;
  /** Because of a mistake: a shell that somebody types into goes on. */
  readonly isError: boolean;
  constructor(code: number, { isError = false }: { readonly isError?: boolean } = {}) {
    this.code = code;
    this.isError = isError;
  }
}
/** The function ends. */
export class Returns {}
/** `break` and `continue`: how many loops are left still. */
export class Breaks {
  readonly goesOn: boolean;
  readonly loops: number;
  constructor(goesOn: boolean, loops: number) {
    this.goesOn = goesOn;
    this.loops = loops;
  }
}
/** The terminal's Ctrl-C ends what runs. */
export class Interrupted {}

/** 128 + SIGINT. */
export const interruptedCode = 130;
