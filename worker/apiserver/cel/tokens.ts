/** Expressions as tokens, for what is rewritten before it is parsed; and where in the text that was written its places are. */
import type { Source } from "./failure.ts";

const tokens =
  /\s+|\/\/[^\n]*|(?:[rR]|[bB]|[rR][bB])?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?:Object|JSONPatch)(?:\s*\.\s*[A-Za-z_]\w*)*\s*\{|[A-Za-z_]\w*|[\d.]+\w*|[\s\S]/g;

/** A message's name stands together with its bracket. */
export const tokensOf = (expression: string): readonly string[] => expression.match(tokens) ?? [];
export const isBlank = (token: string): boolean => /^\s|^\/\//.test(token);

/** Where tokens stand in both texts. */
export class Places {
  readonly #text: string;
  readonly #all: { made: number; readonly written: number; inserted: number }[] = [];
  #written = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** In their order. `made`: where the token stands in the new text. */
  add(made: number, token: string): void {
    this.#all.push({ made, written: this.#written, inserted: 0 });
    this.#written += token.length;
  }
  /** Before the last token something stands that nobody wrote. */
  insert(length: number): void {
    const last = this.#all.at(-1);
    if (last !== undefined) last.inserted += length;
  }

  source(): Source {
    const at = (place: number): number => {
      const token = this.#all.findLast((one) => one.made <= place);
      if (token === undefined) return place;
      const next =
        this.#all.find((one) => one.written > token.written)?.written ?? this.#text.length;
      const within = Math.max(place - token.made - token.inserted, 0);
      return Math.min(token.written + within, Math.max(next - 1, token.written));
    };
    return { text: this.#text, at };
  }
}

/** A text that was rewritten twice. */
export const through = (
  first: Source | undefined,
  second: Source | undefined,
): Source | undefined =>
  first === undefined || second === undefined
    ? (first ?? second)
    : { text: first.text, at: (offset) => first.at(second.at(offset)) };
