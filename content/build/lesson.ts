/** `content/lessons/<nn>-<id>/lesson.md` → the lesson that the Worker and the page read. */
import { parse } from "yaml";
import type { Lesson, LessonBlock, Prediction, Task } from "#learn/lesson.ts";
import { type CourseFront, type LessonFront, lessonSchema } from "./lesson-schema.ts";
import { htmlOf, type Node, parseMarkdown, plain, textOf } from "./markdown.ts";

const commandsOf = (nodes: readonly Node[], variant: string): string =>
  nodes
    .filter(({ type, meta }) => type === "code" && (meta === variant || !meta))
    .map(({ value = "" }) => value)
    .join("\n");

function taskOf(id: string, nodes: readonly Node[], front: LessonFront): Task {
  const found = front.tasks[id];
  if (found === undefined)
    throw new Error(`task ${id} stands in the text, not in the front matter`);
  const prose = nodes.filter(({ type }) => type !== "code");
  const [first] = prose;
  if (first === undefined) throw new Error(`task ${id} does not say what to do`);
  return {
    id,
    say: plain(first).replaceAll(/\s+/g, " "),
    ask: found.ask,
    placeholder: found.placeholder,
    when: found.when,
    cel: found.cel,
    kubectl: commandsOf(nodes, "kubectl"),
    curl: commandsOf(nodes, "curl"),
    html: htmlOf(prose),
  };
}

function predictionOf(nodes: readonly Node[], front: LessonFront): Prediction {
  if (front.predict === undefined)
    throw new Error("a prediction stands in the text, not in the front matter");
  const { ask, choices, lock, cel, because } = front.predict;
  return {
    ask: nodes.map(plain).join(" ").replaceAll(/\s+/g, " "),
    kind: ask,
    choices: choices.map(String),
    lock,
    cel,
    because,
  };
}

/** Throws with what is wrong; the caller adds the file's name. */
export function buildLesson(markdown: string, number: number, course: CourseFront): Lesson {
  const nodes = parseMarkdown(markdown);
  const yaml = nodes.find(({ type }) => type === "yaml");
  const front = lessonSchema.parse(parse(yaml?.value ?? ""));
  const blocks: LessonBlock[] = [];
  const tasks: Task[] = [];
  let predict: Prediction | null = null;
  let prose: Node[] = [];
  const told: Node[] = [];
  const flush = (): void => {
    if (prose.length > 0) blocks.push({ type: "prose", html: htmlOf(prose) });
    told.push(...prose);
    prose = [];
  };
  for (const node of nodes) {
    if (node.type === "yaml") continue;
    if (node.type !== "containerDirective") {
      prose.push(node);
      continue;
    }
    flush();
    const children = node.children ?? [];
    if (node.name === "task") {
      const task = taskOf(node.attributes?.["id"] ?? "", children, front);
      tasks.push(task);
      blocks.push({ type: "task", id: task.id });
    } else if (node.name === "predict") {
      predict = predictionOf(children, front);
      blocks.push({ type: "predict" });
    } else if (node.name === "fine-print") {
      blocks.push({ type: "fine-print", html: htmlOf(children) });
    } else
      throw new Error(
        `:::${node.name} is no block of a lesson; there are task, predict and fine-print`,
      );
  }
  flush();
  const written = tasks.map(({ id }) => id).join(", ");
  const listed = Object.keys(front.tasks).join(", ");
  if (written !== listed)
    throw new Error(`tasks in the text: ${written}; in the front matter: ${listed}`);
  if (front.predict !== undefined && predict === null)
    throw new Error("the prediction is nowhere in the text");
  const { id, title, part, goal, files, traps } = front;
  for (const { task } of traps)
    if (!(task in front.tasks)) throw new Error(`a trap names task ${task}`);
  const cluster = { ...course.defaults.cluster, ...front.cluster } as Lesson["cluster"];
  return {
    id,
    number,
    title,
    part,
    goal,
    minutes: front.minutes ?? course.defaults.minutes,
    cluster,
    files,
    tasks,
    predict,
    traps: traps.map((trap) => ({ task: trap.task, cel: trap.if, say: trap.say })),
    blocks,
    text: textOf(told),
  };
}

/** `06-filter-rank-bind` → 6 and `filter-rank-bind`. */
export function folderName(folder: string): { number: number; id: string } {
  const [, number = "", id = ""] = /^(\d\d)-([a-z0-9-]+)$/.exec(folder) ?? [];
  if (id === "") throw new Error(`${folder}: a lesson's folder is named <two digits>-<id>`);
  return { number: Number(number), id };
}
