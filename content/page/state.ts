/** Everything the page knows, in one object; views are functions of it. */
import type { ClockFace } from "#cluster/platform/clock.ts";
import type { LessonState } from "#learn/judge.ts";
import type { Lesson, LessonHead } from "#learn/lesson.ts";
import type { Place } from "#content/page/picture/layout.ts";
import { emptyRecording, type Recording } from "#content/page/picture/recording.ts";

export type Tab = "lesson" | "picture" | "shell";
export type Variant = "kubectl" | "curl";
/** connecting · live (socket) · polling · stale (trying again) · ended (the cluster is gone) */
export type Connection = "connecting" | "live" | "polling" | "stale" | "ended";

export interface Overview {
  readonly id: string;
  readonly name: string;
  readonly server: string;
  /** ISO time; absent or null: it does not end by itself. */
  readonly expiresAt?: string | null;
  readonly lesson?: string | null;
}

export interface Entry {
  readonly command: string;
  readonly output: string;
  /** `1 request, revision 212`; "" while it runs. */
  readonly note: string;
  readonly failed: boolean;
  readonly running: boolean;
}

export interface Inspected {
  readonly place: Place;
  /** The object chosen in it: `pods/default/web-1`; "" = the place itself. */
  readonly obj: string;
  readonly yaml: string;
}

export interface State {
  /** The cluster's URL, no trailing slash. */
  readonly base: string;
  readonly overview: Overview | undefined;
  readonly course: readonly LessonHead[];
  readonly lesson: Lesson | undefined;
  readonly progress: LessonState | undefined;
  readonly recording: Recording;
  /** The beat on show and how far into it. */
  readonly cursor: number;
  readonly t: number;
  readonly clock: ClockFace | undefined;
  readonly tab: Tab;
  /** `terminal`, `trace`, or the name of a file. */
  readonly shell: string;
  readonly variant: Variant;
  readonly transcript: readonly Entry[];
  readonly files: Readonly<Record<string, string>>;
  readonly inspected: Inspected | undefined;
  readonly connection: Connection;
  /** An order to the clock is under way. */
  readonly busy: boolean;
  /** The last sentence for screen readers. */
  readonly spoken: string;
  readonly copied: string;
  readonly theme: "light" | "dark" | "";
}

export const firstState = (base: string): State => ({
  base,
  overview: undefined,
  course: [],
  lesson: undefined,
  progress: undefined,
  recording: emptyRecording,
  cursor: 0,
  t: 1,
  clock: undefined,
  tab: "picture",
  shell: "terminal",
  variant: "kubectl",
  transcript: [],
  files: {},
  inspected: undefined,
  connection: "connecting",
  busy: false,
  spoken: "",
  copied: "",
  theme: "",
});

export type Patch = Partial<State>;

/** Holds the state; draws at most once a frame. */
export class Store {
  #state: State;
  #draw: (state: State) => void;
  #due = false;

  constructor(state: State, draw: (state: State) => void) {
    this.#state = state;
    this.#draw = draw;
  }

  get state(): State {
    return this.#state;
  }

  set(patch: Patch): void {
    this.#state = { ...this.#state, ...patch };
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#draw(this.#state);
    });
  }
}
