/**
 * Two values merged: the configuration wins field by field, nothing is taken away.
 * Lists keep the live order, or follow the configuration's where it says another.
 * Copy-on-write: what the configuration does not touch keeps its identity.
 * Upstream: structured-merge-diff/typed/merge.go.
 */
import type { PathElement } from "#apimachinery/fieldpath/element.ts";
import {
  itemElement,
  type ListDescription,
  type MapDescription,
  sortOf,
  typeAt,
  type TypeDescription,
} from "./description.ts";
import { isBare, isObject, type Json } from "./value.ts";

/** `config` must fit the type, without duplicates; undefined: neither is there. */
export function merge(live: unknown, config: unknown, type: TypeDescription): unknown {
  if (config === undefined) return live;
  const sort = sortOf(type, config);
  if (sort === "scalar" || live === undefined) return config;
  if (sort === "list") {
    const { list } = type;
    const given = Array.isArray(config) ? (config as readonly unknown[]) : [];
    const present = Array.isArray(live) ? (live as readonly unknown[]) : [];
    if (list === undefined || list.atomic || (given.length === 0 && present.length === 0))
      return config;
    return mergeItems(present, given, list);
  }
  const { map } = type;
  if (map === undefined || map.atomic || (isBare(live) && isBare(config))) return config;
  return mergeFields(isObject(live) ? live : {}, isObject(config) ? config : {}, map);
}

function mergeFields(live: Json, config: Json, map: MapDescription): Json {
  let made: Record<string, unknown> | undefined;
  for (const name in config) {
    const inner = typeAt(map, name);
    if (inner === undefined || config[name] === undefined) continue;
    const merged = merge(live[name], config[name], inner);
    if (merged === live[name]) continue;
    made ??= { ...live };
    made[name] = merged;
  }
  return made ?? live;
}

/** Items with their names; a name that is there twice is merged with nothing. */
class Indexed {
  readonly items: readonly unknown[];
  readonly elements: readonly (PathElement | undefined)[];
  readonly #of = new Map<PathElement, unknown>();
  constructor(items: readonly unknown[], list: ListDescription) {
    this.items = items;
    this.elements = items.map((item) => itemElement(list, item)[0]);
    for (const [i, element] of this.elements.entries()) {
      if (element !== undefined)
        this.#of.set(element, this.#of.has(element) ? undefined : items[i]);
    }
  }
  has(element: PathElement | undefined): boolean {
    return element !== undefined && this.#of.has(element);
  }
  get(element: PathElement | undefined): unknown {
    return element === undefined ? undefined : this.#of.get(element);
  }
}

function mergeItems(
  live: readonly unknown[],
  config: readonly unknown[],
  list: ListDescription,
): readonly unknown[] {
  const left = new Indexed(live, list);
  const right = new Indexed(config, list);
  const common = right.elements.filter((element) => left.has(element));
  const merged = new Set<PathElement | undefined>();
  const made: unknown[] = [];
  let l = 0;
  let r = 0;
  // The next of the common items, in the configuration's order; others of them are passed over.
  let wanted = common.shift();
  const take = (element: PathElement | undefined): void => {
    merged.add(element);
    made.push(merge(left.get(element), right.get(element), list.element));
    r += 1;
  };
  while (l < live.length || r < config.length) {
    const element = left.elements[l];
    if (l < live.length && r < config.length) {
      if (element === right.elements[r]) {
        take(element);
        l += 1;
        wanted = common.shift();
        continue;
      }
      if (right.has(element) && wanted !== undefined && wanted !== element) {
        l += 1;
        continue;
      }
    }
    if (l < live.length) {
      if (!right.has(element)) {
        made.push(live[l]);
        l += 1;
        continue;
      }
      if (merged.has(element)) l += 1;
    }
    if (r < config.length) {
      const next = right.elements[r];
      take(next);
      if (wanted !== undefined && wanted === next) wanted = common.shift();
    }
  }
  const same = made.length === live.length && made.every((item, i) => item === live[i]);
  return same ? live : made;
}
