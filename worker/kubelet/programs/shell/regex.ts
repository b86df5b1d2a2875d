/**
 * Regular expressions as grep and sed read them, basic and extended. Not the engine's own: a pattern comes from people,
 * and each match here has so many tries and no more.
 * Upstream: POSIX.1-2024 XBD 9.
 */
import { fits } from "./pattern.ts";

const mostTries = 100_000;

type Node =
  | { readonly one: (c: string) => boolean }
  | { readonly at: "start" | "end" }
  | { readonly back: number }
  | { readonly group: Alternatives; readonly number: number }
  | { readonly repeat: Node; readonly least: number; readonly most: number };
type Alternatives = readonly (readonly Node[])[];

export interface Match {
  readonly from: number;
  readonly to: number;
  /** The whole, then what each group took. */
  readonly groups: readonly string[];
}
/** The leftmost match from a place on; undefined: none. */
export type Regex = (text: string, from: number) => Match | undefined;

interface Options {
  readonly isExtended: boolean;
  readonly ignoresCase: boolean;
}

class Reader {
  readonly #text: string;
  readonly #options: Options;
  #at = 0;
  #groups = 0;
  constructor(text: string, options: Options) {
    this.#text = text;
    this.#options = options;
  }

  alternatives(depth = 0): Alternatives {
    const all: (readonly Node[])[] = [];
    for (;;) {
      all.push(this.#branch(depth));
      if (!this.#takes("|")) return all;
    }
  }

  /** An operator: with a backslash in basic ones, without in extended ones. */
  #takes(operator: string): boolean {
    const written = this.#options.isExtended ? operator : `\\${operator}`;
    if (!this.#text.startsWith(written, this.#at)) return false;
    this.#at += written.length;
    return true;
  }
  #isNext(operator: string): boolean {
    return this.#text.startsWith(this.#options.isExtended ? operator : `\\${operator}`, this.#at);
  }

  #branch(depth: number): readonly Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#text.length && !this.#isNext("|")) {
      if (depth > 0 && this.#isNext(")")) break;
      nodes.push(this.#repeated(this.#atom(depth, nodes.length === 0)));
    }
    return nodes;
  }

  #repeated(node: Node): Node {
    let made = node;
    for (;;) {
      if (this.#text[this.#at] === "*") {
        this.#at += 1;
        made = { repeat: made, least: 0, most: Number.POSITIVE_INFINITY };
      } else if (this.#takes("+"))
        made = { repeat: made, least: 1, most: Number.POSITIVE_INFINITY };
      else if (this.#takes("?")) made = { repeat: made, least: 0, most: 1 };
      else if (this.#isNext("{")) {
        const form = this.#options.isExtended ? /^\{(\d+)(,?)(\d*)\}/ : /^\\\{(\d+)(,?)(\d*)\\\}/;
        const found = form.exec(this.#text.slice(this.#at, this.#at + 20));
        if (found === null) return made;
        const [whole, least = "0", comma, most] = found;
        this.#at += whole.length;
        made = {
          repeat: made,
          least: Number(least),
          most: comma === "" ? Number(least) : most ? Number(most) : Number.POSITIVE_INFINITY,
        };
      } else return made;
    }
  }

  #atom(depth: number, isFirst: boolean): Node {
    if (this.#takes("(")) {
      const number = ++this.#groups;
      const group = this.alternatives(depth + 1);
      this.#takes(")");
      return { group, number };
    }
    const c = this.#text[this.#at++] ?? "";
    if (c === "^" && (isFirst || this.#options.isExtended)) return { at: "start" };
    if (c === "$" && (this.#at === this.#text.length || this.#isNext(")") || this.#isNext("|")))
      return { at: "end" };
    if (c === ".") return { one: () => true };
    if (c === "[") return this.#set();
    if (c !== "\\") return this.#letter(c);
    const escaped = this.#text[this.#at++] ?? "\\";
    if (/[1-9]/.test(escaped)) return { back: Number(escaped) };
    const named = classes[escaped];
    return named === undefined ? this.#letter(escaped) : { one: (one) => named.test(one) };
  }

  #letter(c: string): Node {
    if (!this.#options.ignoresCase) return { one: (one) => one === c };
    return { one: (one) => one.toLowerCase() === c.toLowerCase() };
  }

  #set(): Node {
    let end = this.#at + (/^\^?\]/.exec(this.#text.slice(this.#at))?.[0].length ?? 0);
    while (end < this.#text.length && this.#text[end] !== "]")
      end += this.#text.startsWith("[:", end) ? this.#text.indexOf(":]", end) - end + 2 : 1;
    const set = `[${this.#text.slice(this.#at, end)}]`;
    this.#at = end + 1;
    const isIn = (c: string): boolean => fits(c, set);
    return this.#options.ignoresCase
      ? { one: (c) => isIn(c.toLowerCase()) || isIn(c.toUpperCase()) }
      : { one: isIn };
  }
}
const classes: Readonly<Record<string, RegExp>> = { w: /\w/, W: /\W/, s: /\s/, S: /\S/, d: /\d/ };

export function regex(
  pattern: string,
  { isExtended = false, ignoresCase = false }: Partial<Options> = {},
): Regex {
  const tree = new Reader(pattern, { isExtended, ignoresCase }).alternatives();
  return (text, from) => {
    const matching = new Matching(text);
    for (let at = from; at <= text.length; at += 1) {
      const to = matching.from(tree, at);
      if (to !== undefined)
        return { from: at, to, groups: [text.slice(at, to), ...matching.groups] };
    }
    return undefined;
  };
}

type Goes = (at: number) => boolean;

class Matching {
  readonly #text: string;
  #tries = 0;
  groups: string[] = [];
  constructor(text: string) {
    this.#text = text;
  }

  from(tree: Alternatives, at: number): number | undefined {
    this.groups = [];
    let end: number | undefined;
    this.#any(tree, at, (to) => {
      end = to;
      return true;
    });
    return end;
  }

  #any(tree: Alternatives, at: number, next: Goes): boolean {
    return tree.some((nodes) => this.#all(nodes, 0, at, next));
  }
  #all(nodes: readonly Node[], index: number, at: number, next: Goes): boolean {
    const node = nodes[index];
    if (node === undefined) return next(at);
    return this.#one(node, at, (to) => this.#all(nodes, index + 1, to, next));
  }
  #one(node: Node, at: number, next: Goes): boolean {
    if (++this.#tries > mostTries) return false;
    if ("one" in node)
      return at < this.#text.length && node.one(this.#text[at] ?? "") && next(at + 1);
    if ("at" in node) return at === (node.at === "start" ? 0 : this.#text.length) && next(at);
    if ("back" in node) {
      const text = this.groups[node.back - 1] ?? "";
      return this.#text.startsWith(text, at) && next(at + text.length);
    }
    if ("group" in node) {
      const before = this.groups[node.number - 1];
      const isFound = this.#any(node.group, at, (to) => {
        this.groups[node.number - 1] = this.#text.slice(at, to);
        return next(to);
      });
      if (!isFound && before !== undefined) this.groups[node.number - 1] = before;
      return isFound;
    }
    return this.#times(node, 0, at, next);
  }
  /** As many as there are, then fewer. */
  #times(node: Extract<Node, { repeat: Node }>, count: number, at: number, next: Goes): boolean {
    if ("one" in node.repeat) return this.#run(node.repeat.one, node, at, next);
    if (count < node.most) {
      const isMore = this.#one(
        node.repeat,
        at,
        (to) => to > at && this.#times(node, count + 1, to, next),
      );
      if (isMore) return true;
    }
    return count >= node.least && next(at);
  }
  #run(
    one: (c: string) => boolean,
    { least, most }: { readonly least: number; readonly most: number },
    at: number,
    next: Goes,
  ): boolean {
    let count = 0;
    while (count < most && at + count < this.#text.length && one(this.#text[at + count] ?? ""))
      count += 1;
    for (; count >= least; count -= 1) {
      if (++this.#tries > mostTries) return false;
      if (next(at + count)) return true;
    }
    return false;
  }
}
