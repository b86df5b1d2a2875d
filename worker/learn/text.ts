/** A lesson for a terminal: 80 columns, no colour. */
import type { LessonState, TaskState } from "./judge.ts";
import type { Lesson, Task } from "./lesson.ts";

const columns = 80;

/** Breaks a paragraph at spaces. */
export function wrap(text: string, indent: string = "", width: number = columns): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(indent + line);
  return lines.join("\n");
}

const commandLines = (command: string): string =>
  command
    .split("\n")
    .map((line) => `      $ ${line}`)
    .join("\n");

function taskText(task: Task, state: TaskState): string {
  const mark = state.done ? `[x] ${task.id}, revision ${state.rev}` : `[ ] ${task.id}`;
  const parts = [mark, wrap(task.say, "    ")];
  if (!state.done) {
    if (state.hint !== "") parts.push(wrap(`hint: ${state.hint}`, "    "));
    if (task.kubectl !== "") parts.push(commandLines(task.kubectl));
    if (task.curl !== "" && task.curl !== task.kubectl) parts.push(commandLines(task.curl));
  }
  return parts.join("\n");
}

function predictText({
  ask,
  answer,
  right,
  locked,
  because,
}: NonNullable<LessonState["predict"]>): string {
  const verdict =
    right === null
      ? answer === ""
        ? "$ kubestep answer q=…"
        : `You said ${answer}.`
      : `You said ${answer}: ${right ? "right" : "not so"}. ${because}`;
  return `${wrap(`(?) ${ask}`)}\n${wrap(locked && answer === "" ? `Locked, not answered. ${because}` : verdict, "    ")}`;
}

/** `GET <cluster>/-/lesson` as text. */
export function lessonText(lesson: Lesson, state: LessonState, clock: string): string {
  const done = state.tasks.filter((task) => task.done).length;
  const head = `${lesson.number} ${lesson.title}     ${done}/${state.tasks.length}   clock ${clock}`;
  const byId = new Map(state.tasks.map((task) => [task.id, task]));
  const tasks = lesson.tasks.map((task) => {
    const found = byId.get(task.id);
    return found === undefined ? "" : taskText(task, found);
  });
  const predict = state.predict === null ? [] : [predictText(state.predict)];
  const end = state.done ? ["Done. Every task is true of your cluster."] : [];
  return `${[head, lesson.text.trimEnd(), ...predict, ...tasks, ...end].join("\n\n")}\n`;
}
