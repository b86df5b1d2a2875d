/**
 * The order of a list after a strategic merge: what the patch names stands as the patch says, what
 * only the server has keeps its place before what stood behind it.
 * Upstream: strategicpatch/patch.go normalizeElementOrder, mergeSortedSlice.
 */
import { equal } from "./equal.ts";

type IdOf = (item: unknown) => unknown;

const place = (list: readonly unknown[], item: unknown, idOf: IdOf): number => {
  const id = idOf(item);
  return list.findIndex((one) => equal(idOf(one), id));
};

export function ordered(
  list: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  idOf: IdOf,
): readonly unknown[] {
  const by = (order: readonly unknown[], items: readonly unknown[]): unknown[] =>
    items.toSorted((a, b) => place(order, a, idOf) - place(order, b, idOf));
  const isPatched = (item: unknown): boolean => place(patchOrder, item, idOf) >= 0;
  const patched = by(patchOrder, list.filter(isPatched));
  const others = by(
    serverOrder,
    list.filter((item) => !isPatched(item)),
  );
  const made: unknown[] = [];
  while (patched.length > 0 || others.length > 0) {
    const [next] = patched;
    const [other] = others;
    const server = other === undefined ? -1 : place(serverOrder, other, idOf);
    const after = next === undefined ? -1 : place(serverOrder, next, idOf);
    const isOther = patched.length === 0 || (server >= 0 && after >= 0 && server < after);
    made.push(isOther && others.length > 0 ? others.shift() : patched.shift());
  }
  return made;
}
