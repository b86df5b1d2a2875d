/**
 * A lesson as the Worker reads it: the built form of `content/lessons/<nn>-<id>/lesson.md`.
 * The author's form and its schema are `content/build/lesson-schema.ts`.
 */

/** `now`: true at this moment · `ever`: true at some revision since the start · `always`: at each. */
export type When = "now" | "ever" | "always";
/** How an answer is read: a number, the text as it stands, or a list parted by commas. */
export type Ask = "number" | "text" | "boolean" | "list";

/** A condition over the cluster; see cel.ts for its words. */
export interface Check {
  readonly when: When;
  readonly cel: string;
}

export interface Task extends Check {
  readonly id: string;
  /** What to do, one line of plain text. */
  readonly say: string;
  /** Present when the task is done by an answer named like the task. */
  readonly ask?: Ask | undefined;
  /** What stands in the field before the answer. */
  readonly placeholder?: string | undefined;
  /** Commands, one a line; variables as kubestep.sh names them. */
  readonly kubectl: string;
  readonly curl: string;
  /** The task's prose, HTML. */
  readonly html: string;
}

/** A question asked before the cluster gives the answer away; it is answered as `q`. */
export interface Prediction {
  readonly ask: string;
  readonly kind: Ask;
  readonly choices: readonly string[];
  /** Type of the trace event that closes it; "" = the answer itself closes it. */
  readonly lock: string;
  readonly cel: string;
  /** Said when it is closed: why that is the answer. */
  readonly because: string;
}

/** A usual mistake, recognised while it lasts, and what to say about it. */
export interface Trap {
  readonly task: string;
  readonly cel: string;
  readonly say: string;
}

export interface LessonCluster {
  readonly workers: number;
  readonly controlPlane: 1 | 3;
  readonly clock: "realtime" | "fast" | "instant" | "paused";
  readonly seed?: number | undefined;
}

/** What lists and the landing page need of a lesson. */
export interface LessonHead {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly part: number;
  readonly goal: string;
  readonly minutes: number;
}

/** `/lessons/<id>.json` */
export interface Lesson extends LessonHead {
  readonly cluster: LessonCluster;
  /** Names under `/f/`. */
  readonly files: readonly string[];
  readonly tasks: readonly Task[];
  readonly predict: Prediction | null;
  readonly traps: readonly Trap[];
  /** Blocks of the page in the author's order: prose is HTML, tasks and the prediction by reference. */
  readonly blocks: readonly LessonBlock[];
  /** The prose for a terminal, 80 columns. */
  readonly text: string;
}

export type LessonBlock =
  | { readonly type: "prose" | "fine-print"; readonly html: string }
  | { readonly type: "task"; readonly id: string }
  | { readonly type: "predict" };

/** `/lessons/index.json` */
export interface Course {
  readonly parts: readonly string[];
  readonly lessons: readonly LessonHead[];
}
