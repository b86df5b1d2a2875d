/**
 * Sharing with what was there: equal sub-trees of a new value are the old ones, so that `===` means
 * unchanged and a status that says nothing new is the old status itself.
 */
type Fields = { readonly [name: string]: unknown };

export function keep<T>(old: unknown, next: T): T {
  return kept(old, next) as T;
}

function kept(old: unknown, next: unknown): unknown {
  if (
    old === next ||
    typeof next !== "object" ||
    typeof old !== "object" ||
    next === null ||
    old === null
  )
    return next;
  return Array.isArray(next) ? keptList(old, next) : keptFields(old as Fields, next as Fields);
}

function keptList(old: unknown, next: readonly unknown[]): unknown {
  if (!Array.isArray(old)) return next;
  let same = old.length === next.length;
  const items = next.map((item, i) => {
    const item2 = kept(old[i], item);
    if (item2 !== old[i]) same = false;
    return item2;
  });
  return same ? old : items;
}

/** A field that is undefined counts as absent, and is dropped. */
function keptFields(old: Fields, next: Fields): unknown {
  const fields: Record<string, unknown> = {};
  let same = true;
  let size = 0;
  for (const name in next) {
    const value = next[name];
    if (value === undefined) continue;
    const field = kept(old[name], value);
    if (field !== old[name]) same = false;
    fields[name] = field;
    size += 1;
  }
  if (same) for (const name in old) if (old[name] !== undefined) size -= 1;
  return same && size === 0 ? old : fields;
}
