/** The commands of sed: `s`, `d`, `p`, `q`, `a`, `i`, `c`. Upstream: busybox editors/sed.c parse_cmd_args. */
import { type Regex, regex } from "#kubelet/programs/shell/regex.ts";

/** Which lines a command of sed is about. */
interface Address {
  isAt(line: string, number: number, isLast: boolean): boolean;
}
export interface Edit {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly isNot: boolean;
  readonly letter: string;
  readonly pattern?: Regex;
  readonly by?: string;
  readonly flags?: string;
  readonly text?: string;
}

export function editOf(script: string, isExtended: boolean): Edit | undefined {
  let rest = script;
  const address = (): Address | undefined => {
    const [line] = /^\d+|^\$/.exec(rest) ?? [];
    if (line !== undefined) {
      rest = rest.slice(line.length);
      return { isAt: (_, number, isLast) => (line === "$" ? isLast : number === Number(line)) };
    }
    if (!rest.startsWith("/")) return undefined;
    const [pattern = "", after] = delimited(rest.slice(1), "/");
    rest = after;
    const found = regex(pattern, { isExtended });
    return { isAt: (text) => found(text, 0) !== undefined };
  };
  const from = address();
  let to: Address | undefined;
  if (from !== undefined && rest.startsWith(",")) {
    rest = rest.slice(1);
    to = address();
  }
  rest = rest.trimStart();
  const isNot = rest.startsWith("!");
  if (isNot) rest = rest.slice(1).trimStart();
  const letter = rest[0] ?? "";
  if (letter === "s") {
    const mark = rest[1] ?? "/";
    const [pattern = "", second] = delimited(rest.slice(2), mark);
    const [by = "", flags] = delimited(second, mark);
    const ignoresCase = /[iI]/.test(flags);
    return {
      from,
      to,
      isNot,
      letter,
      pattern: regex(pattern, { isExtended, ignoresCase }),
      by,
      flags,
    };
  }
  if (/^[aic]/.test(rest))
    return { from, to, isNot, letter, text: rest.slice(1).replace(/^\\?\s*/, "") };
  return /^[dpq]$/.test(rest.trim()) ? { from, to, isNot, letter } : undefined;
}

/** The text up to the mark, and what follows it. */
function delimited(text: string, mark: string): readonly [string, string] {
  let part = "";
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i] ?? "";
    if (c === "\\" && text[i + 1] === mark) {
      part += mark;
      i += 1;
    } else if (c === "\\") {
      part += c + (text[i + 1] ?? "");
      i += 1;
    } else if (c === mark) return [part, text.slice(i + 1)];
    else part += c;
  }
  return [part, ""];
}
