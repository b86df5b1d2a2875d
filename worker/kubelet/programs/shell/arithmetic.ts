/** `$((…))`: integers with C's operators. Upstream: busybox shell/math.c. */

/** What a name stands for, and how it gets another value. */
export interface Numbers {
  get(name: string): number;
  set(name: string, value: number): void;
}

const tokenForm =
  /\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\+\+|--|<<=|>>=|\*\*|<<|>>|[-+*/%&|^<>=!]=|&&|\|\||[-+*/%()<>=!~&|^?:,])/y;

/** By how tightly they bind. */
const levels: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const assigning: ReadonlySet<string> = new Set([
  "=",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "&=",
  "|=",
  "^=",
  "<<=",
  ">>=",
]);

const truth = (holds: boolean): number => (holds ? 1 : 0);
const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  "||": (a, b) => truth(a !== 0 || b !== 0),
  "&&": (a, b) => truth(a !== 0 && b !== 0),
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<": (a, b) => truth(a < b),
  "<=": (a, b) => truth(a <= b),
  ">": (a, b) => truth(a > b),
  ">=": (a, b) => truth(a >= b),
  "<<": (a, b) => a * 2 ** b,
  ">>": (a, b) => Math.floor(a / 2 ** b),
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => Math.trunc(a / b),
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
};

/** Why there is no value; the shell ends with it. */
export class ArithmeticError extends Error {}

/** An empty expression is 0. Throws ArithmeticError. */
export function valueOf(text: string, numbers: Numbers): number {
  const tokens: string[] = [];
  const form = new RegExp(tokenForm);
  for (let at = 0; at < text.trimEnd().length; at = form.lastIndex) {
    form.lastIndex = at;
    const token = form.exec(text)?.[1];
    if (token === undefined) throw new ArithmeticError("arithmetic syntax error");
    tokens.push(token);
  }
  if (tokens.length === 0) return 0;
  const sum = new Sum(tokens, numbers);
  return sum.whole();
}

class Sum {
  readonly #tokens: readonly string[];
  readonly #numbers: Numbers;
  #at = 0;
  constructor(tokens: readonly string[], numbers: Numbers) {
    this.#tokens = tokens;
    this.#numbers = numbers;
  }

  whole(): number {
    let value = this.#choice();
    while (this.#takes(",")) value = this.#choice();
    if (this.#at < this.#tokens.length) throw new ArithmeticError("arithmetic syntax error");
    return value;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #choice(): number {
    const name = this.#tokens[this.#at] ?? "";
    const operator = this.#tokens[this.#at + 1] ?? "";
    if (/^[A-Za-z_]/.test(name) && assigning.has(operator)) {
      this.#at += 2;
      const right = this.#choice();
      const own =
        operator === "="
          ? right
          : this.#apply(operator.slice(0, -1), this.#numbers.get(name), right);
      this.#numbers.set(name, own);
      return own;
    }
    const test = this.#level(0);
    if (!this.#takes("?")) return test;
    const [yes, colon, no] = [this.#choice(), this.#takes(":"), this.#choice()];
    if (!colon) throw new ArithmeticError("arithmetic syntax error");
    return test === 0 ? no : yes;
  }

  #level(level: number): number {
    const operators = levels[level];
    if (operators === undefined) return this.#power();
    let value = this.#level(level + 1);
    for (;;) {
      const operator = this.#tokens[this.#at];
      if (operator === undefined || !operators.includes(operator)) return value;
      this.#at += 1;
      value = this.#apply(operator, value, this.#level(level + 1));
    }
  }

  #power(): number {
    const value = this.#unary();
    return this.#takes("**") ? this.#apply("**", value, this.#power()) : value;
  }

  #apply(operator: string, left: number, right: number): number {
    if ((operator === "/" || operator === "%") && right === 0)
      throw new ArithmeticError("divide by zero");
    return Math.trunc(binary[operator]?.(left, right) ?? 0);
  }

  #unary(): number {
    if (this.#takes("-")) return -this.#unary();
    if (this.#takes("+")) return this.#unary();
    if (this.#takes("!")) return truth(this.#unary() === 0);
    if (this.#takes("~")) return ~this.#unary();
    for (const [operator, by] of [
      ["++", 1],
      ["--", -1],
    ] as const) {
      if (!this.#takes(operator)) continue;
      const name = this.#tokens[this.#at++] ?? "";
      const value = this.#numbers.get(name) + by;
      this.#numbers.set(name, value);
      return value;
    }
    return this.#atom();
  }

  #atom(): number {
    const token = this.#tokens[this.#at++];
    if (token === "(") {
      const value = this.#choice();
      if (!this.#takes(")")) throw new ArithmeticError("arithmetic syntax error");
      return value;
    }
    if (token === undefined || !/^\w/.test(token))
      throw new ArithmeticError("arithmetic syntax error");
    if (/^\d/.test(token)) return /^0\d/.test(token) ? Number.parseInt(token, 8) : Number(token);
    const value = this.#numbers.get(token);
    const by = this.#takes("++") ? 1 : this.#takes("--") ? -1 : 0;
    if (by !== 0) this.#numbers.set(token, value + by);
    return value;
  }
}
