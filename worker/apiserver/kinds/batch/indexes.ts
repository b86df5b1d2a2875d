/** Indexes of a Job as text: `0,3-5,7`. Upstream: pkg/apis/batch/validation validateIndexesFormat. */

/** Both ends of each range; undefined for what is no number. */
const rangesOf = (text: string): readonly (readonly [number, number])[] =>
  text.split(",").map((part) => {
    const [first = "", last = first] = part.split("-");
    return [first === "" ? Number.NaN : Number(first), last === "" ? Number.NaN : Number(last)];
  });

/** What is wrong with ranges below `completions`; nothing when they are in order. */
export function indexRangesProblem(text: string, completions: number): string | undefined {
  if (text === "") return undefined;
  let before: number | undefined;
  for (const [i, part] of text.split(",").entries()) {
    if (part.split("-").length > 2)
      return `the fragment ${JSON.stringify(part)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    const [first, last] = rangesOf(text)[i] ?? [Number.NaN, Number.NaN];
    const bad = Number.isInteger(first)
      ? Number.isInteger(last)
        ? undefined
        : part.split("-")[1]
      : part.split("-")[0];
    if (bad !== undefined)
      return `cannot convert string to integer for index: ${JSON.stringify(bad)}`;
    if (first >= completions) return `too large index: ${JSON.stringify(part.split("-")[0])}`;
    if (before !== undefined && first <= before)
      return `non-increasing order, previous: ${before}, current: ${first}`;
    if (part.includes("-")) {
      if (last >= completions) return `too large index: ${JSON.stringify(part.split("-")[1])}`;
      if (first >= last) return `non-increasing order, previous: ${first}, current: ${last}`;
    }
    before = last;
  }
  return undefined;
}
/** How many indexes valid ranges hold. */
export const rangesSize = (text: string): number =>
  text === "" ? 0 : rangesOf(text).reduce((sum, [first, last]) => sum + last - first + 1, 0);
