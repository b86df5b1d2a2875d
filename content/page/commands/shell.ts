/**
 * As much of a shell as the lessons' command blocks need: words, quotes, variables, `;`, `&&`, one
 * pipe into `y` or `j`, input from a file. It is not a terminal; that comes with its own interpreter.
 */

export interface Command {
  readonly words: readonly string[];
  /** Words of the command whose output is its input. */
  readonly from?: readonly string[] | undefined;
  /** `< file` */
  readonly input?: string | undefined;
}

export type Variables = Readonly<Record<string, string>>;

const operator = /^(?:&&|\|\||[;|<>&\n])/;

function expand(text: string, variables: Variables): string {
  return text.replaceAll(
    /\$\{?([A-Za-z_]\w*)\}?/g,
    (whole, name: string) => variables[name] ?? whole,
  );
}

/** Words and operators of a line; an operator is returned as `{ op }`. */
function tokens(source: string, variables: Variables): (string | { readonly op: string })[] {
  const found: (string | { readonly op: string })[] = [];
  let word = "";
  let quoted = false;
  const end = (): void => {
    if (word !== "" || quoted) found.push(word);
    word = "";
    quoted = false;
  };
  for (let i = 0; i < source.length;) {
    const rest = source.slice(i);
    const single = /^'([^']*)'/.exec(rest);
    const double = /^"((?:[^"\\]|\\.)*)"/s.exec(rest);
    const symbol = operator.exec(rest);
    const plain = /^[^\s'"\\;|<>&]+/.exec(rest);
    if (rest.startsWith("\\\n")) i += 2;
    else if (rest.startsWith("#") && word === "" && !quoted)
      i += /^[^\n]*/.exec(rest)?.[0].length ?? 1;
    else if (single !== null) {
      word += single[1] ?? "";
      quoted = true;
      i += single[0].length;
    } else if (double !== null) {
      word += expand((double[1] ?? "").replaceAll(/\\(["\\$])/g, "$1"), variables);
      quoted = true;
      i += double[0].length;
    } else if (symbol !== null) {
      end();
      found.push({ op: symbol[0] });
      i += symbol[0].length;
    } else if (plain !== null) {
      word += expand(plain[0], variables);
      i += plain[0].length;
    } else if (/^\s/.test(rest)) {
      end();
      i += 1;
    } else {
      word += rest.startsWith("\\") ? rest.slice(1, 2) : rest.slice(0, 1);
      i += rest.startsWith("\\") ? 2 : 1;
    }
  }
  end();
  return found;
}

/** The commands of a block in order. Throws, in words, at what is not understood. */
export function commandsOf(source: string, variables: Variables): Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  let from: string[] | undefined;
  let input: string | undefined;
  let reading = false;
  const end = (): void => {
    if (words.length > 0) commands.push({ words, from, input });
    words = [];
    from = undefined;
    input = undefined;
  };
  for (const token of tokens(source, variables)) {
    if (typeof token === "string") {
      if (reading) input = token;
      else words.push(token);
      reading = false;
    } else if (token.op === "|") {
      from = words;
      words = [];
    } else if (token.op === "<") reading = true;
    else if (token.op === ";" || token.op === "&&" || token.op === "\n") end();
    else throw new Error(`the page does not know “${token.op}”; run this line in your own shell`);
  }
  end();
  return commands;
}
