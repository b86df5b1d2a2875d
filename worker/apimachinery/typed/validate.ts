/**
 * Does a value fit its type? Errors in upstream's words, each with its path.
 * Upstream: structured-merge-diff/typed/validate.go.
 */
import { printedElement } from "#apimachinery/fieldpath/element.ts";
import { itemElement, sortOf, typeAt, type TypeDescription } from "./description.ts";
import { goPrinted, goType, isObject } from "./value.ts";

/** `.spec.replicas: expected numeric (int or float), got string`. */
export type TypeProblem = string;

/** `duplicates`: several list items of one name are allowed, as in objects that are stored already. */
export function typeProblems(
  value: unknown,
  type: TypeDescription,
  duplicates = false,
): readonly TypeProblem[] {
  const found: TypeProblem[] = [];
  validate(value, type, duplicates, "", found);
  return found;
}

/** One problem as it is; several as a list. Upstream: ValidationErrors.Error. */
export const problemText = (problems: readonly TypeProblem[]): string =>
  problems.length === 1
    ? (problems[0] as string)
    : ["errors:", ...problems.map((one) => `  ${one}`)].join("\n");

function validate(
  value: unknown,
  type: TypeDescription,
  duplicates: boolean,
  path: string,
  found: TypeProblem[],
): void {
  if (value === null || value === undefined) return;
  const sort = sortOf(type, value);
  const say = (text: string, at = path): void => {
    found.push(at === "" ? text : `${at}: ${text}`);
  };
  if (sort === "scalar") {
    const problem = scalarProblem(value, type.scalar);
    if (problem !== undefined) say(problem);
  } else if (sort === "list") {
    if (!Array.isArray(value)) say(`expected list, got &{${goPrinted(value)}}`);
    else if (type.list !== undefined) items(value, type.list, duplicates, path, found);
  } else if (!isObject(value)) say(`expected map, got &{${goPrinted(value)}}`);
  else if (type.map !== undefined) {
    for (const name in value) {
      const at = `${path}.${name}`;
      const inner = typeAt(type.map, name);
      if (inner === undefined) say("field not declared in schema", at);
      else validate(value[name], inner, duplicates, at, found);
    }
  }
}

function items(
  value: readonly unknown[],
  list: NonNullable<TypeDescription["list"]>,
  duplicates: boolean,
  path: string,
  found: TypeProblem[],
): void {
  const seen = new Set<string>();
  for (const [i, item] of value.entries()) {
    let at = `[${i}]`;
    if (!list.atomic) {
      const [element, problem] = itemElement(list, item);
      if (element === undefined) {
        found.push(`${path}: element ${i}: ${problem}`);
        return;
      }
      at = printedElement(element);
      if (seen.has(element) && !duplicates) found.push(`${path}: duplicate entries for key ${at}`);
      seen.add(element);
    }
    validate(item, list.element, duplicates, path + at, found);
  }
}

function scalarProblem(value: unknown, scalar: TypeDescription["scalar"]): string | undefined {
  const got = `&{${goPrinted(value)}}`;
  switch (scalar) {
    case "numeric":
      return typeof value === "number"
        ? undefined
        : `expected numeric (int or float), got ${goType(value)}`;
    case "string":
      return typeof value === "string"
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got ${got}`;
    default:
      return typeof value === "object" ? `expected any scalar, got ${got}` : undefined;
  }
}

/** As Go's %#v prints it. */
function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isObject(value)) {
    const parts = Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => `${JSON.stringify(name)}:${goSyntax(one)}`);
    return `map[string]interface {}{${parts.join(", ")}}`;
  }
  return value === null ? "interface {}(nil)" : JSON.stringify(value);
}
