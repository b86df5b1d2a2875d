/** GET / and /lessons for terminals; browsers get the page. */
import type { Context } from "hono";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { App } from "#edge/env.ts";
import { courseOf } from "#edge/lessons.ts";

const wantsPage = (context: Context<App>): boolean =>
  context.req.query("o") === undefined &&
  (context.req.header("accept") ?? "").includes("text/html");

export async function landing(context: Context<App>): Promise<Response> {
  if (wantsPage(context))
    return context.env.ASSETS.fetch(new Request(new URL("/", context.req.url), context.req.raw));
  const host = new URL(context.req.url).origin;
  if (formOf(context.req.raw) === "json") {
    const { lessons } = await courseOf(context.env);
    return json({
      name: "kubestep",
      clusters: `${host}/clusters`,
      lessons: lessons.map(({ id, number, title }) => ({ id, number, title })),
    });
  }
  return text(`kubestep: Kubernetes, one step at a time. A real control plane to take apart.
No sign-up; nothing to install but curl.

A cluster of your own:
  H=${host}
  KS=$(curl -sX POST "$H/clusters?o=url"); X=$KS/-
  curl $X/                           what it is, and what to do with it
  curl $KS/api/v1/nodes              its API server
  curl -N $X/trace                   everything that happens in it, live

With kubectl:
  curl -sX POST "$H/clusters?o=kubeconfig" > kubeconfig
  kubectl --kubeconfig kubeconfig get nodes

Step by step, with the first lesson:
  KS=$(curl -sd lesson=1 "$H/clusters?o=url"); X=$KS/-; curl $X/lesson
  curl -s $H/kubestep.sh             shell functions that the lessons name
  curl $H/lessons                    all lessons
  curl $H/docs                       how it works, every path, limits, parity

In a browser: ${host}/
`);
}

export async function lessons(context: Context<App>): Promise<Response> {
  const course = await courseOf(context.env);
  if (formOf(context.req.raw) === "json") return json(course);
  const host = new URL(context.req.url).origin;
  const lines = course.lessons.map(
    ({ number, title, goal, minutes }) =>
      `${String(number).padStart(3)}  ${title} (${minutes} min)\n     ${goal}`,
  );
  return text(
    `${lines.join("\n")}\n\nBegin one:  KS=$(curl -sd lesson=1 "${host}/clusters?o=url"); X=$KS/-; curl $X/lesson\n`,
  );
}
