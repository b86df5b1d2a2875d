/** Orders to the clock: what may be asked, and what is wrong with the rest, field by field. */
import { describe, expect, it } from "vitest";
import { StatusError } from "#apimachinery/status.ts";
import { clockOrder, durationMs } from "#cluster/platform/clock-order.ts";

describe("a clock order", () => {
  it.each<[string, number | undefined]>([
    ["90s", 90_000],
    ["6m", 360_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["7", 7_000],
    ["1.5s", 1_500],
    ["", undefined],
    ["6 m", undefined],
    ["-6m", undefined],
    ["6y", undefined],
  ])("reads %j as %j ms", (text, ms) => expect(durationMs(text)).toBe(ms));

  it("reads numbers from a form", () => {
    expect(
      clockOrder({ mode: "fast", speed: "20", step: "3", until: "pods=3", skip: "6m" }),
    ).toEqual({
      mode: "fast",
      speed: 20,
      step: 3,
      component: undefined,
      until: { what: "pods", count: 3 },
      skipMs: 360_000,
    });
  });

  it("names every field that is wrong, at once", () => {
    const asked = { mode: "slow", speed: "0", step: "1.5", until: "pods", skip: "soon", tempo: 1 };
    let refused: unknown;
    try {
      clockOrder(asked);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(StatusError);
    const { code, details } = (refused as StatusError).status;
    expect(code).toBe(422);
    expect(details?.causes?.map(({ field }) => field).toSorted()).toEqual([
      "mode",
      "skip",
      "speed",
      "step",
      "tempo",
      "until",
    ]);
  });
});
