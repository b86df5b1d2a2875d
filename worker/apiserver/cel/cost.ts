/**
 * What an evaluation may cost. One unit is about one step of the interpreter: an expression costs its
 * nodes, each round of a comprehension costs the nodes of its body, and functions whose work grows with
 * their input spend a tenth of its length. Evaluation never waits, so one counter is enough.
 * Upstream: apiserver/pkg/apis/cel/config.go, cel/library/cost.go.
 * Differs: what a branch not taken would have cost counts too, because nodes are counted, not visits.
 */

/** One expression. */
export const perCallLimit = 1_000_000;
/** All expressions of one request on one object: rules of a schema, or one policy. */
export const runtimeBudget = 10_000_000;

/** Shared by the expressions of one request; each takes from it what it cost. */
export interface Budget {
  remaining: number;
}
export const newBudget = (): Budget => ({ remaining: runtimeBudget });

export const overLimitText = "operation cancelled: actual cost limit exceeded";
export const outOfBudgetText =
  "validation failed due to running out of cost budget, no further validation rules will be run";

let left = Infinity;

/** Called by whatever works in proportion to its input. Throws when nothing is left. */
export function spend(units: number): void {
  left -= units;
  if (left < 0) throw new Error(overLimitText);
}

/** Runs with a limit; tells what it cost and whether that was too much, whatever the expression made of the error. */
export function limited<T>(limit: number, run: () => T): { cost: number; over: boolean; value: T } {
  const outer = left;
  left = limit;
  try {
    const value = run();
    return { cost: limit - Math.max(left, 0), over: left < 0, value };
  } finally {
    left = outer;
  }
}
