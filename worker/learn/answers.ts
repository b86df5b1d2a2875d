/** Answers, as they come from a form, from JSON or from a shell: read by what the lesson asks. */
import type { Ask, Lesson } from "./lesson.ts";
import type { Answer, Answers } from "./view.ts";

/** The prediction's name among the answers. */
export const predictionName = "q";
const longest = 200;

function kindOf(lesson: Lesson, name: string): Ask | undefined {
  if (name === predictionName) return lesson.predict?.kind;
  return lesson.tasks.find(({ id }) => id === name)?.ask;
}

function read(kind: Ask, value: unknown): Answer | string {
  if (kind === "list") {
    const items = Array.isArray(value) ? value.map(String) : String(value).split(",");
    return items.map((item) => item.trim()).filter((item) => item !== "");
  }
  const text = String(value).trim().slice(0, longest);
  if (kind === "number") return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  if (kind === "boolean")
    return /^(true|yes|y)$/i.test(text) ? true : /^(false|no|n)$/i.test(text) ? false : text;
  return text;
}

export interface AnswersRead {
  readonly answers: Answers;
  /** One line each, for people. */
  readonly lines: readonly string[];
  /** Names that the lesson does not ask for. */
  readonly unknown: readonly string[];
}

/** Adds new answers to those given before. A locked prediction keeps its first answer. */
export function readAnswers(
  lesson: Lesson,
  before: Answers,
  given: Readonly<Record<string, unknown>>,
  predictionLocked: boolean,
): AnswersRead {
  const answers: Record<string, Answer> = { ...before };
  const lines: string[] = [];
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const kind = kindOf(lesson, name);
    if (kind === undefined) {
      unknown.push(name);
      lines.push(`${name}: this lesson asks for ${namesAsked(lesson).join(", ") || "no answer"}`);
    } else if (name === predictionName && predictionLocked) {
      lines.push(
        `${name}: the prediction is locked; your answer stays ${String(before[name] ?? "open")}`,
      );
    } else {
      const answer = read(kind, value);
      answers[name] = answer;
      const wait = name === predictionName && lesson.predict?.lock;
      lines.push(
        `${name}=${String(answer)} noted${wait ? `; locked at the first ${wait} event` : ""}`,
      );
    }
  }
  return { answers, lines, unknown };
}

export function namesAsked(lesson: Lesson): string[] {
  const asked = lesson.tasks.filter(({ ask }) => ask !== undefined).map(({ id }) => id);
  return lesson.predict === null ? asked : [predictionName, ...asked];
}
