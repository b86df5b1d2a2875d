/** Raw scores to 0..100. Upstream: framework/plugins/helper/normalize_score.go. */
const most = 100;

/** 100 × score / highest. */
export function proportional(scores: readonly number[]): readonly number[] {
  const top = Math.max(0, ...scores);
  return top === 0 ? scores : scores.map((score) => Math.floor((most * score) / top));
}
/** The fewer, the better. */
export function reversed(scores: readonly number[]): readonly number[] {
  const top = Math.max(0, ...scores);
  return scores.map((score) => (top === 0 ? most : most - Math.floor((most * score) / top)));
}
