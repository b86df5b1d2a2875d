/** A script as data: what the parser makes and the interpreter runs. Plain values, so that a function may be kept. */

/** Of a word; `quoted` parts are neither split nor taken for patterns. */
export type Part = { readonly quoted: boolean } & (
  | { readonly text: string }
  | { readonly parameter: Parameter }
  | { readonly script: Script }
  | { readonly sum: Word }
);
export interface Word {
  readonly parts: readonly Part[];
}
/** `$name`, or `${name<operator>word}`. */
export interface Parameter {
  readonly name: string;
  /** `length`: `${#name}`. */
  readonly operator?: string | undefined;
  readonly word?: Word | undefined;
  /** Of `${name/word/by}`. */
  readonly by?: Word | undefined;
}
/** In order; `fd` is what is redirected. */
export interface Redirection {
  readonly fd: number;
  readonly operator: "<" | ">" | ">>" | ">|" | "<>" | ">&" | "<&" | "<<" | "<<<" | "&>";
  /** A file, a number, or the text of a here-document. */
  readonly target: Word;
}
interface Redirected {
  readonly redirections: readonly Redirection[];
}
export interface Simple extends Redirected {
  readonly kind: "simple";
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
}
export type Node =
  | Simple
  | { readonly kind: "pipe"; readonly stages: readonly Node[] }
  | { readonly kind: "not"; readonly node: Node }
  | ({
      readonly kind: "while";
      readonly until: boolean;
      readonly test: Script;
      readonly body: Script;
    } & Redirected)
  | ({
      readonly kind: "for";
      readonly variable: string;
      /** Undefined: the arguments. */
      readonly words: readonly Word[] | undefined;
      readonly body: Script;
    } & Redirected)
  | ({
      readonly kind: "if";
      readonly test: Script;
      readonly then: Script;
      readonly otherwise: Script;
    } & Redirected)
  | ({
      readonly kind: "case";
      readonly word: Word;
      readonly clauses: readonly { readonly patterns: readonly Word[]; readonly body: Script }[];
    } & Redirected)
  | ({ readonly kind: "group" | "subshell"; readonly body: Script } & Redirected)
  | { readonly kind: "function"; readonly name: string; readonly body: Node };
export interface Step {
  /** When it runs, by the status before it. */
  readonly on: "always" | "success" | "failure";
  readonly node: Node;
  /** `&`. */
  readonly isBackground?: boolean | undefined;
}
export type Script = readonly Step[];

/** What the parser cannot read; the shell would print it and exit 2. */
export class ShellSyntaxError extends Error {
  /** More text could still make it right. */
  readonly isIncomplete: boolean;
  constructor(message: string, isIncomplete = false) {
    super(message);
    this.isIncomplete = isIncomplete;
  }
}
