/** Creating many Pods: a few first, then more, as long as it goes well. Upstream: pkg/controller/replicaset slowStartBatch. */

/** Calls `act` up to `count` times in batches of 1, 2, 4…; ends with the batch in which one failed. */
export function slowStart(
  count: number,
  act: () => void,
): { readonly done: number; readonly error: unknown } {
  let done = 0;
  let error: unknown;
  for (let size = 1; done < count && error === undefined; size *= 2) {
    const batch = Math.min(size, count - done);
    for (let i = 0; i < batch; i += 1) {
      try {
        act();
        done += 1;
      } catch (caught) {
        error ??= caught;
      }
    }
  }
  return { done, error };
}
