/**
 * Which fields a value mentions. Upstream: structured-merge-diff/typed/tofieldset.go.
 *
 * Two rules, as upstream: what an applier owns of its configuration (`fieldsIn`), where a struct in
 * between is no member, and what appears with a new value (`everythingIn`), where it is.
 */
import { emptySet, type FieldNode, type FieldSet, setOf } from "#apimachinery/fieldpath/set.ts";
import type { PathElement } from "#apimachinery/fieldpath/element.ts";
import {
  itemElement,
  itemsOf,
  named,
  sortOf,
  typeAt,
  type TypeDescription,
} from "./description.ts";
import { isBare, isObject, type Json } from "./value.ts";

/** The fields of an applied configuration; the value must be valid. Upstream: ToFieldSet. */
export function fieldsIn(value: unknown, type: TypeDescription): FieldSet {
  return below(value, type).children ?? emptySet;
}

interface Below {
  /** The value itself is a member: a leaf. */
  readonly leaf: boolean;
  readonly children: FieldSet | undefined;
}
const leaf: Below = { leaf: true, children: undefined };
const nothing: Below = { leaf: false, children: undefined };

function below(value: unknown, type: TypeDescription): Below {
  const sort = sortOf(type, value);
  if (sort === "scalar") return leaf;
  if (sort === "list") {
    if (type.list?.atomic !== false) return leaf;
    return Array.isArray(value) ? ofList(value, type.list) : nothing;
  }
  if (type.map?.atomic !== false) return leaf;
  if (!isObject(value)) return nothing;
  const nodes: FieldNode[] = [];
  for (const name in value) {
    const inner = value[name];
    const innerType = typeAt(type.map, name);
    if (inner === undefined || innerType === undefined) continue;
    const found = below(inner, innerType);
    const member =
      found.leaf ||
      inner === null ||
      (isObject(inner) && isBare(inner)) ||
      type.map.field(name) === undefined;
    if (member || found.children !== undefined)
      nodes.push({ element: named(name), member, children: found.children });
  }
  return nodes.length === 0 ? nothing : { leaf: false, children: setOf(nodes) };
}

function ofList(value: readonly unknown[], list: NonNullable<TypeDescription["list"]>): Below {
  const elements = value.map((item) => itemElement(list, item)[0]);
  const nodes: FieldNode[] = [];
  const seen = new Set<PathElement>();
  for (const [i, element] of elements.entries()) {
    if (element === undefined || seen.has(element)) continue;
    seen.add(element);
    // Of duplicates the name alone is owned.
    const many = elements.indexOf(element, i + 1) >= 0;
    const children = many ? undefined : below(value[i], list.element).children;
    nodes.push({ element, member: true, children });
  }
  return nodes.length === 0 ? nothing : { leaf: false, children: setOf(nodes) };
}

interface Known {
  readonly type: TypeDescription;
  readonly set: FieldSet | undefined;
}
/** Frozen values never change: a template shared by 10,000 Pods is walked once. */
const walked = new WeakMap<object, Known>();

/**
 * What is new when a whole value appears: all of its fields, those in between too. Undefined: it is a leaf.
 * Upstream: typed/compare.go with no left-hand side.
 */
export function everythingIn(value: unknown, type: TypeDescription): FieldSet | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const sort = sortOf(type, value);
  if (sort === "scalar" || isBare(value)) return undefined;
  if ((sort === "list" ? type.list : type.map)?.atomic !== false) return undefined;
  const frozen = Object.isFrozen(value);
  if (frozen) {
    const known = walked.get(value);
    if (known !== undefined && known.type === type) return known.set;
  }
  const set = sort === "list" ? newItems(value, type) : newFields(value, type);
  if (frozen) walked.set(value, { type, set });
  return set;
}

/** Sets of structs in which nothing is looked into, by their fields' names: conditions and the like. */
const flat = new WeakMap<TypeDescription, Map<string, FieldSet>>();
const mostFlat = 256;

function flatSet(value: Json, type: TypeDescription): FieldSet | undefined {
  let names = "";
  for (const name in value) {
    const inner = value[name];
    if (typeof inner === "object" && inner !== null) return undefined;
    if (inner !== undefined) names += `${name} `;
  }
  let known = flat.get(type);
  if (known === undefined) {
    known = new Map();
    flat.set(type, known);
  }
  const present = known.get(names);
  if (present !== undefined) return present;
  const made = everyField(value, type);
  if (made !== undefined && known.size < mostFlat) known.set(names, made);
  return made;
}

const newFields = (value: object, type: TypeDescription): FieldSet | undefined =>
  flatSet(value as Json, type) ?? everyField(value, type);

function everyField(value: object, { map }: TypeDescription): FieldSet | undefined {
  const nodes: FieldNode[] = [];
  for (const name in value) {
    const inner = (value as Json)[name];
    const innerType = map === undefined ? undefined : typeAt(map, name);
    if (inner === undefined || innerType === undefined) continue;
    nodes.push({ element: named(name), member: true, children: everythingIn(inner, innerType) });
  }
  return nodes.length === 0 ? undefined : setOf(nodes);
}

function newItems(value: unknown, { list }: TypeDescription): FieldSet | undefined {
  if (list === undefined) return undefined;
  const nodes: FieldNode[] = [];
  const many = new Map<PathElement, number>();
  for (const item of itemsOf(value)) {
    const [element] = itemElement(list, item);
    if (element === undefined) continue;
    const present = many.get(element);
    if (present === undefined) {
      many.set(element, nodes.length);
      nodes.push({ element, member: true, children: everythingIn(item, list.element) });
    } else nodes[present] = { element, member: true, children: undefined };
  }
  return nodes.length === 0 ? undefined : setOf(nodes);
}
