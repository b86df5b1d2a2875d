/**
 * A terminal's line discipline: what is typed is shown and gathered to lines, Ctrl-C interrupts, Ctrl-D ends
 * the input. Upstream: Linux' n_tty.c, canonical mode with echo.
 */
import { textOf } from "#apimachinery/byte-text.ts";
import type { Input } from "#kubelet/programs/shell/input.ts";

const backspace = "\b \b";
const deletion = "\u007F";
const escape = "\u001B";
/** What follows the escape character: arrows and the like. */
const sequence = /^(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])/;
const mostLines = 50;

export class Terminal {
  readonly #input: Input;
  readonly #show: (text: string) => void;
  #line = "";
  readonly #history: string[] = [];
  #at = 0;

  /** `show`: what the person sees of the typing. */
  constructor(input: Input, show: (text: string) => void, line = "") {
    this.#input = input;
    this.#show = show;
    this.#line = line;
  }

  /** Typed and not sent yet. */
  get line(): string {
    return this.#line;
  }

  type(bytes: Uint8Array): void {
    const text = textOf(bytes);
    let letters = "";
    for (let at = 0; at < text.length;) {
      const key = keyAt(text, at);
      at += key.length;
      if (key >= " " && key !== deletion) {
        letters += key;
        continue;
      }
      this.#add(letters);
      letters = "";
      actions[key]?.(this);
    }
    this.#add(letters);
  }

  #add(letters: string): void {
    if (letters === "") return;
    this.#line += letters;
    this.#show(letters);
  }

  enter(): void {
    this.#show("\r\n");
    if (this.#line.trim() !== "") this.#history.push(this.#line);
    if (this.#history.length > mostLines) this.#history.shift();
    this.#at = this.#history.length;
    this.#input.text += `${this.#line}\n`;
    this.#line = "";
  }
  interrupt(): void {
    this.#show("^C\r\n");
    this.#line = "";
    this.#input.text = "";
    this.#input.interrupted = true;
  }
  end(): void {
    if (this.#line === "") this.#input.ended = true;
    this.#input.text += this.#line;
    this.#line = "";
  }
  erase(pattern: RegExp): void {
    const kept = this.#line.replace(pattern, "");
    this.#show(backspace.repeat(Array.from(this.#line).length - Array.from(kept).length));
    this.#line = kept;
  }
  /** The line typed before, or after. */
  recall(step: -1 | 1): void {
    const at = Math.max(0, Math.min(this.#history.length, this.#at + step));
    if (at === this.#at) return;
    this.erase(/.*/su);
    this.#at = at;
    this.#line = this.#history[at] ?? "";
    this.#show(this.#line);
  }
  clear(): void {
    this.#show(`\u001B[H\u001B[2J${this.#line}`);
  }
}

const actions: Readonly<Record<string, (terminal: Terminal) => void>> = {
  "\r": (terminal) => terminal.enter(),
  "\n": (terminal) => terminal.enter(),
  "\u0003": (terminal) => terminal.interrupt(),
  "\u0004": (terminal) => terminal.end(),
  [deletion]: (terminal) => terminal.erase(/.$/su),
  "\b": (terminal) => terminal.erase(/.$/su),
  "\u0015": (terminal) => terminal.erase(/.*/su),
  "\u0017": (terminal) => terminal.erase(/\S*\s*$/u),
  "\u000C": (terminal) => terminal.clear(),
  [`${escape}[A`]: (terminal) => terminal.recall(-1),
  [`${escape}[B`]: (terminal) => terminal.recall(1),
};

/** One character, or an escape sequence as a whole. */
function keyAt(text: string, at: number): string {
  if (text[at] === escape) return escape + (sequence.exec(text.slice(at + 1, at + 12))?.[0] ?? "");
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}
