/** Lessons as the build left them among the static files. */
import type { Course, Lesson } from "#learn/lesson.ts";
import type { Env } from "./env.ts";

async function read<T>({ ASSETS }: Env, path: string): Promise<T | undefined> {
  const found = await ASSETS.fetch(`http://assets${path}`);
  return found.ok ? ((await found.json()) as T) : undefined;
}

export const courseOf = async (env: Env): Promise<Course> =>
  (await read<Course>(env, "/lessons/index.json")) ?? { parts: [], lessons: [] };

/** By id, or by number as the course counts them. */
export async function lessonOf(env: Env, asked: string): Promise<Lesson | undefined> {
  if (!/^[a-z0-9-]{1,63}$/.test(asked)) return undefined;
  if (!/^\d+$/.test(asked)) return read<Lesson>(env, `/lessons/${asked}.json`);
  const head = (await courseOf(env)).lessons.find(({ number }) => number === Number(asked));
  return head === undefined ? undefined : read<Lesson>(env, `/lessons/${head.id}.json`);
}
