/**
 * One step of a path into an object, in the text form that managedFields has: `f:spec` (a field),
 * `k:{"name":"web"}` (the list item with these keys), `v:"a"` (the item of a set), `i:3` (an index).
 * Upstream: structured-merge-diff/fieldpath/element.go, serialize-pe.go.
 */
export type PathElement = string;
export type Path = readonly PathElement[];

export class PathElementError extends Error {}

export const fieldElement = (name: string): PathElement => `f:${name}`;
export const valueElement = (value: unknown): PathElement => `v:${goJson(value)}`;

/** `fields` must be sorted by name. */
export function keyElement(fields: readonly (readonly [string, unknown])[]): PathElement {
  let text = "";
  for (const [name, value] of fields)
    text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${goJson(value)}`;
  return `k:{${text}}`;
}

const html = /[<>&\u2028\u2029]/g;
/** As Go writes JSON. */
function goJson(value: unknown): string {
  const text = JSON.stringify(value);
  return typeof value === "number" || !html.test(text)
    ? text
    : text.replaceAll(
        html,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
}

/** The canonical form of an element as somebody wrote it; undefined: a sort of a later version. */
export function canonicalElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new PathElementError("key must be 2 characters long:");
  if (text.charAt(1) !== ":") throw new PathElementError(`missing colon: ${text}`);
  const rest = text.slice(2);
  switch (text.charAt(0)) {
    case "f":
      return text;
    case "v":
      return valueElement(parsed(rest));
    case "k":
      return keyElement(sortedFields(parsed(rest)));
    case "i":
      if (!/^[+-]?\d+$/.test(rest))
        throw new PathElementError(`strconv.Atoi: parsing ${JSON.stringify(rest)}: invalid syntax`);
      return `i:${Number(rest)}`;
    default:
      return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PathElementError(`invalid JSON in a path element: ${text}`);
  }
}

function sortedFields(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new PathElementError("the keys of a list item must be an object");
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const order = "fkvi";
/** One key whose value is plain text: the order of the texts is the order of the values. */
const inTextOrder = /^k:\{"\w+":"[^\s!"\\]*"\}$/;

/** Fields before keys before values before indexes; numbers by value. Upstream: PathElement.Compare. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  const sort = a.charCodeAt(0);
  if (sort !== b.charCodeAt(0)) return order.indexOf(a.charAt(0)) - order.indexOf(b.charAt(0));
  if (sort === 0x66) return a < b ? -1 : 1;
  if (sort === 0x6b) {
    if (inTextOrder.test(a) && inTextOrder.test(b)) return a < b ? -1 : 1;
    return compareKeys(fieldsOf(a), fieldsOf(b));
  }
  return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
}

const fieldsOf = (element: PathElement): readonly (readonly [string, unknown])[] =>
  Object.entries(JSON.parse(element.slice(2)) as object);

function compareKeys(
  a: readonly (readonly [string, unknown])[],
  b: readonly (readonly [string, unknown])[],
): number {
  for (const [i, [name, value]] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (name !== other[0]) return name < other[0] ? -1 : 1;
    const compared = compareValues(value, other[1]);
    if (compared !== 0) return compared;
  }
  return a.length - b.length;
}

/** Numbers before strings before booleans before the rest. Upstream: value.Compare. */
function compareValues(a: unknown, b: unknown): number {
  const rank = (value: unknown): number =>
    ["number", "string", "boolean"].indexOf(typeof value) >>> 0;
  if (rank(a) !== rank(b)) return rank(a) < rank(b) ? -1 : 1;
  if (a === b) return 0;
  return (a as number) < (b as number) ? -1 : 1;
}

/** `.spec`, `[name="web"]`, `[="a"]`, `[3]`: as errors and conflicts print it. Upstream: PathElement.String. */
export function printedElement(element: PathElement): string {
  const rest = element.slice(2);
  switch (element.charAt(0)) {
    case "f":
      return `.${rest}`;
    case "k":
      return `[${fieldsOf(element)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(",")}]`;
    case "v":
      return `[=${JSON.stringify(JSON.parse(rest))}]`;
    default:
      return `[${rest}]`;
  }
}

/** `.spec.template.spec.containers[name="web"].image`. */
export const printedPath = (path: Path): string => path.map(printedElement).join("");
