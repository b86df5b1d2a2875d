/**
 * Environments: the libraries every Kubernetes expression has, and what one sort of expression declares.
 *
 *   const rule = baseEnvironment().extend({ variables: { self: "Object" }, types: [object] });
 *   const compiled = compile("self.replicas <= 10", rule);
 *   if ("error" in compiled) …  // "ERROR: <input>:1:5: undefined field 'replicas'\n | self…"
 *   compiled.evaluate({ self: new object.construct(json) });  // { value: true } or { error: "no such key: replicas" }
 *
 * Upstream: apiserver/pkg/cel/environment/base.go, environment.go.
 */
import { Environment } from "@marcbachmann/cel-js";
import { libraries } from "./libraries/registry.ts";
import { registerObjectType } from "./object-type.ts";
import type { ObjectType } from "./object-type.ts";

export interface Declarations {
  /** Name → type: `string`, `int`, `dyn`, `list<string>`, `map<string, dyn>`, or one of `types`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Each behind those it uses. */
  readonly types?: readonly ObjectType[];
}

/** Immutable; keeps what was compiled in it. Build once per sort of expression, not per request. */
export class CelEnvironment {
  readonly #environment: Environment;
  readonly #kept = new Map<string, unknown>();
  readonly #functions: ReadonlySet<string>;

  constructor(environment: Environment, functions: ReadonlySet<string>) {
    this.#environment = environment;
    this.#functions = functions;
  }

  extend({ variables, types = [] }: Declarations): CelEnvironment {
    const environment = this.#environment.clone();
    for (const type of types) registerObjectType(environment, type);
    for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type);
    return new CelEnvironment(environment, this.#functions);
  }

  parse(expression: string): ReturnType<Environment["parse"]> {
    return this.#environment.parse(expression);
  }
  hasFunction(name: string): boolean {
    return this.#functions.has(name);
  }
  /** `make` once per expression; at most some thousand are kept. */
  kept<T>(expression: string, make: () => T): T {
    const known = this.#kept.get(expression);
    if (known !== undefined) return known as T;
    const made = make();
    if (this.#kept.size >= keepAtMost) this.#kept.clear();
    this.#kept.set(expression, made);
    return made;
  }
}
const keepAtMost = 2048;

let base: CelEnvironment | undefined;

/** The libraries without any variable. Made when the first expression is met, since it takes some milliseconds. */
export function baseEnvironment(): CelEnvironment {
  if (base !== undefined) return base;
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: true,
  });
  for (const register of libraries) register(environment);
  const functions = new Set(environment.getDefinitions().functions.map(({ name }) => name));
  base = new CelEnvironment(environment, functions);
  return base;
}
