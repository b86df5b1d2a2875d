/** Equality of JSON values; the same reference is equal without a look. Absent and undefined are the same. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i += 1) if (!equal(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const name in left) if (!equal(left[name], right[name])) return false;
  for (const name in right) if (right[name] !== undefined && left[name] === undefined) return false;
  return true;
}

/** `next` with every sub-tree that equals the one of `previous` replaced by it, so that `===` means unchanged. */
export function shared<T>(next: T, previous: unknown): T {
  if (
    next === previous ||
    typeof next !== "object" ||
    typeof previous !== "object" ||
    next === null ||
    previous === null
  )
    return next;
  if (Array.isArray(next)) {
    if (!Array.isArray(previous)) return next;
    let same = next.length === previous.length;
    const items = next.map((item: unknown, i) => {
      const kept = i < previous.length ? shared(item, previous[i]) : item;
      if (kept !== previous[i]) same = false;
      return kept;
    });
    return (same ? previous : items) as T;
  }
  if (Array.isArray(previous)) return next;
  const before = previous as Record<string, unknown>;
  const after = next as Record<string, unknown>;
  const names = Object.keys(after);
  let same = names.length === Object.keys(before).length;
  const made: Record<string, unknown> = {};
  for (const name of names) {
    const kept = shared(after[name], before[name]);
    if (kept !== before[name] || !(name in before)) same = false;
    made[name] = kept;
  }
  return (same ? previous : made) as T;
}
