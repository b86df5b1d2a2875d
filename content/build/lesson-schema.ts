/**
 * The front matter of a lesson, as its author writes it. Strict: an unknown field is an error.
 * The descriptions are the author's reference (`content/docs/lessons.md` is made from them).
 */
import { z } from "zod";

const cel = z.string().min(1).describe("CEL condition; its words stand in worker/learn/cel.ts");
const when = z
  .enum(["now", "ever", "always"])
  .default("now")
  .describe("now: true at this moment · ever: at some revision since the start · always: at each");
const ask = z
  .enum(["number", "text", "boolean", "list"])
  .describe("the learner answers under the task's id, and this is how the answer is read");

const cluster = z
  .strictObject({
    workers: z.int().min(0).max(12).describe("worker nodes"),
    controlPlane: z.union([z.literal(1), z.literal(3)]).describe("control-plane nodes"),
    clock: z.enum(["realtime", "fast", "instant", "paused"]).describe("the clock it starts with"),
    seed: z.int().describe("fixes every random choice"),
  })
  .partial()
  .describe("how the lesson's cluster is made; what is left out comes from course.yaml");

const task = z.strictObject({
  cel,
  when,
  ask: ask.optional(),
  placeholder: z.string().optional().describe("shown in the empty answer field"),
});

const predict = z
  .strictObject({
    ask: ask.describe("how the prediction is read"),
    choices: z
      .array(z.union([z.number(), z.string(), z.boolean()]))
      .min(2)
      .describe("offered on the page, in this order"),
    lock: z
      .string()
      .default("")
      .describe("type of the trace event that closes it; left out: the answer closes it"),
    cel: cel.describe("true when the prediction `answer.q` is right"),
    because: z.string().describe("one sentence, said when it is closed"),
  })
  .describe("a question asked before the cluster gives the answer away");

const trap = z.strictObject({
  task: z.string().describe("the task during which it counts"),
  if: cel.describe("true while the mistake is being made"),
  say: z.string().describe("the hint: what is, and what to do"),
  by: z.string().describe("a command that walks into it"),
});

export const lessonSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .describe("the folder's name without its number"),
  title: z.string().max(60).describe("sentence case"),
  part: z.int().min(1).describe("part of the course, from 1"),
  minutes: z.int().positive().optional().describe("reading and doing"),
  goal: z.string().describe("what the learner can do afterwards"),
  cluster: cluster.optional(),
  files: z
    .array(z.string())
    .default([])
    .describe("names in content/lessons/files, served under /f/"),
  tasks: z
    .record(z.string().regex(/^[a-z][a-z0-9]*$/), task)
    .describe("by id, in the order of the text"),
  predict: predict.optional(),
  traps: z.array(trap).default([]).describe("usual mistakes and what to say about them"),
  solution: z
    .strictObject({ kubectl: z.array(z.string()), curl: z.array(z.string()) })
    .describe("commands that make every task true, in order"),
});
export type LessonFront = z.infer<typeof lessonSchema>;

export const courseSchema = z.strictObject({
  parts: z.array(z.string()),
  defaults: z.strictObject({
    minutes: z.int(),
    cluster: cluster.required({ workers: true, controlPlane: true, clock: true }),
  }),
});
export type CourseFront = z.infer<typeof courseSchema>;
