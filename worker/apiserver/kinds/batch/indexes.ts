/** Indexes of a Job as text: `0,3-5,7`. Upstream: pkg/apis/batch/validation validateIndexesFormat, parseIndexInterval. */

type Interval = readonly [first: number, last: number];
const quoted = JSON.stringify;

/** The interval below `completions`, or what is wrong with it. */
function intervalOf(text: string, completions: number): Interval | string {
  const ends = text.split("-");
  if (ends.length > 2)
    return `the fragment ${quoted(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const numbers: number[] = [];
  for (const end of ends) {
    if (!/^\+?\d+$/.test(end)) return `cannot convert string to integer for index: ${quoted(end)}`;
    if (Number(end) >= completions) return `too large index: ${quoted(end)}`;
    numbers.push(Number(end));
  }
  const [first = 0, last = first] = numbers;
  return ends.length > 1 && first >= last
    ? `non-increasing order, previous: ${first}, current: ${last}`
    : [first, last];
}

/** How many indexes there are, or what is wrong with them. */
export function countIndexes(text: string, completions: number): number | string {
  if (text === "") return 0;
  let total = 0;
  let before: number | undefined;
  for (const part of text.split(",")) {
    const interval = intervalOf(part, completions);
    if (typeof interval === "string") return interval;
    const [first, last] = interval;
    if (before !== undefined && before >= first)
      return `non-increasing order, previous: ${before}, current: ${first}`;
    total += last - first + 1;
    before = last;
  }
  return total;
}

/** The first index that is in both; parts that cannot be read are passed over. */
export function overlap(a: string, b: string, completions: number): number | undefined {
  const intervals = (text: string): Interval[] =>
    text
      .split(",")
      .map((part) => intervalOf(part, completions))
      .filter((one) => typeof one !== "string");
  const others = intervals(b);
  for (const [first, last] of intervals(a))
    for (const [from, to] of others) if (first <= to && from <= last) return Math.max(first, from);
  return undefined;
}
