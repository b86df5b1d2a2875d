/** What a record keeps of what its process heard. */
import { expect, it } from "vitest";
import { allHeard, type HeardRecord, isFull, withHeard } from "#kubelet/heard-record.ts";
import type { Heard } from "#network/calls.ts";

const page = (body: string): Heard => ({ state: "open", answer: { status: 200, body } });
const kept = (all: readonly Heard[]): HeardRecord | undefined =>
  all.reduce<HeardRecord | undefined>((record, heard) => withHeard(record, heard), undefined);

it("each answer once, all in their order", () => {
  const all = [page("a"), page("b"), page("a"), page("a"), page("b")];
  const record = kept(all);
  expect(record?.answers).toEqual([page("a"), page("b")]);
  expect(record?.order).toEqual([0, 1, 0, 0, 1]);
  expect(allHeard(record)).toEqual(all);
});
it("has room for as many of the same as one likes, and for so many different ones", () => {
  expect(isFull(kept(Array.from({ length: 5000 }, () => page("x".repeat(100)))))).toBe(false);
  expect(isFull(kept(Array.from({ length: 5000 }, (_, n) => page(`${n}${"x".repeat(100)}`))))).toBe(
    true,
  );
});
it("keeps the first 64 KiB of a page", () => {
  const [heard] = allHeard(kept([page("x".repeat(100_000))]));
  expect(heard).toEqual(page("x".repeat(65_536)));
});
