/**
 * Patterns of file names, `case` and `${name#pattern}`: `*`, `?`, `[…]`, a backslash before what stands for itself.
 * Each text is looked at no more often than pattern and text are long, whatever people write.
 */

/** The text as a pattern of nothing but itself. */
export const escaped = (text: string): string => text.replaceAll(/[\\*?[\]]/g, "\\$&");
export const isPattern = (pattern: string): boolean => /(^|[^\\])(\\\\)*[*?[]/.test(pattern);
export const unescaped = (pattern: string): string => pattern.replaceAll(/\\(.)/gs, "$1");

type Piece = "*" | ((c: string) => boolean);

function piecesOf(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < pattern.length; i += 1) {
    const c = pattern[i] ?? "";
    if (c === "*") pieces.push("*");
    else if (c === "?") pieces.push(() => true);
    else if (c === "\\") {
      const own = pattern[(i += 1)] ?? "\\";
      pieces.push((one) => one === own);
    } else if (c === "[") {
      const end = pattern.indexOf("]", i + (/^\[[!^]?\]/.test(pattern.slice(i, i + 3)) ? 3 : 1));
      if (end < 0) pieces.push((one) => one === "[");
      else {
        pieces.push(oneOf(pattern.slice(i + 1, end)));
        i = end;
      }
    } else pieces.push((one) => one === c);
  }
  return pieces;
}

const classes: Readonly<Record<string, RegExp>> = {
  digit: /\d/,
  alpha: /[A-Za-z]/,
  alnum: /[A-Za-z0-9]/,
  space: /\s/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
};

function oneOf(inside: string): (c: string) => boolean {
  const isNot = /^[!^]/.test(inside);
  const text = isNot ? inside.slice(1) : inside;
  const named = [...text.matchAll(/\[:(\w+):/g)].map(([, name = ""]) => classes[name]);
  const plain = text.replaceAll(/\[:\w+:\]?/g, "");
  const isIn = (c: string): boolean => {
    if (named.some((one) => one?.test(c) === true)) return true;
    for (let i = 0; i < plain.length; i += 1) {
      const from = plain[i] ?? "";
      if (plain[i + 1] === "-" && i + 2 < plain.length) {
        if (c >= from && c <= (plain[i + 2] ?? "")) return true;
        i += 2;
      } else if (c === from) return true;
    }
    return false;
  };
  return (c) => isIn(c) !== isNot;
}

/** Does all of the text fit? */
export function fits(text: string, pattern: string): boolean {
  const pieces = piecesOf(pattern);
  let [t, p] = [0, 0];
  let star = -1;
  let from = 0;
  while (t < text.length) {
    const piece = pieces[p];
    if (piece === "*") {
      star = p;
      from = t;
      p += 1;
    } else if (piece?.(text[t] ?? "") === true) {
      t += 1;
      p += 1;
    } else if (star >= 0) {
      // The last star takes one more.
      p = star + 1;
      from += 1;
      t = from;
    } else return false;
  }
  while (pieces[p] === "*") p += 1;
  return p === pieces.length;
}

/** Without the shortest or longest part at one end that fits. */
export function trimmed(
  text: string,
  pattern: string,
  { atEnd, longest }: { readonly atEnd: boolean; readonly longest: boolean },
): string {
  for (let n = 0; n <= text.length; n += 1) {
    const length = longest ? text.length - n : n;
    const part = atEnd ? text.slice(text.length - length) : text.slice(0, length);
    if (!fits(part, pattern)) continue;
    return atEnd ? text.slice(0, text.length - length) : text.slice(length);
  }
  return text;
}

/** With the first part that fits, or all of them, in another's place; at each place the longest. */
export function replaced(text: string, pattern: string, by: string, all: boolean): string {
  let out = "";
  for (let at = 0; at < text.length;) {
    let length = text.length - at;
    while (length > 0 && !fits(text.slice(at, at + length), pattern)) length -= 1;
    if (length === 0) {
      out += text[at] ?? "";
      at += 1;
      continue;
    }
    out += by;
    at += length;
    if (!all) return out + text.slice(at);
  }
  return out;
}

/** Names of files that fit, sorted; a star does not pass a slash, nor does it find what begins with a dot. */
export function filesThatFit(
  files: ReadonlyMap<string, string>,
  pattern: string,
  from: string,
): readonly string[] {
  const isAbsolute = pattern.startsWith("/");
  const wanted = pattern.split("/").filter((part) => part !== "");
  const base = isAbsolute || from === "/" ? "/" : `${from}/`;
  const found = new Set<string>();
  for (const file of files.keys()) {
    if (!file.startsWith(base)) continue;
    const parts = file.slice(base.length).split("/");
    if (parts.length < wanted.length) continue;
    const named = parts.slice(0, wanted.length);
    if (named.at(-1) === "") continue;
    const isFit = wanted.every((one, i) => {
      const part = named[i] ?? "";
      return (!part.startsWith(".") || one.startsWith(".")) && fits(part, one);
    });
    if (isFit) found.add((isAbsolute ? "/" : "") + named.join("/"));
  }
  return [...found].toSorted();
}
