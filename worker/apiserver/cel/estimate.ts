/**
 * What an expression may cost at most, before it ever runs: by its nodes, and by how large the data may be.
 * Upstream: cel-go checker/cost.go coster; macros as parser/macro.go expands them.
 */
import { type Amount, either, exactly, nothing, one, product, sum, unknown } from "./amounts.ts";
import { estimateCall, estimateOperator, type Estimate, type Given } from "./call-estimates.ts";
import { typeText } from "./failure.ts";
import { writtenName } from "./replaced.ts";
import { isInfix, type Node } from "./syntax.ts";

/** How large a value may be: characters, items, keys. */
export interface Sized {
  readonly mostElements: number;
  /** Fields by their names in expressions. */
  readonly fields?: ReadonlyMap<string, Sized>;
  /** Of a map. */
  readonly keys?: Sized;
  /** What follows any name that is not among the fields: `map.key` is an entry of the map. */
  readonly anyField?: Sized;
  /** Items of a list, values of a map. */
  readonly elements?: Sized;
}

type Path = readonly string[];
/** Of what stands in a list or a map that an expression made. */
interface Entries {
  readonly container: "list" | "map";
  readonly keys: Amount;
  readonly values: Amount;
}
interface Local {
  readonly path: Path;
  readonly size: Amount | undefined;
  readonly entries: Entries | undefined;
}

const noPath: Path = [];
const emptyListCost = exactly(10);
const emptyMapCost = exactly(30);

/** `root`: what the one variable is. */
export const estimatedCost = (tree: Node, root: Sized): number => new Coster(root).cost(tree).max;

const scalars = /^(bool|double|duration|int|timestamp|uint)$/;
const isScalar = (type: string): boolean =>
  scalars.test(type) || /^optional_type\((bool|double|duration|int|timestamp|uint)\)$/.test(type);

/** Steps of a macro's loop, beside what is written in it. */
interface Loop {
  readonly init: Amount;
  readonly condition: Amount;
  readonly result: Amount;
  step(body: Amount): Amount;
}
const simple = (condition: number, result: number, step: (body: Amount) => Amount): Loop => ({
  init: nothing,
  condition: exactly(condition),
  result: exactly(result),
  step,
});
const collected = (more: number): Amount => exactly(12 + more);
const conditional = (test: Amount, then: Amount): Amount => sum(test, either(then, one));

const quantifiers: Readonly<Record<string, Loop>> = {
  all: simple(2, 1, (body) => ({ min: 1, max: sum(one, body).max })),
  exists: simple(3, 1, (body) => ({ min: 1, max: sum(one, body).max })),
  exists_one: simple(0, 2, (body) => conditional(body, exactly(2))),
  existsOne: simple(0, 2, (body) => conditional(body, exactly(2))),
};
const collectors = new Set(["map", "filter", "transformList", "transformMap", "transformMapEntry"]);

class Coster {
  readonly #root: Sized;
  readonly #paths = new Map<Node, Path>();
  readonly #sizes = new Map<Node, Amount>();
  readonly #entries = new Map<Node, Entries>();
  readonly #locals = new Map<string, Local[]>();

  constructor(root: Sized) {
    this.#root = root;
  }

  cost(node: Node): Amount {
    const args = node.args as readonly unknown[];
    switch (node.op) {
      case "value":
        return nothing;
      case "id":
        this.#paths.set(node, this.#local(node.args as string)?.path ?? [node.args as string]);
        return one;
      case ".":
        return this.#selection(args[0] as Node, args[1] as string, node);
      case ".?":
        return sum(this.cost(args[0] as Node), one);
      case "[]":
        return this.#index(node, args as readonly [Node, Node]);
      case "list":
        return this.#list(node, args as readonly Node[]);
      case "map":
        return this.#map(node, args as readonly (readonly [Node, Node])[]);
      case "&&":
      case "||": {
        const [left, right] = (args as readonly Node[]).map((one_) => this.cost(one_));
        return { min: (left as Amount).min, max: sum(left as Amount, right as Amount).max };
      }
      case "?:":
        return this.#choice(node, args as readonly [Node, Node, Node]);
      case "!_":
      case "-_":
        // A negative number is a literal.
        if (node.op === "-_" && (node.args as Node).op === "value") return nothing;
        return sum(this.cost(node.args as Node), one);
      case "call":
        return this.#call(node, args[0] as string, undefined, args[1] as readonly Node[]);
      case "rcall":
        return this.#member(node, args[0] as string, args[1] as Node, args[2] as readonly Node[]);
      default:
        return isInfix(node.op)
          ? this.#operation(node, args as readonly [Node, Node])
          : sum(one, ...(args as readonly Node[]).filter(isNode).map((one_) => this.cost(one_)));
    }
  }

  #selection(operand: Node, name: string, node: Node): Amount {
    const cost = this.cost(operand);
    this.#paths.set(node, [...this.#pathOf(operand), name]);
    const { kind } = operand.checkedType ?? { kind: "dyn" };
    return kind === "map" || kind === "message" ? sum(cost, one) : cost;
  }

  #index(node: Node, [of, by]: readonly [Node, Node]): Amount {
    const cost = sum(this.cost(of), this.cost(by), one);
    const kind = of.checkedType?.kind;
    const below = kind === "map" ? "@values" : "@items";
    this.#paths.set(node, [...this.#pathOf(of), below]);
    const size = this.#entriesOf(of)?.values ?? this.#sizeOf(node);
    if (size !== undefined) this.#sizes.set(node, size);
    return cost;
  }

  #list(node: Node, items: readonly Node[]): Amount {
    const cost = sum(emptyListCost, ...items.map((item) => this.cost(item)));
    this.#entries.set(node, { container: "list", keys: one, values: this.#range(items) });
    return cost;
  }
  #map(node: Node, entries: readonly (readonly [Node, Node])[]): Amount {
    const cost = sum(emptyMapCost, ...entries.flat().map((part) => this.cost(part)));
    const keys = this.#range(entries.map(([key]) => key));
    const values = this.#range(entries.map(([, value]) => value));
    this.#entries.set(node, { container: "map", keys, values });
    return cost;
  }
  #range(nodes: readonly Node[]): Amount {
    const [first, ...rest] = nodes.map((node) => this.#known(node));
    return rest.reduce(either, first ?? nothing);
  }

  #choice(node: Node, [test, then, otherwise]: readonly [Node, Node, Node]): Amount {
    const condition = this.cost(test);
    const cost = sum(condition, either(this.cost(then), this.cost(otherwise)));
    this.#unite(node, then, otherwise);
    this.#sizes.set(node, either(this.#known(then), this.#known(otherwise)));
    return cost;
  }
  #unite(node: Node, a: Node, b: Node): void {
    const [left, right] = [this.#entriesOf(a), this.#entriesOf(b)];
    if (left === undefined || right === undefined) return;
    const keys = either(left.keys, right.keys);
    const values = either(left.values, right.values);
    this.#entries.set(node, { container: left.container, keys, values });
  }

  #operation(node: Node, [left, right]: readonly [Node, Node]): Amount {
    const operands = sum(this.cost(left), this.cost(right));
    const estimate = estimateOperator(node.op, this.#given(left), this.#given(right));
    if (node.op === "+") this.#unite(node, left, right);
    return this.#settled(node, estimate, operands);
  }

  #member(node: Node, name: string, target: Node, args: readonly Node[]): Amount {
    const loop = this.#loop(node, name, target, args);
    if (loop !== undefined) return loop;
    const space = target.op === "id" && target.checkedType === undefined ? target.args : undefined;
    // A function of a namespace: `sets.contains(a, b)`.
    if (typeof space === "string") return this.#call(node, `${space}.${name}`, undefined, args);
    return this.#call(node, name, target, args);
  }

  #call(node: Node, ours: string, target: Node | undefined, args: readonly Node[]): Amount {
    const name = writtenName(ours);
    if (name === "has") {
      const [selection] = args;
      return selection === undefined ? nothing : this.#operandOf(selection);
    }
    if (name === "cel.bind") return this.#bind(node, args as readonly [Node, Node, Node]);
    const operands = sum(
      ...args.map((arg) => this.cost(arg)),
      target ? this.cost(target) : nothing,
    );
    if (name === "dyn" && args[0] !== undefined) {
      this.#copy(node, args[0]);
      return sum(one, operands);
    }
    const given = args.map((arg) => this.#given(arg));
    const of = target && this.#given(target);
    return this.#settled(node, estimateCall(name, given, of) ?? { cost: one }, operands);
  }
  /** Whether something is there costs what leads to it. */
  #operandOf(selection: Node): Amount {
    const [operand] = selection.args as readonly unknown[];
    return isNode(operand) ? this.cost(operand) : nothing;
  }

  #settled(node: Node, { cost, result }: Estimate, operands: Amount): Amount {
    const size = result ?? this.#sizeOf(node);
    if (size !== undefined) this.#sizes.set(node, size);
    return sum(operands, cost);
  }

  #bind(node: Node, [name, value, body]: readonly [Node, Node, Node]): Amount {
    // It is a loop over nothing.
    const cost = sum(emptyListCost, this.cost(value));
    const entries = this.#entriesOf(value);
    const local = { path: this.#pathOf(value), size: this.#sizeOf(value), entries };
    const inner = this.#within([[name.args as string, local]], () => this.cost(body));
    this.#copy(node, body);
    return sum(cost, inner);
  }
  #copy(to: Node, from: Node): void {
    const size = this.#sizeOf(from);
    const entries = this.#entriesOf(from);
    if (size !== undefined) this.#sizes.set(to, size);
    if (entries !== undefined) this.#entries.set(to, entries);
  }

  /** Undefined: no macro. */
  #loop(node: Node, name: string, range: Node, args: readonly Node[]): Amount | undefined {
    if (name === "optMap" || name === "optFlatMap") return this.#optional(name, range, args);
    const quantifier = Object.hasOwn(quantifiers, name) ? quantifiers[name] : undefined;
    if (
      (quantifier === undefined && !collectors.has(name)) ||
      args[0]?.op !== "id" ||
      args.length < 2
    )
      return undefined;
    const over = this.cost(range);
    const isPair = name.startsWith("transform") || (quantifier !== undefined && args.length === 3);
    const names = args.slice(0, isPair ? 2 : 1).map((one_) => one_.args as string);
    const bodies = args.slice(names.length);
    const locals = this.#iterated(range, names);
    const { init, condition, result, step } = this.#within(locals, () =>
      quantifier === undefined
        ? this.#collection(node, name, args[0] as Node, bodies)
        : { ...quantifier, step: quantifier.step(this.cost(bodies[0] as Node)) },
    );
    const count = this.#known(range);
    this.#sizes.set(node, quantifier === undefined ? count : one);
    return sum(over, init, result, product(count, sum(step, condition)));
  }

  #collection(
    node: Node,
    name: string,
    item: Node,
    bodies: readonly Node[],
  ): Omit<Loop, "step"> & { readonly step: Amount } {
    const test = name === "filter" || bodies.length > 1 ? bodies[0] : undefined;
    const body = name === "filter" ? item : (bodies.at(-1) as Node);
    const condition = test === undefined ? undefined : this.cost(test);
    const isMap = name.startsWith("transformMap");
    const cost = this.cost(body);
    // `accu + [body]`, `insert(accu, key, body)`, `insert(accu, body)`.
    const made = sum(isMap ? exactly(name === "transformMap" ? 3 : 2) : collected(0), cost);
    const values = either(nothing, this.#known(body));
    this.#entries.set(node, { container: isMap ? "map" : "list", keys: one, values });
    return {
      init: isMap ? emptyMapCost : emptyListCost,
      condition: nothing,
      result: one,
      step: condition === undefined ? made : conditional(condition, made),
    };
  }

  /** `opt.hasValue() ? optional.of(bind(v, opt.value(), body)) : optional.none()`. */
  #optional(name: string, target: Node, [variable, body]: readonly Node[]): Amount {
    const of = sum(this.cost(target), one);
    const local = { path: noPath, size: undefined, entries: undefined };
    const inner = this.#within([[variable?.args as string, local]], () => this.cost(body as Node));
    const wrapped = name === "optMap" ? one : nothing;
    return sum(of, either(sum(emptyListCost, of, inner, wrapped), one));
  }

  #iterated(range: Node, names: readonly string[]): readonly (readonly [string, Local])[] {
    const entries = this.#entriesOf(range);
    const isList = (entries?.container ?? range.checkedType?.kind) === "list";
    const path = this.#pathOf(range);
    const values = { size: entries?.values, entries: undefined };
    const keys = { size: entries?.keys, entries: undefined };
    const [first = "", second] = names;
    if (second === undefined)
      return [
        [
          first,
          isList ? { path: [...path, "@items"], ...values } : { path: [...path, "@keys"], ...keys },
        ],
      ];
    return [
      [first, { path: [...path, isList ? "@indices" : "@keys"], ...keys }],
      [second, { path: [...path, isList ? "@items" : "@values"], ...values }],
    ];
  }

  #within<T>(locals: readonly (readonly [string, Local])[], act: () => T): T {
    for (const [name, local] of locals)
      this.#locals.set(name, [...(this.#locals.get(name) ?? []), local]);
    const made = act();
    for (const [name] of locals) this.#locals.get(name)?.pop();
    return made;
  }
  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #pathOf(node: Node): Path {
    if (node.op === "id")
      return this.#local(node.args as string)?.path ?? this.#paths.get(node) ?? noPath;
    return this.#paths.get(node) ?? noPath;
  }
  #entriesOf(node: Node): Entries | undefined {
    const found = this.#entries.get(node);
    return found ?? (node.op === "id" ? this.#local(node.args as string)?.entries : undefined);
  }

  #given(node: Node): Given {
    const path = this.#pathOf(node);
    return {
      size: this.#known(node),
      type: typeText(node.checkedType),
      elements: (path.length === 0 ? undefined : this.#sizeAt([...path, "@items"])) ?? unknown,
      literal: node.op === "value" ? node.args : undefined,
    };
  }
  #known(node: Node): Amount {
    return this.#sizeOf(node) ?? unknown;
  }
  /** Upstream: computeSize. */
  #sizeOf(node: Node): Amount | undefined {
    const known = this.#sizes.get(node) ?? literalSize(node);
    if (known !== undefined) return known;
    const path = this.#pathOf(node);
    const declared = path.length === 0 ? undefined : this.#sizeAt(path);
    if (declared !== undefined) return declared;
    if (isScalar(typeText(node.checkedType))) return one;
    return node.op === "id" ? this.#local(node.args as string)?.size : undefined;
  }
  /** Every path begins at the one variable (`self`, `device`), or at its predecessor, which is of the same sort. */
  #sizeAt([, ...steps]: Path): Amount | undefined {
    let at: Sized | undefined = this.#root;
    for (const step of steps) {
      if (step === "@items" || step === "@values") at = at.elements;
      else if (step === "@keys") at = at.keys;
      else at = at.fields?.get(step) ?? at.anyField;
      if (at === undefined) return undefined;
    }
    return { min: 0, max: at.mostElements };
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "op" in value;

function literalSize({ op, args }: Node): Amount | undefined {
  if (op === "list" || op === "map") return exactly((args as readonly unknown[]).length);
  if (op === "-_" && (args as Node).op === "value") return one;
  if (op !== "value") return undefined;
  if (typeof args === "string") return exactly(Array.from(args).length);
  return exactly(args instanceof Uint8Array ? args.length : 1);
}
