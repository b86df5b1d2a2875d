/**
 * Ranges of sizes and costs, as estimates need them: whole numbers that stop at the largest of 64 bits.
 * Upstream: cel-go checker/cost.go SizeEstimate, CostEstimate.
 */
export interface Amount {
  readonly min: number;
  readonly max: number;
}

/** As near to 2^64 - 1 as a number comes: what nothing is known of. */
export const most = 2 ** 64 - 1;
export const unknown: Amount = { min: 0, max: most };
export const exactly = (value: number): Amount => ({ min: value, max: value });
export const nothing: Amount = exactly(0);
export const one: Amount = exactly(1);

const bounded = (value: number): number => Math.min(value, most);

export const sum = (...amounts: readonly Amount[]): Amount => ({
  min: bounded(amounts.reduce((total, { min }) => total + min, 0)),
  max: bounded(amounts.reduce((total, { max }) => total + max, 0)),
});
export const product = (a: Amount, b: Amount): Amount => ({
  min: bounded(a.min * b.min),
  max: bounded(a.max * b.max),
});
/** Of each unit, `factor`; rounded up. */
export const times = ({ min, max }: Amount, factor: number): Amount => ({
  min: bounded(Math.ceil(min * factor)),
  max: bounded(Math.ceil(max * factor)),
});
/** What holds for both. */
export const either = (a: Amount, b: Amount): Amount => ({
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
});
