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
  readonly duplicates: readonly Duplicate[];
}
/** A field that stands in its object already. */
export interface Duplicate {
  /** As upstream prints it: `spec.containers[0].image`. */
  readonly path: string;
  /** How many fields stand before it, counted as `fieldsBefore` does. */
  readonly behind: number;
}

class Wrong extends Error {}

/**
 * The value of a text that is right and in which no field can stand twice, because it has no more colons behind
 * quotes than the value has fields. Undefined: `scanJson` has to look. A fraction of what that costs.
 */
export function plainValue(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Where space may stand before a colon, colons are not counted.
  if (mayBeTooDeep(text) || spacedColon.some((spaced) => text.includes(spaced))) return undefined;
  return count(text, '":') === fieldsIn(value) ? value : undefined;
}
const spacedColon = [" :", "\n:", "\r:", "\t:"];

/** A text with fewer brackets cannot nest deeper. */
const mayBeTooDeep = (text: string): boolean =>
  text.length > deepest && count(text, "{") + count(text, "[") > deepest;
function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found += 1;
  return found;
}
function fieldsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let found = 0;
  if (Array.isArray(value)) for (const item of value) found += fieldsIn(item);
  else for (const one of Object.values(value)) found += 1 + fieldsIn(one);
  return found;
}

/** How many fields of a parsed text stand before each path, in the order of their first appearance. */
export function fieldsBefore(
  value: unknown,
  paths: readonly string[],
): ReadonlyMap<string, number> {
  const wanted = new Set(paths);
  const found = new Map<string, number>();
  const path: (string | number)[] = [];
  let passed = 0;
  const pass = (name: string | number, inner: unknown): void => {
    path.push(name);
    if (typeof name === "string") {
      const at = printed(path);
      if (wanted.has(at)) found.set(at, passed);
      passed += 1;
    }
    walk(inner);
    path.pop();
  };
  const walk = (one: unknown): void => {
    if (typeof one !== "object" || one === null) return;
    if (Array.isArray(one)) for (const [i, item] of one.entries()) pass(i, item);
    else for (const [name, inner] of Object.entries(one)) pass(name, inner);
  };
  walk(value);
  return found;
}

export function scanJson(text: string): JsonScan {
  const scanner = new Scanner(text);
  try {
    scanner.whole();
    return { error: undefined, duplicates: [...scanner.duplicates.values()] };
  } catch (error) {
    if (error instanceof Wrong) return { error: error.message, duplicates: [] };
    throw error;
  }
}

const escapes = '"\\/bfnrt';
const isDigit = (char: string): boolean => char >= "0" && char <= "9" && char !== "";

/** What stands for itself in a string. */
const plainText = /[ !#-[\]-\uffff]+/y;

const printed = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`,
    "",
  );

class Scanner {
  readonly duplicates = new Map<string, Duplicate>();
  readonly #text: string;
  /** Names and indexes that lead to where it reads: what is open now. */
  readonly #path: (string | number)[] = [];
  #at = 0;
  #depth = 0;
  #fields = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    this.#space();
    this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected("after top-level value");
  }

  #value(): void {
    const char = this.#char();
    if (char === "{") this.#object();
    else if (char === "[") this.#array();
    else if (char === '"') this.#string();
    else if (char === "-" || isDigit(char)) this.#number();
    else if (char === "t") this.#literal("true");
    else if (char === "f") this.#literal("false");
    else if (char === "n") this.#literal("null");
    else throw this.#unexpected("looking for beginning of value");
  }

  /** Behind the bracket that opens; true: the next one closes it again. */
  #open(close: string): boolean {
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#unexpected("exceeded max depth");
    this.#at += 1;
    this.#space();
    return this.#char() === close;
  }
  #close(): void {
    this.#depth -= 1;
    this.#at += 1;
  }

  #object(): void {
    const keys = new Set<string>();
    const path = this.#path;
    let closed = this.#open("}");
    while (!closed) {
      this.#space();
      if (this.#char() !== '"')
        throw this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      path.push(key);
      if (keys.has(key)) this.#twice(printed(path));
      else this.#fields += 1;
      keys.add(key);
      this.#space();
      if (this.#char() !== ":") throw this.#unexpected("after object key");
      this.#at += 1;
      this.#space();
      this.#value();
      path.pop();
      closed = this.#isLast("}", "after object key:value pair");
    }
    this.#close();
  }

  #twice(path: string): void {
    if (this.duplicates.size < mostDuplicates && !this.duplicates.has(path))
      this.duplicates.set(path, { path, behind: this.#fields });
  }

  #array(): void {
    const path = this.#path;
    let closed = this.#open("]");
    for (let i = 0; !closed; i += 1) {
      this.#space();
      path.push(i);
      this.#value();
      path.pop();
      closed = this.#isLast("]", "after array element");
    }
    this.#close();
  }

  /** Behind a comma; or true, before the bracket that closes. */
  #isLast(close: string, where: string): boolean {
    this.#space();
    const next = this.#char();
    if (next === close) return true;
    if (next !== ",") throw this.#unexpected(where);
    this.#at += 1;
    return false;
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
      else {
        plainText.lastIndex = this.#at;
        plainText.test(this.#text);
        this.#at = plainText.lastIndex;
      }
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
