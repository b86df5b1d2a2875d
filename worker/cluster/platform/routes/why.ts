/** GET /-/why/pods[/<namespace>]/<name>: the scheduler's verdict per node in its last attempt. */
import { notFound } from "#apimachinery/status.ts";
import { lastAttempt } from "#cluster/trace/feed.ts";
import { verdicts, whyText } from "#cluster/trace/why.ts";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { Route } from "#cluster/platform/platform.ts";
import { objOf } from "#cluster/platform/subject.ts";

export const getWhy: Route = {
  method: "GET",
  path: "/-/why/*",
  handle(request, { feed }) {
    const { obj, resource, name } = objOf(request, "/-/why/");
    const events = feed.journey(obj).filter((event) => event.actor === "kube-scheduler");
    if (events.length === 0 && feed.query({ obj }).length === 0)
      throw notFound({ group: "", resource }, name);
    const nodes = verdicts(lastAttempt(events));
    return formOf(request) === "json" ? json({ obj, nodes }) : text(whyText(nodes));
  },
};
