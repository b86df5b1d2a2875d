/**
 * The parts of the parser's tree that this room reads. The library's own types name less than its
 * nodes have, so each is said here once.
 */
export interface CheckedType {
  readonly kind: string;
  readonly name: string;
  readonly type: string;
  readonly keyType?: CheckedType;
  readonly valueType?: CheckedType;
}

export type Evaluate = (evaluator: Evaluator, node: Node, context: Context) => unknown;

export interface Node {
  readonly op: string;
  args: unknown;
  readonly start: number;
  readonly end: number;
  readonly pos: number;
  readonly input: string;
  readonly meta: { readonly alternate?: Node; readonly evaluate: Evaluate };
  readonly checkedType?: CheckedType;
  evaluate: Evaluate;
}

export interface Evaluator {
  run(node: Node, context: Context): unknown;
  debugType(value: unknown): {
    fieldLazy(object: unknown, field: string, node: Node, evaluator: Evaluator): unknown;
  };
}

/** Where variables are looked up; a fork knows one more. */
export interface Context {
  forkWithVariable(name: string, type: CheckedType): Context;
  reuse(parent: Context): Context;
  setIterValue(value: unknown, evaluator: Evaluator): Context;
}

export interface Checker {
  readonly registry: {
    getListType(of: CheckedType): CheckedType;
    getMapType(key: CheckedType, value: CheckedType): CheckedType;
    getOptionalType(of: CheckedType): CheckedType;
  };
  check(node: Node, context: Context): CheckedType;
  getType(name: string): CheckedType;
  /** The type of a selection; throws when there is no such field. */
  checkAccessOnType(node: Node, context: Context, of: CheckedType): CheckedType;
  createError(code: string, message: string, node: Node): Error;
}

/** What the parser hands to a macro. */
export interface MacroCall {
  readonly ast: Node;
  readonly args: readonly Node[];
  readonly receiver: Node;
}

const infix = new Set(["==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"]);
export const isInfix = (op: string): boolean => infix.has(op);

/** The nodes below, as they were written: a macro's call, not what it expands to. */
export function childrenOf(node: Node): readonly Node[] {
  const args = node.args as readonly unknown[];
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case "!_":
    case "-_":
      return [node.args as Node];
    case ".":
    case ".?":
      return [args[0] as Node];
    case "call":
      return args[1] as readonly Node[];
    case "rcall":
      return [args[1] as Node, ...(args[2] as readonly Node[])];
    case "map":
      return (args as readonly (readonly Node[])[]).flat();
    default:
      return args as readonly Node[];
  }
}

export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}
