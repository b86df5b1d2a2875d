/**
 * What the synchronous gates cannot do themselves: a signature, a call over https.
 *
 * A gate asks `answerTo(request, errand)`. The first time there is no answer yet: it throws `Awaiting`, which
 * undoes nothing because nothing was written. Whoever took the request in runs the errands and sends it
 * through all gates again with the answers (`handled`), so what is committed was checked against the state
 * of that moment. A component's step ends there too, and runs again when the answers have come.
 */
import type { Errand } from "#apimachinery/errand.ts";
import type { Answer } from "./answer.ts";
import type { ApiRequest } from "./request.ts";

/** Thrown by a gate that needs answers; all of them at once, so that they may be sought side by side. */
export class Awaiting extends Error {
  readonly errands: readonly Errand<unknown>[];
  constructor(errands: readonly Errand<unknown>[]) {
    super(`waiting for ${errands.map(({ id }) => id).join(", ")}`);
    this.errands = errands;
  }
}

/** The answers to `errands`, in their order; throws `Awaiting` with those that are missing. */
export function answersTo<T>(
  { answers }: Pick<ApiRequest, "answers">,
  errands: readonly Errand<T>[],
): readonly T[] {
  const missing = errands.filter(({ id }) => answers?.has(id) !== true);
  if (missing.length > 0) throw new Awaiting(missing);
  return errands.map(({ id }) => answers?.get(id) as T);
}

export function answerTo<T>(request: Pick<ApiRequest, "answers">, errand: Errand<T>): T {
  const [answer] = answersTo(request, [errand]);
  return answer as T;
}

const draws = "draws";

/**
 * Asked along with what takes time: at which revision the request's draws (names, suffixes) are made. In later
 * rounds they come out as in the first, so that the questions stay the same while others go on writing.
 */
export const drawsErrand = (revision: number): Errand<number> => ({
  id: draws,
  run: () => Promise.resolve(revision),
});
export const drawsAt = ({ answers }: Pick<ApiRequest, "answers">, revision: number): number =>
  (answers?.get(draws) as number | undefined) ?? revision;

/** Each round may find new questions (a webhook changes what the next one sees), but not without end. */
const mostRounds = 16;

/** A request through the gates, waiting outside of them as often as they ask. Throws what `handle` throws. */
export async function handled(
  handle: (request: ApiRequest) => Answer,
  request: ApiRequest,
): Promise<Answer> {
  return awaited(async (answers) => {
    const answer = handle(answers.size === 0 ? request : { ...request, answers });
    return answer.later === undefined ? answer : answer.later();
  });
}

/** What `ask` comes to once it has all the answers it asks for. Throws what it throws. */
export async function awaited<T>(
  ask: (answers: ReadonlyMap<string, unknown>) => T | Promise<T>,
): Promise<T> {
  const answers = new Map<string, unknown>();
  for (let round = 1; ; round += 1) {
    try {
      return await ask(answers);
    } catch (error) {
      if (!(error instanceof Awaiting) || round === mostRounds) throw error;
      await Promise.all(
        error.errands.map(async (errand) => {
          answers.set(errand.id, await errand.run());
        }),
      );
    }
  }
}
