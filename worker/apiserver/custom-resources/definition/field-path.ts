/** Paths of fields in a schema: `.spec.a`, `['b']`. Upstream: apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go ValidFieldPath. */
import {
  entriesOf,
  propertyOf,
  valuesOf,
  type Schema,
} from "#apiserver/custom-resources/schema/schema.ts";

const notThere = "does not refer to a valid field";

/** The schema at a path, or why there is none. */
export function schemaAt(
  path: string,
  schema: Schema,
  allowsBrackets: boolean,
): Schema | { readonly problem: string } {
  const tokens = path.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]']+/g) ?? [];
  let here: Schema = schema;
  let i = 0;
  const step = (name: string): string | undefined => {
    const next = entriesOf(here.properties).length > 0 ? propertyOf(here, name) : valuesOf(here);
    if (next === undefined) return notThere;
    here = next;
    return undefined;
  };
  while (i < tokens.length) {
    const token = tokens[i] ?? "";
    if (token !== "." && token !== "[") return { problem: `expected [ or . but got: ${token}` };
    if (token === "[" && !allowsBrackets) return { problem: "array notation is not allowed" };
    const name = tokens[i + 1];
    if (name === undefined) return { problem: "unexpected end of JSON path" };
    if (token === "[" && !/^'.*'$/s.test(name))
      return { problem: `expected single quoted string but got ${name}` };
    if (token === "[" && tokens[i + 2] !== "]")
      return {
        problem:
          tokens[i + 2] === undefined
            ? "unexpected end of JSON path"
            : `expected ] but got ${tokens[i + 2]}`,
      };
    const plain = token === "[" ? name.slice(1, -1).replaceAll(/\\(.)/g, "$1") : name;
    const problem = step(plain);
    if (problem !== undefined) return { problem };
    i += token === "[" ? 3 : 2;
  }
  return here;
}

export function fieldPathProblem(
  path: string,
  schema: Schema,
  allowsBrackets: boolean,
): string | undefined {
  const found = schemaAt(path, schema, allowsBrackets);
  return "problem" in found ? found.problem : undefined;
}
