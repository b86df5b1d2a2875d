/** The cluster's clock: four modes, never backwards, stored only when somebody changes it. */
import { describe, expect, it } from "vitest";
import { Clock, type ClockState } from "#cluster/clock.ts";

/** A wall that the test moves, and a storage that counts. */
function world(): {
  wall: { ms: number };
  saved: ClockState[];
  clock: (floorMs?: number) => Clock;
} {
  const wall = { ms: 1_000_000 };
  const saved: ClockState[] = [];
  const storage = { load: () => saved.at(-1), save: (state: ClockState) => void saved.push(state) };
  return { wall, saved, clock: (floorMs = 0) => new Clock(storage, () => wall.ms, floorMs) };
}

describe("the cluster's clock", () => {
  it("passes at wall rate on realtime and on instant, and writes nothing for it", () => {
    const { wall, saved, clock } = world();
    const it = clock();
    it.set("realtime");
    const before = saved.length;
    wall.ms += 5_000;
    expect(it.nowMs()).toBe(1_005_000);
    expect(saved.length).toBe(before);
  });

  it("passes faster by the speed", () => {
    const { wall, clock } = world();
    const it = clock();
    it.set("fast", 10);
    wall.ms += 1_000;
    expect(it.nowMs()).toBe(1_010_000);
  });

  it("stands still while paused, and moves only when told", () => {
    const { wall, clock } = world();
    const it = clock();
    it.set("paused");
    wall.ms += 60_000;
    expect(it.nowMs()).toBe(1_000_000);
    it.advanceTo(1_000_500);
    expect(it.nowMs()).toBe(1_000_500);
    it.advanceTo(1_000_100);
    expect(it.nowMs()).toBe(1_000_500);
    expect(it.wallOf(2_000_000)).toBeUndefined();
  });

  it("goes on in a new instance where the old one was, never earlier than the newest revision", () => {
    const { wall, clock } = world();
    clock().set("fast", 100);
    wall.ms += 1_000;
    expect(clock().nowMs()).toBe(1_100_000);
    expect(clock(9_000_000).nowMs()).toBe(9_000_000);
  });

  it("says when, on the wall, a cluster time comes", () => {
    const { clock } = world();
    const it = clock();
    it.set("fast", 10);
    expect(it.wallOf(1_010_000)).toBe(1_001_000);
  });
});
