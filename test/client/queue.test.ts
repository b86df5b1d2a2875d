/** The workqueue: one entry per key, first come first served, returns in order of their time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WorkQueue } from "#client/queue.ts";

const drain = (queue: WorkQueue): string[] => {
  const taken: string[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take())
    taken.push(`${item.component}:${item.key}`);
  return taken;
};

describe("the workqueue", () => {
  it("hands out keys in the order they became dirty, each once", () => {
    const queue = new WorkQueue();
    queue.add(0, "a", 1, 0);
    queue.add(1, "a", 2, 0);
    queue.add(0, "a", 3, 0);
    queue.add(0, "b", 4, 0);
    expect(drain(queue)).toEqual(["0:a", "1:a", "0:b"]);
  });

  it("keeps the newest revision as the cause", () => {
    const queue = new WorkQueue();
    queue.add(0, "a", 7, 0);
    queue.add(0, "a", 5, 0);
    queue.add(0, "a", 9, 0);
    expect(queue.take()?.cause).toBe(9);
  });

  it("brings a key back at its time, and not before", () => {
    const queue = new WorkQueue();
    queue.addAt(0, "late", 100, "wait", 1);
    queue.addAt(0, "early", 50, "wait", 1);
    queue.promote(49, false);
    expect(drain(queue)).toEqual([]);
    queue.promote(100, false);
    expect(drain(queue)).toEqual(["0:early", "0:late"]);
  });

  it("lets work, but no wait, pass at once on the instant clock", () => {
    const queue = new WorkQueue();
    queue.addAt(0, "pull", 5_000, "work", 1);
    queue.addAt(0, "back-off", 10_000, "wait", 1);
    queue.promote(0, true);
    expect(drain(queue)).toEqual(["0:pull"]);
    expect(queue.next(true)).toMatchObject({ key: "back-off", atMs: 10_000 });
  });

  it("remembers only the last return asked for, and forgets on demand", () => {
    const queue = new WorkQueue();
    queue.addAt(0, "a", 10, "wait", 1);
    queue.addAt(0, "a", 90, "wait", 1);
    queue.promote(50, false);
    expect(drain(queue)).toEqual([]);
    queue.forget(0, "a");
    queue.promote(100, false);
    expect(drain(queue)).toEqual([]);
    expect(queue.next(false)).toBeUndefined();
  });

  it("takes one component's keys out of turn and leaves the others in order", () => {
    const queue = new WorkQueue();
    for (const [component, key] of [
      [0, "a"],
      [1, "b"],
      [0, "c"],
      [1, "d"],
    ] as const)
      queue.add(component, key, 1, 0);
    expect(queue.take(1)?.key).toBe("b");
    expect(drain(queue)).toEqual(["0:a", "0:c", "1:d"]);
  });

  it("behaves as a list that is sorted by brute force", () => {
    const operation = fc.oneof(
      fc.record({ op: fc.constant("add" as const), key: fc.integer({ min: 0, max: 9 }) }),
      fc.record({
        op: fc.constant("later" as const),
        key: fc.integer({ min: 0, max: 9 }),
        atMs: fc.integer({ min: 0, max: 50 }),
      }),
      fc.record({ op: fc.constant("take" as const) }),
      fc.record({ op: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 20 }) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const queue = new WorkQueue();
        const ready: string[] = [];
        let later: { key: string; atMs: number }[] = [];
        let now = 0;
        for (const step of operations) {
          if (step.op === "add") {
            queue.add(0, String(step.key), 1, now);
            if (!ready.includes(String(step.key))) ready.push(String(step.key));
          } else if (step.op === "later") {
            const key = String(step.key);
            queue.addAt(0, key, step.atMs, "wait", 1);
            later = [...later.filter((one) => one.key !== key), { key, atMs: step.atMs }];
          } else if (step.op === "pass") {
            now += step.ms;
            queue.promote(now, false);
            const due = later.filter(({ atMs }) => atMs <= now).toSorted((a, b) => a.atMs - b.atMs);
            later = later.filter(({ atMs }) => atMs > now);
            for (const { key } of due) if (!ready.includes(key)) ready.push(key);
          } else expect(queue.take()?.key).toBe(ready.shift());
        }
        expect(queue.length).toBe(ready.length);
      }),
    );
  });
});
