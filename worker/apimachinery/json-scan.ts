/**
 * What `JSON.parse` does not tell: where a text goes wrong in Go's words, and which fields stand in it twice.
 * Upstream: Go's encoding/json scanner.go, sigs.k8s.io/json kubernetes_patch.go.
 */

/**
 * How deep a value may nest.
 * Differs: upstream allows 10,000, because Go's stacks grow and this one's do not.
 */
const deepest = 1000;
/** Upstream keeps no more findings. */
const mostDuplicates = 100;

export interface JsonScan {
  /** `unexpected end of JSON input`; undefined: the text is one JSON value. */
  readonly error: string | undefined;
  /** Paths as upstream prints them: `spec.containers[0].image`. */
  readonly duplicates: readonly string[];
}

class Wrong extends Error {}

export function scanJson(text: string): JsonScan {
  const scanner = new Scanner(text);
  try {
    scanner.whole();
    return { error: undefined, duplicates: [...scanner.duplicates] };
  } catch (error) {
    if (error instanceof Wrong) return { error: error.message, duplicates: [] };
    throw error;
  }
}

const escapes = '"\\/bfnrt';
const isDigit = (char: string): boolean => char >= "0" && char <= "9" && char !== "";

class Scanner {
  readonly duplicates = new Set<string>();
  readonly #text: string;
  #at = 0;
  #depth = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    this.#space();
    this.#value("");
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected("after top-level value");
  }

  #value(path: string): void {
    const char = this.#char();
    if (char === "{") this.#nested(() => this.#object(path));
    else if (char === "[") this.#nested(() => this.#array(path));
    else if (char === '"') this.#string();
    else if (char === "-" || isDigit(char)) this.#number();
    else if (char === "t") this.#literal("true");
    else if (char === "f") this.#literal("false");
    else if (char === "n") this.#literal("null");
    else throw this.#unexpected("looking for beginning of value");
  }

  #nested(read: () => void): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#unexpected("exceeded max depth");
    this.#at += 1;
    read();
    this.#depth -= 1;
  }

  #object(path: string): void {
    const keys = new Set<string>();
    this.#space();
    if (this.#char() === "}") {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#space();
      if (this.#char() !== '"')
        throw this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      const at = path === "" ? key : `${path}.${key}`;
      if (keys.has(key) && this.duplicates.size < mostDuplicates) this.duplicates.add(at);
      keys.add(key);
      this.#space();
      if (this.#char() !== ":") throw this.#unexpected("after object key");
      this.#at += 1;
      this.#space();
      this.#value(at);
      this.#space();
      const next = this.#char();
      if (next !== "," && next !== "}") throw this.#unexpected("after object key:value pair");
      this.#at += 1;
      if (next === "}") return;
    }
  }

  #array(path: string): void {
    this.#space();
    if (this.#char() === "]") {
      this.#at += 1;
      return;
    }
    for (let i = 0; ; i += 1) {
      this.#space();
      this.#value(`${path}[${i}]`);
      this.#space();
      const next = this.#char();
      if (next !== "," && next !== "]") throw this.#unexpected("after array element");
      this.#at += 1;
      if (next === "]") return;
    }
  }

  /** The string's value. */
  #string(): string {
    const from = this.#at;
    this.#at += 1;
    let plain = true;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x22) break;
      if (code === 0x5c) {
        plain = false;
        this.#escape();
      } else if (code < 0x20 || Number.isNaN(code)) throw this.#unexpected("in string literal");
      else this.#at += 1;
    }
    this.#at += 1;
    const literal = this.#text.slice(from, this.#at);
    return plain ? literal.slice(1, -1) : (JSON.parse(literal) as string);
  }

  #escape(): void {
    this.#at += 1;
    const char = this.#char();
    if (char === "u") {
      for (let n = 0; n < 4; n += 1) {
        this.#at += 1;
        if (!/^[0-9a-fA-F]$/.test(this.#char()))
          throw this.#unexpected(String.raw`in \u hexadecimal character escape`);
      }
    } else if (char === "" || !escapes.includes(char))
      throw this.#unexpected("in string escape code");
    this.#at += 1;
  }

  #number(): void {
    if (this.#char() === "-") this.#at += 1;
    if (this.#char() === "0") this.#at += 1;
    else this.#digits("in numeric literal");
    if (this.#char() === ".") {
      this.#at += 1;
      this.#digits("after decimal point in numeric literal");
    }
    if (this.#char() === "e" || this.#char() === "E") {
      this.#at += 1;
      if (this.#char() === "+" || this.#char() === "-") this.#at += 1;
      this.#digits("in exponent of numeric literal");
    }
  }
  #digits(where: string): void {
    if (!isDigit(this.#char())) throw this.#unexpected(where);
    while (isDigit(this.#char())) this.#at += 1;
  }

  #literal(word: string): void {
    for (const letter of word) {
      if (this.#char() !== letter)
        throw this.#unexpected(`in literal ${word} (expecting '${letter}')`);
      this.#at += 1;
    }
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }
  #char(): string {
    return this.#text.charAt(this.#at);
  }

  #unexpected(where: string): Wrong {
    const char = this.#char();
    if (char === "") return new Wrong("unexpected end of JSON input");
    return new Wrong(`invalid character ${quoted(char)} ${where}`);
  }
}

/** As Go quotes a character. */
function quoted(char: string): string {
  if (char === "'") return String.raw`'\''`;
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
