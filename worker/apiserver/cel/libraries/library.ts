/**
 * A library adds types, functions and macros to an environment. Signatures are the interpreter's:
 * `string.find(string): string`, `isURL(string): bool`, `list<A>.slice(int, int): list<A>`.
 * A handler throws what is wrong; its message is the evaluation's error.
 */
import type { Environment } from "@marcbachmann/cel-js";

export type Library = (environment: Environment) => void;

/** Functions like `sets.contains(…)`: methods of a constant. */
export function namespace(environment: Environment, name: string): string {
  const type = `kubernetes.namespace.${name}`;
  class Namespace {}
  environment.registerType(type, Namespace);
  environment.registerConstant(name, type, new Namespace());
  return type;
}
