/**
 * Which row is each key's newest, in memory, in order.
 *
 * Keys lie in buckets by their first two segments (`/registry/pods/`), so that a list of one
 * resource touches no other. A bucket is sorted when somebody lists it, not when somebody writes.
 */
import type { Live } from "./live.ts";

interface Bucket {
  readonly byKey: Map<string, Live>;
  /** All keys in order while `sorted`; else in no order, perhaps with keys that are gone. */
  keys: string[];
  sorted: boolean;
}

/** `/registry/pods/` of `/registry/pods/default/web-1`; a shorter key is its own bucket. */
export function bucketOf(key: string): string {
  const second = key.indexOf("/", 1);
  const third = second < 0 ? -1 : key.indexOf("/", second + 1);
  return third < 0 ? key : key.slice(0, third + 1);
}

export class KeySpace {
  readonly #buckets = new Map<string, Bucket>();
  #size = 0;

  get size(): number {
    return this.#size;
  }
  get(key: string): Live | undefined {
    return this.#buckets.get(bucketOf(key))?.byKey.get(key);
  }
  set(key: string, live: Live): void {
    const bucket = this.#bucket(bucketOf(key));
    if (!bucket.byKey.has(key)) {
      this.#size += 1;
      const last = bucket.keys.at(-1);
      if (last !== undefined && last > key) bucket.sorted = false;
      bucket.keys.push(key);
    }
    bucket.byKey.set(key, live);
  }
  delete(key: string): void {
    const bucket = this.#buckets.get(bucketOf(key));
    if (bucket?.byKey.delete(key) !== true) return;
    this.#size -= 1;
    bucket.sorted = false;
  }

  /** Newest states under a prefix, in key order, beginning behind `after`. */
  *under(prefix: string, after = ""): Generator<Live> {
    for (const bucket of this.#covering(prefix)) {
      const keys = sortedKeys(bucket);
      const from = after >= prefix ? lowerBound(keys, `${after}\u0000`) : lowerBound(keys, prefix);
      for (let i = from; i < keys.length; i += 1) {
        const key = keys[i] as string;
        if (!key.startsWith(prefix)) break;
        yield bucket.byKey.get(key) as Live;
      }
    }
  }

  *#covering(prefix: string): Generator<Bucket> {
    const own = bucketOf(prefix);
    if (own.endsWith("/") && own.length <= prefix.length && own.split("/").length > 3) {
      const bucket = this.#buckets.get(own);
      if (bucket !== undefined) yield bucket;
      return;
    }
    for (const name of [...this.#buckets.keys()].toSorted()) {
      if (name.startsWith(prefix)) yield this.#buckets.get(name) as Bucket;
    }
  }

  #bucket(name: string): Bucket {
    const present = this.#buckets.get(name);
    if (present !== undefined) return present;
    const made: Bucket = { byKey: new Map(), keys: [], sorted: true };
    this.#buckets.set(name, made);
    return made;
  }
}

function sortedKeys(bucket: Bucket): readonly string[] {
  if (!bucket.sorted) {
    bucket.keys = [...bucket.byKey.keys()].sort();
    bucket.sorted = true;
  }
  return bucket.keys;
}

/** Index of the first key that is not before `wanted`. */
function lowerBound(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
