/** What a live process reads: it lets time and people pass until there is enough. */
import type { Clock, Source } from "./frame.ts";
import type { Input } from "./input.ts";
import type { Moment, Moments } from "./moment.ts";
import type { Pace } from "./pace.ts";

export class LiveInput implements Source {
  readonly isSlow = true;
  readonly input: Input;
  readonly #pace: Pace;
  readonly #clock: Clock;

  constructor(input: Input, pace: Pace, clock: Clock) {
    this.input = input;
    this.#pace = pace;
    this.#clock = clock;
  }

  *line(reads: Moment["reads"] = "input"): Moments<string | undefined> {
    const { input } = this;
    yield* this.#awaits(() => input.text.includes("\n"), reads);
    return input.takeLine();
  }
  *some(): Moments<string> {
    const { input } = this;
    yield* this.#awaits(() => input.text !== "", "input");
    return input.take();
  }
  *all(): Moments<string> {
    const { input } = this;
    yield* this.#awaits(() => false, "input");
    const all = input.take();
    input.ended = false;
    return all;
  }

  /** Until there is enough to read, or no more will come. */
  *#awaits(enough: () => boolean, reads: Moment["reads"]): Moments {
    while (!this.input.isOver && !enough()) {
      yield { atMs: this.#clock.atMs, reads };
      this.#pace.lookUp(this.#clock);
    }
  }
}
