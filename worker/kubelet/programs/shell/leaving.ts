/** What ends more than one command: thrown inside of a script, caught where it ends. */

/** The shell ends. */
export class Leaves {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
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
