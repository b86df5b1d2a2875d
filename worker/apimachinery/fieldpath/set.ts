/**
 * A set of paths as an immutable tree. An inner node is in the set only when it is a `member`.
 * What an operation leaves as it was keeps its identity, so that `===` means unchanged.
 * Upstream: structured-merge-diff/fieldpath/set.go.
 */
import { compareElements, type Path, type PathElement } from "./element.ts";

/** At least one of `member` and a non-empty `children`. */
export interface FieldNode {
  readonly element: PathElement;
  readonly member: boolean;
  readonly children: FieldSet | undefined;
}

export class FieldSet {
  /** Sorted, each element once. */
  readonly nodes: readonly FieldNode[];
  /** Kept by `shape.ts`: the set's text, made when first asked for. */
  shape: { readonly text: string; readonly holes: readonly string[] } | undefined;

  /** `nodes` must be sorted; `setOf` takes any. */
  constructor(nodes: readonly FieldNode[]) {
    this.nodes = nodes;
  }
  get isEmpty(): boolean {
    return this.nodes.length === 0;
  }
}

export const emptySet: FieldSet = new FieldSet([]);

/** Takes the array over; each element at most once. */
export function setOf(nodes: FieldNode[]): FieldSet {
  if (nodes.length === 0) return emptySet;
  for (let i = 1; i < nodes.length; i += 1) {
    if (compareElements((nodes[i - 1] as FieldNode).element, (nodes[i] as FieldNode).element) <= 0)
      continue;
    nodes.sort((a, b) => compareElements(a.element, b.element));
    break;
  }
  return new FieldSet(nodes);
}

export const setOfPaths = (...paths: readonly Path[]): FieldSet =>
  paths.reduce((set, path) => union(set, pathSet(path)), emptySet);

function pathSet([element, ...rest]: Path): FieldSet {
  if (element === undefined) return emptySet;
  const children = rest.length === 0 ? undefined : pathSet(rest);
  return new FieldSet([{ element, member: rest.length === 0, children }]);
}

export function has(set: FieldSet, path: Path): boolean {
  let at = set;
  for (const [i, element] of path.entries()) {
    const node = at.nodes.find((one) => one.element === element);
    if (node === undefined) return false;
    if (i === path.length - 1) return node.member;
    if (node.children === undefined) return false;
    at = node.children;
  }
  return false;
}

/** Every member's path, in order. */
export function paths(set: FieldSet, above: Path = []): Path[] {
  return set.nodes.flatMap(({ element, member, children }) => {
    const path = [...above, element];
    const below = children === undefined ? [] : paths(children, path);
    return member ? [path, ...below] : below;
  });
}

type Pick = (a: FieldNode | undefined, b: FieldNode | undefined) => FieldNode | undefined;

/** Walks two sorted sets side by side; gives `a` itself back when nothing of it changed. */
function zip(a: FieldSet, b: FieldSet, pick: Pick): FieldSet {
  const left = a.nodes;
  const right = b.nodes;
  // Copied when the first node differs.
  let made: FieldNode[] | undefined;
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const one = left[i];
    const other = right[j];
    const compared =
      one === undefined
        ? 1
        : other === undefined
          ? -1
          : compareElements(one.element, other.element);
    const picked = pick(compared <= 0 ? one : undefined, compared >= 0 ? other : undefined);
    const same = compared <= 0 ? picked === one : picked === undefined;
    if (!same) made ??= left.slice(0, i);
    if (made !== undefined && picked !== undefined) made.push(picked);
    if (compared <= 0) i += 1;
    if (compared >= 0) j += 1;
  }
  if (made === undefined) return a;
  return made.length === 0 ? emptySet : new FieldSet(made);
}

/** The node as it was, when it is the same; undefined when nothing of it is left. */
function node(
  was: FieldNode,
  member: boolean,
  children: FieldSet | undefined,
): FieldNode | undefined {
  const below = children === undefined || children.isEmpty ? undefined : children;
  if (member === was.member && below === was.children) return was;
  return member || below !== undefined
    ? { element: was.element, member, children: below }
    : undefined;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || b.isEmpty) return a;
  if (a.isEmpty) return b;
  return zip(a, b, (left, right) => {
    if (left === undefined || right === undefined) return left ?? right;
    const children =
      left.children === undefined
        ? right.children
        : right.children === undefined
          ? left.children
          : union(left.children, right.children);
    return node(left, left.member || right.member, children);
  });
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || a.isEmpty) return a;
  if (b.isEmpty) return b;
  return zip(a, b, (left, right) => {
    if (left === undefined || right === undefined) return undefined;
    const children =
      left.children === undefined || right.children === undefined
        ? undefined
        : intersection(left.children, right.children);
    return node(left, left.member && right.member, children);
  });
}

/** Members of `a` that are no members of `b`; what lies below a member of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (a.isEmpty || b.isEmpty) return a;
  return zip(a, b, (left, right) => {
    if (left === undefined || right === undefined) return left;
    const children =
      left.children === undefined || right.children === undefined
        ? left.children
        : difference(left.children, right.children);
    return node(left, left.member && !right.member, children);
  });
}

/** As `difference`, but a member of `b` takes all below it away. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (a.isEmpty || b.isEmpty) return a;
  return zip(a, b, (left, right) => {
    if (left === undefined || right === undefined) return left;
    if (right.member) return undefined;
    const children =
      left.children === undefined || right.children === undefined
        ? left.children
        : recursiveDifference(left.children, right.children);
    return node(left, left.member, children);
  });
}

/** Elements that a path may begin with, `*` for any of them; `true`: whatever lies there and below. */
export type Prefixes = true | { readonly [element: PathElement]: Prefixes };

/** What lies at or below the prefixes. Upstream: set.go FilterIncludeMatches. */
export function within(set: FieldSet, prefixes: Prefixes): FieldSet {
  if (prefixes === true) return set;
  const nodes = set.nodes.flatMap((node): FieldNode[] => {
    const inner = prefixes[node.element] ?? prefixes["*"];
    if (inner === undefined) return [];
    if (inner === true) return [node];
    const children = within(node.children ?? emptySet, inner);
    return children.isEmpty ? [] : [{ element: node.element, member: false, children }];
  });
  return setOf(nodes);
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.nodes.length !== b.nodes.length) return false;
  return a.nodes.every((left, i) => {
    const right = b.nodes[i] as FieldNode;
    return (
      left === right ||
      (left.element === right.element &&
        left.member === right.member &&
        sameSet(left.children ?? emptySet, right.children ?? emptySet))
    );
  });
}
