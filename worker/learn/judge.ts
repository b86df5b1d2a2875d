/**
 * How far a learner is: a pure function of the lesson and what its cluster did.
 *
 * A check marked `ever` is judged at every revision since the lesson started, by replaying the
 * changes; so history counts, not only the end. What was once found true stays (the host keeps the
 * `latched` revisions and hands them back).
 */
import type { TraceEvent } from "#apimachinery/trace.ts";
import { type Checker, resourcesOf } from "./cel.ts";
import type { Check, Lesson, Prediction, Task } from "./lesson.ts";
import {
  type Answers,
  type CheckedObject,
  type FleetCluster,
  type ObjectSet,
  viewOf,
} from "./view.ts";

/** One write since the lesson started. */
export interface ObjectChange {
  readonly rev: number;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  /** `null`: it was deleted. */
  readonly object: CheckedObject | null;
}

/** All that a judgement rests on; plain data, so that it may travel. */
export interface LessonFacts {
  /** The cluster's newest revision. */
  readonly revision: number;
  /** Objects when the lesson started, or when it was last judged. */
  readonly objects: ObjectSet;
  /** Every change since then, in order. */
  readonly changes: readonly ObjectChange[];
  /** Events since the lesson started. */
  readonly trace: readonly TraceEvent[];
  readonly answers: Answers;
  readonly fleet: readonly FleetCluster[];
  /** Task → revision at which it was first found done. */
  readonly latched: Readonly<Record<string, number>>;
}

export interface TaskState {
  readonly id: string;
  readonly say: string;
  readonly done: boolean;
  /** Revision at which it was done; 0 = not yet. */
  readonly rev: number;
  /** What a trap says about the mistake being made; "" = none. */
  readonly hint: string;
}
export interface PredictionState {
  readonly ask: string;
  readonly answer: string;
  readonly locked: boolean;
  /** `null` until it is locked and answered. */
  readonly right: boolean | null;
  readonly because: string;
}
/** `GET <cluster>/-/lesson` as JSON. */
export interface LessonState {
  readonly id: string;
  readonly title: string;
  readonly number: number;
  readonly done: boolean;
  readonly tasks: readonly TaskState[];
  readonly predict: PredictionState | null;
}
export interface Judgement {
  readonly state: LessonState;
  /** To be kept by the host and handed back as `latched`. */
  readonly latched: Readonly<Record<string, number>>;
}

/** The resources that the lesson's checks read. */
export function resourcesOfLesson(lesson: Lesson): string[] {
  const checks = [...lesson.tasks, ...lesson.traps, ...(lesson.predict ? [lesson.predict] : [])];
  return [...new Set(checks.flatMap(({ cel }) => [...resourcesOf(cel)]))].toSorted();
}

/** The objects after one change; untouched resources keep their identity. */
export function applied(objects: ObjectSet, change: ObjectChange): ObjectSet {
  const { resource, namespace, name, object } = change;
  const others = (objects[resource] ?? []).filter(
    ({ metadata }) => metadata.name !== name || metadata.namespace !== namespace,
  );
  return { ...objects, [resource]: object === null ? others : [...others, object] };
}

/** The revisions at which open `ever` checks first held; 0 for a check that never did. */
function replay(
  open: readonly Task[],
  facts: LessonFacts,
  checker: Checker,
): { found: Map<string, number>; objects: ObjectSet } {
  const found = new Map<string, number>();
  let { objects } = facts;
  const { trace, answers: answer, fleet } = facts;
  let seen = 0;
  for (const change of facts.changes) {
    objects = applied(objects, change);
    while (seen < trace.length && (trace[seen]?.rev ?? 0) <= change.rev) seen += 1;
    const due = open.filter(
      ({ id, cel }) => !found.has(id) && resourcesOf(cel).has(change.resource),
    );
    if (due.length === 0) continue;
    const view = viewOf({ objects, trace: trace.slice(0, seen), answer, fleet });
    for (const { id, cel } of due) if (checker.holds(cel, view)) found.set(id, change.rev);
  }
  return { found, objects };
}

function judgePrediction(
  predict: Prediction,
  facts: LessonFacts,
  holds: (check: Pick<Check, "cel">) => boolean,
): PredictionState {
  const given = facts.answers["q"];
  const locked =
    predict.lock === ""
      ? given !== undefined
      : facts.trace.some(({ type }) => type === predict.lock);
  return {
    ask: predict.ask,
    answer: given === undefined ? "" : String(given),
    locked,
    right: locked && given !== undefined ? holds(predict) : null,
    because: locked ? predict.because : "",
  };
}

export function judge(lesson: Lesson, facts: LessonFacts, checker: Checker): Judgement {
  const open = lesson.tasks.filter(
    ({ id, when }) => when === "ever" && facts.latched[id] === undefined,
  );
  const { found, objects } = replay(open, facts, checker);
  const view = viewOf({ objects, trace: facts.trace, answer: facts.answers, fleet: facts.fleet });
  const holds = ({ cel }: Pick<Check, "cel">): boolean => checker.holds(cel, view);

  const revOf = (task: Task): number => {
    const kept = facts.latched[task.id];
    if (kept !== undefined && task.when !== "always") return kept;
    const then = found.get(task.id);
    if (then !== undefined) return then;
    return holds(task) ? facts.revision : 0;
  };
  const tasks = lesson.tasks.map((task): TaskState => {
    const rev = revOf(task);
    const trap =
      rev === 0 ? lesson.traps.find((one) => one.task === task.id && holds(one)) : undefined;
    return { id: task.id, say: task.say, done: rev > 0, rev, hint: trap?.say ?? "" };
  });
  const { id, title, number, predict } = lesson;
  return {
    state: {
      id,
      title,
      number,
      done: tasks.every(({ done }) => done),
      tasks,
      predict: predict && judgePrediction(predict, facts, holds),
    },
    latched: Object.fromEntries(
      tasks.filter(({ done }) => done).map((task) => [task.id, task.rev]),
    ),
  };
}
