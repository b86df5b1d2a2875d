/**
 * Fields that were owned under an older schema, as the present one counts them: of what has become one value, the
 * whole is owned and nothing within. What has become several values stays as it was.
 * Upstream: structured-merge-diff/typed/reconcile_schema.go ReconcileFieldSetWithSchema.
 */
import { type FieldNode, FieldSet } from "#apimachinery/fieldpath/set.ts";
import { deduced, typeAt, type TypeDescription, untypedAtomic } from "./description.ts";

/** The same set when the schema counts as it did. */
export function reconciled(set: FieldSet, type: TypeDescription): FieldSet {
  let same = true;
  const nodes = set.nodes.map((node) => {
    const inner = typeOf(node, type);
    const next = inner === undefined ? node : reconciledNode(node, inner);
    same &&= next === node;
    return next;
  });
  return same ? set : new FieldSet(nodes);
}

function typeOf(
  { element }: FieldNode,
  { map, list }: TypeDescription,
): TypeDescription | undefined {
  if (map === undefined) return list?.element;
  return element.startsWith("f:") ? typeAt(map, element.slice(2)) : map.element;
}

function reconciledNode(node: FieldNode, type: TypeDescription): FieldNode {
  const { element, member, children } = node;
  if (children === undefined || type === deduced || type === untypedAtomic) return node;
  const { map, scalar, list } = type;
  if (map === undefined && (scalar !== undefined || list === undefined)) return node;
  if ((map ?? list)?.atomic === true) return { element, member: true, children: undefined };
  const below = reconciled(children, type);
  return below === children ? node : { element, member, children: below };
}
