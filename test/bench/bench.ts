/**
 * What a benchmark is: a few figures, each with the peer's or the bare route's beside it from the same run.
 *
 * Times are of the machine it runs on and are never asserted; what counts are the ratios of one run.
 */
import type { World } from "./world.ts";

export interface Figure {
  /** What was measured, as a person says it. */
  readonly what: string;
  /** Behind the number: `pods/s`, `ms`, `rows`. */
  readonly unit: string;
  /** Ours; a text when there is no number ("not served"). */
  readonly ours: number | string;
  /** The same work by somebody else, in the same run. */
  readonly beside?: { readonly name: "peer" | "bare"; readonly value: number };
  /** By how much ours is better, or whatever `required` speaks of. */
  readonly ratio?: number;
  /** Bounds of the ratio (of the number itself when there is none). */
  readonly required?: { readonly least?: number; readonly most?: number };
}

export interface Bench {
  /** The word that selects it: `npm run bench -- writes reads`. */
  readonly name: string;
  readonly title: string;
  run(world: World): Promise<readonly Figure[]>;
}
