/**
 * JSONPath as printer columns and selectable fields use it: `.spec.a`, `['b']`, `[0]`, `[*]`, `[?(@.type=="Ready")]`.
 * Upstream: client-go/util/jsonpath.
 */
type Step = (value: unknown) => readonly unknown[];

const field =
  (name: string): Step =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.hasOwn(value, name)
      ? [(value as Record<string, unknown>)[name]]
      : [];

const all: Step = (value) =>
  Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null
      ? Object.values(value)
      : [];

/** `2`, `-1`, `0:2`. */
function index(text: string): Step {
  const [from = "", to, stride = "1"] = text.split(":");
  return (value) => {
    if (!Array.isArray(value)) return [];
    if (!text.includes(":")) {
      const at = Number(from);
      const item: unknown = value.at(at);
      return item === undefined ? [] : [item];
    }
    return value
      .slice(from === "" ? 0 : Number(from), to === undefined || to === "" ? undefined : Number(to))
      .filter((_, i) => i % Number(stride || 1) === 0);
  };
}

const comparisons: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => (a as number) < (b as number),
  "<=": (a, b) => (a as number) <= (b as number),
  ">": (a, b) => (a as number) > (b as number),
  ">=": (a, b) => (a as number) >= (b as number),
};

/** `@.type=="Ready"`, `@.ready`. */
function filter(text: string): Step {
  const [, path = "", operator, literal = ""] =
    /^@(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+))?$/.exec(text.trim()) ?? [];
  const find = jsonPath(path);
  const wanted = literalOf(literal);
  const compare = operator === undefined ? undefined : comparisons[operator];
  return (value) =>
    (Array.isArray(value) ? (value as readonly unknown[]) : []).filter((item) => {
      const [found] = find(item);
      return compare === undefined ? found !== undefined : compare(found, wanted);
    });
}

function literalOf(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(text.trim());
  if (quoted !== null) return quoted[2];
  if (text === "true" || text === "false") return text === "true";
  return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

const token =
  /\.((?:\\.|[^.[\]\\])+)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\?\((.*?)\)\]|\[\*\]|\.\*|\[([-\d:]+)\]/y;

const kept = new Map<string, Step>();
const keepAtMost = 1024;

/** Finds all values at a path; nothing for what is no path. */
export function jsonPath(path: string): Step {
  const known = kept.get(path);
  if (known !== undefined) return known;
  const made = parse(path);
  if (kept.size >= keepAtMost) kept.clear();
  kept.set(path, made);
  return made;
}

function parse(path: string): Step {
  const steps: Step[] = [];
  let at = 0;
  while (at < path.length) {
    token.lastIndex = at;
    const found = token.exec(path);
    if (found === null) return path === "." ? (value) => [value] : () => [];
    const [whole, name, single, double, condition, place] = found;
    const plain = name ?? single ?? double;
    if (whole === "[*]" || whole === ".*") steps.push(all);
    else if (plain !== undefined) steps.push(field(plain.replaceAll(/\\(.)/g, "$1")));
    else if (condition !== undefined) steps.push(filter(condition));
    else steps.push(index(place ?? ""));
    at += whole.length;
  }
  return (value) =>
    steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [value]);
}
