/**
 * What changed between two values of a type: fields added, modified, removed.
 * What is the same by identity is not looked at: an update that copied along its path costs its path.
 * Upstream: structured-merge-diff/typed/compare.go.
 */
import { equal } from "#apimachinery/equal.ts";
import type { PathElement } from "#apimachinery/fieldpath/element.ts";
import { emptySet, type FieldNode, type FieldSet, setOf } from "#apimachinery/fieldpath/set.ts";
import {
  itemElement,
  named,
  type Sort,
  sortOf,
  typeAt,
  type TypeDescription,
} from "./description.ts";
import { everythingIn } from "./fields.ts";
import { isBare, isObject, type Json } from "./value.ts";

/** No field is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

interface Found {
  added: FieldNode[] | undefined;
  modified: FieldNode[] | undefined;
  removed: FieldNode[] | undefined;
}
const nothingFound = (): Found => ({ added: undefined, modified: undefined, removed: undefined });

const same: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };

/** Both must fit the type; list items of one name may be there several times. */
export function compare(before: unknown, after: unknown, type: TypeDescription): Comparison {
  if (before === after) return same;
  const found = nothingFound();
  const sort = sortOf(type, after);
  inside(before, after, type, sort, found);
  return {
    added: found.added === undefined ? emptySet : setOf(found.added),
    modified: found.modified === undefined ? emptySet : setOf(found.modified),
    removed: found.removed === undefined ? emptySet : setOf(found.removed),
  };
}

type Part = keyof Found;
const parts: readonly Part[] = ["added", "modified", "removed"];

function tell(
  found: Found,
  part: Part,
  element: PathElement,
  member: boolean,
  children: FieldSet | undefined,
): void {
  const node: FieldNode = { element, member, children };
  const list = found[part];
  if (list === undefined) found[part] = [node];
  else list.push(node);
}

/** One field or item: `element` of what `found` collects. */
function compareAt(
  before: unknown,
  after: unknown,
  type: TypeDescription,
  element: PathElement,
  found: Found,
): void {
  if (before === after) return;
  if (before === undefined) return tell(found, "added", element, true, everythingIn(after, type));
  if (after === undefined) return tell(found, "removed", element, true, everythingIn(before, type));
  const sort = sortOf(type, after);
  const was = sortOf(type, before);
  // A value of another sort: its old parts go, its new parts come.
  if (was !== sort && before !== null && after !== null)
    descend(before, after, type, was, element, found);
  descend(before, after, type, before === null || after !== null ? sort : was, element, found);
}

function descend(
  before: unknown,
  after: unknown,
  type: TypeDescription,
  sort: Sort,
  element: PathElement,
  found: Found,
): void {
  const below = nothingFound();
  if (!inside(before, after, type, sort, below)) {
    if (!equal(before, after)) tell(found, "modified", element, true, undefined);
    return;
  }
  for (const part of parts) {
    const nodes = below[part];
    if (nodes !== undefined) tell(found, part, element, false, setOf(nodes));
  }
}

/** False: the value is a leaf, to be compared as a whole. */
function inside(
  before: unknown,
  after: unknown,
  type: TypeDescription,
  sort: Sort,
  found: Found,
): boolean {
  if (sort === "scalar") return false;
  if (sort === "list") {
    const { list } = type;
    const a = Array.isArray(before) ? (before as readonly unknown[]) : noItems;
    const b = Array.isArray(after) ? (after as readonly unknown[]) : noItems;
    if (list === undefined || list.atomic || (a.length === 0 && b.length === 0)) return false;
    compareItems(a, b, list, found);
    return true;
  }
  const { map } = type;
  const a = isObject(before) ? before : noFields;
  const b = isObject(after) ? after : noFields;
  if (map === undefined || map.atomic || (isBare(a) && isBare(b))) return false;
  for (const name in b) {
    if (a[name] === b[name]) continue;
    const inner = typeAt(map, name);
    if (inner === undefined) continue;
    const was = a[name] === undefined ? map.zeroOf(name) : a[name];
    const is = b[name] === undefined ? map.zeroOf(name) : b[name];
    compareAt(was, is, inner, named(name), found);
  }
  for (const name in a) {
    if (b[name] !== undefined || a[name] === undefined) continue;
    const inner = typeAt(map, name);
    if (inner !== undefined) compareAt(a[name], map.zeroOf(name), inner, named(name), found);
  }
  return true;
}
const noItems: readonly unknown[] = [];
const noFields: Json = {};

type List = NonNullable<TypeDescription["list"]>;

function compareItems(
  before: readonly unknown[],
  after: readonly unknown[],
  list: List,
  found: Found,
): void {
  if (areAligned(before, after, list)) {
    for (const [i, item] of after.entries()) {
      const was = before[i];
      if (item === was) continue;
      const [element] = itemElement(list, item);
      if (element !== undefined) compareAt(was, item, list.element, element, found);
    }
    return;
  }
  const left = byElement(before, list);
  const right = byElement(after, list);
  for (const [element, items] of left) {
    const others = right.get(element);
    compareNamed(items, others ?? noItems, element, list, found);
  }
  for (const [element, items] of right)
    if (!left.has(element)) compareNamed(noItems, items, element, list, found);
}

/** More are looked up by name. */
const mostAligned = 16;

/** The same single keys in the same places, each once: the usual case. */
function areAligned(
  before: readonly unknown[],
  after: readonly unknown[],
  { keys }: List,
): boolean {
  const { length } = after;
  const [key] = keys;
  if (key === undefined || keys.length > 1 || length !== before.length || length > mostAligned)
    return false;
  for (let i = 0; i < length; i += 1) {
    const value = (after[i] as Json | null)?.[key];
    if (typeof value !== "string" || (before[i] as Json | null)?.[key] !== value) return false;
    for (let j = 0; j < i; j += 1) if ((after[j] as Json)[key] === value) return false;
  }
  return true;
}

function byElement(items: readonly unknown[], list: List): Map<PathElement, readonly unknown[]> {
  const found = new Map<PathElement, readonly unknown[]>();
  for (const item of items) {
    const [element] = itemElement(list, item);
    if (element === undefined) continue;
    const present = found.get(element);
    found.set(element, present === undefined ? [item] : [...present, item]);
  }
  return found;
}

/** Items of one name; duplicates count as one value. Upstream: compareWalker.visitListItems. */
function compareNamed(
  before: readonly unknown[],
  after: readonly unknown[],
  element: PathElement,
  list: List,
  found: Found,
): void {
  if (before.length <= 1 && after.length <= 1)
    return compareAt(before[0], after[0], list.element, element, found);
  if (before.length > 1 && after.length > 1) {
    if (!equal(before, after)) tell(found, "modified", element, true, undefined);
    return;
  }
  if (before.length > 1) {
    const [one] = after;
    const children = one === undefined ? undefined : everythingIn(one, list.element);
    if (children !== undefined) tell(found, "added", element, false, children);
    tell(found, "removed", element, true, undefined);
    return;
  }
  const [one] = before;
  const children = one === undefined ? undefined : everythingIn(one, list.element);
  if (children !== undefined) tell(found, "removed", element, false, children);
  tell(found, "added", element, true, undefined);
}
