/**
 * What the typed walks need to know of a type, whoever provides it: the API's own schema
 * (`schema-types.ts`) or a custom resource's. A type may allow several sorts of value.
 * Upstream: structured-merge-diff/schema/elements.go Atom.
 */
import {
  fieldElement,
  keyElement,
  type PathElement,
  valueElement,
} from "#apimachinery/fieldpath/element.ts";
import { isObject } from "./value.ts";

export interface TypeDescription {
  /** For messages and for `===`: two descriptions of one name are the same. */
  readonly scalar?: "string" | "numeric" | "boolean" | "untyped";
  readonly list?: ListDescription;
  readonly map?: MapDescription;
}
export interface ListDescription {
  /** One value as a whole; else its items are told apart, by `keys` or (without keys) by their value. */
  readonly atomic: boolean;
  readonly keys: readonly string[];
  readonly element: TypeDescription;
}
/** A struct or a map: declared fields, and what all other keys hold. */
export interface MapDescription {
  readonly atomic: boolean;
  /** Undefined: not declared. */
  field(name: string): TypeDescription | undefined;
  /** Of keys that are not declared; undefined: there may be none. */
  readonly element: TypeDescription | undefined;
  /** The value a missing key of a list item stands for. */
  defaultOf(name: string): unknown;
  /** What a missing field is when values are compared: in Go some are always there. */
  zeroOf(name: string): unknown;
}

export type Sort = "map" | "scalar" | "list";

/** How a value is treated: by its own sort where the type allows it. Upstream: typed deduceAtom, handleAtom. */
export function sortOf(type: TypeDescription, value: unknown): Sort {
  if (Array.isArray(value)) {
    if (type.list !== undefined) return "list";
  } else if (isObject(value)) {
    if (type.map !== undefined) return "map";
  } else if (value !== null && value !== undefined && type.scalar !== undefined) return "scalar";
  return type.map !== undefined ? "map" : type.scalar !== undefined ? "scalar" : "list";
}

/** The type of a map's key; undefined: not allowed. */
export const typeAt = (map: MapDescription, name: string): TypeDescription | undefined =>
  map.field(name) ?? map.element;

/** What a list item is called. The second: why it cannot be. Upstream: typed/helpers.go listItemToPathElement. */
export function itemElement(
  list: ListDescription,
  item: unknown,
): readonly [PathElement, undefined] | readonly [undefined, string] {
  return list.keys.length > 0 ? keyed(list, item) : ofSet(item);
}

function keyed(
  { keys, element }: ListDescription,
  item: unknown,
): readonly [PathElement, undefined] | readonly [undefined, string] {
  if (item === null || item === undefined)
    return [undefined, "associative list with keys may not have a null element"];
  if (!isObject(item))
    return [undefined, "associative list with keys may not have non-map elements"];
  const [only = ""] = keys;
  if (keys.length === 1 && typeof item[only] === "string")
    return [keyedText(only, item[only]), undefined];
  const fields: (readonly [string, unknown])[] = [];
  for (const key of keys) {
    const value = item[key] === undefined ? element.map?.defaultOf(key) : item[key];
    if (value !== undefined) fields.push([key, value]);
  }
  if (fields.length === 0) {
    const names = keys.map((key) => JSON.stringify(key)).join(" ");
    return [
      undefined,
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    ];
  }
  if (fields.length > 1) fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return [keyElement(fields), undefined];
}

const keyedTexts = new Map<string, PathElement>();
const mostKeyedTexts = 10_000;

/** Names, types and the like come again and again. */
function keyedText(key: string, value: string): PathElement {
  const id = `${key} ${value}`;
  const known = keyedTexts.get(id);
  if (known !== undefined) return known;
  const made = keyElement([[key, value]]);
  if (keyedTexts.size >= mostKeyedTexts) keyedTexts.clear();
  keyedTexts.set(id, made);
  return made;
}

function ofSet(item: unknown): readonly [PathElement, undefined] | readonly [undefined, string] {
  if (item === null || item === undefined)
    return [undefined, "associative list without keys has an element that's an explicit null"];
  if (Array.isArray(item))
    return [undefined, "not supported: associative list with lists as elements"];
  if (typeof item === "object")
    return [undefined, "associative list without keys has an element that's a map type"];
  return [valueElement(item), undefined];
}

const fields = new Map<string, PathElement>();
const mostFields = 10_000;

/** `f:<name>`, the same string each time. */
export function named(name: string): PathElement {
  const known = fields.get(name);
  if (known !== undefined) return known;
  const made = fieldElement(name);
  if (fields.size >= mostFields) fields.clear();
  fields.set(name, made);
  return made;
}

export const itemsOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : [];

/** Any JSON value: maps are told apart by key, lists are one value. Upstream: typed.DeducedParseableType. */
export const deduced: TypeDescription = {
  scalar: "untyped",
  get list() {
    return wholeList;
  },
  get map() {
    return anyMap;
  },
};
const untyped: TypeDescription = {
  scalar: "untyped",
  get list() {
    return wholeList;
  },
  get map() {
    return wholeMap;
  },
};
const anyMap: MapDescription = {
  atomic: false,
  field: () => undefined,
  element: deduced,
  defaultOf: () => undefined,
  zeroOf: () => undefined,
};
const wholeMap: MapDescription = { ...anyMap, atomic: true, element: untyped };
const wholeList: ListDescription = { atomic: true, keys: [], element: untyped };
/** Any JSON value, as one. */
export const untypedAtomic: TypeDescription = untyped;
