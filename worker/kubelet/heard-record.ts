/**
 * What a process heard from the network, as its record keeps it: each answer once, and in which order.
 * Differs: of a page a program hears the first 64 KiB, and one that has heard 200 kB of different things is killed
 * (137) and begins anew, because all of it lies in its record, out of which it is made again.
 */
import type { Heard } from "#network/calls.ts";

export interface HeardRecord {
  readonly answers: readonly Heard[];
  readonly order: readonly number[];
  /** Characters of all answers as JSON. */
  readonly characters: number;
}

/** Answers that a new one is compared with: loops hear the same again and again. */
const mostCompared = 16;
const mostBody = 64 * 1024;
const mostCharacters = 200_000;

const nothing: HeardRecord = { answers: [], order: [], characters: 0 };

export const allHeard = ({ answers, order }: HeardRecord = nothing): readonly Heard[] =>
  order.map((at) => answers[at] as Heard);

export const isFull = ({ characters }: HeardRecord = nothing): boolean =>
  characters > mostCharacters;

/** With one more. */
export function withHeard(record: HeardRecord = nothing, given: Heard): HeardRecord {
  const { answers, order, characters } = record;
  const heard = bounded(given);
  const text = JSON.stringify(heard);
  const from = Math.max(0, answers.length - mostCompared);
  const at = answers.findIndex((answer, i) => i >= from && JSON.stringify(answer) === text);
  return at >= 0
    ? { ...record, order: [...order, at] }
    : {
        answers: [...answers, heard],
        order: [...order, answers.length],
        characters: characters + text.length,
      };
}

function bounded(heard: Heard): Heard {
  if (!("answer" in heard) || heard.answer === undefined) return heard;
  const { answer } = heard;
  return answer.body.length <= mostBody
    ? heard
    : { ...heard, answer: { ...answer, body: answer.body.slice(0, mostBody) } };
}
