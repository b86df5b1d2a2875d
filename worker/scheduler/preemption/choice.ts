/** Where making room costs least. Upstream: pkg/scheduler/framework/preemption/preemption.go pickOneNodeForPreemption. */
import { priorityOf } from "#scheduler/nominations.ts";
import { type Candidate, startMs } from "./victims.ts";

/** Makes every priority positive: two Pods of a low one cost more than one of them. */
const lift = 2 ** 31;

/** What each candidate costs, the weightiest cost first. */
const costs: readonly ((candidate: Candidate, nowMs: number) => number)[] = [
  ({ violations }) => violations,
  ({ victims: [first] }) => (first === undefined ? 0 : priorityOf(first)),
  ({ victims }) => victims.reduce((sum, pod) => sum + priorityOf(pod) + lift, 0),
  ({ victims }) => victims.length,
  // Of its most important victims the first to start: the later, the less is lost.
  ({ victims }, nowMs) => {
    const highest = Math.max(...victims.map(priorityOf));
    const starts = victims.filter((pod) => priorityOf(pod) === highest);
    return -Math.min(...starts.map((pod) => startMs(pod, nowMs)));
  },
];

/** The cheapest; of equals the first. */
export function cheapest(candidates: readonly Candidate[], nowMs: number): Candidate | undefined {
  let left = candidates;
  for (const cost of costs) {
    if (left.length <= 1) break;
    const prices = left.map((candidate) => cost(candidate, nowMs));
    const least = Math.min(...prices);
    left = left.filter((_, i) => prices[i] === least);
  }
  return left[0];
}
