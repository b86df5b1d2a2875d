/**
 * Takes fields and list items away; what is atomic stays whole.
 * Upstream: structured-merge-diff/typed/remove.go, fieldpath Set.EnsureNamedFieldsAreMembers.
 */
import { emptySet, type FieldNode, FieldSet } from "#apimachinery/fieldpath/set.ts";
import { itemElement, named, sortOf, typeAt, type TypeDescription } from "./description.ts";
import { isBare, isObject } from "./value.ts";

/** Undefined: nothing is left. */
export function withoutFields(value: unknown, gone: FieldSet, type: TypeDescription): unknown {
  const sort = sortOf(type, value);
  if (sort === "scalar") return value;
  // As upstream: an empty or atomic container does not survive a removal inside it.
  const parts = sort === "list" ? type.list : type.map;
  if (parts === undefined || parts.atomic || isBare(value)) return undefined;
  const found = new Map(gone.nodes.map((node) => [node.element, node]));
  if (sort === "list") return Array.isArray(value) ? items(value, found, type) : undefined;
  if (!isObject(value)) return undefined;
  const made: Record<string, unknown> = {};
  let same = true;
  for (const name in value) {
    const node = found.get(named(name));
    const inner = type.map === undefined ? undefined : typeAt(type.map, name);
    const kept = keptOf(value[name], node, inner);
    same &&= kept === value[name];
    if (kept !== undefined) made[name] = kept;
  }
  if (same) return value;
  return Object.keys(made).length === 0 ? undefined : made;
}

function keptOf(
  value: unknown,
  node: FieldNode | undefined,
  type: TypeDescription | undefined,
): unknown {
  if (node === undefined || type === undefined) return value;
  if (node.member) return undefined;
  const kept = node.children === undefined ? value : withoutFields(value, node.children, type);
  // A field whose parts are all gone is null, which is not the same as absent.
  return kept === undefined ? null : kept;
}

function items(
  value: readonly unknown[],
  found: ReadonlyMap<string, FieldNode>,
  { list }: TypeDescription,
): readonly unknown[] | undefined {
  if (list === undefined) return value;
  const made: unknown[] = [];
  let same = true;
  for (const item of value) {
    const [element] = itemElement(list, item);
    const kept = keptOf(item, element === undefined ? undefined : found.get(element), list.element);
    same &&= kept === item;
    if (kept !== undefined) made.push(kept);
  }
  if (same) return value;
  return made.length === 0 ? undefined : made;
}

/** The set with each declared field that has members below it as a member, too. */
export function withNamedFields(set: FieldSet, type: TypeDescription | undefined): FieldSet {
  if (set.isEmpty) return emptySet;
  const nodes = set.nodes.map(({ element, member, children }): FieldNode => {
    const name = element.startsWith("f:") ? element.slice(2) : undefined;
    const declared = name === undefined ? undefined : type?.map?.field(name);
    const inner =
      name === undefined
        ? element.startsWith("k:")
          ? type?.list?.element
          : undefined
        : (declared ?? type?.map?.element);
    return {
      element,
      member: member || (children !== undefined && declared !== undefined),
      children: children === undefined ? undefined : withNamedFields(children, inner),
    };
  });
  return new FieldSet(nodes);
}
