/** Notes are stored with the next write or a moment later, and never once for each read. */
import { expect, test } from "vitest";
import { NoteKeeper } from "#cluster/note-keeper.ts";
import { TraceFeed, type TraceSource } from "#cluster/trace/feed.ts";

function world() {
  const stored: number[] = [];
  const timers: (() => void)[] = [];
  const source = {
    revision: 0,
    noteSeq: 0,
    notes: () => [],
    addNotes: (notes: readonly unknown[]) => stored.push(notes.length),
  } as unknown as TraceSource;
  const feed = new TraceFeed(source);
  const keeper = new NoteKeeper(feed, {
    every: () => () => undefined,
    after: (_, run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
  });
  keeper.keep(1);
  const read = (revision: number): void => {
    feed.note({
      rev: revision,
      cause: 0,
      atMs: 0,
      actor: "learner",
      verb: "get",
      obj: "",
      facts: [],
    });
    keeper.keep(revision);
  };
  return { stored, timers, read, keeper };
}

test("reads wait for one timer, which stores all of their notes as one row", () => {
  const { stored, timers, read } = world();
  for (let n = 0; n < 5; n += 1) read(1);
  expect(stored).toEqual([]);
  expect(timers).toHaveLength(1);
  timers[0]?.();
  expect(stored).toEqual([5]);
});

test("a write takes the waiting notes along, and nothing is left to wait for", () => {
  const { stored, timers, read } = world();
  read(1);
  read(2);
  expect(stored).toEqual([2]);
  expect(timers).toEqual([]);
});

test("many notes do not wait", () => {
  const { stored, read } = world();
  for (let n = 0; n < 500; n += 1) read(1);
  expect(stored).toEqual([500]);
});

test("without notes there is nothing to store", () => {
  const { stored, timers, keeper } = world();
  keeper.keep(1);
  keeper.keep(2);
  expect([stored, timers]).toEqual([[], []]);
});
