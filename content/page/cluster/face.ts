/** The cluster's own paths, as the page asks for them. */
import type { ClockAnswer, ClockFace } from "#cluster/platform/clock.ts";
import type { LessonState } from "#learn/judge.ts";
import type { Course, Lesson } from "#learn/lesson.ts";
import type { TraceEvent } from "#apimachinery/trace.ts";
import type { PictureFacts } from "#cluster/platform/routes/picture.ts";
import type { Overview } from "#content/page/state.ts";

export class Refused extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

async function json<T>(url: string, init?: RequestInit): Promise<T> {
  const headers = {
    accept: "application/json",
    ...(init?.body === undefined ? {} : { "content-type": "application/json" }),
  };
  const answer = await fetch(url, { ...init, headers });
  if (!answer.ok) {
    const status = (await answer.json().catch(() => ({}))) as { message?: string };
    throw new Refused(answer.status, status.message ?? `${answer.status} ${answer.statusText}`);
  }
  return (await answer.json()) as T;
}

const post = <T>(url: string, body: unknown): Promise<T> =>
  json<T>(url, { method: "POST", body: JSON.stringify(body) });

export interface ClockOrder {
  readonly mode?: string;
  readonly speed?: number;
  readonly step?: number;
  readonly until?: string;
  readonly skip?: string;
}
export interface TraceAnswer {
  readonly events: readonly TraceEvent[];
  readonly last: string;
}

export interface Face {
  overview(): Promise<Overview>;
  picture(): Promise<PictureFacts>;
  clock(): Promise<ClockFace>;
  order(order: ClockOrder): Promise<ClockAnswer>;
  trace(since: string): Promise<TraceAnswer>;
  progress(): Promise<LessonState>;
  answer(answers: Readonly<Record<string, string>>): Promise<{ readonly lines: readonly string[] }>;
}

export function face(base: string): Face {
  const ours = `${base}/-`;
  const sinceOf = (since: string): string => (since === "" ? "" : `?since=${since}`);
  return {
    overview: () => json(`${ours}/`),
    picture: () => json(`${ours}/picture`),
    clock: async () => {
      const got = await json<ClockFace | { clock: ClockFace }>(`${ours}/clock`);
      return "clock" in got ? got.clock : got;
    },
    order: (order) => post(`${ours}/clock`, order),
    trace: (since) => json(`${ours}/trace${sinceOf(since)}`),
    progress: () => json(`${ours}/lesson`),
    answer: (answers) => post(`${ours}/answer`, answers),
  };
}

export const course = (): Promise<Course> => json("/lessons/index.json");
export const lesson = (id: string): Promise<Lesson> => json(`/lessons/${id}.json`);
