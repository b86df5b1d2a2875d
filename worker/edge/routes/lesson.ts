/** GET <cluster>/-/lesson: how far the learner is. POST <cluster>/-/answer: answers. */
import type { Context } from "hono";
import { noSuchResource, StatusError, unauthorized, unprocessable } from "#apimachinery/status.ts";
import { fieldsOf } from "#apiserver/front/fields.ts";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { LessonMaterial } from "#apiserver/rpc.ts";
import { Directory } from "#directory/directory.ts";
import { type Address, addressOf } from "#apiserver/front/address.ts";
import { stubOf } from "#edge/address.ts";
import type { App } from "#edge/env.ts";
import { lessonOf } from "#edge/lessons.ts";
import { namesAsked, readAnswers } from "#learn/answers.ts";
import { Checker } from "#learn/cel.ts";
import { judge, type Judgement, type LessonFacts, resourcesOfLesson } from "#learn/judge.ts";
import type { Lesson } from "#learn/lesson.ts";
import { lessonText } from "#learn/text.ts";
import type { Answers } from "#learn/view.ts";

const checker = new Checker();

interface Judged {
  readonly address: Address;
  readonly lesson: Lesson;
  readonly material: LessonMaterial;
  readonly facts: LessonFacts;
  readonly judgement: Judgement;
}

async function judged(context: Context<App>): Promise<Judged> {
  const address = addressOf(context.req.url);
  if (address === undefined) throw noSuchResource();
  const { env } = context;
  const stub = stubOf(env, address.id);
  const description = await stub.describe(address.key);
  if (description === undefined) throw noSuchResource();
  if (description === null) throw unauthorized();
  const lesson = await lessonOf(env, description.options.lesson);
  if (lesson === undefined) throw noLesson();
  const material = await stub.lessonFacts(address.key, resourcesOfLesson(lesson));
  if (material === undefined) throw noLesson();
  const listed = await new Directory(env.DIRECTORY).ofCollection(material.collection, Date.now());
  const facts: LessonFacts = {
    revision: material.revision,
    objects: JSON.parse(material.objects) as LessonFacts["objects"],
    changes: JSON.parse(material.changes) as LessonFacts["changes"],
    trace: JSON.parse(material.trace) as LessonFacts["trace"],
    answers: material.answers as Answers,
    latched: material.latched,
    fleet: listed.map(({ id, name, controlPlane, workers }) => ({
      id,
      name,
      controlPlane,
      workers,
    })),
  };
  return { address, lesson, material, facts, judgement: judge(lesson, facts, checker) };
}

export async function getLesson(context: Context<App>): Promise<Response> {
  const { address, lesson, material, facts, judgement } = await judged(context);
  const { state, latched } = judgement;
  if (JSON.stringify(latched) !== JSON.stringify(material.latched)) {
    await stubOf(context.env, address.id).keepLesson(address.key, {
      latched,
      answers: facts.answers,
      judged: facts.revision,
    });
  }
  if (formOf(context.req.raw) === "json") return json(state);
  return text(lessonText(lesson, state, lesson.cluster.clock));
}

export async function postAnswer(context: Context<App>): Promise<Response> {
  const before = await judged(context);
  const given = await fieldsOf(context.req.raw);
  const { lesson, facts, judgement, address } = before;
  const { answers, lines, unknown } = readAnswers(
    lesson,
    facts.answers,
    given,
    judgement.state.predict?.locked === true && facts.answers["q"] !== undefined,
  );
  if (unknown.length > 0 || Object.keys(given).length === 0) {
    const asked = namesAsked(lesson).join(", ") || "nothing";
    const causes = (unknown.length > 0 ? unknown : ["answer"]).map((field) => ({
      reason: "FieldValueNotFound",
      field,
      message: `this lesson asks for ${asked}`,
    }));
    throw unprocessable("the answer", causes);
  }
  const { state, latched } = judge(lesson, { ...facts, answers }, checker);
  await stubOf(context.env, address.id).keepLesson(address.key, {
    latched,
    answers,
    judged: facts.revision,
  });
  const done = state.tasks.filter((task) => task.done).length;
  const hints = state.tasks.filter(({ id, hint }) => id in given && hint !== "");
  const told = [
    ...lines,
    ...hints.map(({ hint }) => `hint: ${hint}`),
    `${done}/${state.tasks.length} done`,
  ];
  return formOf(context.req.raw) === "json"
    ? json({ lines: told, lesson: state })
    : text(told.join("\n"));
}

const noLesson = (): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "this cluster has no lesson: make one with curl -d lesson=1 <host>/clusters",
    reason: "NotFound",
    details: {},
    code: 404,
  });
